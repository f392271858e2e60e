// The network as flows: bars as high as what passes through, bands as wide as what was carried so far.
(function () {
  "use strict";
  const cw = window.chainwright;
  const BAR = 12;
  const GAP = 1.5; // letters between two bars, so that a name has room

  const APART = 5; // pixels between a bar and its name
  const LINE = 1.2; // height of a line of letters

  // field: {width, height, letters: size of a name, measure(text): its width}
  cw.Flows = (scene, timeline, layer, names, field) => {
    const { width, height, letters, measure } = field;
    const columns = new Map();
    scene.nodes.forEach((node, place) => {
      const key = Math.round(node.at[0] * 100);
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key).push(place);
    });
    const keys = [...columns.keys()].sort((one, other) => one - other);
    for (const key of keys) columns.get(key).sort((one, other) => scene.nodes[one].at[1] - scene.nodes[other].at[1]);
    // Names of the first column stand at the left of its bars, all others at the right, in as much as there is room for.
    const named = (column, most, lines) => Math.max(...columns.get(keys[column]).map((place) => cw.nameLines(scene.nodes[place].name, most, measure, lines).width));
    const tall = (column) => ((height - 66 - letters * 1.3 - cw.networkFoot(field)) / columns.get(keys[column]).length) / (letters * LINE);
    const rows = (column) => Math.max(1, Math.min(3, Math.floor(tall(column))));
    const last = keys.length - 1;
    const right = Math.min(named(last, width * 0.3, rows(last)), width * 0.36) + APART + 10 + BAR;
    // What bands can spare.
    const spare = Math.max(width * 0.3, width - right - 46 * last);
    const left = last ? Math.min(named(0, width * 0.3, rows(0)) + APART + 10, spare) : 40;
    const edges = { left, right, top: 46 + letters * 1.3, bottom: cw.networkFoot(field) + 20 };
    scene.nodes.forEach((node) => (node.r = 8));
    const across = (column) => edges.left + (keys.length > 1 ? (column * (width - edges.left - edges.right)) / (keys.length - 1) : 0);
    const bands = scene.links.map((link) => {
      const path = cw.s("path", { class: "band" });
      const title = cw.s("title", {});
      const group = cw.s("g", { class: "link" }, path, title);
      path.style.setProperty("--role", `var(--role-${scene.nodes[link.from].role}, var(--muted))`);
      if (link.link !== undefined) group.dataset.link = link.link;
      layer.appendChild(group);
      path.appendChild(title);
      return { path, title, group, link };
    });
    const bars = scene.nodes.map((node) => {
      const rect = cw.s("rect", { width: BAR, rx: 2, class: "bar" });
      const text = cw.s("text", { "aria-hidden": "true", class: "name" });
      const plate = cw.s("rect", { "aria-hidden": "true", class: "plate", rx: 3, visibility: "hidden" });
      const button = cw.s("g", { class: "button", role: "button", tabindex: "-1" }, rect);
      const number = cw.s("text", { "aria-hidden": "true", class: "number", "font-size": letters });
      const group = cw.s("g", { class: "node flow" }, button, plate, text, number);
      group.style.setProperty("--role", `var(--role-${node.role}, var(--muted))`);
      if (node.enterprise !== undefined) group.dataset.enterprise = node.enterprise;
      else group.dataset.group = node.group;
      names.appendChild(group);
      return { rect, text, plate, number, group, button, node };
    });
    const sofar = { id: null, period: 0, sums: new Float64Array(scene.links.length) };

    // Where a name would stand, and how many lines it has.
    function name(bar, column, room) {
      const first = column === 0 && keys.length > 1;
      const last = column === keys.length - 1;
      const most = first ? edges.left - APART - 8 : last ? edges.right - BAR - APART - 8 : (width - edges.left - edges.right) / (keys.length - 1) - BAR - 2 * APART;
      const { lines, width: wide } = cw.nameLines(bar.node.name, most, measure, Math.max(1, Math.min(3, Math.floor(room / (letters * LINE)))));
      const [left, , right] = bar.box;
      const middle = bar.node.y;
      const half = (lines.length * letters * LINE) / 2;
      const from = first ? left - APART - wide : right + APART;
      const beside = { lines, anchor: first ? "end" : "start", x: first ? left - APART : right + APART, box: [from, middle - half, from + wide, middle + half] };
      // One whose column is too narrow for it may stand over its bar.
      const over = { lines: [bar.node.name], anchor: "middle", x: (left + right) / 2, box: null };
      const full = measure(bar.node.name) / 2;
      over.box = [over.x - full, bar.box[1] - letters * LINE - 2, over.x + full, bar.box[1] - 2];
      bar.places = first || last ? [beside] : wide <= most ? [beside, over] : [over];
    }
    const apart = (one, other) => one[0] >= other[2] || one[2] <= other[0] || one[1] >= other[3] || one[3] <= other[1];
    // Names that meet no bar and no other name, those of the thickest bars first; whole, or not at all.
    function show() {
      const taken = [];
      const free = ({ box }, own) => box[0] >= 0 && box[2] <= width && box[1] >= 40 && box[3] <= height && taken.every((other) => apart(box, other)) && bars.every((bar) => bar === own || apart(box, bar.box));
      for (const bar of [...bars].sort((one, other) => other.box[3] - other.box[1] - (one.box[3] - one.box[1]))) {
        const found = bar.places.find((one) => free(one, bar));
        bar.group.classList.toggle("named", found !== undefined);
        bar.group.classList.toggle("numbered", !found && bars.length <= cw.CROWD);
        bar.number.setAttribute("x", ((bar.box[0] + bar.box[2]) / 2).toFixed(1));
        bar.number.setAttribute("y", ((bar.box[1] + bar.box[3]) / 2 + letters * 0.36).toFixed(1));
        bar.plate.setAttribute("visibility", found ? "visible" : "hidden");
        if (!found) continue;
        const [left, top, right, bottom] = found.box;
        taken.push([left - 3, top, right + 3, bottom]);
        cw.fill(bar.text, found.lines.map((line, number) => cw.s("tspan", { x: found.x.toFixed(1), y: (top + letters * (0.9 + number * LINE)).toFixed(1) }, line)));
        bar.text.setAttribute("text-anchor", found.anchor);
        for (const [key, value] of Object.entries({ x: left - 2, y: top, width: right - left + 4, height: bottom - top })) bar.plate.setAttribute(key, value.toFixed(1));
      }
    }

    return {
      bars,
      bands,
      nameless: () => bars.filter((bar) => bar.group.classList.contains("numbered")),
      update(store, id, period) {
        if (sofar.id !== id || period < sofar.period) Object.assign(sofar, { id, period: 0, sums: new Float64Array(scene.links.length) });
        for (let at = sofar.period + 1; at <= period; at += 1) {
          const sums = cw.linkSums(scene, timeline, store.at(id, "lanes", "shipped", at));
          sums.forEach((value, place) => (sofar.sums[place] += value));
        }
        sofar.period = period;
        const into = new Float64Array(scene.nodes.length);
        const out = new Float64Array(scene.nodes.length);
        scene.links.forEach((link, place) => {
          out[link.from] += sofar.sums[place];
          into[link.to] += sofar.sums[place];
        });
        let unit = Infinity;
        for (const key of keys) {
          const members = columns.get(key);
          const total = members.reduce((sum, place) => sum + Math.max(into[place], out[place]), 0);
          const gap = Math.min(GAP * letters, (0.5 * (height - edges.top - edges.bottom)) / members.length);
          if (total > 0) unit = Math.min(unit, (height - edges.top - edges.bottom - gap * (members.length - 1)) / total);
        }
        if (!Number.isFinite(unit)) unit = 0;
        const top = new Float64Array(scene.nodes.length);
        keys.forEach((key, column) => {
          const members = columns.get(key);
          const gap = Math.min(GAP * letters, (0.5 * (height - edges.top - edges.bottom)) / members.length);
          const heights = members.map((place) => Math.max(unit * Math.max(into[place], out[place]), 2));
          let y = edges.top + (height - edges.top - edges.bottom - heights.reduce((sum, one) => sum + one, 0) - gap * (members.length - 1)) / 2;
          members.forEach((place, number) => {
            const bar = bars[place];
            top[place] = y;
            [bar.node.x, bar.node.y] = [across(column) + BAR / 2, y + heights[number] / 2];
            bar.rect.setAttribute("x", across(column));
            bar.rect.setAttribute("y", y.toFixed(1));
            bar.rect.setAttribute("height", heights[number].toFixed(1));
            bar.box = [across(column), y, across(column) + BAR, y + heights[number]];
            name(bar, column, members.length > 1 ? heights[number] + gap : height - edges.top - edges.bottom);
            bar.button.setAttribute("aria-label", cw.text("network.flow_of", { name: bar.node.name, value: cw.number(Math.max(into[place], out[place])) }));
            y += heights[number] + gap;
          });
        });
        show();
        // Bands leave in the order of where they go, and arrive in the order of where they come from, so that few cross.
        const stack = (end, other) => {
          const next = Float64Array.from(top);
          const middles = new Float64Array(scene.links.length);
          scene.links
            .map((_, place) => place)
            .sort((one, two) => scene.nodes[scene.links[one][other]].y - scene.nodes[scene.links[two][other]].y)
            .forEach((place) => {
              const wide = unit * sofar.sums[place];
              middles[place] = next[scene.links[place][end]] + wide / 2;
              next[scene.links[place][end]] += wide;
            });
          return middles;
        };
        const leaving = stack("from", "to");
        const arriving = stack("to", "from");
        scene.links.forEach((link, place) => {
          const wide = unit * sofar.sums[place];
          const [x1, x2, y1, y2] = [scene.nodes[link.from].x + BAR / 2, scene.nodes[link.to].x - BAR / 2, leaving[place], arriving[place]];
          const thick = Math.max(wide, sofar.sums[place] > 1e-9 ? 0.8 : 0) / 2;
          const pull = (x2 - x1) / 2;
          const at = (...points) => points.map((one) => one.toFixed(1)).join(" ");
          // An area, since a thick line would curl where its ends are close.
          const d = `M${at(x1, y1 - thick)}C${at(x1 + pull, y1 - thick, x2 - pull, y2 - thick, x2, y2 - thick)}V${at(y2 + thick)}C${at(x2 - pull, y2 + thick, x1 + pull, y1 + thick, x1, y1 + thick)}Z`;
          bands[place].path.setAttribute("d", thick > 0 ? d : "");
          bands[place].title.textContent = cw.text("network.carried", { from: scene.nodes[link.from].name, to: scene.nodes[link.to].name, value: cw.number(sofar.sums[place]) });
        });
      },
    };
  };
})();
