// Branching: another run from the period that is looked at, with or without what was done later; and what runs are called.
(function () {
  "use strict";
  const cw = window.chainwright;
  cw.dialogs = cw.dialogs || {};
  const LONGEST = 80;

  // What was done by hand and holds from a later period on: a branch that begins here may leave it out.
  cw.laterActs = (store, id, period) => ((store.timeline(id) && store.timeline(id).acts) || []).filter((one) => one.kind !== "given" && one.period > period);

  // The question whether what was done later happens in the branch too: yes, unless somebody says no; {element, update(period, branches), value()}.
  cw.keepLater = (store, id) => {
    const words = cw.h("span", {});
    const box = cw.h("input", { type: "checkbox", checked: true });
    const element = cw.h("label", { class: "keep", hidden: true }, box, words);
    return {
      element,
      // `branches`: whether what is to be done begins a branch at all.
      update(period, branches) {
        const later = branches ? cw.laterActs(store, id, period) : [];
        const labels = later.map((one) => one.label).join("; ");
        element.hidden = !later.length;
        words.textContent = later.length ? cw.text(later.length === 1 ? "branch.keep_one" : "branch.keep", { label: labels, labels, count: later.length }) : "";
      },
      value: () => box.checked,
    };
  };

  // A run of its own from the period that is looked at; the original stays beside it. Where something was done later one is asked about it.
  cw.branchHere = (store) => {
    if (cw.laterActs(store, store.state.a, store.state.period).length) store.set({ open: { kind: "branch" } });
    else store.send({ kind: "branch", timeline: store.state.a, period: store.state.period });
  };

  const nameField = (value) => cw.h("input", { type: "text", class: "cw-field", maxlength: LONGEST, value, "data-first": true });
  // A form of one field, which Enter sends.
  const form = (place, go, ...inside) => cw.fill(place, cw.h("form", { class: "group", onsubmit: (event) => (event.preventDefault(), go()) }, inside));

  cw.dialogs.branch = {
    title: () => cw.text("branch.title"),
    mount(place, store, options, close) {
      const { a, period } = store.state;
      const name = nameField("");
      name.placeholder = cw.text("session.branch", { word: store.timeline().period_word, period });
      const keep = cw.keepLater(store, a);
      keep.update(period, true);
      const go = () => {
        store.send({ kind: "branch", timeline: a, period, label: name.value.trim(), keep: keep.value() });
        close();
      };
      form(
        place,
        go,
        cw.h("p", { class: "cw-note" }, cw.text("branch.lead", { at: cw.period(store.timeline(), period) })),
        cw.label(cw.text("branch.name"), name),
        keep.element,
        cw.h("div", { class: "line end" }, cw.h("button", { type: "submit", class: "cw-button first" }, cw.icon("branch"), cw.h("span", { class: "text" }, cw.text("branch.go")))),
      );
    },
  };

  cw.dialogs.rename = {
    title: () => cw.text("rename.title"),
    mount(place, store, options, close) {
      const id = options.timeline || store.state.a;
      const timeline = store.timelines[id];
      const name = nameField(timeline.label || "");
      name.placeholder = cw.nameOf(store, id);
      const go = () => {
        store.send({ kind: "rename", timeline: id, label: name.value.trim() });
        close();
      };
      form(
        place,
        go,
        cw.label(cw.text("rename.name"), name),
        cw.h("p", { class: "cw-note" }, cw.text("rename.lead")),
        cw.h("div", { class: "line end" }, cw.h("button", { type: "submit", class: "cw-button first" }, cw.h("span", { class: "text" }, cw.text("rename.go")))),
      );
      name.select();
    },
  };
})();
