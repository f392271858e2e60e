// Beside a chart: what its lines are, switched on and off, with their values in the period that is looked at; and the same numbers as a table.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.chartLegend) return;

  // A name may be broken behind its underscores.
  const breaking = (name) => name.split(/(?<=_)/).map((piece, number) => (number ? [cw.h("wbr"), piece] : piece));
  const said = (one, value) => (one.share ? cw.measure(one, value) : cw.number(value));
  const valueAt = (values, upTo, period) => (values && period >= 1 && period <= Math.min(upTo, values.length) ? values[period - 1] : NaN);

  // A piece of a line, or of an area, as it is drawn.
  function sample(one) {
    const stroke = `var(${one.style.colour})`;
    const svg = cw.s("svg", { class: "sample", width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true" });
    if (one.area) svg.append(cw.s("rect", { x: 1, y: 1, width: 24, height: 10, fill: stroke, class: "area" }), ...[2, 9, 16].map((x) => cw.s("path", { class: "hatch", transform: `translate(${x} 2.5)`, d: cw.hatches[one.style.hatch] })));
    else svg.append(cw.s("line", { class: "line", x1: 1, x2: 25, y1: 6, y2: 6, stroke, "stroke-width": one.style.width, "stroke-dasharray": one.style.dash || null }));
    return svg;
  }

  // does: {line(group), band(group), ghosts()} are called where something is switched.
  cw.chartLegend = (does) => {
    const head = cw.h("div", { class: "row head", role: "presentation" });
    const list = cw.h("div", { class: "rows" });
    const element = cw.h("div", { class: "legend" }, head, list);
    let rows = [];
    let shape = null;

    // One row for each group; stock and what is owed share one.
    function build(model, groups) {
      const { comparing, factors } = model;
      element.dataset.columns = String(1 + (comparing ? 1 : 0) + (factors ? 1 : 0));
      const cell = (kind, attributes) => cw.h("span", { class: `value ${kind}`, ...attributes });
      rows = groups.map(([group, members]) => {
        const values = cell("a");
        const others = comparing ? cell("b") : null;
        const factor = factors ? cell("factor") : null;
        const button = cw.h(
          "button",
          { type: "button", class: "toggle", "aria-pressed": String(!model.hidden.has(group)), "data-series": group, title: group, onclick: () => does.line(group) },
          sample(members[0]),
          cw.h("span", { class: "name" }, breaking(group)),
        );
        const band = model.bands.there.has(group) ? cw.h("button", { type: "button", class: "of-band", "aria-pressed": String(model.bands.shown.has(group)), "aria-label": cw.text("charts.band_of", { who: group }), title: cw.text("charts.band_about", { who: group }), onclick: () => does.band(group) }, cw.h("span", { style: `background: var(${members[0].style.colour})` })) : null;
        return { group, button, values, others, factor, element: cw.h("div", { class: "row" }, band, button, values, others, factor) };
      });
      // Pale lines are no series of their own: all of them are switched at once.
      const pale = model.ghost === null ? null : cw.h("div", { class: "row" }, cw.h("button", { type: "button", class: "toggle ghosts", "aria-pressed": String(model.ghost), onclick: () => does.ghosts() }, cw.s("svg", { class: "sample", width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true" }, cw.s("line", { class: "line ghost", x1: 1, x2: 25, y1: 6, y2: 6, stroke: "var(--ink)", "stroke-width": 1.3 })), cw.h("span", { class: "name" }, cw.text("charts.ghost"))));
      cw.fill(list, rows.map((row) => row.element), pale, model.noBand ? cw.h("p", { class: "cw-note" }, model.noBand) : null);
      const at = cw.h("span", { class: "at" });
      cw.fill(
        head,
        at,
        comparing ? [cw.h("span", { class: "value a" }, cw.h("span", { class: "side" }, "A")), cw.h("span", { class: "value b" }, cw.h("span", { class: "side b" }, "B"))] : cw.h("span", { class: "value" }),
        factors ? cw.h("span", { class: "value factor", title: cw.text("charts.factor_meaning") }, cw.text(comparing ? "charts.factor_of_both" : "charts.factor")) : null,
      );
      head.at = at;
    }

    const write = (element, text) => {
      if (element && element.textContent !== text) element.textContent = text;
    };
    // How much more than the end demand it varies, of both timelines while two are compared.
    function amplified(one, { comparing, period, warmUp }) {
      const told = (series) => {
        const value = series && series.factor ? series.factor(period, warmUp) : NaN;
        return Number.isFinite(value) ? `×${cw.number(value, 2)}` : "";
      };
      const [ours, theirs] = [told(one), comparing ? told(one.beside) : ""];
      return ours && theirs ? `${ours} / ${theirs}` : ours || theirs;
    }
    // What stands in a row: the value, and in the same row what is owed, below zero.
    function told(members, key, end, period) {
      const texts = [];
      for (const one of members) {
        const value = valueAt(one[key], one[end], period);
        if (one.negative && members.length > 1) {
          // Of whom there is nothing left but debt, that alone is told.
          if (value > 0 && texts.join() === "0") texts.pop();
          if (value > 0) texts.push(`−${said(one, value)}`);
        } else texts.push(said(one, one.negative && value > 0 ? -value : value));
      }
      return texts.join(" ");
    }

    return {
      element,
      // model: {groups: Map, hidden, comparing, factors, period, when, warmUp}
      update(model) {
        const groups = [...model.groups];
        const now = [model.comparing, model.factors, model.ghost, model.noBand, [...model.bands.there], [...model.bands.shown], ...groups.map(([group, members]) => `${group}${members[0].style.colour}${members[0].style.dash}${model.hidden.has(group)}`)].join("|");
        if (now !== shape) {
          shape = now;
          const here = element.contains(document.activeElement) ? [...element.querySelectorAll("button")].indexOf(document.activeElement) : -1;
          build(model, groups);
          const there = [...element.querySelectorAll("button")][here];
          if (there) there.focus();
        }
        write(head.at, model.when);
        rows.forEach((row, number) => {
          const members = groups[number][1];
          const shown = !model.hidden.has(row.group);
          write(row.values, shown ? told(members, "values", "upTo", model.period) : "");
          if (row.others) write(row.others, shown ? told(members, "other", "otherTo", model.period) : "");
          if (row.factor) write(row.factor, shown ? amplified(members[0], model) : "");
        });
      },
    };
  };

  // What is said aloud of a period.
  cw.chartWords = (model) => {
    const parts = [];
    for (const one of model.series) {
      const value = valueAt(one.values, one.upTo, model.period);
      const name = one.what === "backorder" && model.paired ? cw.text("charts.owed_by", { who: one.group }) : one.group;
      if (!Number.isNaN(value) && !(one.negative && value === 0 && model.paired)) parts.push(`${name} ${said(one, value)}`);
      const other = valueAt(one.other, one.otherTo, model.period);
      if (!Number.isNaN(other)) parts.push(cw.text("charts.in_b", { value: said(one, other) }));
    }
    for (const one of model.flags) if (one.period === model.period) parts.push(one.label);
    return parts.length ? `${model.when}: ${parts.join(", ")}` : model.when;
  };

  // --- the table -------------------------------------------------------------------------------------------------

  // The columns of a table of what is drawn: [{name, values, upTo, share}].
  cw.chartColumns = (model) =>
    model.series.flatMap((one) => {
      const name = model.paired && one.what ? cw.text(`charts.column_${one.what}`, { who: one.group }) : one.group;
      const mark = (side) => (model.comparing ? cw.text("charts.column_of", { name, side }) : name);
      return [one.values && { name: mark("A"), values: one.values, upTo: one.upTo, share: one.share }, one.other && { name: mark("B"), values: one.other, upTo: one.otherTo, share: one.share }].filter(Boolean);
    });
  cw.chartRows = (model, columns) => {
    const last = Math.min(model.span[1], Math.max(0, ...columns.map((one) => Math.min(one.upTo, one.values.length))));
    const first = Math.max(1, model.span[0]);
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, number) => [first + number, ...columns.map((one) => valueAt(one.values, one.upTo, first + number))]);
  };
  cw.chartTable = (model) => {
    const columns = cw.chartColumns(model);
    const cells = (values) => values.map((value, place) => cw.h("td", { class: "number" }, said(columns[place], value)));
    const row = ([period, ...values]) => cw.h("tr", { "data-period": period }, cw.h("th", { scope: "row" }, String(period)), cells(values));
    return cw.h(
      "table",
      { class: "cw-table" },
      cw.h("caption", { class: "cw-hidden" }, model.title),
      cw.h("thead", {}, cw.h("tr", {}, cw.h("th", { scope: "col" }, model.word), columns.map((one) => cw.h("th", { scope: "col", class: "number" }, one.name)))),
      cw.h("tbody", {}, cw.chartRows(model, columns).map(row)),
    );
  };
})();
