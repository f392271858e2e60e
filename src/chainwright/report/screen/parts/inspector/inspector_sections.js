// The sections of an inspection: numbers, arithmetic, what is on the way, partners, disruptions; what is not known is shown as a table.
(function () {
  "use strict";
  const cw = window.chainwright;

  const FIRST = ["on_hand", "backorder", "in_process", "on_order", "inventory_position", "demand", "orders", "production_orders", "received", "shipped", "forecast"];
  const MOST_DUE = 12;
  // As many partners stand side by side; more stand below each other.
  const BESIDE = 3;

  const yesNo = (value) => cw.text(value ? "inspector.yes" : "inspector.no");
  const say = (value) => (typeof value === "boolean" ? yesNo(value) : typeof value === "number" || value === null || value === undefined ? cw.number(value) : Array.isArray(value) ? value.map(say).join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value));
  cw.sayValue = say;

  // --- numbers -------------------------------------------------------------------------------------------------

  function columns(section) {
    const order = (one) => (FIRST.indexOf(one.name) < 0 ? FIRST.length : FIRST.indexOf(one.name));
    const all = [...section.columns].sort((one, other) => order(one) - order(other));
    const now = all.filter((one) => one.group !== "input");
    const terms = all.filter((one) => one.group === "input");
    const cell = (one) =>
      cw.h(
        "div",
        { title: [one.meaning, one.unit && one.unit !== "-" ? `(${one.unit})` : "", one.visibility === "hidden" ? cw.text("inspector.hidden") : ""].filter(Boolean).join(" ") },
        cw.h("dt", {}, one.label, one.visibility === "hidden" ? cw.h("span", { class: "unseen", "aria-label": cw.text("inspector.hidden") }, " ◌") : null),
        cw.h("dd", { class: one.name === "backorder" && one.value > 0 ? "bad" : one.name === "closed" && one.value ? "bad" : "" }, say(one.value)),
      );
    return [
      now.length ? cw.h("dl", { class: "grid" }, now.map(cell)) : null,
      terms.length && now.length ? cw.h("details", { class: "within" }, cw.h("summary", {}, cw.text(terms.length === 1 ? "inspector.one_term" : "inspector.terms", { count: terms.length })), cw.h("dl", { class: "grid" }, terms.map(cell))) : terms.length ? cw.h("dl", { class: "grid" }, terms.map(cell)) : null,
    ];
  }

  // --- arithmetic ----------------------------------------------------------------------------------------------

  function arithmetic(section) {
    const last = section.steps.length - 1;
    const by = section.decided_by && section.decided_by !== "policy" ? (section.decided_by === "seller" ? cw.text("inspector.by_seller") : cw.text("inspector.by", { who: section.decided_by })) : "";
    return [
      cw.h(
        "ol",
        { class: "steps" },
        section.steps.map((step, number) =>
          cw.h("li", { class: number === last ? "last" : "" }, cw.h("span", { class: "words" }, step.words, step.formula ? cw.h("span", { class: "formula" }, step.formula) : null), cw.h("span", { class: "value", title: step.unit && step.unit !== "-" ? step.unit : null }, step.value === null || step.value === undefined ? "" : cw.number(step.value))),
        ),
      ),
      section.policy || by
        ? cw.h("p", { class: "cw-note source" }, by ? `${by} ` : "", section.policy ? [cw.h("strong", {}, section.policy.replace(/_/g, " ")), section.formula ? `: ${section.formula}. ` : ". ", section.source || ""] : "")
        : null,
    ];
  }

  // --- what is on the way --------------------------------------------------------------------------------------

  function pipeline(section, store, answer) {
    const rows = section.rows || [];
    if (!rows.length) return [cw.h("p", { class: "cw-note" }, cw.text("inspector.nothing_on_the_way"))];
    const timeline = store.timelines[answer.timeline];
    const link = cw.isLink(answer);
    const groups = [["goods", "in"], ["orders", "in"], ["goods", "out"], ["orders", "out"]];
    const known = rows.filter((row) => row.what !== "goods" && row.what !== "orders").map((row) => row.what);
    for (const what of new Set(known)) for (const direction of new Set(rows.filter((row) => row.what === what).map((row) => row.direction))) groups.push([what, direction]);
    const largest = Math.max(...sums(rows).map((one) => one.amount), 1e-9);
    return groups.map(([what, direction]) => {
      const own = sums(rows.filter((row) => row.what === what && row.direction === direction));
      if (!own.length) return null;
      const title = ["goods", "orders"].includes(what) ? cw.text(link ? `inspector.${what}_on_lane` : `inspector.${what}_${direction}`) : String(what).replace(/_/g, " ");
      return cw.h(
        "div",
        { class: `coming ${what}` },
        cw.h("h4", {}, title),
        cw.h(
          "ul",
          {},
          own.slice(0, MOST_DUE).map((one) =>
            cw.h("li", { title: one.parts.join("\n") }, cw.h("span", { class: "due" }, cw.period(timeline, one.due)), cw.h("span", { class: "amount" }, cw.number(one.amount)), cw.h("span", { class: "track", "aria-hidden": "true" }, cw.h("span", { style: `width: ${((100 * one.amount) / largest).toFixed(1)}%` }))),
          ),
        ),
        own.length > MOST_DUE ? cw.h("p", { class: "cw-note" }, cw.text("inspector.more", { count: own.length - MOST_DUE })) : null,
      );
    });
  }
  // By the period in which it is due, whoever it is from.
  function sums(rows) {
    const found = new Map();
    for (const row of rows) {
      const key = `${row.what} ${row.direction} ${row.due}`;
      const one = found.get(key) || { due: row.due, amount: 0, parts: [] };
      one.amount += row.amount;
      // What is made comes from nowhere and goes nowhere.
      one.parts.push(`${row.from === null ? "" : `${row.from} → ${row.to}: `}${cw.number(row.amount)} ${row.product || ""}`);
      found.set(key, one);
    }
    return [...found.values()].sort((one, other) => one.due - other.due);
  }

  // --- partners ------------------------------------------------------------------------------------------------

  function partners(section, store, answer) {
    const rows = section.rows || [];
    if (!rows.length) return [cw.h("p", { class: "cw-note" }, cw.text("inspector.no_partners"))];
    const timeline = store.timelines[answer.timeline];
    const several = new Set(rows.map((row) => row.product)).size > 1;
    const head = (row) => {
      const place = timeline.enterprises.findIndex((one) => one.name === row.partner);
      const text = [cw.h("span", { class: "way" }, `${cw.text(`inspector.${row.direction}`)} `), place < 0 ? row.partner : cw.h("button", { type: "button", class: "to", onclick: () => store.set({ selected: cw.onSide({ enterprise: place }, cw.sideOf(store.state.selected)) }) }, row.partner)];
      const more = [several ? row.product : "", row.mode || "", ...(row.status || [])].filter(Boolean).join(", ");
      return [...text, more ? cw.h("span", { class: "way" }, ` ${more}`) : null];
    };
    const table =
      rows.length <= BESIDE
        ? [cw.h("thead", {}, cw.h("tr", {}, cw.h("td", {}), rows.map((row) => cw.h("th", { scope: "col", class: "number" }, head(row))))), cw.h("tbody", {}, section.columns.map((column, number) => cw.h("tr", { title: column.meaning }, cw.h("th", { scope: "row" }, column.label), rows.map((row) => cw.h("td", { class: "number" }, say(row.values[number]))))))]
        : [cw.h("thead", {}, cw.h("tr", {}, cw.h("td", {}), section.columns.map((column) => cw.h("th", { scope: "col", class: "number", title: column.meaning }, column.label)))), cw.h("tbody", {}, rows.map((row) => cw.h("tr", {}, cw.h("th", { scope: "row" }, head(row)), row.values.map((value) => cw.h("td", { class: "number" }, say(value))))))];
    return [scrolled(section.title, cw.h("table", { class: "cw-table partners" }, table)), section.more ? cw.h("p", { class: "cw-note" }, cw.text("inspector.more", { count: section.more })) : null];
  }
  const scrolled = (name, table) => cw.h("div", { class: "cw-scroll", tabindex: "0", role: "region", "aria-label": name }, table);

  // --- disruptions ---------------------------------------------------------------------------------------------

  function disruptions(section, store) {
    if (store.replay) return null;
    const at = section.at_work || [];
    return [
      at.length
        ? cw.h("ul", { class: "at-work" }, at.map((one) => cw.h("li", {}, cw.icon("disrupt"), cw.h("span", {}, typeof one === "string" ? one : one.words || one.label || Object.entries(one).filter(([, value]) => value !== null && typeof value !== "object").map(([name, value]) => `${name.replace(/_/g, " ")} ${say(value)}`).join(" · ")))))
        : cw.h("p", { class: "cw-note" }, cw.text("inspector.undisturbed")),
      cw.h("div", {}, cw.button({ icon: "disrupt", text: cw.text("bar.disrupt"), class: "small", onclick: () => store.set({ open: { kind: "disrupt", ...store.state.selected } }) })),
    ];
  }

  // --- anything else -------------------------------------------------------------------------------------------

  function anything(section) {
    const rows = section.rows || section.columns || section.values || Object.entries(section).filter(([name]) => !["kind", "title"].includes(name)).map(([name, value]) => ({ name: name.replace(/_/g, " "), value }));
    if (!Array.isArray(rows) || !rows.length) return null;
    const names = Array.isArray(rows[0]) ? rows[0].map((_, number) => ((section.columns || [])[number] || {}).label || String(number + 1)) : Object.keys(rows[0]);
    const cells = (row) => (Array.isArray(row) ? row : names.map((name) => row[name]));
    return [scrolled(section.title || section.kind, cw.h("table", { class: "cw-table" }, cw.h("thead", {}, cw.h("tr", {}, names.map((name) => cw.h("th", { scope: "col" }, String(name).replace(/_/g, " "))))), cw.h("tbody", {}, rows.map((row) => cw.h("tr", {}, cells(row).map((value) => cw.h("td", { class: typeof value === "number" ? "number" : "" }, say(value)))))))) ];
  }

  const KNOWN = { columns, arithmetic, pipeline, partners, disruptions };

  // What a section looks like; nothing where it has nothing to show.
  cw.section = (section, store, answer) => {
    const draw = KNOWN[section.kind] || (cw.leverSections && cw.leverSections[section.kind]) || anything;
    const made = draw(section, store, answer);
    return made && [made].flat(Infinity).some(Boolean) ? made : null;
  };

  // The numbers and decisions of each product together, what holds for the enterprise as a whole after those of the first.
  cw.arranged = (sections) => {
    const products = [...new Set(sections.filter((one) => ["columns", "arithmetic"].includes(one.kind) && one.product).map((one) => one.product))];
    const rank = (one) => (["columns", "arithmetic"].includes(one.kind) ? (one.product ? products.indexOf(one.product) : 0.5) : 1000);
    // Where a product's decisions take much room, what is on the way comes before the other products.
    const coming = (one) => (one.kind === "pipeline" ? 0.7 : rank(one));
    return sections.map((one, number) => [coming(one), number, one]).sort((one, other) => one[0] - other[0] || one[1] - other[1]).map((one) => one[2]);
  };

  // Which sections lie open at first: the numbers of the first product, how its order came about, what is on the way.
  cw.opens = (section, all) => {
    const product = (all.find((one) => one.kind === "columns" && one.product) || {}).product;
    if (section.product && section.product !== product) return false;
    if (section.kind === "columns") return section.table !== "enterprises";
    if (section.kind === "arithmetic") return section === all.find((one) => one.kind === "arithmetic" && (!one.product || one.product === product));
    return section.kind === "pipeline";
  };
})();
