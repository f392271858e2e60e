// Finding an enterprise by its name: a field with suggestions that a keyboard can choose from; and the members of a group.
(function () {
  "use strict";
  const cw = window.chainwright;
  const MOST = 12;
  let numbers = 0;

  cw.searchField = (store, timeline, choose) => {
    const id = `cw-find-${(numbers += 1)}`;
    const list = cw.h("ul", { class: "found", role: "listbox", id, "aria-label": cw.text("network.found"), hidden: true });
    const input = cw.h("input", {
      type: "search", class: "cw-field small find", role: "combobox", placeholder: cw.text("network.find"), "aria-label": cw.text("network.find"),
      "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
    });
    let found = [];
    let at = -1;
    const show = () => {
      cw.fill(list, found.map((row, place) =>
        cw.h("li", { role: "option", id: `${id}-${place}`, "aria-selected": String(place === at), onmousedown: (event) => event.preventDefault(), onclick: () => take(row) },
          cw.h("span", { class: "dot", style: `background: var(--role-${timeline().enterprises[row].role}, var(--muted))` }), timeline().enterprises[row].name)));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      if (at >= 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
      else input.removeAttribute("aria-activedescendant");
    };
    const close = () => {
      found = [];
      at = -1;
      show();
    };
    const take = (row) => {
      input.value = "";
      close();
      choose(row);
    };
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      found = [];
      at = -1;
      if (wanted) {
        const begins = [];
        const holds = [];
        timeline().enterprises.forEach((one, row) => {
          const name = one.name.toLowerCase();
          if (name.startsWith(wanted)) begins.push(row);
          else if (name.includes(wanted)) holds.push(row);
        });
        found = [...begins, ...holds].slice(0, MOST);
        at = found.length ? 0 : -1;
      }
      show();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!found.length) return;
        at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        show();
        event.preventDefault();
      } else if (event.key === "Enter" && at >= 0) take(found[at]);
      else if (event.key === "Escape") {
        if (found.length) event.stopPropagation();
        close();
      }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    return { element: cw.h("div", { class: "search" }, input, list), input };
  };

  // Who belongs to a group, those in trouble first, a page at a time.
  const PAGE = 40;
  cw.groupMembers = (store, id, period, group, choose, close) => {
    const timeline = store.timelines[id];
    const states = cw.states(store, id, period);
    const rows = [...group.enterprises].sort((one, other) => states.owed[other] - states.owed[one] || one - other);
    let shown = PAGE;
    const list = cw.h("ul", {});
    const more = cw.h("button", { type: "button", class: "cw-button small", onclick: () => { shown += PAGE; draw(); } });
    const draw = () => {
      cw.fill(list, rows.slice(0, shown).map((row) =>
        cw.h("li", {}, cw.h("button", { type: "button", class: "member", onclick: () => choose(row) },
          cw.h("span", { class: "name" }, timeline.enterprises[row].name),
          cw.h("span", { class: states.owed[row] > 1e-9 ? "what bad" : "what" }, states.owed[row] > 1e-9 ? cw.text("network.owes", { value: cw.number(states.owed[row]) }) : states.keeps[row] ? cw.text("network.in_stock", { value: cw.number(states.stock[row]) }) : "")))));
      cw.fill(more, cw.text("network.more", { count: cw.number(rows.length - shown) }));
      more.hidden = rows.length <= shown;
    };
    draw();
    return cw.h("section", { class: "members", "aria-label": group.name },
      cw.h("header", {}, cw.h("h3", {}, group.name), cw.button({ icon: "close", name: cw.text("network.close_group"), class: "bare icon small", onclick: close })),
      list, more);
  };
})();
