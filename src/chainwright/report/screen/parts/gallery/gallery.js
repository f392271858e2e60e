// The gallery: a card for each scenario, a search among them, one's own file, and the runs of late.
(function () {
  "use strict";
  const cw = window.chainwright;

  const WIDE = 120;
  const HIGH = 56;
  const EDGE = 7;

  // A small drawing of a network: places as they are laid out, fitted into a card.
  cw.sketch = (drawing) => {
    const places = (drawing && drawing.position) || [];
    const picture = cw.s("svg", { class: "sketch", viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true", focusable: "false", preserveAspectRatio: "xMidYMid meet" });
    if (!places.length) return picture;
    const along = (axis, size) => {
      const values = places.map((place) => place[axis]);
      const low = Math.min(...values);
      const wide = Math.max(...values) - low;
      return (place) => (wide > 0 ? EDGE + ((place[axis] - low) / wide) * (size - 2 * EDGE) : size / 2);
    };
    const x = along(0, WIDE);
    const y = along(1, HIGH);
    const short = (value) => value.toFixed(1);
    const ends = (link) => (Array.isArray(link) ? link : [link.from, link.to]);
    const lines = (drawing.links || []).map(ends).map(([from, to]) => `M${short(x(places[from]))} ${short(y(places[from]))}L${short(x(places[to]))} ${short(y(places[to]))}`);
    const size = places.length > 60 ? 1.4 : places.length > 16 ? 2.4 : 4;
    cw.fill(
      picture,
      cw.s("path", { class: "lines", d: lines.join(""), "stroke-width": lines.length > 80 ? 0.35 : 1 }),
      places.map((place, number) => cw.s("circle", { cx: short(x(place)), cy: short(y(place)), r: size, style: `fill: var(--role-${(drawing.roles || [])[number] || "distributor"})` })),
    );
    return picture;
  };

  // Every word that is looked for stands somewhere in what a card says.
  const found = (card, words) => {
    const said = [card.title, card.name, card.lesson, card.level].join(" ").toLowerCase();
    return words.every((word) => said.includes(word));
  };

  cw.part("gallery", {
    mount(element, store) {
      const list = cw.h("ul", { class: "cards" });
      const told = cw.h("p", { class: "cw-note count", role: "status" });
      const nothing = cw.h("p", { class: "nothing" });
      const search = cw.h("input", { type: "search", class: "cw-field", placeholder: cw.text("gallery.search_hint"), "aria-label": cw.text("gallery.search"), oninput: () => draw() });
      const recent = cw.h("section", { class: "recent", "aria-labelledby": "cw-recent" });
      const own = cw.h("section", { class: "own", "aria-labelledby": "cw-own" });
      const themes = ["auto", "light", "dark"];
      const theme = cw.button({ icon: "auto", name: cw.text("bar.theme_word"), class: "bare", onclick: () => store.set({ theme: themes[(themes.indexOf(store.state.theme) + 1) % 3] }) });
      const version = cw.h("p", { class: "cw-note" });
      cw.fill(
        element,
        cw.h(
          "div",
          { class: "top" },
          cw.h("div", { class: "brand" }, mark(), cw.h("div", {}, cw.h("h1", {}, cw.text("page.name")), cw.h("p", {}, cw.text("gallery.lead")))),
          cw.h("div", { class: "tools" }, theme, cw.button({ icon: "help", name: cw.text("bar.help_word"), class: "bare", onclick: () => store.set({ open: { kind: "help" } }) })),
        ),
        cw.h(
          "div",
          { class: "columns" },
          cw.h(
            "section",
            { class: "all", "aria-labelledby": "cw-all" },
            cw.h("div", { class: "line" }, cw.h("h2", { id: "cw-all" }, cw.text("gallery.scenarios")), cw.h("div", { class: "search" }, cw.icon("search"), search), told),
            list,
            nothing,
          ),
          cw.h("div", { class: "side" }, own, recent, version),
        ),
      );
      const upload = cw.ownFile(own, store);

      function draw() {
        const packet = store.gallery;
        if (!packet) {
          nothing.textContent = cw.text("gallery.waiting");
          return;
        }
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const shown = packet.scenarios.filter((card) => found(card, words));
        cw.fill(list, shown.map((card) => cardOf(card)));
        told.textContent = words.length ? cw.text("gallery.found", { count: shown.length, of: packet.scenarios.length }) : "";
        nothing.textContent = shown.length ? "" : cw.text("gallery.nothing", { words: search.value.trim() });
        version.textContent = packet.version ? cw.text("gallery.version", { version: packet.version }) : "";
      }

      let last = null; // the card that was opened, to which one comes back
      function cardOf(card) {
        // Of what is too large to be drawn, those variants that are not.
        const variants = card.too_large ? card.fitting || [] : card.variants || [];
        const pairs = variants.map((name) => [name, cw.plain(name)]);
        const closed = card.too_large && !variants.length;
        const variant = variants.length
          ? cw.choice(card.too_large ? pairs : [["", cw.text("gallery.as_written")], ...pairs], card.too_large ? variants[0] : "", { class: "small", "aria-label": cw.text("gallery.variant_of", { title: card.title }) })
          : null;
        const count = (value) => (card.about ? cw.text("gallery.about", { count: cw.number(value) }) : cw.number(value));
        const facts = [
          cw.text(card.enterprises === 1 && !card.about ? "gallery.one_enterprise" : "gallery.enterprises", { count: count(card.enterprises) }),
          cw.text(card.lanes === 1 && !card.about ? "gallery.one_lane" : "gallery.lanes", { count: count(card.lanes) }),
          card.products > 1 ? cw.text("gallery.products", { count: count(card.products) }) : null,
          cw.count(card.horizon, card.period_word),
        ].filter(Boolean);
        const open = () => (last = card.name) && store.send({ kind: "open", scenario: card.name, variant: (variant && variant.value) || null, seed: null, side: "a" });
        return cw.h(
          "li",
          { class: `card${closed ? " closed" : ""}` },
          cw.h("div", { class: "picture" }, cw.sketch(card.drawing)),
          card.given ? cw.h("span", { class: "given" }, cw.text("gallery.given")) : null,
          cw.h("h3", {}, card.title),
          cw.h("p", { class: "lesson" }, card.lesson || ""),
          cw.h("p", { class: "facts" }, card.level ? cw.h("span", { class: "level" }, card.level) : null, facts.join(" · ")),
          card.too_large ? cw.h("p", { class: "limit" }, cw.icon("warn"), cw.h("span", {}, variants.length ? cw.text("gallery.only_variants") : cw.text("gallery.not_here"), " ", cw.h("span", { class: "cw-note" }, card.too_large))) : null,
          cw.h("div", { class: "doing" }, variant, cw.h("button", { type: "button", class: "cw-button first open", "data-card": card.name, "aria-label": cw.text("gallery.open_what", { title: card.title }), disabled: Boolean(closed), onclick: open }, cw.text("gallery.open"))),
        );
      }

      function drawRecent() {
        const runs = cw.recent();
        recent.hidden = !runs.length;
        cw.fill(
          recent,
          cw.h("div", { class: "line" }, cw.h("h2", { id: "cw-recent" }, cw.text("gallery.recent")), cw.button({ text: cw.text("gallery.forget_all"), class: "bare small", onclick: () => forget() })),
          cw.h(
            "ul",
            {},
            runs.map((run) =>
              cw.h(
                "li",
                {},
                cw.h("button", { type: "button", class: "run", onclick: () => cw.openFragment(store, run.fragment) }, cw.h("span", { class: "heading" }, run.title, run.label ? ` · ${run.label}` : ""), cw.h("span", { class: "cw-note" }, `${cw.capital(cw.period({ period_word: run.word }, run.period || 0))} · ${when(run.when)}`)),
                cw.button({ icon: "close", name: cw.text("gallery.forget", { title: run.title }), class: "bare small", onclick: () => forget(run.fragment) }),
              ),
            ),
          ),
        );
      }
      function forget(fragment) {
        cw.forgetRecent(fragment);
        drawRecent();
        search.focus();
      }
      const when = (time) => new Date(time).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });

      return {
        update(keys) {
          if (store.state.view !== "gallery") return;
          if (!keys || keys.has("gallery")) draw();
          if (!keys || keys.has("view")) drawRecent();
          if (keys && keys.has("view") && last !== null && cw.lost()) {
            const again = [...list.querySelectorAll(".open")].find((one) => one.dataset.card === last);
            if (again) again.focus();
          }
          if (!keys || keys.has("theme")) {
            const name = cw.text("bar.theme", { now: cw.text(`bar.theme_${store.state.theme}`) });
            theme.replaceChild(cw.icon(store.state.theme), theme.querySelector(".cw-icon"));
            theme.setAttribute("aria-label", name);
            theme.title = name;
          }
          upload.update(keys);
        },
      };
    },
  });

  // The sign of the house: three enterprises and what flows between them.
  const mark = () =>
    cw.s("svg", { class: "mark", viewBox: "0 0 40 40", "aria-hidden": "true", focusable: "false" }, cw.s("path", { d: "M9 20h22" }), cw.s("circle", { cx: 8, cy: 20, r: 6 }), cw.s("rect", { x: 15, y: 15, width: 10, height: 10, rx: 2 }), cw.s("circle", { cx: 32, cy: 20, r: 6 }));
})();
