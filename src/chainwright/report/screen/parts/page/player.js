// Whoever plays: moves the cursor over the periods, and asks for those that have not come yet.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.player) return;

  const SPEEDS = [1, 2, 4, 8, 16, 0]; // periods a second; 0 is one with each frame of the page
  const AHEAD = 5; // periods at most that are asked for before they are needed
  const SLOW = 2; // periods a second from which on it is worth while to be ahead
  const PATIENCE = 4000; // milliseconds after which one asks again
  const MORE = 40; // periods that are asked for at once on the way to a period that lies far off

  cw.player = (store) => {
    const asked = {}; // by timeline: {to, at} of the last question
    const had = {}; // by timeline: the periods that were here when last looked at
    let goal = null; // the period that is on its way, where somebody went beyond what is here
    let running = null;
    let due = 0;

    const watched = () => [store.state.a, store.state.b].filter((id) => id !== null && id !== undefined && store.timelines[id]);
    const horizon = () => (store.timeline() ? store.timeline().horizon : 0);
    // The last period of those from here on that all watched timelines have; a timeline that is over has them all.
    const here = () => Math.min(...watched().map((id) => (store.timelines[id].played >= store.timelines[id].horizon ? Infinity : store.timelines[id].played)), horizon());
    // The last period that all have, or were asked for.
    const promised = () => Math.min(...watched().map((id) => Math.max(store.timelines[id].played, asked[id] ? asked[id].to : 0)), horizon());
    const ahead = () => (store.state.speed > 0 && store.state.speed <= SLOW ? 0 : AHEAD);

    // The last period of each watched timeline that was shown, kept as `store.seen`.
    function note() {
      store.seen = store.seen || {};
      for (const id of watched()) {
        const { played } = store.timelines[id];
        const before = store.seen[id] || 0;
        // What was forgotten was not seen, and is asked for anew.
        if (had[id] !== undefined && played < had[id]) {
          delete asked[id];
          if (played < before) store.seen[id] = played;
        }
        had[id] = played;
        store.seen[id] = Math.max(store.seen[id] || 0, Math.min(store.state.period, played));
      }
    }

    // Asks for periods up to `to`, once, and again only where no answer comes.
    function ask(to) {
      const now = performance.now();
      for (const id of watched()) {
        const timeline = store.timelines[id];
        const wanted = Math.min(to, timeline.horizon);
        const last = asked[id];
        if (timeline.played >= wanted || (last && last.to >= wanted && now - last.at < PATIENCE)) continue;
        asked[id] = { to: wanted, at: now };
        store.send({ kind: "need", timeline: id, to: wanted });
      }
    }

    function show(period) {
      if (period !== store.state.period) store.set({ period });
    }

    function advance() {
      const next = store.state.period + 1;
      if (next > horizon()) return pause();
      if (next <= here()) {
        show(next);
        // Ahead enough not to wait, in one question for several periods.
        if (promised() - next <= ahead() / 2) ask(next + ahead());
        return true;
      }
      ask(next + ahead());
      return false;
    }

    function turn(now) {
      running = null;
      if (!store.state.playing) return;
      if (!watched().length || store.state.view !== "screen") return pause();
      const pace = store.state.speed > 0 ? 1000 / store.state.speed : 0;
      // Who begins, or comes late, keeps the pace from now on: nothing is made up for by several periods at once.
      if (goal === null && now >= due && advance() !== false) due = now - due < pace ? due + pace : now + pace;
      running = store.state.playing ? requestAnimationFrame(turn) : null;
    }

    function play() {
      if (!store.timeline() || store.state.playing) return;
      goal = null;
      // At the end there is nothing to be played but the whole again.
      if (store.state.period >= horizon()) show(0);
      due = 0;
      store.set({ playing: true });
      if (running === null) running = requestAnimationFrame(turn);
    }

    function pause() {
      goal = null;
      store.set({ playing: false });
    }

    // To a period; where it has not come yet the cursor follows what comes.
    function to(period) {
      const wanted = Math.max(0, Math.min(Math.round(period), horizon()));
      goal = wanted > here() ? wanted : null;
      if (store.state.playing && wanted !== store.state.period + 1) store.set({ playing: false });
      follow(wanted);
    }

    function follow(wanted) {
      const can = Math.min(wanted, here());
      show(goal === null ? can : Math.max(can, Math.min(store.state.period, wanted)));
      if (goal === null) return;
      if (store.state.period >= goal) goal = null;
      else ask(Math.min(goal, here() + MORE));
    }

    function pace(by) {
      const place = SPEEDS.indexOf(store.state.speed);
      store.set({ speed: SPEEDS[Math.max(0, Math.min((place < 0 ? 2 : place) + by, SPEEDS.length - 1))] });
    }

    const listening = (keys) => {
      note();
      if (keys.has("refused")) {
        // Nothing more comes: whoever waits would wait for ever.
        goal = null;
        if (store.state.playing && here() <= store.state.period) pause();
      }
      if (keys.has("a") || keys.has("view")) goal = null;
      if (store.state.playing && running === null) running = requestAnimationFrame(turn);
      if (store.state.view !== "screen" || !watched().length) return;
      if (goal !== null) follow(goal);
      // Another timeline, or one that forgot: the cursor stands on a period that is there, or waits until it is.
      else if (store.state.period > here()) {
        goal = Math.min(store.state.period, horizon());
        ask(goal);
      }
    };
    store.listen(listening);
    note();

    return {
      play,
      pause,
      to,
      toggle: () => (store.state.playing ? pause() : play()),
      step: () => to((goal === null ? store.state.period : goal) + 1),
      back: () => to(store.state.period - 1),
      faster: () => pace(1),
      slower: () => pace(-1),
      close() {
        store.forget(listening);
        if (running !== null) cancelAnimationFrame(running);
        running = null;
      },
    };
  };
})();
