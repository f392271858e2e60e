// Who is in trouble: enterprises with the longest backorder first; also the way to choose one by the keyboard.
(function () {
  "use strict";
  const cw = window.chainwright;

  // Enterprises with stock and backorder in a period, the longest backorder first, then the emptiest shelf.
  cw.byTrouble = (store, id, period) => {
    const timeline = store.timelines[id];
    const stock = store.at(id, "items", "on_hand", period) || [];
    const owed = store.at(id, "items", "backorder", period) || [];
    const found = timeline.enterprises.map((one, row) => ({ ...one, row, stock: 0, owed: 0, outside: true }));
    timeline.items.forEach((item, row) => {
      const one = found[item.enterprise];
      if (!item.unlimited && !item.customer) one.outside = false;
      one.stock += stock[row] || 0;
      one.owed += owed[row] || 0;
    });
    const order = (one) => (one.outside ? 1 : 0);
    return found.sort((one, other) => order(one) - order(other) || other.owed - one.owed || one.stock - other.stock || one.row - other.row);
  };

  // The list of them, which follows what is played: numbers at once, the order while nobody points at it or walks through it by keys.
  cw.Troubles = (store, most) => {
    const list = cw.h("ul", {});
    const more = cw.h("p", { class: "cw-note" });
    const element = cw.h("div", { class: "troubles" }, cw.h("h3", {}, cw.text("inspector.troubles")), list, more);
    const rows = new Map(); // by enterprise
    let shown = null; // the arguments of the last update

    const write = (part, text) => part.textContent !== text && (part.textContent = text);
    const stretch = (bar, value, largest) => {
      const width = `${Math.min((100 * value) / largest, 100).toFixed(1)}%`;
      if (bar.style.width !== width) bar.style.width = width;
    };
    function made(one, side) {
      const what = cw.h("span", { class: "what" });
      const [owed, stock] = ["owed", "stock"].map((kind) => cw.h("span", { class: `bar ${kind}` }));
      const button = cw.h(
        "button",
        { type: "button", class: "trouble", "data-enterprise-row": one.row, onclick: () => store.set({ selected: cw.onSide({ enterprise: one.row }, side) }) },
        cw.h("span", { class: "dot", style: `background: var(--role-${one.role}, var(--muted))` }),
        cw.h("span", { class: "name" }, one.name), " ",
        what,
        one.outside ? null : cw.h("span", { class: "bars", "aria-hidden": "true" }, owed, stock),
      );
      return { place: cw.h("li", {}, button), what, owed, stock };
    }

    function update(id, period, side) {
      const all = cw.byTrouble(store, id, period);
      const another = !shown || shown[0] !== id || shown[2] !== side;
      shown = [id, period, side];
      if (another) {
        rows.clear();
        list.textContent = "";
      }
      const largest = Math.max(...all.map((one) => Math.max(one.owed, one.stock)), 1e-9);
      const held = !another && list.childElementCount && list.matches(":hover, :focus-within");
      const wanted = held ? all.filter((one) => rows.has(one.row)) : all.slice(0, most);
      for (const one of wanted) {
        if (!rows.has(one.row)) rows.set(one.row, made(one, side));
        const row = rows.get(one.row);
        write(row.what, one.outside ? cw.text(`inspector.role_${one.role}`) : cw.text(one.owed > 0 ? "inspector.owes" : "inspector.has", { owed: cw.number(one.owed), stock: cw.number(one.stock) }));
        row.what.classList.toggle("bad", one.owed > 0);
        stretch(row.owed, one.owed, largest);
        stretch(row.stock, one.stock, largest);
      }
      if (!held) {
        const there = new Set(wanted.map((one) => one.row));
        for (const row of [...rows.keys()]) if (!there.has(row)) rows.delete(row);
        const places = wanted.map((one) => rows.get(one.row).place);
        if (places.length !== list.childElementCount || places.some((place, at) => list.children[at] !== place)) list.replaceChildren(...places);
      }
      more.hidden = all.length <= most;
      write(more, all.length > most ? cw.text("inspector.more_enterprises", { count: cw.number(all.length - most) }) : "");
    }
    const release = () => requestAnimationFrame(() => shown && store.timelines[shown[0]] && update(...shown));
    list.addEventListener("pointerleave", release);
    list.addEventListener("focusout", release);
    return { element, update };
  };
})();
