// Where the marks of a scene stand in a field of so many pixels, how large they are, and on which side of them their names are written.
(function () {
  "use strict";
  const cw = window.chainwright;

  const LINE = 1.25; // height of a line of letters
  const TOOLS = 46; // pixels at the top that the tools take
  cw.WIDE = 620; // fields that are wider have the buttons that zoom at the top, others at the bottom
  const ZOOM = 44; // pixels that they take there
  const NARROW = 480; // fields that are not wider are gone through from top to bottom
  cw.BOLD = 1.13; // times the width of plain letters; names over figures are bold
  const MOST_LINES = 3; // lines of a name
  const LEAST = 5; // pixels from the middle of a mark to its edge, and where there is more room
  const SEEN = 7;
  const ROW = 7; // as many stand side by side in a narrow field

  // How large marks may be where there is room for them, in letters.
  const wished = (scene) => {
    const count = scene.nodes.length;
    return scene.kind === "groups" ? 2 : count <= 8 ? 2.3 : count <= 14 ? 1.7 : count <= 40 ? 1.15 : 0.85;
  };
  const gap = (members) => members.slice(1).reduce((least, node, place) => Math.min(least, node.at[1] - members[place].at[1]), Infinity);
  const clamp = (low, value, high) => Math.max(low, Math.min(value, high));

  // What stands below the drawing: buttons in a narrow field, and its title while two are compared.
  const foot = (cw.networkFoot = (field) => (field.width < cw.WIDE ? ZOOM : 0));

  function bounds(scene) {
    const points = [...scene.nodes.map((node) => node.at), ...scene.links.flatMap((link) => link.route)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of points) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    return { left, right, top, bottom };
  }

  function put(scene, place) {
    scene.nodes.forEach((node) => ([node.x, node.y] = place(node.at)));
    scene.links.forEach((link) => (link.via = link.route.map(place)));
  }

  // --- columns from the left to the right ------------------------------------------------------------------------

  function across(scene, field) {
    const { width, letters } = field;
    const height = field.height - foot(field);
    const columns = cw.sceneColumns(scene.nodes);
    const box = bounds(scene);
    const [rangeU, rangeV] = [Math.max(box.right - box.left, 1e-9), box.bottom - box.top];
    const wish = wished(scene) * letters;
    const last = columns.length - 1;
    const tallest = Math.max(...columns.map((members) => members.length));
    scene.figured = scene.kind === "groups" || (scene.nodes.length <= 14 && tallest <= 4);
    const measure = (text) => field.measure(text) * (scene.figured ? cw.BOLD : 1);
    const line = letters * LINE;
    const rows = (room) => clamp(1, Math.floor(room / line - 0.3), MOST_LINES); // lines that a name may have
    const figures = scene.figured ? line : 0;
    // Some shapes reach a little beyond their circle.
    const reach = wish * 1.2;
    const step = (bottom) => Math.min((height - TOOLS - reach - bottom) / Math.max(rangeV, 1e-9), 8.5 * letters);
    // What a name may take below its mark, if columns were evenly wide.
    const under = Math.max((width - 12 * letters) / (rangeU + 1) - 8, 5 * letters);
    const labelOf = (members) => Math.max(...members.map((node) => cw.nameLines(node.name, under, measure, 2).lines.length)) * line + figures + 4;
    const label = Math.max(...columns.map(labelOf));
    let stepV = step(reach + label);
    // Names of the outer columns stand beside their marks, where there is no room below.
    const beside = columns.map((members, number) => (number === 0 || number === last) && columns.length > 1 && gap(members) * stepV < 2 * wish + labelOf(members) + 6);
    const lowest = columns.some((members, number) => !beside[number] && members[members.length - 1].at[1] > box.bottom - 0.6);
    stepV = step(lowest ? reach + label : reach);
    // Outer names take what lanes can spare, in as many lines as stand between two marks.
    const lane = 46 * rangeU;
    const outer = (members, most) => members.map((node) => cw.nameLines(node.name, most, measure, rows(gap(members) * stepV)));
    const widest = (found) => Math.max(...found.map((one) => one.width));
    const most = Math.max(width * 0.2, Math.min(11 * letters, (width - lane) / 2));
    const named = (number) => widest(outer(columns[number], number === 0 ? Math.max(most, width - lane - most - 4 * wish) : most));
    const half = (number) => Math.max(...columns[number].map((node) => cw.nameLines(node.name, under, measure, 2).width)) / 2;
    const owed = scene.figured ? measure(cw.text("network.figure_waits", { value: "99.9" })) / 2 : 0;
    const edge = (number) => (beside[number] ? Math.min(named(number), width * 0.55) + wish + 14 : Math.max(Math.min(half(number), 90), owed, wish) + 8);
    const [left, right] = [edge(0), edge(last)];
    const stepU = Math.min((width - left - right) / rangeU, 23 * letters);
    const below = Math.max(stepU - 10, 5 * letters);
    const lines = (members) => Math.max(...members.map((node) => cw.nameLines(node.name, below, measure, 2).lines.length)) * line + figures;
    // Between, they stand on the right where marks would become too small for want of room below.
    const roomy = stepU * 0.55 > letters * 5;
    columns.forEach((members, number) => (beside[number] = beside[number] || (roomy && (gap(members) * stepV - lines(members) - 8) / 2 < 0.6 * wish)));
    const sizes = columns.map((members, number) => clamp(SEEN, Math.min(wish, stepU * 0.24, beside[number] ? gap(members) * stepV * 0.4 : (gap(members) * stepV - lines(members) - 8) / 2), wish));
    const least = Math.min(...sizes);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const centre = [(left + width - right) / 2, (TOOLS + reach + height - (lowest ? reach + label : reach)) / 2];
    put(scene, ([x, y]) => [centre[0] + (x - middle[0]) * stepU, centre[1] + (y - middle[1]) * stepV]);
    // Names that would touch those of the next column stand above in every other one.
    const wide = columns.map((members) => Math.max(...members.map((node) => cw.nameLines(node.name, below, measure, 2).width)));
    const tight = columns.every((members) => members.length === 1) && wide.some((one, number) => number < last && (one + wide[number + 1]) / 2 + 6 > stepU);
    columns.forEach((members, number) => members.forEach((node) => {
      node.r = Math.min(sizes[number], 1.8 * least);
      node.side = beside[number] ? (number === 0 ? "left" : "right") : tight && number % 2 ? "above" : "below";
      const between = beside[number] && number > 0 && number < last;
      const room = between ? stepU - 2 * node.r - 16 : number === 0 ? left - wish - 14 : right - wish - 14;
      // No name of an outer column leaves the field.
      const outermost = number === 0 ? 2 * left - 8 : number === last ? 2 * right - 8 : Infinity;
      write(node, cw.nameLines(node.name, beside[number] ? room : Math.min(below, outermost), measure, beside[number] ? rows(gap(members) * stepV) : 2));
    }));
  }
  function write(node, { lines, width }) {
    node.lines = lines;
    node.wide = width;
  }

  // --- rows from the top to the bottom, where a field is narrow ----------------------------------------------------

  function down(scene, field) {
    const { width, height, letters } = field;
    const rows = cw.sceneColumns(scene.nodes);
    const box = bounds(scene);
    const wish = wished(scene) * letters;
    const single = rows.every((members) => members.length === 1);
    scene.figured = single || scene.kind === "groups";
    const measure = (text) => field.measure(text) * (scene.figured ? cw.BOLD : 1);
    const stepV = Math.min((width - 2 * wish - 36) / Math.max(box.bottom - box.top, 1e-9), 9 * letters);
    const named = (node) => cw.nameLines(node.name, Math.max(stepV - 6, letters * 4), measure);
    const label = letters * LINE * (Math.max(...rows.map((members) => (members.length > 1 ? Math.max(...members.map((node) => named(node).lines.length)) : 1))) + (scene.figured ? 1 : 0)) + 4;
    const stepU = (height - TOOLS - ZOOM - (single ? wish : wish + label)) / Math.max(box.right - box.left, 1e-9);
    const r = clamp(LEAST, Math.min(wish, single ? stepU * 0.3 : Math.max((stepU - label - 6) / 2, stepU * 0.16), stepV * 0.4), wish);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const centre = [single ? width * 0.32 : width / 2, TOOLS + 1.2 * r + ((box.right - box.left) * stepU) / 2];
    put(scene, ([x, y]) => [centre[0] + (y - middle[1]) * stepV, centre[1] + (x - middle[0]) * stepU]);
    rows.forEach((members) => members.forEach((node) => {
      node.r = r;
      node.side = members.length === 1 ? "right" : "below";
      write(node, members.length === 1 ? cw.nameLines(node.name, width - node.x - r - 14, measure) : named(node));
      // No name leaves the field.
      const half = node.wide / 2 + 4;
      node.nudge = members.length === 1 ? 0 : clamp(half, node.x, width - half) - node.x;
    }));
  }

  // --- maps and crowds -----------------------------------------------------------------------------------------------

  function plain(scene, field) {
    const { width, height, letters } = field;
    const box = bounds(scene);
    const map = scene.kind === "map";
    const edges = map ? { left: 60, right: 60, top: TOOLS + 14, bottom: 34 + foot(field) } : { left: 30, right: 30, top: TOOLS + 26, bottom: 14 + foot(field) };
    let stepX = (width - edges.left - edges.right) / Math.max(box.right - box.left, 1e-9);
    let stepY = (height - edges.top - edges.bottom) / Math.max(box.bottom - box.top, 1e-9);
    if (map) stepX = stepY = Math.min(stepX, stepY);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const centre = [(edges.left + width - edges.right) / 2, (edges.top + height - edges.bottom) / 2];
    // Upwards on a map is up on the screen.
    put(scene, ([x, y]) => [centre[0] + (x - middle[0]) * stepX, centre[1] + (map ? -1 : 1) * (y - middle[1]) * stepY]);
    scene.figured = false;
    const r = clamp(3, nearest(scene.nodes) * 0.42, (scene.nodes.length > cw.CROWD ? 0.75 : wished(scene)) * letters);
    scene.nodes.forEach((node) => {
      node.r = map && scene.nodes.length <= cw.CROWD ? Math.max(r, 6) : r;
      node.side = "below";
      write(node, cw.nameLines(node.name, 12 * letters, field.measure, 2));
    });
    scene.headings = map ? [] : headings(scene, letters, field.measure, (x) => centre[0] + (x - middle[0]) * stepX);
  }

  // Above each column of a crowd, how many of whom stand there; nothing where two of them would touch.
  function headings(scene, letters, measure, place) {
    const columns = new Map();
    scene.nodes.forEach((node) => {
      if (!columns.has(node.column)) columns.set(node.column, []);
      columns.get(node.column).push(node);
    });
    let end = 0;
    const found = [];
    for (const [column, members] of [...columns].sort((one, other) => one[0] - other[0])) {
      const roles = new Set(members.map((node) => node.role));
      const role = roles.size === 1 && cw.SHAPES[members[0].role] ? members[0].role : "other";
      const text = members.length === 1 ? members[0].name : cw.text(`network.many_${role}`, { count: cw.number(members.length) });
      const half = measure(text) / 2;
      const x = Math.max(place(column), half + 4);
      if (x - half < end) continue;
      end = x + half + 8;
      found.push({ x, y: TOOLS + letters * 0.6, text });
    }
    return found;
  }

  // The distance of near neighbours; most have more room.
  function nearest(nodes) {
    const sorted = [...nodes].sort((one, other) => one.x - other.x);
    const found = sorted.map((node, number) => {
      let best = 400;
      for (let other = number + 1; other < sorted.length && sorted[other].x - node.x < best; other += 1) {
        best = Math.min(best, Math.hypot(sorted[other].x - node.x, sorted[other].y - node.y));
      }
      return best;
    });
    found.sort((one, other) => one - other);
    return found.length ? found[Math.floor(found.length * 0.08)] : 100;
  }

  // field: {width, height, letters: size of a name, measure(text): its width}
  cw.fitScene = (scene, field) => {
    scene.headings = [];
    scene.down = false;
    const crowded = scene.nodes.length > cw.CROWD;
    if (crowded && scene.kind === "all") cw.crowd(scene, clamp(12, Math.round((field.height - TOOLS - 40) / 12), 40));
    if (scene.kind === "map" || crowded) plain(scene, field);
    else if (field.width < NARROW && field.height > field.width * 0.7 && Math.max(...cw.sceneColumns(scene.nodes).map((members) => members.length)) <= ROW) {
      scene.down = true;
      down(scene, field);
    } else across(scene, field);
    // A finger hits a mark that is smaller than a finger.
    scene.reach = clamp(3, nearest(scene.nodes) / 2, 14);
  };
})();
