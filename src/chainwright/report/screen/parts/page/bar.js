// The bar at the top: what is watched, how far it is, and everything that can be done with it.
(function () {
  "use strict";
  const cw = window.chainwright;

  const SPEEDS = [1, 2, 4, 8, 16, 0];
  const THEMES = ["auto", "light", "dark"];

  // Whoever plays: one for all parts of the page.
  cw.playerOf = (store) => (store.player = store.player || cw.player(store));

  cw.part("bar", {
    mount(element, store) {
      const player = () => cw.playerOf(store);
      const open = (kind) => () => store.set({ open: { kind } });
      const act = (name, icon, text, onclick, extra) => cw.button({ icon, text, name: cw.text(`bar.${name}`), class: "bare act", onclick, "data-act": name, ...extra });

      const title = cw.h("h1", { class: "heading" });
      const beside = cw.h("p", { class: "beside" });
      const rename = cw.button({ icon: "pencil", name: cw.text("bar.rename"), class: "bare small rename", onclick: open("rename") });
      const period = cw.h("p", { class: "period" });
      const spoken = cw.h("p", { class: "cw-hidden", role: "status" });
      const play = cw.button({ icon: "play", name: cw.text("bar.play"), class: "first", onclick: () => (store.state.playing ? player().pause() : player().play()) });
      const start = cw.button({ icon: "start", name: cw.text("bar.to_start"), class: "bare", onclick: () => player().to(0) });
      const back = cw.button({ icon: "back", name: cw.text("bar.back"), class: "bare", onclick: () => player().back() });
      const step = cw.button({ icon: "step", name: cw.text("bar.step"), class: "bare", onclick: () => player().step() });
      const speed = cw.choice(SPEEDS.map((one) => [one, one ? cw.text("bar.speed_of", { count: one }) : cw.text("bar.speed_most")]), store.state.speed, {
        class: "speed",
        "aria-label": cw.text("bar.speed"),
        title: cw.text("bar.speed"),
        onchange: () => store.set({ speed: Number(speed.value) }),
      });

      const home = cw.button({ icon: "gallery", name: cw.text("bar.gallery"), class: "bare home", onclick: () => store.send({ kind: "leave" }) });
      const disrupt = act("disrupt", "disrupt", cw.text("bar.disrupt_word"), open("disrupt"));
      const branch = act("branch", "branch", cw.text("bar.branch_word"), () => cw.branchHere(store));
      const compare = act("compare", "compare", cw.text("bar.compare_word"), open("compare"));
      const undo = act("undo", "undo", cw.text("bar.undo_word"), () => cw.undoLast(store));
      const many = act("many", "many", cw.text("bar.many_word"), open("many"));
      const share = act("share", "share", cw.text("bar.share_word"), open("share"));
      const theme = act("theme", "auto", cw.text("bar.theme_word"), () => store.set({ theme: THEMES[(THEMES.indexOf(store.state.theme) + 1) % 3] }));
      const help = act("help", "help", cw.text("bar.help_word"), open("help"));
      const actions = cw.h("div", { class: "actions", id: "cw-bar-actions" }, store.replay ? [theme, help] : [disrupt, branch, compare, undo, many, share, theme, help]);
      const more = cw.button({
        icon: "more",
        name: cw.text("bar.more"),
        class: "bare more",
        "aria-expanded": "false",
        "aria-controls": "cw-bar-actions",
        onclick: () => fold(!element.classList.contains("unfolded")),
      });
      const fold = (wide) => {
        element.classList.toggle("unfolded", wide);
        more.setAttribute("aria-expanded", String(wide));
      };
      // What opens gives the keyboard back to where the menu is found again.
      actions.addEventListener("click", () => {
        if (element.classList.contains("unfolded")) more.focus();
        fold(false);
      });
      element.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && element.classList.contains("unfolded")) {
          event.preventDefault();
          fold(false);
          more.focus();
        }
      });
      const outside = (event) => !element.contains(event.target) && fold(false);
      document.addEventListener("pointerdown", outside);

      cw.fill(
        element,
        cw.h("a", { class: "skip", href: "#cw-network", onclick: (event) => skip(event) }, cw.text("bar.skip")),
        cw.h("div", { class: "what" }, store.replay ? null : home, cw.h("div", { class: "names" }, title, beside), store.replay ? null : rename),
        cw.h("div", { class: "playing", role: "group", "aria-label": cw.text("bar.controls") }, period, start, back, play, step, speed, spoken),
        more,
        actions,
      );

      function skip(event) {
        event.preventDefault();
        const goal = document.querySelector(".cw-network.cw-part");
        if (!goal) return;
        goal.setAttribute("tabindex", "-1");
        goal.focus();
      }

      const swap = (button, icon, name) => {
        button.replaceChild(cw.icon(icon), button.querySelector(".cw-icon"));
        button.setAttribute("aria-label", name);
        button.title = name;
      };

      function tell(timeline) {
        const other = store.timelines[store.state.b];
        title.textContent = timeline.title;
        title.title = timeline.title;
        cw.fill(beside, other ? [mark("a"), ` ${cw.timelineName(store, "a")} `, mark("b"), ` ${cw.timelineName(store, "b")}`] : [timeline.label || (timeline.variant ? cw.plain(timeline.variant) : ""), cw.changes(timeline)].filter(Boolean).join(" · "));
        beside.title = beside.textContent;
      }
      const mark = (side) => cw.h("span", { class: `side ${side}` }, side.toUpperCase());

      return {
        update(keys) {
          const { state } = store;
          const timeline = store.timeline();
          if (state.view !== "screen" || !timeline) return;
          const has = (...some) => !keys || some.some((key) => keys.has(key));
          if (has("structure", "a", "b", "acts", "view")) tell(timeline);
          cw.fill(
            period,
            state.period > 0
              ? [cw.h("span", { class: "word" }, cw.capital(timeline.period_word) + " "), cw.h("strong", {}, String(state.period)), cw.h("span", { class: "word" }, ` ${cw.text("bar.of", { horizon: timeline.horizon })}`), cw.date(timeline, state.period) ? cw.h("span", { class: "word date" }, ` · ${cw.date(timeline, state.period)}`) : null]
              : [cw.h("strong", {}, cw.text("bar.start")), cw.h("span", { class: "word" }, ` · ${cw.periods(timeline, timeline.horizon)}`)],
          );
          if (has("playing")) {
            swap(play, state.playing ? "pause" : "play", cw.text(state.playing ? "bar.pause" : "bar.play"));
            play.dataset.playing = state.playing ? "yes" : "no";
          }
          // Read aloud where it rests, not at every period that goes by.
          if (!state.playing && has("period", "playing")) spoken.textContent = cw.capital(cw.period(timeline, state.period));
          if (has("speed", "view")) speed.value = String(state.speed);
          if (has("theme", "view")) swap(theme, state.theme, cw.text("bar.theme", { now: cw.text(`bar.theme_${state.theme}`) }));
          // Whoever opened a scenario begins where it is played.
          if (keys && keys.has("view") && cw.lost()) play.focus({ preventScroll: true });
          start.disabled = back.disabled = state.period <= 0;
          step.disabled = state.period >= timeline.horizon;
          undo.disabled = !(timeline.acts || []).some((one) => one.kind !== "given");
          compare.setAttribute("aria-pressed", String(state.b !== null));
        },
        close: () => document.removeEventListener("pointerdown", outside),
      };
    },
  });

  // The last thing that was done by hand never happened.
  cw.undoLast = (store) => {
    const timeline = store.timeline();
    if (timeline && (timeline.acts || []).some((one) => one.kind !== "given")) store.send({ kind: "undo", timeline: store.state.a, number: null });
  };
})();
