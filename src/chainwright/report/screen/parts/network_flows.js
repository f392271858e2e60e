// The network as flows: bars as high as what passes through, bands as wide as what was carried so far.
(function () {
  "use strict";
  const cw = window.chainwright;
  const BAR = 12;
  const GAP = 1.5; // letters between two bars, so that a name has room

  const APART = 5; // pixels between a bar and its name

  // field: {width, height, letters: size of a name, measure(text): its width}
  cw.Flows = (scene, course, layer, names, field) => {
    const { width, height, letters, measure } = field;
    const columns = new Map();
    scene.nodes.forEach((node, place) => {
      const key = Math.round(node.at[0] * 100);
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key).push(place);
    });
    const keys = [...columns.keys()].sort((one, other) => one - other);
    for (const key of keys) columns.get(key).sort((one, other) => scene.nodes[one].at[1] - scene.nodes[other].at[1]);
    // Names stand beside the bars of the outer columns, and above those between.
    const beside = (column) => Math.min(Math.max(...columns.get(keys[column]).map((place) => measure(scene.nodes[place].name))), width * 0.24) + APART + 10;
    const edges = { left: keys.length > 1 ? beside(0) : 40, right: beside(keys.length - 1), top: 46 + letters * 1.3, bottom: 20 };
    scene.nodes.forEach((node) => Object.assign(node, { r: 8, short: cw.cutName(node.name, width * 0.24, measure) }));
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
      const text = cw.s("text", { "aria-hidden": "true", class: "name" }, node.short);
      const button = cw.s("g", { class: "button", role: "button", tabindex: "-1" }, rect);
      const group = cw.s("g", { class: "node flow" }, button, text);
      group.style.setProperty("--role", `var(--role-${node.role}, var(--muted))`);
      if (node.enterprise !== undefined) group.dataset.enterprise = node.enterprise;
      else group.dataset.group = node.group;
      names.appendChild(group);
      return { rect, text, group, button, node };
    });
    const sofar = { id: null, period: 0, sums: new Float64Array(scene.links.length) };

    return {
      bars,
      bands,
      update(store, id, period) {
        if (sofar.id !== id || period < sofar.period) Object.assign(sofar, { id, period: 0, sums: new Float64Array(scene.links.length) });
        for (let at = sofar.period + 1; at <= period; at += 1) {
          const sums = cw.linkSums(scene, course, store.at(id, "lanes", "shipped", at));
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
            const anchor = column === keys.length - 1 ? "start" : column === 0 ? "end" : "middle";
            bar.text.setAttribute("x", across(column) + { start: BAR + APART, end: -APART, middle: BAR / 2 }[anchor]);
            bar.text.setAttribute("y", (anchor === "middle" ? y - 4 : y + heights[number] / 2 + letters * 0.35).toFixed(1));
            bar.text.setAttribute("text-anchor", anchor);
            bar.group.classList.toggle("named", heights[number] + gap >= letters * 1.1);
            bar.button.setAttribute("aria-label", cw.text("network.flow_of", { name: bar.node.name, value: cw.number(Math.max(into[place], out[place])) }));
            y += heights[number] + gap;
          });
        });
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
          const pull = (x2 - x1) / 2;
          bands[place].path.setAttribute("d", `M${x1.toFixed(1)} ${y1.toFixed(1)}C${(x1 + pull).toFixed(1)} ${y1.toFixed(1)} ${(x2 - pull).toFixed(1)} ${y2.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`);
          bands[place].path.style.strokeWidth = Math.max(wide, sofar.sums[place] > 1e-9 ? 0.8 : 0).toFixed(2);
          bands[place].title.textContent = cw.text("network.carried", { from: scene.nodes[link.from].name, to: scene.nodes[link.to].name, value: cw.number(sofar.sums[place]) });
        });
      },
    };
  };
})();
