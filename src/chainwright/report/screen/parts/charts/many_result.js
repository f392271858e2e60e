// What came out of a small sweep: one measure over the values as a chart, and all of them as a table.
(function () {
  "use strict";
  const cw = window.chainwright;

  const WIDE = 440;
  const HIGH = 240;
  const EDGE = { left: 52, right: 12, top: 10, bottom: 40 };

  const named = (column) => (typeof column === "string" ? { name: column, label: column.replace(/_/g, " ") } : { label: column.name.replace(/_/g, " "), ...column });

  // A value that was asked for, with all its digits.
  cw.exact = (value) => {
    const [whole, rest] = String(Number(Math.abs(value).toPrecision(9))).split(".");
    return /e/.test(whole + (rest || "")) ? cw.number(value) : `${value < 0 ? "−" : ""}${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}${rest ? `.${rest}` : ""}`;
  };
  const DASHES = ["", "7 4", "2 3", "10 3 2 3", "5 2"];

  // Round values for an axis.
  cw.ticks = cw.ticks || ((low, high, count) => {
    const span = high - low || Math.abs(high) || 1;
    const raw = span / count;
    const unit = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 5, 10].map((one) => one * unit).find((one) => span / one <= count) || 10 * unit;
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.max(Math.floor(high / step + 1e-9) - first + 1, 0) }, (_, number) => (first + number) * step);
  });

  // A difference and half the width of its interval, and whether it is more than chance.
  function lessWords(measure, mean, low, high) {
    if (![mean, low, high].every(Number.isFinite)) return { text: Number.isFinite(mean) ? cw.difference(measure, mean) : "–", certain: false };
    if (!mean && low === high) return { text: cw.text("tiles.same"), certain: false };
    return { text: cw.meanAndHalf(measure, { mean, half: (high - low) / 2 }), certain: low > 0 || high < 0 };
  }

  // {picture, table, measures, measure} of the rows of an answer; the first columns are the factors. `less`: draw what is more than at the reference.
  cw.sweepResult = (answer, factors, wanted, less) => {
    const columns = answer.columns.map(named);
    const place = (name) => columns.findIndex((column) => column.name === name);
    const keys = factors.map((factor, number) => (place(factor.path) >= 0 ? place(factor.path) : number));
    const inner = (name) => /_(low|high|less)$/.test(name) && place(name.replace(/_(low|high|less)$/, "")) >= 0;
    const measures = columns.filter((column, number) => !keys.includes(number) && !inner(column.name) && !["run", "runs", "point"].includes(column.name));
    const measure = measures.some((one) => one.name === wanted) ? wanted : measures.length ? measures[0].name : null;
    const say = (number, value) => keys.includes(number) && typeof value === "number" ? cw.exact(value) : (typeof value === "number" || value === null ? (columns[number].share ? cw.measure(columns[number], value) : cw.number(value)) : String(value));
    const head = (number) => (keys.includes(number) ? (factors[keys.indexOf(number)] || {}).label || columns[number].label : columns[number].label);
    // What is drawn comes first.
    const drawn = place(measure);
    const shown = [...keys, ...[...measures].sort((one, other) => (other.name === measure) - (one.name === measure)).map((one) => place(one.name))];
    // Beside it, how much more it is than at the reference, run by run.
    const compared = drawn >= 0 && place(`${measure}_less`) >= 0 && answer.rows.length > 1 && (answer.runs || 0) > 1;
    const point = (row) => keys.map((number) => cw.exact(row[number])).join(" / ");
    const told = (row, number) => {
      if (number === answer.reference) return cw.h("td", { class: "number less" }, cw.text("many.reference"));
      const { text, certain } = lessWords(columns[drawn], ...["less", "less_low", "less_high"].map((end) => row[place(`${measure}_${end}`)]));
      return cw.h("td", { class: `number less${certain ? " certain" : ""}`, title: certain ? cw.text("tiles.certain_long") : null }, text);
    };
    const kind = (number) => `number${number === drawn ? " drawn" : keys.includes(number) ? " key" : ""}`;
    const table = cw.h(
      "div",
      { class: "cw-scroll", tabindex: "0", role: "region", "aria-label": cw.text("many.table") },
      cw.h("table", { class: "cw-table" }, cw.h("thead", {}, cw.h("tr", {}, shown.flatMap((number) => [cw.h("th", { scope: "col", class: kind(number) }, head(number)), compared && number === drawn ? cw.h("th", { scope: "col", class: "number less" }, cw.text("many.less", { point: point(answer.rows[answer.reference]) })) : null]))), cw.h("tbody", {}, answer.rows.map((row, at) => cw.h("tr", {}, shown.flatMap((number) => [cw.h("td", { class: kind(number) }, say(number, row[number])), compared && number === drawn ? told(row, at) : null]))))),
    );
    const of = measures.find((one) => one.name === measure);
    return { measures, measure, table, compared, picture: picture(answer.rows, factors, keys, place, compared && less ? { ...of, name: `${measure}_less`, less: true, label: cw.text("many.picture_less", { measure: of.label, point: point(answer.rows[answer.reference]) }) } : of, say) };
  };

  function picture(rows, factors, keys, place, measure, say) {
    if (!measure || !keys.length) return cw.h("div", {});
    const [at, from, to] = [place(measure.name), place(`${measure.name}_low`), place(`${measure.name}_high`)];
    const lines = new Map();
    for (const row of rows) {
      const of = keys.length > 1 ? row[keys[1]] : "";
      if (!lines.has(of)) lines.set(of, []);
      if (row[at] !== null) lines.get(of).push({ x: Number(row[keys[0]]), y: row[at], low: from >= 0 ? row[from] : null, high: to >= 0 ? row[to] : null });
    }
    const points = [...lines.values()].flat();
    if (!points.length) return cw.h("div", {});
    const values = points.flatMap((point) => [point.y, point.low, point.high]).filter((value) => typeof value === "number");
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    [low, high] = [low >= 0 && low < room ? 0 : low - room, high + room];
    const [left, right] = [Math.min(...points.map((one) => one.x)), Math.max(...points.map((one) => one.x))];
    const x = (value) => EDGE.left + (right > left ? (value - left) / (right - left) : 0.5) * (WIDE - EDGE.left - EDGE.right);
    const y = (value) => HIGH - EDGE.bottom - ((value - low) / (high - low)) * (HIGH - EDGE.top - EDGE.bottom);
    const at2 = (value) => value.toFixed(1);
    const path = (list, key) => list.map((one, number) => `${number ? "L" : "M"}${at2(x(one.x))} ${at2(y(one[key]))}`).join("");
    const colour = (number) => `var(--series-${(number % 8) + 1})`;
    const sorted = [...lines].map(([of, list]) => [of, list.sort((one, other) => one.x - other.x)]);
    const xs = [...new Set(points.map((one) => one.x))].sort((one, other) => one - other);
    const few = xs.length > 6 ? xs.filter((_, number) => number % Math.ceil(xs.length / 6) === 0) : xs;
    const drawing = cw.s(
      "svg",
      { class: "cw-sweep", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": cw.text("many.picture", { measure: measure.label, factor: factors[0].label }) },
      cw.ticks(low, high, 5).map((tick) => [cw.s("line", { class: "grid", x1: EDGE.left, x2: WIDE - EDGE.right, y1: at2(y(tick)), y2: at2(y(tick)) }), cw.s("text", { x: EDGE.left - 6, y: at2(y(tick) + 4), "text-anchor": "end" }, measure.share ? `${cw.number(100 * tick)} %` : cw.number(tick))]),
      few.map((tick) => cw.s("text", { x: at2(x(tick)), y: HIGH - EDGE.bottom + 15, "text-anchor": "middle" }, cw.exact(tick))),
      cw.s("text", { x: (WIDE + EDGE.left) / 2, y: HIGH - 3, "text-anchor": "middle" }, factors[0].label),
      sorted.map(([, list], number) => {
        const bound = list.filter((one) => typeof one.low === "number" && typeof one.high === "number");
        return [
          bound.length > 1 ? cw.s("path", { class: "interval", style: `fill: ${colour(number)}`, d: `${path(bound, "low")}${path([...bound].reverse(), "high").replace("M", "L")}Z` }) : null,
          cw.s("path", { class: "line", style: `stroke: ${colour(number)}`, "stroke-dasharray": DASHES[number % DASHES.length], d: path(list, "y") }),
          list.map((one) => [typeof one.low === "number" ? cw.s("path", { class: "whisker", style: `stroke: ${colour(number)}`, d: `M${at2(x(one.x))} ${at2(y(one.low))}V${at2(y(one.high))}` }) : null, cw.s("circle", { cx: at2(x(one.x)), cy: at2(y(one.y)), r: 3.5, style: `fill: ${colour(number)}` }, cw.s("title", {}, `${cw.exact(one.x)}: ${measure.less ? lessWords(measure, one.y, one.low, one.high).text : say(at, one.y)}`))]),
        ];
      }),
    );
    const legend = keys.length > 1 ? cw.h("p", { class: "cw-legend" }, `${factors[1].label}: `, sorted.map(([of], number) => cw.h("span", {}, cw.s("svg", { viewBox: "0 0 26 8", width: 26, height: 8, "aria-hidden": "true" }, cw.s("path", { d: "M0 4H26", style: `stroke: ${colour(number)}`, "stroke-width": 2, "stroke-dasharray": DASHES[number % DASHES.length] })), typeof of === "number" ? cw.exact(of) : String(of)))) : null;
    return cw.h("div", {}, drawing, legend);
  }
})();
