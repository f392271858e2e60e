// What the network draws: all enterprises, groups of them where they are too many, or one with its partners; who stands in which column.
(function () {
  "use strict";
  const cw = window.chainwright;

  const FILE = 0.22; // how far the files of a column are apart, where columns are 1 apart
  const STRETCH = 1.8; // columns with fewer enterprises than others stand up to so much farther apart
  cw.CROWD = 60; // more than so many marks are drawn small, with a heading over each column in place of names

  const columnOf = (node) => Math.round(node.at[0] * 100);
  // Nodes by column, the first column first, in the order of their heights.
  cw.sceneColumns = (nodes) => {
    const columns = new Map();
    nodes.forEach((node) => {
      const key = columnOf(node);
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key).push(node);
    });
    const found = [...columns.keys()].sort((one, other) => one - other).map((key) => columns.get(key));
    found.forEach((members) => members.sort((one, other) => one.at[1] - other.at[1]));
    return found;
  };

  // In a crowd a column stands in several files side by side; all have the same middle, and their members are evenly apart.
  cw.crowd = (scene, rows) => {
    let x = 0;
    for (const members of cw.sceneColumns(scene.nodes)) {
      const files = Math.ceil(members.length / rows);
      const extent = Math.min((members.length + 3) / rows, 1);
      members.forEach((node, place) => {
        node.at = [x + (place % files) * FILE, ((place + 0.5) / members.length - 0.5) * extent * rows];
        node.column = x + ((files - 1) * FILE) / 2;
      });
      x += 1 + (files - 1) * FILE;
    }
  };

  // Otherwise columns with room to spare use it, the bends of lanes that pass them included.
  function stretch(nodes, links) {
    const columns = new Map();
    let [lowest, highest] = [Infinity, -Infinity];
    const note = (point) => {
      const key = Math.round(point[0] * 100);
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key).push(point);
      lowest = Math.min(lowest, point[1]);
      highest = Math.max(highest, point[1]);
    };
    nodes.forEach((node) => note(node.at));
    links.forEach((link) => link.route.forEach(note));
    const middle = (lowest + highest) / 2;
    for (const points of columns.values()) {
      const reach = Math.max(...points.map((point) => Math.abs(point[1] - middle)));
      const factor = reach > 1e-9 ? Math.min(STRETCH, (highest - lowest) / 2 / reach) : 1;
      for (const point of points) point[1] = middle + (point[1] - middle) * factor;
    }
  }

  function everybody(timeline, layout) {
    const map = layout === "map" && timeline.layouts.map;
    const found = map ? map.position : timeline.layouts.echelon.position;
    const nodes = timeline.enterprises.map((one, row) => ({ key: row, name: one.name, role: one.role, enterprises: [row], enterprise: row, opens: cw.itemsInside(timeline, row), at: [...found[row]] }));
    const routed = !map && nodes.length <= cw.CROWD;
    const links = timeline.links.map((link, number) => {
      const route = (routed && (timeline.layouts.echelon.route || [])[number]) || [];
      return { key: number, from: link.from, to: link.to, links: [number], link: number, route: route.slice(1, -1).map((point) => [...point]) };
    });
    if (routed) stretch(nodes, links);
    return { kind: map ? "map" : "all", nodes, links };
  }

  function grouped(timeline) {
    const group = new Int32Array(timeline.enterprises.length);
    timeline.groups.forEach((one, number) => one.enterprises.forEach((row) => (group[row] = number)));
    const echelons = [...new Set(timeline.groups.map((one) => one.echelon))].sort((one, other) => other - one);
    const nodes = timeline.groups.map((one, number) => {
      const column = timeline.groups.filter((other) => other.echelon === one.echelon);
      return { key: `group ${number}`, name: one.label, role: one.role, enterprises: one.enterprises, group: number, at: [echelons.indexOf(one.echelon), column.indexOf(one) - (column.length - 1) / 2] };
    });
    const joined = new Map();
    timeline.links.forEach((link, number) => {
      const [from, to] = [group[link.from], group[link.to]];
      if (from === to) return;
      const key = from * timeline.groups.length + to;
      if (!joined.has(key)) joined.set(key, { key: `links ${key}`, from, to, links: [], route: [] });
      joined.get(key).links.push(number);
    });
    return { kind: "groups", nodes, links: [...joined.values()] };
  }

  // One enterprise with its partners: who sells to it on the left, who buys from it on the right; those it trades most with where there are many.
  const MOST_PARTNERS = 12;
  function around(timeline, row, carried) {
    const ends = [[], []];
    timeline.links.forEach((link, number) => {
      if (link.to === row) ends[0].push([link.from, number]);
      else if (link.from === row) ends[1].push([link.to, number]);
    });
    const nodes = [];
    const place = new Map();
    const add = (who, at) => {
      if (place.has(who)) return;
      place.set(who, nodes.length);
      const one = timeline.enterprises[who];
      nodes.push({ key: who, name: one.name, role: one.role, enterprises: [who], enterprise: who, at });
    };
    add(row, [1, 0]);
    const links = [];
    let left = 0;
    ends.forEach((partners, side) => {
      const shown = partners.map(([who, number]) => [who, number, carried(number)]).sort((one, other) => other[2] - one[2]).slice(0, MOST_PARTNERS);
      left += partners.length - shown.length;
      shown.forEach(([who], number) => add(who, [2 * side, number - (shown.length - 1) / 2]));
      shown.forEach(([, number]) => links.push({ key: number, from: place.get(timeline.links[number].from), to: place.get(timeline.links[number].to), links: [number], link: number, route: [] }));
    });
    return { kind: "around", nodes, links, left };
  }

  // One enterprise as its items, what is made of what, and who sells to it and buys from it.
  function inside(timeline, found) {
    const link = new Map(); // by lane
    timeline.links.forEach((one, number) => one.lanes.forEach((lane) => link.set(lane, number)));
    const owner = timeline.enterprises[found.enterprise];
    const nodes = found.nodes.map((one, place) => {
      const at = [...found.position[place]];
      if (one.item !== undefined) return { key: `item ${one.item}`, name: timeline.products[timeline.items[one.item].product], role: owner.role, enterprises: [found.enterprise], item: one.item, owner: found.enterprise, at };
      const { name, role } = timeline.enterprises[one.enterprise];
      return { key: `partner ${place}`, name, role, enterprises: [one.enterprise], enterprise: one.enterprise, at };
    });
    const links = found.links.map((one, number) => {
      const trade = one.lanes.length ? link.get(one.lanes[0]) : undefined;
      return { key: number, from: one.from, to: one.to, lanes: one.lanes, links: [], link: trade, recipe: !one.lanes.length, route: one.route.slice(1, -1).map((point) => [...point]) };
    });
    stretch(nodes, links);
    return { kind: "inside", nodes, links };
  }
  // centre: the one that is looked at with its partners, or null; carried(link): how much it carries; opened: the one that is drawn as its items.
  cw.scene = (timeline, layout, centre, carried, opened = null) => {
    if (opened !== null && cw.insideOf(timeline, opened)) return inside(timeline, cw.insideOf(timeline, opened));
    if (timeline.groups && centre === null) return grouped(timeline);
    if (timeline.groups) return around(timeline, centre, carried);
    return everybody(timeline, layout);
  };
})();
