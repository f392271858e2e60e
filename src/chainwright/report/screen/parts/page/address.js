// The page's address: what is watched stands in it, so that back, forward, reloading and links lead there; and the runs of late.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.address) return;

  const RECENT = "chainwright.recent";
  const MOST = 8;
  const GALLERY = "gallery";
  const LEFT = "chainwright.left";
  // A run is looked up again only when nothing has happened for this long; what was done by hand is looked up at once.
  const REST = 700;

  cw.recent = () => {
    const found = cw.kept(RECENT, []);
    return Array.isArray(found) ? found.filter((one) => one && typeof one.fragment === "string" && typeof one.title === "string") : [];
  };
  cw.forgetRecent = (fragment) => {
    cw.keep(RECENT, fragment === undefined ? [] : cw.recent().filter((one) => one.fragment !== fragment));
    cw.tidyFiles();
  };

  // What was looked at, and how, when this very tab was left or loaded anew: while one plays, the address says an earlier period.
  const LOOKED = ["speed", "layout", "chart"];
  const leave = (fragment, state) => {
    try {
      const { period, selected } = state;
      sessionStorage.setItem(LEFT, JSON.stringify({ fragment, period, selected, looked: LOOKED.map((name) => [name, state[name]]) }));
    } catch (refused) {
      // nothing is kept, and the address has to do
    }
  };
  cw.left = (store, fragment) => {
    try {
      const found = JSON.parse(sessionStorage.getItem(LEFT));
      // Told once: whoever opens the same link later means the period that it says.
      sessionStorage.removeItem(LEFT);
      if (!found || found.fragment !== fragment || !Number.isInteger(found.period)) return null;
      store.set(Object.fromEntries(found.looked));
      // Whom one had chosen is there once the run is.
      store.chosen = found.selected;
      return found.period;
    } catch (refused) {
      return null;
    }
  };

  // Follows the address and writes it; answers how to stop.
  cw.address = (store) => {
    let mine = window.location.hash.slice(1);
    let waiting = null;
    let first = mine === "" || mine === GALLERY;
    // What each timeline is known by among the runs of late; a branch is another one than what it came from.
    const begun = new Map();
    const acts = new Map();

    function remember(timeline, fragment, period, file) {
      if (!begun.has(timeline.timeline)) begun.set(timeline.timeline, `${Date.now()} ${timeline.timeline}`);
      const key = begun.get(timeline.timeline);
      const kept = cw.recent().filter((one) => one.fragment !== fragment && one.timeline !== key);
      cw.keep(RECENT, [{ timeline: key, title: timeline.title, label: [timeline.label, cw.changes(timeline)].filter(Boolean).join(" · "), when: Date.now(), period, word: timeline.period_word, fragment, file }, ...kept].slice(0, MOST));
      cw.tidyFiles();
    }

    function write(fragment, anew) {
      if (fragment === mine) return;
      mine = fragment;
      try {
        window.history[anew ? "pushState" : "replaceState"](null, "", "#" + fragment);
      } catch (refused) {
        // a page within another page may not write
      }
    }

    // Whether something more was done by hand, or undone, in a timeline that was here before.
    function acted(timeline) {
      if (!timeline) return false;
      const before = acts.get(timeline.timeline);
      acts.set(timeline.timeline, timeline.acts.length);
      return before !== undefined && before !== timeline.acts.length;
    }

    // The link to what is watched is made by Python, who knows scenario, seed and all that was done by hand.
    function ask(rest) {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (store.state.view === "screen" && store.timeline()) store.send({ kind: "share", period: store.state.period });
      }, rest);
    }

    function heard(keys) {
      if (keys.has("view") && store.state.view === "gallery") {
        clearTimeout(waiting);
        if (mine && mine !== GALLERY) write(GALLERY, true);
        first = true;
      }
      if (keys.has("own") && store.uploaded) cw.keepFile(store.answers.own.digest, store.uploaded);
      if (keys.has("wanted")) bring(store.answers.wanted);
      if (store.state.view !== "screen") return;
      if (store.chosen && store.timeline()) {
        store.set({ selected: store.chosen });
        store.chosen = null;
      }
      // Whoever opens something and leaves at once finds it again as well.
      if ((keys.has("acts") && acted(store.timeline())) || (keys.has("view") && (mine === "" || mine === GALLERY))) ask(0);
      else if (["a", "b", "acts"].some((key) => keys.has(key)) || (!store.state.playing && (keys.has("playing") || keys.has("period")))) ask(REST);
      if (keys.has("share") && store.answers.share && store.timeline()) {
        const { fragment, file, period } = store.answers.share;
        if (!fragment) return;
        write(fragment, first);
        first = false;
        // Of a run of which too much is to be said, no address leads to it.
        if (fragment !== GALLERY) remember(store.timeline(), fragment, period, file || undefined);
      }
    }

    // The address is that of a run of an uploaded file, which Python has no more: it is uploaded again, by the page or by its reader.
    function bring({ name, digest, fragment }) {
      const kept = cw.fileOf(digest);
      if (kept) cw.upload(store, kept, fragment);
      else {
        store.wanted = fragment;
        if (store.state.view === "screen") store.send({ kind: "leave" });
        store.set({ message: { text: cw.text("gallery.wanted", { name }), kind: "bad" } });
      }
    }

    // Back and forward.
    function moved() {
      const fragment = window.location.hash.slice(1);
      if (fragment === mine) return;
      mine = fragment;
      if (fragment === "" || fragment === GALLERY) {
        if (store.state.view === "screen") store.send({ kind: "leave" });
      } else cw.openFragment(store, fragment);
    }

    const hidden = () => store.state.view === "screen" && leave(mine, store.state);

    store.listen(heard);
    window.addEventListener("hashchange", moved);
    window.addEventListener("popstate", moved);
    window.addEventListener("pagehide", hidden);
    return () => {
      clearTimeout(waiting);
      store.forget(heard);
      window.removeEventListener("hashchange", moved);
      window.removeEventListener("popstate", moved);
      window.removeEventListener("pagehide", hidden);
    };
  };

  // Opens what a link says.
  cw.openFragment = (store, fragment) => store.send({ kind: "hello", fragment, language: navigator.language });
})();
