// The inspector: everything about the enterprise or the lane that is chosen; where nothing is, those in trouble to choose from.
(function () {
  "use strict";
  const cw = window.chainwright;

  // A question is asked once the reader has come to rest for this long.
  const REST = 140;
  // What is told of an item from the frames alone, while the timeline is played.
  const LIVE = ["on_hand", "backorder", "in_process", "on_order", "inventory_position", "demand", "orders", "production_orders", "received", "shipped", "forecast"];
  const LIVE_LANE = ["ordered", "shipped", "received", "in_transit", "backorder"];
  const MOST = 40;

  const sameChoice = (one, other) => Boolean(one && other) && ["enterprise", "link"].every((key) => (one[key] === undefined ? null : one[key]) === (other[key] === undefined ? null : other[key]));

  cw.part("inspector", {
    mount(element, store) {
      const head = cw.h("div", { class: "head" });
      const body = cw.h("div", { class: "body" });
      const byHand = cw.h("div", { class: "by-hand", role: "status" });
      cw.fill(element, head, byHand, body);
      const live = cw.h("div", { class: "live" });
      const sections = cw.h("div", { class: "sections" });
      const folded = {}; // what the reader closed or opened, by the kind of section
      let waiting = null;
      let asked = null;
      let drawn = null;
      let place = null; // {of, top}: where the reader was in all that is told, while only the numbers of the frames are
      const troubles = cw.Troubles(store, MOST);

      // The timeline that is shown: the one that is watched, or while two are compared the one beside it.
      let overview = "a";
      const letter = () => (store.state.b === null || !store.timelines[store.state.b] ? "a" : store.state.selected ? cw.sideOf(store.state.selected) : overview);
      const side = () => store.state[letter()];

      // --- asking --------------------------------------------------------------------------------------------

      function ask() {
        clearTimeout(waiting);
        const { selected, playing, period } = store.state;
        if (!selected || playing || !store.timeline(side())) return;
        waiting = setTimeout(() => {
          const key = JSON.stringify([side(), period, selected]);
          if (asked === key && fits(store.answers.inspection)) return;
          asked = key;
          store.send({ kind: "inspect", timeline: side(), period, ...(cw.isLink(selected) ? { link: selected.link } : { enterprise: selected.enterprise }) });
        }, REST);
      }
      const fits = (answer) => Boolean(answer) && answer.timeline === side() && answer.period === store.state.period && sameChoice(answer, store.state.selected);

      // --- drawing -------------------------------------------------------------------------------------------

      function drawHead(timeline, selected) {
        const link = cw.isLink(selected) ? timeline.links[selected.link] : null;
        const one = link ? null : timeline.enterprises[selected.enterprise];
        const name = (row) => timeline.enterprises[row].name;
        cw.fill(
          head,
          cw.h(
            "div",
            { class: "names" },
            cw.h("h2", { tabindex: "-1" }, link ? `${name(link.from)} → ${name(link.to)}` : one.name),
            cw.h("p", { class: "cw-note" }, link ? cw.text(link.lanes.length === 1 ? "inspector.lane" : "inspector.lanes", { count: link.lanes.length }) : [cw.h("span", { class: "dot", style: `background: var(--role-${one.role}, var(--muted))` }), cw.text(`inspector.role_${one.role}`)]),
          ),
          sides(),
          store.replay ? null : cw.button({ icon: "disrupt", text: cw.text("bar.disrupt_word"), class: "small", onclick: () => store.set({ open: { kind: "disrupt", ...store.state.selected } }) }),
          cw.fillButton(store, "inspector"),
          cw.button({ icon: "close", name: cw.text("inspector.let_go"), class: "bare small", onclick: () => letGo() }),
          cw.missingBeside(store),
        );
      }
      // A or B; without anything chosen the list of enterprises is that of either.
      const sides = () =>
        cw.sideToggle(store, letter(), (which) => {
          overview = which;
          const { selected } = store.state;
          if (selected) store.set({ selected: cw.twinOf(store, selected, which) });
          else store.tell(["selected"]);
          store.drawn.push(() => (head.querySelector("[aria-pressed=true]") || element).focus());
        });
      function letGo() {
        store.set({ selected: null });
        store.drawn.push(() => {
          const first = body.querySelector("button");
          if (first) first.focus();
        });
      }

      // The numbers of the frames: one column for each item, or lane.
      function drawLive(timeline, selected) {
        const link = cw.isLink(selected) ? timeline.links[selected.link] : null;
        const rows = link ? link.lanes : timeline.items.map((_, row) => row).filter((row) => timeline.items[row].enterprise === selected.enterprise);
        const table = link ? "lanes" : "items";
        const product = (row) => timeline.products[(link ? timeline.items[timeline.lanes[row].seller] : timeline.items[row]).product] + (link && timeline.lanes[row].mode ? ` · ${timeline.lanes[row].mode}` : "");
        const shown = rows.slice(0, 6);
        const values = (column) => {
          const all = store.at(side(), table, column, store.state.period);
          return all ? shown.map((row) => all[row]) : null;
        };
        const lines = (link ? LIVE_LANE : LIVE).map((column) => [column, values(column)]).filter(([column, found]) => found && (["on_hand", "backorder"].includes(column) || found.some((value) => value !== null && !Number.isNaN(value) && value !== 0)));
        cw.fill(
          live,
          cw.h(
            "table",
            { class: "cw-table" },
            shown.length > 1 || timeline.products.length > 1 ? cw.h("thead", {}, cw.h("tr", {}, cw.h("td", {}), shown.map((row) => cw.h("th", { scope: "col", class: "number" }, product(row))))) : null,
            cw.h("tbody", {}, lines.map(([column, found]) => cw.h("tr", {}, cw.h("th", { scope: "row" }, cw.text(`inspector.${link ? "lane_" : ""}${column}`)), found.map((value) => cw.h("td", { class: `number${column === "backorder" && value > 0 ? " bad" : ""}` }, cw.number(value)))))),
          ),
          rows.length > shown.length ? cw.h("p", { class: "cw-note" }, cw.text("inspector.more", { count: rows.length - shown.length })) : null,
        );
      }

      function drawSections() {
        const answer = store.answers.inspection;
        if (drawn === answer) return;
        drawn = answer;
        const here = document.activeElement;
        const focus = here && sections.contains(here) && here.dataset ? here.dataset.key : null;
        const begun = cw.begunLevers(sections);
        cw.fill(
          sections,
          cw.arranged(answer.data.sections || []).map((section) => {
            const key = `${section.kind} ${section.title || ""}`;
            const made = cw.section(section, store, answer);
            if (!made) return null;
            const open = key in folded ? folded[key] : cw.opens(section, answer.data.sections);
            const details = cw.h("details", { class: `of-${String(section.kind).replace(/\W/g, "")}`, open }, cw.h("summary", { "data-key": key }, cw.h("h3", {}, section.title || cw.text(`inspector.of_${section.kind}`))), cw.h("div", { class: "inside" }, made));
            details.addEventListener("toggle", () => (folded[key] = details.open));
            return details;
          }),
        );
        cw.goOnWith(sections, begun);
        if (focus) {
          const again = [...sections.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus);
          if (again) again.focus({ preventScroll: true });
        }
      }

      // The name of what is chosen: who looks at the same enterprise in another timeline, or while it is played, keeps his place.
      function nameOf(timeline, selected) {
        const name = (row) => timeline.enterprises[row].name;
        if (!cw.isLink(selected)) return name(selected.enterprise);
        const link = timeline.links[selected.link];
        return JSON.stringify([name(link.from), name(link.to)]);
      }
      function keepPlace(of) {
        if (!place && !sections.hidden && sections.childElementCount) place = { of, top: body.scrollTop };
      }

      let named = null; // the name of what is drawn
      function drawChosen(timeline, selected, anew) {
        const of = nameOf(timeline, selected);
        if (anew) {
          const had = element.contains(document.activeElement);
          drawHead(timeline, selected);
          if (had) head.querySelector("h2").focus({ preventScroll: true });
          if (of === named) keepPlace(of);
          else place = null;
          named = of;
          cw.fill(body, live, sections, cw.h("p", { class: "cw-note later" }));
          sections.textContent = "";
          drawn = null;
          body.scrollTop = 0;
        }
        drawByHand(timeline, selected);
        const ready = fits(store.answers.inspection) && !store.state.playing;
        if (store.state.playing) keepPlace(of);
        if (ready) drawSections();
        // While it is played the frames are told; the rest is asked for when it rests.
        // A replay holds the rest of some periods only.
        const playing = store.state.playing || !sections.childElementCount || (store.replay && !ready);
        live.hidden = !playing;
        sections.hidden = playing;
        sections.classList.toggle("stale", !ready);
        const later = body.querySelector(".later");
        drawLater(later, store.state.playing ? cw.text("inspector.later") : "", ready || store.state.playing ? null : cw.toldNear(store));
        if (playing) drawLive(timeline, selected);
        else if (place && sections.childElementCount) {
          if (place.of === of) body.scrollTop = place.top;
          if (ready) place = null;
        }
      }

      // Why there is no more than numbers; of a replay that tells the rest of some periods only, the way to one of them.
      function drawLater(note, words, near) {
        if (note.dataset.told === `${words} ${near}`) return;
        note.dataset.told = `${words} ${near}`;
        const go = () => {
          cw.playerOf(store).to(near);
          head.querySelector("h2").focus({ preventScroll: true });
        };
        cw.fill(note, words, near === null ? null : [cw.text("replay.elsewhere"), " ", cw.button({ text: cw.capital(cw.period(store.timeline(), near)), class: "small", onclick: go })]);
      }

      // Whether something was done to the enterprise or the lane that is chosen.
      function isAbout(timeline, selected) {
        const name = (row) => timeline.enterprises[row].name;
        if (!cw.isLink(selected)) return (about) => about.enterprise === name(selected.enterprise);
        const link = timeline.links[selected.link];
        return (about) => about.seller === name(link.from) && about.buyer === name(link.to);
      }

      // What was done to it, each to be taken back by one click; drawn anew only where it is another.
      function drawByHand(timeline, selected) {
        const made = store.replay ? null : cw.actsList(store, side(), isAbout(timeline, selected));
        const there = cw.h("div", {}, made);
        if (there.textContent === byHand.textContent && byHand.dataset.timeline === side()) return;
        byHand.dataset.timeline = side();
        const had = byHand.contains(document.activeElement);
        cw.redrawn(byHand, () => cw.fill(byHand, made));
        if (had && !made) head.querySelector("button:last-of-type").focus();
      }

      function drawNobody(timeline, anew) {
        named = null;
        troubles.update(side(), store.state.period, letter());
        if (!anew && body.contains(troubles.element)) return;
        const had = head.contains(document.activeElement) || byHand.contains(document.activeElement) || body.contains(document.activeElement);
        byHand.textContent = "";
        cw.fill(head, cw.h("div", { class: "names" }, cw.h("h2", {}, timeline.title)), sides(), cw.fillButton(store, "inspector"));
        const guide = [cw.h("p", { class: "guide" }, cw.text(store.replay ? "inspector.guide_replay" : "inspector.guide"))];
        const about = String(timeline.description || "").split(/\n\s*\n/)[0];
        cw.fill(body, about ? cw.h("p", { class: "about" }, about.replace(/\s*\n\s*/g, " ")) : null, guide, troubles.element, cw.h("div", { class: "acts" }, store.replay ? null : cw.actsList(store, side())));
        if (had && !element.contains(document.activeElement)) (body.querySelector("button") || element).focus({ preventScroll: true });
      }

      // Timelines come, go and change sides: what is chosen stays the enterprise or the lane of that name.
      let chosen = null; // {timeline, selected} as last seen
      function follow() {
        const { selected, a, b } = store.state;
        if (b === null) overview = "a";
        if (!selected) return (chosen = null);
        const id = store.state[cw.sideOf(selected)];
        const moved = !chosen || chosen.selected !== selected ? null : chosen.timeline;
        if (moved && moved !== store.timelines[id]) {
          const again = cw.sameIn(moved, store.timelines[id], selected, cw.sideOf(selected)) || cw.sameIn(moved, store.timelines[a], selected, "a") || (b === null ? null : cw.sameIn(moved, store.timelines[b], selected, "b"));
          if (JSON.stringify(again) !== JSON.stringify(selected)) store.set({ selected: again });
        }
        chosen = store.state.selected ? { timeline: store.timelines[store.state[cw.sideOf(store.state.selected)]], selected: store.state.selected } : null;
      }

      let before;
      return {
        update(keys) {
          const { state } = store;
          if (keys && ["a", "b", "structure", "selected"].some((key) => keys.has(key))) follow();
          const timeline = store.timeline(side());
          if (state.view !== "screen" || !timeline) return;
          const has = (...some) => !keys || some.some((key) => keys.has(key));
          const anew = has("selected", "a", "b", "structure", "view") || before === undefined;
          if (!has("selected", "a", "b", "structure", "view", "period", "playing", "inspection", "acts", `frames:${side()}`)) return;
          const gone = state.selected && (cw.isLink(state.selected) ? !timeline.links[state.selected.link] : !timeline.enterprises[state.selected.enterprise]);
          before = gone ? null : state.selected;
          if (before) {
            drawChosen(timeline, before, anew);
            if (has("acts", `frames:${side()}`)) asked = null;
            if (!fits(store.answers.inspection) || has("acts")) ask();
          } else drawNobody(timeline, anew || has("acts"));
        },
        close: () => clearTimeout(waiting),
      };
    },
  });
})();
