// What the page knows: the timelines with all frames that have come, and the state that the parts share. Looking back needs nobody.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.Store) return;

  const START = {
    view: "gallery", // or "screen"
    a: null, // the timeline that is watched
    b: null, // the one beside it, while two are compared
    period: 0, // the period that is looked at; 0 is the start
    playing: false,
    speed: 4, // periods a second; 0 is as fast as can be
    selected: null, // {enterprise: row} or {link: row}
    hovered: null,
    chart: "orders",
    zoom: null, // [first, last] period of the charts; null shows all
    layout: "echelon", // or "map", "flows"
    theme: "auto", // or "light", "dark"
    filled: null, // the panel that fills the page: "network", "charts" or "inspector"
    projector: false, // letters for those who sit far behind
    open: null, // the dialog or panel that is open
    busy: null, // what is being worked on, in words
    message: null, // {text, kind} for the reader
  };
  const TABLES = ["items", "lanes", "enterprises", "echelons", "measures", "rates"];

  // post(message) takes a message to whoever plays the timeline: Python, or the replay's own file.
  cw.Store = function (post) {
    const store = { state: { ...START }, timelines: {}, answers: {}, gallery: null };
    const listeners = new Set();
    let told = null;

    store.listen = (heard) => listeners.add(heard);
    store.forget = (heard) => listeners.delete(heard);
    store.send = (message) => post(message);

    function tell(keys) {
      if (told) {
        keys.forEach((key) => told.add(key));
        return;
      }
      told = new Set(keys);
      // Parts are told once for all that changed together, in the next frame of the page.
      requestAnimationFrame(() => {
        const changed = told;
        told = null;
        for (const heard of [...listeners]) {
          try {
            heard(changed);
          } catch (error) {
            console.error(error);
          }
        }
        const drawn = store.drawn.splice(0);
        drawn.forEach((then) => then());
      });
    }
    // Functions to be called once what has come is drawn.
    store.drawn = [];
    store.tell = tell;

    store.set = (changes) => {
      const keys = Object.keys(changes).filter((key) => store.state[key] !== changes[key]);
      if (!keys.length) return;
      Object.assign(store.state, changes);
      tell(keys);
    };

    store.timeline = (id) => store.timelines[id === undefined ? store.state.a : id] || null;

    // --- what was played ---------------------------------------------------------------------------------------

    function row(before, sent) {
      if (Array.isArray(sent)) return Float64Array.from(sent, (value) => (value === null ? NaN : value));
      if (!sent.i.length) return before;
      const made = Float64Array.from(before);
      sent.i.forEach((place, number) => (made[place] = sent.v[number] === null ? NaN : sent.v[number]));
      return made;
    }

    function takeFrames(packet) {
      const timeline = store.timelines[packet.timeline];
      if (!timeline) return;
      if (packet.from > timeline.played + 1) return; // what lies between was lost: Python sends it again when asked
      for (const table of TABLES) {
        for (const [column, rows] of Object.entries(packet[table] || {})) {
          const kept = (timeline.tables[table][column] = timeline.tables[table][column] || []);
          kept.length = Math.min(kept.length, packet.from - 1);
          rows.forEach((sent, number) => {
            const place = packet.from - 1 + number;
            kept[place] = table === "measures" || table === "rates" ? (sent === null ? NaN : sent) : row(kept[place - 1], sent);
          });
        }
      }
      timeline.played = packet.to;
      tell(["frames", "frames:" + packet.timeline]);
    }

    function takeStructure(packet) {
      const tables = Object.fromEntries(TABLES.map((table) => [table, {}]));
      store.timelines[packet.timeline] = { ...packet, tables, played: 0, acts: packet.acts || [] };
      tell(["structure", "structure:" + packet.timeline]);
    }

    // A timeline that shares another's past takes over the frames that are here already.
    function takeBranch(packet) {
      const parent = store.timelines[packet.parent];
      const made = { ...parent, ...packet, tables: {}, played: Math.min(packet.at, parent.played) };
      for (const table of TABLES) {
        made.tables[table] = {};
        for (const [column, kept] of Object.entries(parent.tables[table])) made.tables[table][column] = kept.slice(0, made.played);
      }
      store.timelines[packet.timeline] = made;
      tell(["structure", "structure:" + packet.timeline]);
    }

    store.receive = (packet) => {
      if (packet.kind === "structure") takeStructure(packet);
      else if (packet.kind === "branch") takeBranch(packet);
      else if (packet.kind === "frames") takeFrames(packet);
      else if (packet.kind === "forget") {
        // What was played after a period holds no longer.
        const timeline = store.timelines[packet.timeline];
        for (const columns of Object.values(timeline.tables)) for (const kept of Object.values(columns)) kept.length = Math.min(kept.length, packet.after);
        timeline.played = Math.min(timeline.played, packet.after);
        tell(["frames", "frames:" + packet.timeline]);
      } else if (packet.kind === "acts") {
        if (store.timelines[packet.timeline]) store.timelines[packet.timeline].acts = packet.acts;
        tell(["acts"]);
      } else if (packet.kind === "label") {
        const timeline = store.timelines[packet.timeline];
        if (timeline) timeline.label = packet.label;
        tell(["structure", "structure:" + packet.timeline]);
      } else if (packet.kind === "drop") {
        delete store.timelines[packet.timeline];
        tell(["structure"]);
      } else if (packet.kind === "state") {
        const timeline = store.timelines[packet.state.a];
        const { period } = { ...store.state, ...packet.state };
        // Who watches another timeline stays in the same period, as far as that timeline goes.
        store.set(timeline && period > timeline.horizon ? { ...packet.state, period: timeline.horizon } : packet.state);
      } else if (packet.kind === "gallery") {
        store.gallery = packet;
        tell(["gallery"]);
      } else {
        // Answers to questions are kept by their kind: inspection, bands, many, share, mistakes, code ...
        store.answers[packet.kind] = packet;
        tell([packet.kind]);
      }
    };

    // --- reading -----------------------------------------------------------------------------------------------

    // The values of all rows in a period; at the start those of the structure's `start`, else nothing.
    store.at = (id, table, column, period) => {
      const timeline = store.timelines[id];
      if (!timeline) return null;
      if (period <= 0) return (timeline.start && timeline.start[table] && timeline.start[table][column]) || null;
      const kept = timeline.tables[table][column];
      return kept && period <= kept.length ? kept[period - 1] : null;
    };

    // The values of one row in periods 1, 2, ... as far as they were played; of measures and rates, which have no rows, all.
    store.series = (id, table, column, which) => {
      const timeline = store.timelines[id];
      const kept = timeline && timeline.tables[table][column];
      if (!kept) return [];
      return table === "measures" || table === "rates" ? kept : kept.map((values) => values[which]);
    };
    return store;
  };
})();
