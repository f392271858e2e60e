// The page as a whole: its language, theme and title, what its address says, and what all parts ask about the timeline that is watched.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.begin) return;

  const THEME = "chainwright.theme";
  const LANDMARKS = ["gallery", "tiles", "network", "inspector", "charts", "timeline"];
  let ended = null;

  // What a reader's browser keeps; without leave to keep anything the page works all the same.
  cw.kept = (key, otherwise) => {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found === null ? otherwise : found;
    } catch (refused) {
      return otherwise;
    }
  };
  cw.keep = (key, value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch (refused) {
      // nothing is kept
    }
  };

  // --- words about periods -------------------------------------------------------------------------------------

  const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
  const word = (timeline) => (timeline && timeline.period_word) || cw.text("page.period");
  // "4 weeks", of digits as many as are asked for: what is shown as 1 is one.
  cw.periods = (timeline, count, digits) => cw.count(count, word(timeline), digits);
  cw.count = (count, word, digits) => cw.text(cw.number(count, digits) === "1" ? "page.one_period" : "page.periods", { count: cw.number(count, digits), word });
  // The first day of a period, where the scenario says when it starts; else nothing.
  cw.date = (timeline, period) => (timeline && timeline.dates && timeline.dates[period - 1]) || "";
  // "week 12", and "week 12 (2026-03-23)"
  cw.bare = (timeline, period) => cw.text(period > 0 ? "page.at_period" : "page.at_start", { word: word(timeline), period });
  cw.period = (timeline, period) => (cw.date(timeline, period) ? cw.text("page.at_date", { word: word(timeline), period, date: cw.date(timeline, period) }) : cw.bare(timeline, period));
  cw.capital = capital;

  // --- words about timelines -------------------------------------------------------------------------------------

  // Names of variants, policies and columns as files have them, in words.
  cw.plain = (name) => String(name).replace(/_/g, " ");
  const byHand = (timeline) => (timeline.acts || []).filter((act) => act.kind !== "given").length;
  cw.changes = (timeline) => (byHand(timeline) ? cw.text(byHand(timeline) === 1 ? "bar.one_change" : "bar.changes", { count: byHand(timeline) }) : "");
  // What sets a timeline apart from the others that are open: its label, its variant, or what was done in it; of several scenarios also which one.
  cw.timelineName = (store, side) => cw.nameOf(store, store.state[side]);
  cw.nameOf = (store, id) => cw.timelineNames(store).get(id) || "";
  cw.timelineNames = function (store) {
    const { a, b, baseline, timelines } = store.state;
    const ids = [...new Set([...(timelines || []).map((one) => one.id), a, b, baseline])].filter((id) => store.timelines[id]);
    const open = ids.map((id) => store.timelines[id]);
    const several = new Set(open.map(({ title }) => title)).size > 1;
    // The run with nothing done by hand shares the past of another, which is no original for that.
    const began = new Set(ids.filter((id) => id !== baseline).map((id) => store.timelines[id].parent));
    const here = (store.timelines[a] || {}).title;
    const own = (timeline, id) => timeline.label || (timeline.variant ? cw.plain(timeline.variant) : "") || (id === baseline ? cw.text("timeline.baseline") : "");
    const alone = (timeline, id) => own(timeline, id) || (began.has(id) ? [cw.text("timeline.original"), cw.changes(timeline)].filter(Boolean).join(" · ") : cw.changes(timeline) || cw.text("bar.as_it_is"));
    // What is cut off where there is little room comes last: which scenario it is.
    const besides = (timeline, id) => (timeline.label && timeline.title === here ? timeline.label : [own(timeline, id) || cw.changes(timeline), timeline.title].filter(Boolean).join(" · "));
    const names = ids.map((id, row) => (several ? besides : alone)(open[row], id));
    const before = (row) => names.slice(0, row).filter((name) => name === names[row]).length;
    return new Map(ids.map((id, row) => [id, before(row) ? cw.text("page.once_more", { name: names[row], number: before(row) + 1 }) : names[row]]));
  };

  // --- what the reader has seen --------------------------------------------------------------------------------

  // The last period of a timeline that was shown; what lies beyond it has merely been played ahead.
  // Of a replay nothing is yet to come.
  cw.seen = (store, id) => store.replay ? store.timelines[id].played : Math.max((store.seen && store.seen[id]) || 0, id === store.state.a ? store.state.period : 0);

  // Whether what had the keyboard is gone: whoever comes in its place then takes it.
  cw.lost = () => {
    const here = document.activeElement;
    return !here || here === document.body || (here.offsetParent === null && !here.closest("svg") && getComputedStyle(here).position !== "fixed");
  };

  // --- theme ---------------------------------------------------------------------------------------------------

  const dark = () => window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)");
  const shownTheme = (store) => (store.state.theme === "auto" ? (dark() && dark().matches ? "dark" : "light") : store.state.theme);

  function dress(store) {
    const theme = shownTheme(store);
    document.documentElement.style.colorScheme = theme;
    for (const root of document.querySelectorAll(".cw-screen")) {
      root.dataset.view = store.state.view;
      root.dataset.theme = theme;
      root.dataset.compare = store.state.b === null ? "no" : "yes";
      root.dataset.selected = store.state.selected ? "yes" : "no";
      root.dataset.replay = store.replay ? "yes" : "no";
      cw.dressFilled(root, store);
      // A page of its own has no other main part; Solara's frame brings one.
      if (!root.parentElement.closest("main") && !root.hasAttribute("role")) root.setAttribute("role", "main");
      for (const kind of LANDMARKS) {
        root.querySelectorAll(`.cw-${kind}.cw-part:not([role])`).forEach((part, number) => {
          part.setAttribute("role", "region");
          part.setAttribute("aria-label", cw.text(number ? `page.${kind}_beside` : `page.${kind}`));
        });
      }
    }
  }

  function entitle(store) {
    const timeline = store.timeline();
    const period = timeline && store.state.view === "screen" ? `${cw.capital(cw.period(timeline, store.state.period))} · ${timeline.title} · ` : "";
    const title = period + cw.text("page.name");
    if (document.title !== title) document.title = title;
  }

  // --- the page of the host ------------------------------------------------------------------------------------

  function settle() {
    const root = document.documentElement;
    root.lang = cw.text("page.language");
    root.classList.add("cw-page");
    const viewport = document.querySelector("meta[name=viewport]");
    // Everybody may enlarge a page.
    if (viewport) viewport.content = "width=device-width, initial-scale=1";
    else document.head.appendChild(cw.h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }));
  }

  // Called once by the page, before its parts are mounted.
  cw.begin = (store) => {
    if (ended) ended();
    settle();
    store.set({ theme: cw.kept(THEME, "auto") });
    const heard = (keys) => {
      if (keys.has("theme")) cw.keep(THEME, store.state.theme);
      dress(store);
      if (!store.state.playing || keys.has("playing")) entitle(store);
    };
    store.listen(heard);
    dress(store);
    const changed = () => {
      dress(store);
      store.tell(["theme"]);
    };
    const scheme = dark();
    if (scheme && scheme.addEventListener) scheme.addEventListener("change", changed);
    if (cw.player) cw.playerOf(store);
    const noKeys = cw.keys(store);
    const noPaper = cw.printing();
    const noAddress = store.replay ? () => {} : cw.address(store);
    const noWaiting = store.replay ? () => {} : cw.waiting(store);
    const noAlive = store.replay ? () => {} : cw.alive(store);
    ended = () => {
      store.forget(heard);
      if (scheme && scheme.removeEventListener) scheme.removeEventListener("change", changed);
      noKeys();
      noPaper();
      noAddress();
      noWaiting();
      noAlive();
    };
  };
})();
