// What each chart shows: the series of a timeline, by the tab of the chart. A series is read out of the store and kept as it grows.
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
      const timeline = store.timelines[id];
      const kept = timeline ? columns.map((column) => timeline.tables[table][column] || []) : [];
      const length = kept.length ? Math.min(timeline.played, ...kept.map((rows) => rows.length)) : 0;
      // Rows are replaced where a timeline was played anew, so that the last one tells whether all before it are the same.
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
  function firms(timeline) {
    const rows = new Map();
    timeline.items.forEach((item, row) => {
      if (item.customer || item.unlimited) return;
      if (!rows.has(item.enterprise)) rows.set(item.enterprise, []);
      rows.get(item.enterprise).push(row);
    });
    return [...rows].map(([enterprise, own]) => ({ enterprise, rows: own, name: timeline.enterprises[enterprise].name, echelon: timeline.enterprises[enterprise].echelon })).sort((one, other) => one.echelon - other.echelon);
  }
  // Echelons that have a name and something that is not outside.
  function echelons(timeline, outside) {
    return timeline.echelons
      .map((one, echelon) => ({ echelon, name: calledApart(timeline, echelon), items: timeline.items.filter((item) => item.echelon === echelon) }))
      .filter((one) => one.name && one.items.length && (outside || one.items.some((item) => !item.customer && !item.unlimited)));
  }
  // What an echelon is called; where others are called the same but for a number, with who or what is in it and not in them.
  function calledApart(timeline, echelon) {
    if (!timeline.calledApart) {
      const held = timeline.echelons.map((one, row) => timeline.items.filter((item) => item.echelon === row));
      const bare = timeline.echelons.map(({ label }, row) => [` (${row})`, `, echelon ${row}`].reduce((text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text), label));
      const ways = [(item) => timeline.enterprises[item.enterprise].name, (item) => timeline.products[item.product]];
      timeline.calledApart = timeline.echelons.map(({ label }, row) => {
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
    return timeline.calledApart[echelon];
  }
  const customers = (timeline) => timeline.items.map((item, row) => (item.customer ? row : -1)).filter((row) => row >= 0);
  const linkName = (timeline, link) => cw.text("charts.link", { seller: timeline.enterprises[link.from].name, buyer: timeline.enterprises[link.to].name });
  // The one echelon that an enterprise fills alone: what is known of the echelon is known of the enterprise.
  function aloneIn(timeline, firm) {
    const fellows = timeline.items.filter((item) => item.echelon === firm.echelon);
    return fellows.length && fellows.every((item) => item.enterprise === firm.enterprise) && firm.rows.every((row) => timeline.items[row].echelon === firm.echelon) ? firm.echelon : null;
  }

  // Whether there are few enough to be drawn one by one.
  cw.fewFirms = (timeline) => {
    const count = firms(timeline).length;
    return count > 0 && count <= FEW;
  };
  // Whether a chart looks different then: where each echelon is one enterprise it does not.
  cw.singleDiffers = (timeline, chart) => cw.fewFirms(timeline) && (chart === "flows" ? timeline.links.length <= FEW : ["orders", "stock"].includes(chart) && firms(timeline).length !== echelons(timeline).length);

  // --- the charts ----------------------------------------------------------------------------------------------

  // Series of one column, of enterprises or of echelons; each belongs to a group of the legend.
  function each(store, timeline, chart, column, single, more) {
    const id = timeline.timeline;
    if (single) {
      return firms(timeline).map((firm) => {
        const echelon = aloneIn(timeline, firm);
        return { group: firm.name, chart, column, read: ofRows(store, id, "items", column, firm.rows), echelon, band: echelon === null ? null : { column, row: echelon }, ...more };
      });
    }
    return echelons(timeline, column === "shipped")
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
    orders(store, timeline, single) {
      const id = timeline.timeline;
      const end = { group: cw.text("charts.end_demand"), column: "end_demand", read: ofRows(store, id, "items", "demand", customers(timeline)), ink: "dots", band: { column: "demand", row: 0 } };
      const orders = each(store, timeline, "orders", "orders", single).map((one) => ({ ...one, factor: amplification(store, id, one.echelon) }));
      return [...(customers(timeline).length ? [end] : []), ...orders];
    },
    stock: (store, timeline, single) => [...each(store, timeline, "stock", "on_hand", single, { what: "on_hand" }), ...below(each(store, timeline, "stock", "backorder", single))],
    service(store, timeline) {
      const id = timeline.timeline;
      const found = [
        { group: cw.text("charts.fill_rate_so_far"), column: "fill_rate", read: plain(store, id, "measures", "fill_rate"), share: true, band: { network: "fill_rate" } },
        { group: cw.text("charts.fill_rate_of_period"), column: "fill_rate_of_period", read: plain(store, id, "rates", "fill_rate"), share: true, ink: "thin", band: { network: "fill_rate_of_period" } },
      ];
      // What each echelon sold in time, of what was asked for in the period.
      const sells = new Set(timeline.lanes.map((lane) => timeline.items[lane.seller]).filter((item) => !item.unlimited).map((item) => item.echelon));
      for (const one of echelons(timeline)) {
        if (!sells.has(one.echelon)) continue;
        const read = reader(store, id, "echelons", ["shipped_in_time", "asked"], (shipped, asked) => (asked[one.echelon] > 0 ? shipped[one.echelon] / asked[one.echelon] : NaN));
        found.push({ group: cw.text("charts.fill_rate_of", { who: one.name }), column: "fill_rate", read, share: true, hidden: true, band: { column: "fill_rate", row: one.echelon } });
      }
      return found;
    },
    costs(store, timeline) {
      const id = timeline.timeline;
      const kinds = Object.keys(timeline.tables.echelons).filter(isCost);
      const rows = timeline.echelons.map((one, row) => row);
      return kinds.map((column) => ({ group: costName(column), column, read: ofRows(store, id, "echelons", column, rows), area: true, unlessNothing: true }));
    },
    flows(store, timeline, single) {
      if (!single || timeline.links.length > FEW) return each(store, timeline, "flows", "shipped", false);
      return timeline.links.map((link) => ({ group: linkName(timeline, link), column: "shipped", read: ofRows(store, timeline.timeline, "lanes", "shipped", link.lanes) }));
    },
    selected(store, timeline) {
      const { selected: chosen } = store.state;
      // Of two timelines each has the one of the same name.
      const selected = chosen && cw.sameIn(store.timelines[store.state[cw.sideOf(chosen)]], timeline, chosen);
      if (!selected) return [];
      const id = timeline.timeline;
      const named = (key, table, column, rows, more) => ({ group: cw.text(`charts.${key}`), column: key, read: ofRows(store, id, table, column, rows), ...more });
      if (selected.link !== undefined && selected.link !== null) {
        const link = timeline.links[selected.link];
        if (!link) return [];
        return [
          ...["ordered", "shipped", "received", "in_transit"].map((column) => named(column, "lanes", column, link.lanes)),
          named("backorder", "lanes", "backorder", link.lanes, { negative: true, what: "backorder" }),
        ];
      }
      const rows = timeline.items.map((item, row) => (item.enterprise === selected.enterprise ? row : -1)).filter((row) => row >= 0);
      const coming = timeline.lanes.map((lane, row) => (rows.includes(lane.buyer) ? row : -1)).filter((row) => row >= 0);
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
  // The series of a chart of a timeline: [{key, group, column, read, negative, area, share, ink, hidden, band, factor}].
  cw.chartData = (store, id, chart, single) => {
    const timeline = store.timelines[id];
    if (!timeline) return [];
    const seen = {};
    return CHARTS[chart](store, timeline, single).map((one) => {
      const name = `${one.column}: ${one.group}`;
      seen[name] = (seen[name] || 0) + 1;
      return { ...one, key: seen[name] > 1 ? `${name} ${seen[name]}` : name };
    });
  };
  // The name of whom one looks at.
  cw.selectedName = (timeline, selected) => {
    if (!selected) return "";
    if (selected.link !== undefined && selected.link !== null) return timeline.links[selected.link] ? linkName(timeline, timeline.links[selected.link]) : "";
    return (timeline.enterprises[selected.enterprise] || { name: "" }).name;
  };
  cw.endDemand = (store, id) => ofRows(store, id, "items", "demand", customers(store.timelines[id]));
})();
