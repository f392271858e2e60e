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
  const LONGEST = 190; // pixels of a name, before it is cut

  // How large marks may be where there is room for them, in letters.
  const wished = (scene) => {
    const count = scene.nodes.length;
    return scene.kind === "groups" ? 2 : count <= 8 ? 2.3 : count <= 14 ? 1.7 : count <= 40 ? 1.15 : 0.85;
  };
  const gap = (members) => members.slice(1).reduce((least, node, place) => Math.min(least, node.at[1] - members[place].at[1]), Infinity);
  const clamp = (low, value, high) => Math.max(low, Math.min(value, high));

  // What stands below the drawing: buttons in a narrow field, and its title while two are compared.
  const foot = (field) => (field.width < cw.WIDE || field.titled ? ZOOM : 0);

  function bounds(scene) {
    const points = [...scene.nodes.map((node) => node.at), ...scene.links.flatMap((link) => link.route)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of points) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    return { left, right, top, bottom };
  }

  // A name that is too long ends in dots.
  const cut = (cw.cutName = (name, most, measure) => {
    if (measure(name) <= most) return name;
    let length = name.length - 1;
    while (length > 3 && measure(`${name.slice(0, length)}…`) > most) length -= 1;
    return `${name.slice(0, length)}…`;
  });

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
    const label = letters * LINE * (scene.figured ? 2.1 : 1) + 4;
    const measure = (text) => field.measure(text) * (scene.figured ? cw.BOLD : 1);
    // Some shapes reach a little beyond their circle.
    const reach = wish * 1.2;
    const step = (bottom) => Math.min((height - TOOLS - reach - bottom) / Math.max(rangeV, 1e-9), 8.5 * letters);
    let stepV = step(reach + label);
    // Names of the outer columns stand beside their marks, where there is no room below.
    const beside = columns.map((members, number) => (number === 0 || number === last) && columns.length > 1 && gap(members) * stepV < 2 * wish + label + 6);
    const lowest = columns.some((members, number) => !beside[number] && members[members.length - 1].at[1] > box.bottom - 0.6);
    stepV = step(lowest ? reach + label : reach);
    const named = (members) => Math.min(Math.max(...members.map((node) => measure(node.name))), LONGEST, width * 0.24);
    const figures = scene.figured ? measure(cw.text("network.figure_waits", { value: "99.9" })) / 2 : 0;
    const edge = (number) => (beside[number] ? named(columns[number]) + wish + 14 : Math.max(Math.min(named(columns[number]) / 2, 70), figures, wish) + 8);
    const [left, right] = [edge(0), edge(last)];
    const stepU = Math.min((width - left - right) / rangeU, 23 * letters);
    // Between, they stand on the right where marks would become too small for want of room below.
    const roomy = stepU * 0.55 > letters * 5;
    columns.forEach((members, number) => (beside[number] = beside[number] || (roomy && (gap(members) * stepV - label - 4) / 2 < 0.6 * wish)));
    const sizes = columns.map((members, number) => clamp(4, Math.min(wish, stepU * 0.24, beside[number] ? gap(members) * stepV * 0.4 : (gap(members) * stepV - label - 4) / 2), wish));
    const least = Math.min(...sizes);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const centre = [(left + width - right) / 2, (TOOLS + reach + height - (lowest ? reach + label : reach)) / 2];
    put(scene, ([x, y]) => [centre[0] + (x - middle[0]) * stepU, centre[1] + (y - middle[1]) * stepV]);
    // Names that would touch those of the next column stand above in every other one.
    const widest = columns.map((members) => Math.max(...members.map((node) => measure(node.name))));
    const tight = columns.every((members) => members.length === 1) && widest.some((one, number) => number < last && (one + widest[number + 1]) / 2 + 6 > stepU);
    columns.forEach((members, number) => members.forEach((node) => {
      node.r = Math.min(sizes[number], 1.8 * least);
      node.side = beside[number] ? (number === 0 ? "left" : "right") : tight && number % 2 ? "above" : "below";
      const between = beside[number] && number > 0 && number < last;
      node.short = cut(node.name, between ? Math.min(LONGEST, stepU * 0.55) : beside[number] ? Math.min(LONGEST, width * 0.24) : LONGEST, measure);
    }));
  }

  // --- rows from the top to the bottom, where a field is narrow ----------------------------------------------------

  function down(scene, field) {
    const { width, height, letters } = field;
    const rows = cw.sceneColumns(scene.nodes);
    const box = bounds(scene);
    const wish = wished(scene) * letters;
    const single = rows.every((members) => members.length === 1);
    scene.figured = single || scene.kind === "groups";
    const label = letters * LINE * (scene.figured ? 2.1 : 1) + 4;
    const measure = (text) => field.measure(text) * (scene.figured ? cw.BOLD : 1);
    const stepU = (height - TOOLS - ZOOM - (single ? wish : 2 * wish + label)) / Math.max(box.right - box.left, 1e-9);
    const stepV = Math.min((width - 2 * wish - 36) / Math.max(box.bottom - box.top, 1e-9), 9 * letters);
    const r = clamp(4, Math.min(wish, stepU * (single ? 0.36 : 0.3), stepV * 0.4), wish);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const centre = [single ? width * 0.32 : width / 2, TOOLS + r + ((box.right - box.left) * stepU) / 2];
    put(scene, ([x, y]) => [centre[0] + (y - middle[1]) * stepV, centre[1] + (x - middle[0]) * stepU]);
    rows.forEach((members) => members.forEach((node) => {
      node.r = r;
      node.side = members.length === 1 ? "right" : "below";
      node.short = cut(node.name, members.length === 1 ? width - node.x - r - 14 : Math.max(stepV - 6, letters * 6), measure);
      // No name leaves the field.
      const half = measure(node.short) / 2 + 4;
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
      node.short = node.name;
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

  // field: {width, height, letters: size of a name, measure(text): its width, titled: whether a title stands at its foot}
  cw.fitScene = (scene, field) => {
    scene.headings = [];
    scene.down = false;
    const crowded = scene.nodes.length > cw.CROWD;
    if (crowded && scene.kind === "all") cw.crowd(scene, clamp(12, Math.round((field.height - TOOLS - 40) / 12), 40));
    if (scene.kind === "map" || crowded) plain(scene, field);
    else if (field.width < NARROW && field.height > field.width * 0.7) {
      scene.down = true;
      down(scene, field);
    } else across(scene, field);
    // A finger hits a mark that is smaller than a finger.
    scene.reach = clamp(3, nearest(scene.nodes) / 2, 14);
  };
})();
