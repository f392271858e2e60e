// What lies over and under the lines of every chart: the warm-up, how long something lasts, flags of what was done, and where a branch begins.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.marks) return;

  const LETTER = 0.55; // width of a letter in heights of it, about
  const shorten = (text, letters) => (text.length <= letters ? text : text.slice(0, Math.max(letters - 1, 1)).trimEnd() + "…");

  // Whom a disruption of a scenario hits, in words.
  function whom(target) {
    if (target.seller !== undefined && target.buyer !== undefined) return cw.text("charts.link", { seller: target.seller, buyer: target.buyer });
    const names = Object.values(target).flat().map(String);
    return names.length ? names.join(", ") : cw.text("timeline.everybody");
  }
  // What a kind of disruption does, in words; kinds that are not known yet are told as they are written.
  function what(kind) {
    const key = `disrupt.kind_${kind}`;
    const found = cw.text(key);
    return found === key ? String(kind).replace(/_/g, " ") : found;
  }

  const lasts = (about) => {
    const one = about && (about.disruption || about);
    return one && Number.isFinite(Number(one.duration)) && one.duration !== null ? Number(one.duration) : null;
  };

  // All that a timeline is marked with: [{key, period, until, label, kind: "act" | "given" | "branch", number, undo}], in order.
  cw.marks = (store, id) => {
    const timeline = store.timelines[id];
    if (!timeline) return [];
    const found = [];
    for (const one of timeline.disruptions || []) {
      found.push({ key: `scenario ${found.length}`, period: one.start, until: one.start + one.duration, label: cw.text("timeline.disruption", { whom: whom(one.target || {}), what: what(one.kind) }), kind: "given", number: null });
    }
    for (const act of timeline.acts || []) {
      const start = (act.about && act.about.start) || act.period;
      const lasting = lasts(act.about);
      found.push({ key: `act ${act.number}`, period: start, until: lasting === null ? null : start + lasting, label: act.label, kind: act.kind === "given" ? "given" : "act", number: act.number });
    }
    if (timeline.parent !== undefined && timeline.parent !== null && timeline.at !== undefined) found.push({ key: "branch", period: timeline.at, until: null, label: cw.text("timeline.branch_point"), kind: "branch", number: null });
    return found.sort((one, other) => one.period - other.period);
  };

  // The marks of two timelines; what both have is told once.
  cw.marksOfBoth = (store) => {
    const { a, b } = store.state;
    const ours = cw.marks(store, a);
    const known = new Set(ours.map((one) => `${one.period} ${one.label}`));
    const theirs = b === null ? [] : cw.marks(store, b).filter((one) => !known.has(`${one.period} ${one.label}`));
    return [...ours, ...theirs.map((one) => ({ ...one, key: `b ${one.key}`, side: "b" }))].sort((one, other) => one.period - other.period);
  };

  // Under the lines: the warm-up, hatched, and the spans of what lasts.
  cw.drawShades = (layer, model, scale, { left, right, top, bottom }) => {
    const { x } = scale;
    const wide = LETTER * model.letters;
    const key = [scale.key, model.warmUp, model.told, ...model.flags.map((one) => `${one.period}-${one.until}-${one.side}`)].join();
    if (layer.dataset.key === key) return;
    layer.dataset.key = key;
    const area = (from, to, kind) => {
      const [start, end] = [Math.max(x(from), left), Math.min(x(to), right)];
      return end > start ? cw.s("rect", { class: kind, x: start, width: end - start, y: top, height: bottom - top }) : null;
    };
    const shown = [];
    if (model.warmUp > 0) {
      const end = Math.min(x(model.warmUp + 0.5), right);
      shown.push(area(0, model.warmUp + 0.5, "warm-up"));
      if (end > left) {
        shown.push(cw.s("line", { class: "warm-up-end", x1: end, x2: end, y1: top, y2: bottom }));
        const text = cw.text("charts.warm_up");
        // Above the lines, beside the unit; or within, where both have no room.
        const beside = end - left > (model.told.length + text.length) * wide + 30;
        const y = beside ? model.caption : top + 1.1 * model.letters;
        if (end - left > text.length * wide + 12) shown.push(cw.s("text", { class: "warm-up-name", x: end - 5, y, "text-anchor": "end" }, text));
      }
    }
    // A period stands for the time around its mark.
    for (const one of model.flags) if (one.until !== null) shown.push(area(one.period - 0.5, one.until - 0.5, `span ${one.kind}`));
    cw.fill(layer, shown);
  };

  // Over the lines: a flag on a pole for everything that was done, with as much of its name as there is room for.
  cw.drawFlags = (layer, model, scale, { left: edge, right, top, bottom }) => {
    const { x, from, to } = scale;
    const wide = LETTER * model.letters;
    const key = [scale.key, ...model.flags.map((one) => [one.period, one.label, one.kind, one.side])].join();
    if (layer.dataset.key === key) return;
    layer.dataset.key = key;
    const there = model.flags.filter((one) => one.period >= from && one.period <= to);
    let taken = edge - 8; // as far as names stand already
    cw.fill(
      layer,
      there.map((one, number) => {
        const at = x(one.period);
        const next = there.slice(number + 1).find((other) => other.period > one.period);
        const same = there.slice(number + 1).some((other) => other.period === one.period);
        const told = (mark) => (mark.side === "b" ? `B · ${mark.label}` : mark.label);
        const text = there.filter((other) => other.period === one.period).map(told).join(", ");
        // The name, of all that stand on one pole, is at the right of it; at the left where it does not fit there and there is more room.
        const room = [(next ? x(next.period) : right) - at - 18, at - taken - 10].map((pixels) => (same ? 0 : Math.floor(pixels / wide)));
        const left = room[0] < text.length && room[1] > room[0];
        const letters = left ? room[1] : room[0];
        const named = letters >= 5 ? shorten(text, letters) : "";
        if (!same) taken = named && !left ? at + 13 + named.length * wide : at + 10;
        const sign =
          one.kind === "branch"
            ? cw.s("path", { class: "sign", d: `M${at} ${top}v-9m0 9c0-5 2-6 7-7`, fill: "none" })
            : cw.s("path", { class: "sign", d: `M${at} ${top - 14}h9l-2.5 3.5 2.5 3.5h-9z` });
        return cw.s(
          "g",
          { class: `flag ${one.kind} ${one.side === "b" ? "b" : ""}`, "data-number": one.number },
          cw.s("title", {}, one.label),
          cw.s("line", { x1: at, x2: at, y1: top - 14, y2: bottom }),
          sign,
          named ? cw.s("text", { x: left ? at - 5 : at + 13, y: top - 5, "text-anchor": left ? "end" : "start" }, named) : null,
        );
      }),
    );
  };
})();
