// The drawing of a chart: axes, shades, bands, areas, lines, flags, the cursor and the cross hair. It keeps its elements from one drawing to the next.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.plot) return;

  let plots = 0;
  // In heights of the letters of an axis: room for the numbers of periods, for the words and for the flags above, and the width of a letter, about.
  const [FOOT, UNIT, HEAD, LETTER] = [1.7, 1.5, 1.5, 0.585];
  const LETTERS = 11.5; // pixels, where nothing else is told
  // How lines differ apart from their colour.
  const STYLES = [
    ["--series-1", ""], ["--series-2", "8 3"], ["--series-3", "2.5 2.5"], ["--series-4", "10 3 2.5 3"],
    ["--series-8", "15 3"], ["--series-5", "5 2 1.5 2 1.5 2"], ["--series-6", "4 4"], ["--series-7", "1.5 4"],
  ];
  // How areas differ apart from their colour: what is drawn in each square of 7.
  const HATCHES = ["", "M0 7 7 0", "M0 0 7 7", "M3 3.5h1.4", "M0 7 7 0M0 0 7 7", "M1 3.5h5", "M3.5 2v3M2 3.5h3", "M0 3.5 3.5 0M3.5 7 7 3.5"];
  cw.hatches = HATCHES;
  const MILLION = 1e6; // from as many on an axis counts in them

  // The look of the series with a number; `ink` is "dots" for that with which others are compared, "thin" for what stands behind them.
  cw.lineStyle = (number, ink) => {
    if (ink) return { colour: "--ink", dash: ink === "dots" ? "0.1 4" : "", width: ink === "dots" ? 2.4 : 1.2, hatch: 0 };
    const [colour, dash] = STYLES[number % STYLES.length];
    // Beyond the colours that there are, lines differ by their width.
    return { colour, dash, width: number < STYLES.length ? 2 : 3.2, hatch: number % HATCHES.length };
  };

  const place = (parent, pool, key, tag) => {
    let found = pool.get(key);
    if (!found) pool.set(key, (found = parent.appendChild(cw.s(tag))));
    return found;
  };
  const put = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) element.removeAttribute(name);
      else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
    }
    return element;
  };

  cw.plot = () => {
    const name = `cw-plot-${(plots += 1)}`;
    const layer = (kind) => cw.s("g", { class: kind });
    const clip = cw.s("rect");
    const defs = cw.s("defs", {}, cw.s("clipPath", { id: name }, clip));
    const [shades, grid, axis] = [layer("shades"), layer("grid"), layer("axis")];
    const inside = cw.s("g", { "clip-path": `url(#${name})` });
    const [bands, areas, lines] = [layer("bands"), layer("areas"), layer("lines")];
    const veil = cw.s("rect", { class: "veil", "data-gone": "" });
    const chosen = cw.s("rect", { class: "chosen", "data-gone": "", visibility: "hidden" });
    inside.append(bands, areas, lines, veil);
    const flags = layer("flags");
    const cursor = cw.s("g", { class: "cursor", "data-gone": "" }, cw.s("line"), cw.s("path", { d: "M0 0 3 4.5h-6z" }));
    const cross = cw.s("g", { class: "cross" });
    const zero = cw.s("line", { class: "zero" });
    const svg = cw.s("svg", { class: "cw-plot", "aria-hidden": "true", focusable: "false" }, defs, shades, grid, inside, zero, axis, flags, cursor, chosen, cross);
    const pools = { bands: new Map(), areas: new Map(), lines: new Map() };
    const paths = new Map();
    const view = { svg, box: null, x: null, period: null };
    let gridKey = null;

    function hatch(number, colour) {
      const id = `${name}-${number}${colour}`;
      if (number && !defs.querySelector(`[id="${id}"]`)) {
        defs.appendChild(cw.s("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" }, cw.s("path", { d: HATCHES[number], class: "hatch" })));
      }
      return number ? `url(#${id})` : null;
    }

    // --- axes --------------------------------------------------------------------------------------------------

    function drawAxes(model, { left, right, top, bottom }, y, range) {
      const { word, letters } = model;
      const key = [left, right, top, bottom, range.low, range.high, ...model.span, model.share, word, model.told, letters].join();
      if (key === gridKey) return;
      gridKey = key;
      const ticks = valueTicks(range, model.share);
      const across = (value, kind) => cw.s("line", { class: kind, x1: left, x2: right, y1: y(value), y2: y(value) });
      cw.fill(grid, ticks.map((one) => across(one.value, "rule")));
      put(zero, { x1: left, x2: right, y1: y(0), y2: y(0), visibility: range.low < 0 ? "visible" : "hidden" });
      const x = view.x;
      const most = Math.max(2, Math.floor((right - left) / (5 * letters)));
      const room = (word.length + 1) * LETTER * letters;
      const periods = cw.ticks(model.span[0], model.span[1], most).filter((one) => one === Math.round(one));
      cw.fill(
        axis,
        ticks.map((one) => cw.s("text", { x: left - 6, y: y(one.value) + 0.35 * letters, "text-anchor": "end" }, one.text)),
        periods.filter((one) => x(one) + (cw.number(one).length / 2) * LETTER * letters < right - room).map((one) => cw.s("text", { x: x(one), y: bottom + 1.3 * letters, "text-anchor": "middle" }, cw.number(one))),
        periods.map((one) => cw.s("line", { class: "tick", x1: x(one), x2: x(one), y1: bottom, y2: bottom + 3 })),
        cw.s("text", { x: right, y: bottom + 1.3 * letters, "text-anchor": "end" }, word),
        cw.s("text", { class: "unit", x: left + 5, y: model.caption }, model.told),
      );
    }
    const countsMillions = (range) => Math.max(range.high, -range.low) >= MILLION;
    function valueTicks(range, share) {
      const { low, high, step } = range;
      const unit = countsMillions(range) ? MILLION : 1;
      const found = [];
      for (let number = Math.ceil(low / step - 1e-9); number * step <= high + step * 1e-9; number++) found.push({ value: number * step, text: share ? `${cw.number(number * step * 100)} %` : cw.number((number * step) / unit) });
      return found;
    }

    // --- what is drawn in it -----------------------------------------------------------------------------------

    function drawSeries(model, scale) {
      const used = { bands: new Set(), areas: new Set(), lines: new Set() };
      const put1 = (kind, key, attributes) => {
        used[kind].add(key);
        return put(place({ bands, areas, lines }[kind], pools[kind], key, "path"), attributes);
      };
      const kept = (key, made = cw.linePath) => paths.get(key) || paths.set(key, made()).get(key);
      // Where two periods share a pixel and more, thick lines would be one blot.
      const fine = scale.to - scale.from > 0.5 * scale.pixels ? 0.65 : 1;
      for (const one of model.series) {
        const stroke = `var(${one.style.colour})`;
        const signed = one.negative ? { ...scale, y: (value) => scale.y(-value) } : scale;
        for (const [key, band, kind] of [[one.key, one.band, ""], [`${one.key} b`, one.bandB, " other"]]) {
          if (!band) continue;
          put1("bands", key, { class: `band${kind}`, d: kept(`${key} band`, cw.areaKept)(band.low, band.high, scale.to, signed), fill: stroke, stroke });
          put1("bands", `${key} middle`, { class: `middle${kind}`, d: kept(`${key} middle band`)(band.middle, scale.to, signed), stroke });
        }
        if (one.area) {
          const d = kept(`${one.key} area`, cw.areaKept)(one.lower, one.upper, one.upTo, scale);
          put1("areas", one.key, { d, fill: stroke, class: "area" });
          const pattern = hatch(one.style.hatch, one.style.colour);
          if (pattern) put1("areas", `${one.key} hatch`, { d, fill: pattern });
          continue;
        }
        // Behind its line, as it would have been with nothing done by hand.
        if (one.ghost) put1("lines", `${one.key} ghost`, { d: kept(`${one.key} ghost`)(one.ghost, Math.min(model.seen, one.ghost.length), signed), class: "line ghost", stroke, "stroke-dasharray": one.style.dash || null, "stroke-width": fine * 1.3 });
        if (one.values) {
          const d = kept(one.key)(one.values, one.upTo, signed);
          put1("lines", one.key, { d, class: "line", stroke, "stroke-dasharray": one.style.dash || null, "stroke-width": fine * one.style.width });
          if (one.negative && d) put1("areas", one.key, { d: `${d}L${scale.x(Math.min(one.upTo, one.values.length, scale.to))} ${scale.y(0)}L${scale.x(Math.max(1, scale.from))} ${scale.y(0)}Z`, fill: stroke, class: "owed" });
        }
        if (one.other) {
          put1("lines", `${one.key} b`, { d: kept(`${one.key} b`)(one.other, one.otherTo, signed), class: "line other", stroke, "stroke-dasharray": one.style.dash || null, "stroke-width": fine * 1.3 });
          put1("lines", `${one.key} rings`, { d: cw.ringPath(one.other, one.otherTo, signed, one.values), class: "rings", stroke });
        }
      }
      for (const kind of Object.keys(pools)) {
        for (const [key, element] of pools[kind]) {
          if (used[kind].has(key)) continue;
          element.remove();
          pools[kind].delete(key);
          paths.delete(kind === "lines" ? key : `${key} ${kind === "bands" ? "band" : "area"}`);
        }
      }
    }

    // The cross hair: where the series stand in a period.
    function drawCross(model, scale, { top, bottom, left, right }) {
      const period = model.hovered;
      if (period === null || period < scale.from || period > scale.to) return cw.fill(cross);
      const x = scale.x(period);
      const dots = [];
      for (const one of model.series) {
        const pairs = one.area ? [[one.upper, one.upTo, ""]] : [[one.values, one.upTo, ""], [one.other, one.otherTo, "other"]];
        for (const [values, upTo, kind] of pairs) {
          const value = values && period >= 1 && period <= upTo ? values[period - 1] : NaN;
          if (!Number.isNaN(value) && value !== undefined) dots.push(cw.s("circle", { class: kind, cx: x, cy: scale.y(one.negative ? -value : value), r: kind ? 3 : 3.5, style: `--colour: var(${one.style.colour})` }));
        }
      }
      const text = String(period);
      const wide = (text.length * LETTER + 1) * model.letters;
      const middle = Math.min(Math.max(x, left + wide / 2), right - wide / 2);
      cw.fill(cross, cw.s("line", { x1: x, x2: x, y1: top, y2: bottom }), dots, cw.s("rect", { x: middle - wide / 2, y: bottom + 0.2 * model.letters, width: wide, height: 1.45 * model.letters, rx: 4 }), cw.s("text", { x: middle, y: bottom + 1.3 * model.letters, "text-anchor": "middle" }, text));
    }

    // model: {width, height, letters, span, series, range, share, unit, word, seen, cursor, hovered, warmUp, flags, chosen, epoch}
    view.draw = (asked) => {
      const model = { ...asked, letters: asked.letters || LETTERS };
      const { width, height, letters } = model;
      const foot = Math.ceil(FOOT * letters);
      // What is told stands in a strip of its own above flags and lines, so that no line strikes it out.
      model.caption = letters;
      const head = Math.ceil(UNIT * letters + (model.flags.length ? HEAD * letters : 0));
      const range = cw.roundRange(model.range, Math.max(2, Math.min(6, Math.floor((height - head - foot) / (2.6 * letters)))));
      if (model.share) [range.low, range.high, range.step] = [0, 1, height > 150 ? 0.25 : 0.5];
      const longest = Math.max(...valueTicks(range, model.share).map((one) => one.text.length), 3);
      const box = { left: Math.ceil(longest * LETTER * letters) + 12, right: width - 10, top: head, bottom: height - foot };
      if (box.right - box.left < 40 || box.bottom - box.top < 20) return;
      model.told = countsMillions(range) ? cw.text("charts.millions", { unit: model.unit }) : model.unit;
      const [from, to] = model.span;
      const x = (period) => box.left + ((period - from) / (to - from)) * (box.right - box.left);
      const y = (value) => box.bottom - ((value - range.low) / (range.high - range.low)) * (box.bottom - box.top);
      Object.assign(view, { box, x, period: (across) => Math.round(from + ((across - box.left) / (box.right - box.left)) * (to - from)) });
      put(svg, { width, height, viewBox: `0 0 ${width} ${height}` });
      put(clip, { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top });
      const scale = { x, y, from: Math.floor(from), to: Math.ceil(to), pixels: Math.round(box.right - box.left), key: [width, height, letters, head, from, to, range.low, range.high, box.left, model.epoch].join() };
      drawAxes(model, box, y, range);
      cw.drawShades(shades, model, scale, box);
      drawSeries(model, scale);
      cw.drawFlags(flags, model, scale, box);
      const behind = model.cursor < model.seen && model.cursor < to;
      put(veil, { x: Math.max(x(model.cursor), box.left), y: box.top, width: Math.max(box.right - Math.max(x(model.cursor), box.left), 0), height: box.bottom - box.top, visibility: behind ? "visible" : "hidden" });
      const inView = model.cursor >= from && model.cursor <= to;
      put(cursor, { visibility: inView ? "visible" : "hidden", transform: inView ? `translate(${Math.round(x(model.cursor) * 10) / 10} 0)` : null });
      put(cursor.firstChild, { y1: box.top, y2: box.bottom });
      put(cursor.lastChild, { transform: `translate(0 ${box.bottom})` });
      if (model.chosen) put(chosen, { x: x(model.chosen[0]), width: Math.max(x(model.chosen[1]) - x(model.chosen[0]), 0), y: box.top, height: box.bottom - box.top, visibility: "visible" });
      else put(chosen, { visibility: "hidden" });
      drawCross(model, scale, box);
    };
    return view;
  };
})();
