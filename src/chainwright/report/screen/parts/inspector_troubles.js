// Who is in trouble: enterprises with the longest backorder first; also the way to choose one by the keyboard.
(function () {
  "use strict";
  const cw = window.chainwright;

  // Enterprises with stock and backorder in a period, the longest backorder first, then the emptiest shelf.
  cw.byTrouble = (store, id, period) => {
    const course = store.courses[id];
    const stock = store.at(id, "items", "on_hand", period) || [];
    const owed = store.at(id, "items", "backorder", period) || [];
    const found = course.enterprises.map((one, row) => ({ ...one, row, stock: 0, owed: 0, outside: true }));
    course.items.forEach((item, row) => {
      const one = found[item.enterprise];
      if (!item.unlimited && !item.customer) one.outside = false;
      one.stock += stock[row] || 0;
      one.owed += owed[row] || 0;
    });
    const order = (one) => (one.outside ? 1 : 0);
    return found.sort((one, other) => order(one) - order(other) || other.owed - one.owed || one.stock - other.stock || one.row - other.row);
  };

  cw.troubles = (store, id, period, most, side) => {
    const all = cw.byTrouble(store, id, period);
    const largest = Math.max(...all.map((one) => Math.max(one.owed, one.stock)), 1e-9);
    const bar = (value, kind) => cw.h("span", { class: `bar ${kind}`, style: `width: ${Math.min((100 * value) / largest, 100).toFixed(1)}%` });
    const tell = (one) => (one.outside ? cw.text(`inspector.role_${one.role}`) : cw.text(one.owed > 0 ? "inspector.owes" : "inspector.has", { owed: cw.number(one.owed), stock: cw.number(one.stock) }));
    return cw.h(
      "div",
      { class: "troubles" },
      cw.h("h3", {}, cw.text("inspector.troubles")),
      cw.h(
        "ul",
        {},
        all.slice(0, most).map((one) =>
          cw.h(
            "li",
            {},
            cw.h(
              "button",
              { type: "button", class: "trouble", onclick: () => store.set({ selected: cw.onSide({ enterprise: one.row }, side) }) },
              cw.h("span", { class: "dot", style: `background: var(--role-${one.role}, var(--muted))` }),
              cw.h("span", { class: "name" }, one.name), " ",
              cw.h("span", { class: `what${one.owed > 0 ? " bad" : ""}` }, tell(one)),
              one.outside ? null : cw.h("span", { class: "bars", "aria-hidden": "true" }, bar(one.owed, "owed"), bar(one.stock, "stock")),
            ),
          ),
        ),
      ),
      all.length > most ? cw.h("p", { class: "cw-note" }, cw.text("inspector.more_enterprises", { count: cw.number(all.length - most) })) : null,
    );
  };
})();
