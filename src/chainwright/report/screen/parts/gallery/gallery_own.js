// Opening one's own scenario file: chosen or dropped, its size told before it is sent, its mistakes shown where they stand.
(function () {
  "use strict";
  const cw = window.chainwright;

  const ENDINGS = [".yaml", ".yml"];
  // Where Python has told no limit.
  const MOST_BYTES = 2000000;
  const MOST_SHOWN = 50;

  const size = (bytes) => (bytes < 1000 ? cw.text("gallery.bytes", { count: bytes }) : bytes < 1e6 ? cw.text("gallery.kilobytes", { count: cw.number(bytes / 1e3, 2) }) : cw.text("gallery.megabytes", { count: cw.number(bytes / 1e6, 2) }));

  cw.ownFile = (place, store) => {
    const note = cw.h("div", { class: "note", role: "status" });
    const mistakes = cw.h("div", { class: "mistakes" });
    const input = cw.h("input", { type: "file", accept: ENDINGS.join(","), class: "cw-hidden", id: "cw-own-file", tabindex: "-1", "aria-hidden": "true", onchange: () => take(input.files[0]) });
    const choose = cw.button({ icon: "file", text: cw.text("gallery.choose_file"), onclick: () => input.click() });
    const zone = cw.h(
      "div",
      {
        class: "zone",
        ondragover: (event) => {
          event.preventDefault();
          zone.classList.add("over");
        },
        ondragleave: () => zone.classList.remove("over"),
        ondrop: (event) => {
          event.preventDefault();
          zone.classList.remove("over");
          if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
        },
      },
      choose,
      cw.h("p", { class: "cw-note" }, cw.text("gallery.drop")),
      input,
    );
    cw.fill(place, cw.h("h2", { id: "cw-own" }, cw.text("gallery.own")), zone, note, mistakes);

    let waiting = null; // {name, text}

    async function take(file) {
      if (!file) return;
      input.value = "";
      mistakes.textContent = "";
      waiting = null;
      const most = (store.gallery && store.gallery.limits && store.gallery.limits.upload_bytes) || MOST_BYTES;
      const told = { name: file.name, size: size(file.size), most: size(most) };
      if (!ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending))) return say(cw.text("gallery.not_yaml", told), "bad");
      if (file.size > most) return say(cw.text("gallery.too_large", told), "bad");
      waiting = { name: file.name, text: await file.text() };
      cw.fill(note, cw.h("p", {}, cw.text("gallery.ready", told)), cw.h("div", { class: "doing" }, cw.button({ text: cw.text("gallery.send"), class: "first", onclick: send }), cw.button({ text: cw.text("panel.cancel"), onclick: () => say("") })));
      note.querySelector("button").focus();
    }
    function send() {
      cw.upload(store, waiting, store.wanted);
      say(cw.text("gallery.checking", { name: waiting.name }));
      choose.focus();
    }
    const say = (text, kind) => cw.fill(note, text ? cw.h("p", { class: kind || "" }, text) : null);

    // Each mistake with its place and, where the file is at hand, the line itself.
    function show(packet) {
      const found = packet.mistakes || [];
      const count = packet.count || found.length;
      say("");
      const lines = waiting && waiting.name === packet.name ? waiting.text.split(/\r\n|\r|\n/) : [];
      const where = (one) => (one.line ? cw.text(one.column ? "gallery.line_column" : "gallery.line", one) : one.path || "");
      cw.fill(
        mistakes,
        cw.h("h3", { tabindex: "-1" }, cw.icon("warn"), cw.text(count === 1 ? "gallery.one_mistake" : "gallery.mistakes", { count, name: packet.name })),
        cw.h(
          "ol",
          {},
          found.slice(0, MOST_SHOWN).map((one) =>
            cw.h("li", {}, cw.h("p", { class: "where" }, where(one), one.line && one.path ? cw.h("code", {}, one.path) : null), lines[one.line - 1] !== undefined ? quoted(lines[one.line - 1], one) : null, cw.h("p", {}, one.message)),
          ),
        ),
        count > MOST_SHOWN ? cw.h("p", { class: "cw-note" }, cw.text("gallery.more_mistakes", { count: count - MOST_SHOWN })) : null,
      );
      mistakes.querySelector("h3").focus();
    }
    function quoted(line, one) {
      const column = Math.max((one.column || 1) - 1, 0);
      const from = column > 60 ? column - 40 : 0;
      const shown = line.slice(from, from + 160);
      return cw.h("pre", { class: "quoted" }, cw.h("span", { class: "at" }, `${one.line} `), `${from ? "…" : ""}${shown}`, one.column ? ["\n", " ".repeat(String(one.line).length + 1 + (from ? 1 : 0) + column - from), cw.h("span", { class: "caret" }, "^")] : null);
    }

    return {
      update(keys) {
        if (keys && keys.has("mistakes") && store.answers.mistakes) show(store.answers.mistakes);
        if (keys && (keys.has("view") || keys.has("refused"))) say("");
      },
    };
  };
})();
