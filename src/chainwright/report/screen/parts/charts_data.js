// What each chart shows: the series of a course, by the tab of the chart. A series is read out of the store and kept as it grows.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.chartData) return;

  const FEW = 8; // as many enterprises, or links, are drawn one by one
  const NAMES = 3; // as many names tell an echelon from another that is called the same
  const isCost = (column) => /_cost$/.test(column) && column !== "total_cost";
  const sum = (rows) => (values) => {
    let total = 0;
    for (const row of rows) total += values[row];
    return total;
  };

  // --- reading, kept as it grows -------------------------------------------------------------------------------

  // The values of a series in periods 1, 2, ...; `value` makes one of a period's row of each column.
  function reader(store, id, table, columns, value) {
    let made = [];
    let last = null;
    return () => {
      const course = store.courses[id];
      const kept = course ? columns.map((column) => course.tables[table][column] || []) : [];
      const length = kept.length ? Math.min(course.played, ...kept.map((rows) => rows.length)) : 0;
      // Rows are replaced where a course was played anew, so that the last one tells whether all before it are the same.
      if (made.length > length || (made.length && kept.some((rows, place) => rows[made.length - 1] !== last[place]))) made = [];
      for (let at = made.length; at < length; at++) made.push(value(...kept.map((rows) => rows[at])));
      last = made.length ? kept.map((rows) => rows[made.length - 1]) : null;
      return made;
    };
  }
  const ofRow = (store, id, table, column, row) => reader(store, id, table, [column], (values) => values[row]);
  const ofRows = (store, id, table, column, rows) => reader(store, id, table, [column], sum(rows));
  // Measures and rates are lists of numbers as they are.
  const plain = (store, id, table, name) => () => store.series(id, table, name);

  // --- who there is --------------------------------------------------------------------------------------------

  // Enterprises that are neither customers nor outside sources, with the rows of their items.
  function firms(course) {
    const rows = new Map();
    course.items.forEach((item, row) => {
      if (item.customer || item.unlimited) return;
      if (!rows.has(item.enterprise)) rows.set(item.enterprise, []);
      rows.get(item.enterprise).push(row);
    });
    return [...rows].map(([enterprise, own]) => ({ enterprise, rows: own, name: course.enterprises[enterprise].name, echelon: course.enterprises[enterprise].echelon })).sort((one, other) => one.echelon - other.echelon);
  }
  // Echelons that have a name and something that is not outside.
  function echelons(course, outside) {
    return course.echelons
      .map((one, echelon) => ({ echelon, name: calledApart(course, echelon), items: course.items.filter((item) => item.echelon === echelon) }))
      .filter((one) => one.name && one.items.length && (outside || one.items.some((item) => !item.customer && !item.unlimited)));
  }
  // What an echelon is called; where others are called the same but for a number, with who or what is in it and not in them.
  function calledApart(course, echelon) {
    if (!course.calledApart) {
      const held = course.echelons.map((one, row) => course.items.filter((item) => item.echelon === row));
      const bare = course.echelons.map(({ label }, row) => [` (${row})`, `, echelon ${row}`].reduce((text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text), label));
      const ways = [(item) => course.enterprises[item.enterprise].name, (item) => course.products[item.product]];
      course.calledApart = course.echelons.map(({ label }, row) => {
        const twins = bare.map((one, other) => other).filter((other) => other !== row && bare[other] === bare[row] && held[other].length);
        if (!label || (!twins.length && bare[row] === label)) return label;
        for (const name of ways) {
          const others = new Set(twins.flatMap((other) => held[other].map(name)));
          const own = [...new Set(held[row].map(name))].filter((one) => !others.has(one));
          const names = own.length > NAMES ? cw.text("charts.and_others", { names: own.slice(0, NAMES - 1).join(", "), count: own.length - NAMES + 1 }) : own.join(", ");
          if (names) return cw.text("charts.echelon_with", { echelon: bare[row], names });
        }
        return label;
      });
    }
    return course.calledApart[echelon];
  }
  const customers = (course) => course.items.map((item, row) => (item.customer ? row : -1)).filter((row) => row >= 0);
  const linkName = (course, link) => cw.text("charts.link", { seller: course.enterprises[link.from].name, buyer: course.enterprises[link.to].name });
  // The one echelon that an enterprise fills alone: what is known of the echelon is known of the enterprise.
  function aloneIn(course, firm) {
    const fellows = course.items.filter((item) => item.echelon === firm.echelon);
    return fellows.length && fellows.every((item) => item.enterprise === firm.enterprise) && firm.rows.every((row) => course.items[row].echelon === firm.echelon) ? firm.echelon : null;
  }

  // Whether there are few enough to be drawn one by one.
  cw.fewFirms = (course) => {
    const count = firms(course).length;
    return count > 0 && count <= FEW;
  };
  // Whether a chart looks different then: where each echelon is one enterprise it does not.
  cw.singleDiffers = (course, chart) => cw.fewFirms(course) && (chart === "flows" ? course.links.length <= FEW : ["orders", "stock"].includes(chart) && firms(course).length !== echelons(course).length);

  // --- the charts ----------------------------------------------------------------------------------------------

  // Series of one column, of enterprises or of echelons; each belongs to a group of the legend.
  function each(store, course, chart, column, single, more) {
    const id = course.course;
    if (single) {
      return firms(course).map((firm) => {
        const echelon = aloneIn(course, firm);
        return { group: firm.name, chart, column, read: ofRows(store, id, "items", column, firm.rows), echelon, band: echelon === null ? null : { column, row: echelon }, ...more };
      });
    }
    return echelons(course, column === "shipped")
      .filter((one) => column !== "shipped" || one.items.some((item) => !item.customer))
      .map((one) => ({ group: one.name, chart, column, read: ofRow(store, id, "echelons", column, one.echelon), echelon: one.echelon, band: { column, row: one.echelon }, ...more }));
  }

  // How much more the orders of an echelon have varied up to a period than the end demand that they go back to.
  function amplification(store, id, echelon) {
    if (echelon === null) return null;
    const swing = ofRow(store, id, "echelons", "bullwhip_ratio_to_end_demand", echelon);
    return (period) => swing()[period - 1];
  }

  const below = (list) => list.map((one) => ({ ...one, negative: true, what: "backorder" }));
  const CHARTS = {
    orders(store, course, single) {
      const id = course.course;
      const end = { group: cw.text("charts.end_demand"), column: "end_demand", read: ofRows(store, id, "items", "demand", customers(course)), ink: "dots", band: { column: "demand", row: 0 } };
      const orders = each(store, course, "orders", "orders", single).map((one) => ({ ...one, factor: amplification(store, id, one.echelon) }));
      return [...(customers(course).length ? [end] : []), ...orders];
    },
    stock: (store, course, single) => [...each(store, course, "stock", "on_hand", single, { what: "on_hand" }), ...below(each(store, course, "stock", "backorder", single))],
    service(store, course) {
      const id = course.course;
      const found = [
        { group: cw.text("charts.fill_rate_so_far"), column: "fill_rate", read: plain(store, id, "measures", "fill_rate"), share: true, band: { network: "fill_rate" } },
        { group: cw.text("charts.fill_rate_of_period"), column: "fill_rate_of_period", read: plain(store, id, "rates", "fill_rate"), share: true, ink: "thin", band: { network: "fill_rate_of_period" } },
      ];
      // What each echelon sold in time, of what was asked for in the period.
      const sells = new Set(course.lanes.map((lane) => course.items[lane.seller]).filter((item) => !item.unlimited).map((item) => item.echelon));
      for (const one of echelons(course)) {
        if (!sells.has(one.echelon)) continue;
        const read = reader(store, id, "echelons", ["shipped_in_time", "asked"], (shipped, asked) => (asked[one.echelon] > 0 ? shipped[one.echelon] / asked[one.echelon] : NaN));
        found.push({ group: cw.text("charts.fill_rate_of", { who: one.name }), column: "fill_rate", read, share: true, hidden: true, band: { column: "fill_rate", row: one.echelon } });
      }
      return found;
    },
    costs(store, course) {
      const id = course.course;
      const kinds = Object.keys(course.tables.echelons).filter(isCost);
      const rows = course.echelons.map((one, row) => row);
      return kinds.map((column) => ({ group: costName(column), column, read: ofRows(store, id, "echelons", column, rows), area: true, unlessNothing: true }));
    },
    flows(store, course, single) {
      if (!single || course.links.length > FEW) return each(store, course, "flows", "shipped", false);
      return course.links.map((link) => ({ group: linkName(course, link), column: "shipped", read: ofRows(store, course.course, "lanes", "shipped", link.lanes) }));
    },
    selected(store, course) {
      const { selected: chosen } = store.state;
      // Of two courses each has the one of the same name.
      const selected = chosen && cw.sameIn(store.courses[store.state[cw.sideOf(chosen)]], course, chosen);
      if (!selected) return [];
      const id = course.course;
      const named = (key, table, column, rows, more) => ({ group: cw.text(`charts.${key}`), column: key, read: ofRows(store, id, table, column, rows), ...more });
      if (selected.link !== undefined && selected.link !== null) {
        const link = course.links[selected.link];
        if (!link) return [];
        return [
          ...["ordered", "shipped", "received", "in_transit"].map((column) => named(column, "lanes", column, link.lanes)),
          named("backorder", "lanes", "backorder", link.lanes, { negative: true, what: "backorder" }),
        ];
      }
      const rows = course.items.map((item, row) => (item.enterprise === selected.enterprise ? row : -1)).filter((row) => row >= 0);
      const coming = course.lanes.map((lane, row) => (rows.includes(lane.buyer) ? row : -1)).filter((row) => row >= 0);
      if (!rows.length) return [];
      return [
        named("demand", "items", "demand", rows, { ink: "dots" }),
        named("orders_of", "items", "orders", rows),
        named("on_hand", "items", "on_hand", rows, { what: "on_hand" }),
        named("in_transit", "lanes", "in_transit", coming),
        named("backorder", "items", "backorder", rows, { negative: true, what: "backorder" }),
      ];
    },
  };
  const costName = (column) => {
    const key = `charts.cost_${column}`;
    const found = cw.text(key);
    return found === key ? column.replace(/_cost$/, "").replace(/_/g, " ") : found;
  };

  cw.chartTabs = Object.keys(CHARTS);
  // The series of a chart of a course: [{key, group, column, read, negative, area, share, ink, hidden, band, factor}].
  cw.chartData = (store, id, chart, single) => {
    const course = store.courses[id];
    if (!course) return [];
    const seen = {};
    return CHARTS[chart](store, course, single).map((one) => {
      const name = `${one.column}: ${one.group}`;
      seen[name] = (seen[name] || 0) + 1;
      return { ...one, key: seen[name] > 1 ? `${name} ${seen[name]}` : name };
    });
  };
  // The name of whom one looks at.
  cw.selectedName = (course, selected) => {
    if (!selected) return "";
    if (selected.link !== undefined && selected.link !== null) return course.links[selected.link] ? linkName(course, course.links[selected.link]) : "";
    return (course.enterprises[selected.enterprise] || { name: "" }).name;
  };
  cw.endDemand = (store, id) => ofRows(store, id, "items", "demand", customers(store.courses[id]));
})();
