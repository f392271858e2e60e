// The two sides of a comparison: whose enterprise is chosen, the same one by name in the other timeline, and the switch between them.
(function () {
  "use strict";
  const cw = window.chainwright;

  // A choice is {enterprise: row} or {link: row} of the timeline that is watched, and bears {side: "b"} where it is one of the timeline beside it.
  cw.isLink = (selected) => Boolean(selected) && selected.link !== undefined && selected.link !== null;
  cw.sideOf = (selected) => (selected && selected.side === "b" ? "b" : "a");
  cw.onSide = (choice, side) => (side === "b" ? { ...choice, side } : choice);

  const row = (timeline, name) => timeline.enterprises.findIndex((one) => one.name === name);

  // What is chosen in one timeline, by its name in another; null where there is nothing of that name.
  cw.sameIn = (from, to, selected, side) => {
    if (!from || !to) return null;
    if (!cw.isLink(selected)) {
      const one = from.enterprises[selected.enterprise];
      const found = one ? row(to, one.name) : -1;
      return found < 0 ? null : cw.onSide({ enterprise: found }, side);
    }
    const link = from.links[selected.link];
    if (!link) return null;
    const ends = [link.from, link.to].map((end) => row(to, from.enterprises[end].name));
    const found = to.links.findIndex((one) => one.from === ends[0] && one.to === ends[1]);
    return found < 0 ? null : cw.onSide({ link: found }, side);
  };

  // What is chosen, as a side of the comparison has it: for whoever draws that side.
  cw.twinOf = (store, selected, side) => {
    if (!selected) return null;
    const own = cw.sideOf(selected);
    return own === side ? selected : cw.sameIn(store.timelines[store.state[own]], store.timelines[store.state[side]], selected, side);
  };

  const comparing = (store) => store.state.b !== null && Boolean(store.timelines[store.state.b]);
  const other = (side) => (side === "b" ? "a" : "b");

  // A and B, of which one is shown; none while a timeline is watched alone.
  cw.sideToggle = (store, shown, choose) => {
    if (!comparing(store)) return null;
    const { selected } = store.state;
    const button = (side) => {
      const timeline = store.timelines[store.state[side]];
      const there = !selected || Boolean(cw.twinOf(store, selected, side));
      const name = cw.text("inspector.side", { side: side.toUpperCase(), timeline: cw.timelineName(store, side) });
      return cw.h("button", { type: "button", class: `which ${side}`, "aria-pressed": String(side === shown), "aria-label": name, title: name, disabled: !there || !timeline, onclick: () => side !== shown && choose(side) }, side.toUpperCase());
    };
    return cw.h("div", { class: "sides", role: "group", "aria-label": cw.text("inspector.sides") }, button("a"), button("b"));
  };

  // A note where the other timeline has nothing of the name of what is chosen.
  cw.missingBeside = (store) => {
    const { selected } = store.state;
    if (!selected || !comparing(store)) return null;
    const own = cw.sideOf(selected);
    if (cw.twinOf(store, selected, other(own))) return null;
    const timeline = store.timelines[store.state[own]];
    const name = (place) => timeline.enterprises[place].name;
    const link = cw.isLink(selected) ? timeline.links[selected.link] : null;
    const words = link ? cw.text("inspector.no_such_lane", { side: other(own).toUpperCase(), seller: name(link.from), buyer: name(link.to) }) : cw.text("inspector.no_such_enterprise", { side: other(own).toUpperCase(), name: name(selected.enterprise) });
    return cw.h("p", { class: "cw-note missing" }, words);
  };
})();
