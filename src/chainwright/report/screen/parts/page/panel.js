// What lies over the page: the dialog that is open, messages, work that goes on in the background, and files that come.
(function () {
  "use strict";
  const cw = window.chainwright;

  const STAYS = 7000;
  const JOBS = ["bands", "many", "export"];

  // "disrupt" and {kind: "disrupt", ...} mean the same.
  const asked = (open) => (typeof open === "string" ? { kind: open } : open);

  cw.part("panel", {
    mount(element, store) {
      const polite = cw.h("div", { class: "notes", role: "status" });
      const urgent = cw.h("div", { class: "notes", role: "alert" });
      const jobs = cw.h("div", { class: "jobs" });
      const place = cw.h("div", { class: "place" });
      const over = cw.h("div", { class: "over", "data-above": true }, jobs, polite, urgent);
      cw.fill(element, over, place);
      let shown = null; // {open, dialog, mounted}

      // --- the dialog ----------------------------------------------------------------------------------------

      function sync() {
        const wanted = asked(store.state.open);
        if (shown && shown.open === store.state.open) return;
        if (shown) shut();
        const definition = wanted && cw.dialogs[wanted.kind];
        if (!definition) return;
        const opened = { open: store.state.open };
        opened.dialog = cw.dialog(place, {
          title: definition.title(store, wanted),
          wide: definition.wide,
          left: () => {
            if (opened.mounted && opened.mounted.close) opened.mounted.close();
            if (shown === opened) shown = null;
            if (store.state.open === opened.open) store.set({ open: null });
          },
        });
        opened.dialog.element.classList.add(`cw-of-${wanted.kind}`);
        opened.mounted = definition.mount(opened.dialog.body, store, wanted, opened.dialog.close) || {};
        shown = opened;
        opened.dialog.enter();
      }
      function shut() {
        const { dialog } = shown;
        shown = null;
        dialog.close();
      }

      // The timeline lies at the foot of the page: nothing is laid over it.
      function settle() {
        const timeline = document.querySelector(".cw-timeline.cw-part");
        const box = timeline && store.state.view === "screen" ? timeline.getBoundingClientRect() : null;
        const below = box && box.height ? Math.max(window.innerHeight - box.top, 0) : 0;
        over.style.setProperty("--below", `${Math.min(below, window.innerHeight / 3).toFixed(0)}px`);
      }

      // --- messages ------------------------------------------------------------------------------------------

      function say(text, kind) {
        if (!text) return;
        const bad = kind === "refused" || kind === "error" || kind === "bad" || kind === "alert";
        const into = bad ? urgent : polite;
        for (const other of [...into.children]) if (other.dataset.text === text) other.remove();
        const note = cw.h("div", { class: `message${bad ? " bad" : ""}`, "data-text": text }, cw.icon(bad ? "warn" : "info"), cw.h("p", {}, text), cw.button({ icon: "close", name: cw.text("panel.dismiss"), class: "bare small", onclick: () => note.remove() }));
        into.appendChild(note);
        settle();
        // What was refused stays until it has been read; a note goes by itself, unless somebody is reading it.
        if (bad) return;
        const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : note.remove());
        setTimeout(leave, STAYS);
      }

      // --- work in the background ----------------------------------------------------------------------------

      function drawJobs() {
        const open = asked(store.state.open);
        const going = JOBS.filter((kind) => cw.working(store.answers[kind]) && !(open && cw.dialogs[open.kind] && (cw.dialogs[open.kind].jobs || []).includes(kind)));
        const busy = store.state.busy;
        settle();
        const draw = () => cw.fill(jobs, busy ? cw.h("div", { class: "job", role: "status" }, cw.h("span", { class: "turning", "aria-hidden": "true" }), cw.h("span", {}, String(busy))) : null, going.map((kind) => cw.h("div", { class: "job" }, cw.progress(store, kind, cw.text(`panel.job_${kind}`)))));
        cw.redrawn(jobs, draw);
      }

      function take(kind) {
        const file = store.answers[kind];
        delete store.answers[kind];
        const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
        cw.download(file.name, file.type, bytes);
        say(cw.text("panel.saved", { name: file.name }));
      }

      return {
        update(keys) {
          if (!keys || keys.has("open")) sync();
          else if (keys.has("view") && shown) shut();
          if (shown && shown.mounted.update && keys) shown.mounted.update(keys);
          if (!keys || ["open", "busy", ...JOBS].some((key) => keys.has(key))) drawJobs();
          if (!keys) return;
          if (keys.has("view") || keys.has("b")) settle();
          // What was refused elsewhere is of no use here.
          if (keys.has("view")) urgent.textContent = "";
          if (keys.has("message") && store.state.message) say(store.state.message.text, store.state.message.kind);
          if (keys.has("refused") && store.answers.refused) say(store.answers.refused.message, "refused");
          if (keys.has("mistakes") && store.answers.mistakes && store.state.view !== "gallery") say(cw.text("panel.mistakes", { name: store.answers.mistakes.name }), "refused");
          for (const kind of ["file", "export"]) if (keys.has(kind) && store.answers[kind] && store.answers[kind].base64) take(kind);
        },
        close() {
          if (shown) shut();
        },
      };
    },
  });

  // Whether an answer is one of many that are still to come.
  cw.working = (answer) => Boolean(answer) && answer.done < answer.of && !answer.ended && !answer.cancelled;

  // How far some work is, and how to end it.
  cw.progress = (store, kind, name) => {
    const answer = store.answers[kind];
    const share = answer.of ? answer.done / answer.of : 0;
    const bar = cw.h("div", { class: "cw-progress", role: "progressbar", "aria-label": name, "aria-valuemin": "0", "aria-valuemax": String(answer.of), "aria-valuenow": String(answer.done) }, cw.h("span", { style: `width: ${(100 * share).toFixed(1)}%` }));
    const end = () => {
      store.send({ kind: "cancel", job: answer.job || kind });
      store.answers[kind] = { ...answer, cancelled: true };
      store.tell([kind]);
    };
    return [cw.h("span", {}, name), bar, cw.h("span", { class: "cw-note" }, cw.text("panel.done_of", { done: answer.done, of: answer.of })), cw.button({ text: cw.text("panel.cancel"), class: "small", onclick: end })];
  };
})();
