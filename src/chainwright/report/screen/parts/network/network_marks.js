// The marks of enterprises: a shape for each role, filled by how long the stock lasts, with signs for debt and closure.
(function () {
  "use strict";
  const cw = window.chainwright;

  const turn = (count, start) =>
    Array.from({ length: count }, (_, place) => {
      const angle = ((start + (360 * place) / count) * Math.PI) / 180;
      return `${Math.cos(angle).toFixed(3)} ${Math.sin(angle).toFixed(3)}`;
    });
  const closedPath = (points) => `M${points.join("L")}Z`;
  // Shapes of about the same area within a circle of radius 1.
  cw.SHAPES = {
    supplier: "M0 -1.12L1.05 0.78L-1.05 0.78Z",
    manufacturer: "M-0.88 -0.88H0.88V0.88H-0.88Z",
    distributor: "M0 -1.18L1.18 0L0 1.18L-1.18 0Z",
    retailer: "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
    customer: closedPath(turn(5, -90).map((point) => point)),
    other: closedPath(turn(6, 0)),
  };

  // The state of a node in words, for screen readers and the card beside the pointer.
  cw.nodeWords = (node, state) => {
    const role = cw.text(`network.role_${node.role}`);
    const words = [];
    if (node.enterprises.length > 1) words.push(cw.text("network.short_of", { count: cw.number(state.short), all: cw.number(node.enterprises.length) }));
    else if (state.keeps) words.push(cw.text("network.in_stock", { value: cw.number(state.stock) }), state.owed > 1e-9 ? cw.text("network.owes", { value: cw.number(state.owed) }) : cw.text("network.owes_nothing"));
    else if (state.waiting > 1e-9) words.push(cw.text("network.waits_for", { value: cw.number(state.waiting) }));
    if (state.closed) words.push(cw.text("network.closed"));
    if (node.opens) words.push(cw.text("network.opens", { count: node.opens }));
    return `${node.name}, ${role}${words.length ? ": " + words.join(", ") : ""}`;
  };

  // One mark with its texts; update writes only what changed. options: {figures, reach: of a finger, width: of the name}
  cw.Mark = (node, options) => {
    const shape = cw.SHAPES[node.role] || cw.SHAPES.other;
    const big = node.group !== undefined;
    const r = node.r;
    const path = (name) => cw.s("path", { d: shape, class: name, transform: `scale(${r})`, "vector-effect": "non-scaling-stroke" });
    const body = path("body");
    const hatch = path("hatch");
    // On a group, whose number stands in the middle, the sign stands at its shoulder.
    const [signX, signY, signSize] = big ? [r * 0.98, -r * 0.5, r * 0.8] : [0, r * 0.36, Math.max(r * 1.15, 8)];
    const sign = cw.s("text", { "aria-hidden": "true", class: "sign", x: signX, y: signY, "font-size": signSize }, "!");
    const cross = cw.s("path", { class: "cross", d: `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`, "vector-effect": "non-scaling-stroke" });
    const nameLines = node.lines.map((line) => cw.s("tspan", {}, line));
    const name = cw.s("text", { "aria-hidden": "true", class: "name" }, nameLines);
    const plate = cw.s("rect", { "aria-hidden": "true", class: "plate", rx: 3, visibility: "hidden" });
    const first = cw.s("tspan", {});
    const figures = cw.s("text", { "aria-hidden": "true", class: "figures" }, first);
    const count = big ? cw.s("text", { "aria-hidden": "true", class: "count", y: r * 0.32, "font-size": Math.max(r * 0.72, 9) }, cw.number(node.enterprises.length)) : null;
    // A target that a finger hits, too; the texts stand beside the button, whose name says more than they do.
    const hit = cw.s("circle", { class: "hit", r: Math.max(r, options.reach) });
    const button = cw.s("g", { class: "button", role: "button", tabindex: "-1" }, hit, body, hatch, cross);
    const group = cw.s("g", { class: r < 9 ? "node small" : "node", transform: `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})` }, button, count, sign, plate, name, options.figures ? figures : null);
    const number = cw.s("text", { "aria-hidden": "true", class: "number" });
    group.appendChild(number);
    group.style.setProperty("--role", `var(--role-${node.role}, var(--muted))`);
    // Who opens into several items bears a sign for it.
    if (node.opens) group.appendChild(cw.s("text", { "aria-hidden": "true", class: "opens", x: r * 0.95, y: -r * 0.75, "font-size": Math.max(r * 0.8, 11) }, "⊞"));
    if (node.item !== undefined) group.dataset.item = node.item;
    else if (node.enterprise !== undefined) group.dataset.enterprise = node.enterprise;
    else group.dataset.group = node.group;
    const kept = {};
    const once = (key, value, write) => {
      if (kept[key] !== value) {
        kept[key] = value;
        write(value);
      }
    };
    return {
      node,
      group,
      button,
      name,
      nameLines,
      number,
      plate,
      width: options.width,
      figures: options.figures ? figures : null,
      update(state, spoken) {
        once("cover", state.look, (look) => (look ? (group.dataset.cover = look) : delete group.dataset.cover));
        once("short", state.owed > 1e-9, (short) => group.classList.toggle("short", short));
        once("closed", state.closed > 0, (closed) => group.classList.toggle("closed", closed));
        if (options.figures) {
          const text = state.keeps ? (state.owed > 1e-9 ? cw.text("network.figure_owes", { value: cw.number(state.owed) }) : cw.number(state.stock)) : state.waiting > 1e-9 ? cw.text("network.figure_waits", { value: cw.number(state.waiting) }) : "";
          once("figure", text, (written) => (first.textContent = written));
          once("bad", state.owed > 1e-9 || (!state.keeps && state.waiting > 1e-9), (bad) => figures.classList.toggle("bad", bad));
        }
        if (spoken) once("words", cw.nodeWords(node, state), (words) => button.setAttribute("aria-label", words));
      },
    };
  };
})();
