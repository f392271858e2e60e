// Moving about in the network: dragging, the wheel, and what a keyboard does instead; names are shown where there is room for them.
(function () {
  "use strict";
  const cw = window.chainwright;
  const LEAST = 0.6;
  const MOST = 12;

  // layers: SVG groups that move together; moved() is called after each change.
  cw.View = (field, layers, moved) => {
    const view = { scale: 1, x: 0, y: 0 };
    const apply = () => {
      layers.forEach((layer) => layer.setAttribute("transform", `translate(${view.x.toFixed(2)} ${view.y.toFixed(2)}) scale(${view.scale.toFixed(4)})`));
      field.style.setProperty("--zoom", view.scale);
      moved();
    };
    view.apply = apply;
    view.fit = () => {
      Object.assign(view, { scale: 1, x: 0, y: 0 });
      apply();
    };
    view.zoom = (factor, at) => {
      const box = field.getBoundingClientRect();
      const [px, py] = at || [box.width / 2, box.height / 2];
      const scale = Math.max(LEAST, Math.min(MOST, view.scale * factor));
      view.x = px - ((px - view.x) * scale) / view.scale;
      view.y = py - ((py - view.y) * scale) / view.scale;
      view.scale = scale;
      apply();
    };
    // Brings a place into the middle of what is seen, where it is not in sight.
    view.show = (x, y, margin = 30) => {
      const box = field.getBoundingClientRect();
      const [px, py] = [x * view.scale + view.x, y * view.scale + view.y];
      if (px > margin && px < box.width - margin && py > margin && py < box.height - margin) return;
      view.x += box.width / 2 - px;
      view.y += box.height / 2 - py;
      apply();
    };
    let drag = null;
    field.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = field.getBoundingClientRect();
      view.zoom(Math.exp(-event.deltaY * 0.0016), [event.clientX - box.left, event.clientY - box.top]);
    }, { passive: false });
    field.addEventListener("pointerdown", (event) => {
      if (event.button === 0) drag = { x: event.clientX, y: event.clientY, from: [view.x, view.y], far: false };
    });
    field.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.far && Math.hypot(dx, dy) < 5) return;
      if (!drag.far) field.setPointerCapture(event.pointerId);
      drag.far = true;
      field.classList.add("dragging");
      [view.x, view.y] = [drag.from[0] + dx, drag.from[1] + dy];
      apply();
    });
    const end = () => {
      const far = drag && drag.far;
      drag = null;
      field.classList.remove("dragging");
      view.dragged = far ? performance.now() : 0;
    };
    field.addEventListener("pointerup", end);
    field.addEventListener("pointercancel", end);
    return view;
  };

  const LINE = 1.2; // height of a line of letters
  const NEAR = 2.2; // times
  const APART = 4; // pixels between a mark and its name

  const BREATH = 3; // pixels at both ends of a name that no other name takes
  const TOP = 40; // pixels of the tools

  // Where the name and the figures of a mark stand on a side of it, and the field that they take: [left, top, right, bottom] in pixels.
  function texts(mark, side, scale, letters) {
    const { node, figures, width } = mark;
    const lines = figures ? 2 : 1;
    const [x, y, r] = [node.x * scale, node.y * scale, node.r * scale];
    const tall = lines * letters * LINE;
    const wide = figures ? Math.max(width, letters * 5) : width;
    if (side === "left" || side === "right") {
      const sign = side === "left" ? -1 : 1;
      const start = x + sign * (r + APART + 2);
      return { anchor: sign < 0 ? "end" : "start", x: sign * (r + APART + 2), y: letters * 0.85 - tall / 2, box: [Math.min(start, start + sign * wide), y - tall / 2, Math.max(start, start + sign * wide), y + tall / 2] };
    }
    const top = side === "above" ? -r - APART - tall : r + APART;
    const nudge = node.nudge || 0;
    return { anchor: "middle", x: nudge, y: top + letters * 0.85, box: [x + nudge - wide / 2, y + top, x + nudge + wide / 2, y + top + tall] };
  }

  const apart = (one, other) => one[0] >= other[2] || one[2] <= other[0] || one[1] >= other[3] || one[3] <= other[1];
  // Where there is no room for a name on the side that is meant for it.
  const OTHERWISE = { below: ["above"], above: ["below"], left: [], right: [] };

  // Shows the names that collide with nothing, the important ones first.
  cw.placeNames = (marks, view, letters, important) => {
    const boxes = [];
    const rank = (mark) => (important(mark) ? 1e9 : 0) + mark.node.enterprises.length;
    const bodies = marks.map(({ node }) => [node.x - node.r, node.y - node.r, node.x + node.r, node.y + node.r].map((one) => one * view.scale));
    const few = marks.length <= 12;
    // Of a crowd names are shown from near by only.
    const far = marks.length > cw.CROWD && view.scale < NEAR;
    const isFree = ({ box }, place) => boxes.every((other) => apart(box, other)) && bodies.every((other, one) => one === place || apart(box, other));
    const inside = ({ box }) => view.scale > 1 || box[1] >= TOP;
    const order = marks.map((mark, place) => ({ mark, place })).sort((one, other) => rank(other.mark) - rank(one.mark));
    for (const { mark, place } of order) {
      const wanted = texts(mark, mark.node.side, view.scale, letters);
      const choices = far ? [] : [wanted, ...OTHERWISE[mark.node.side].map((side) => texts(mark, side, view.scale, letters)).filter(inside)];
      const found = choices.find((one) => isFree(one, place));
      const { anchor, x, y, box } = found || wanted;
      const free = few || important(mark) || found !== undefined;
      mark.group.classList.toggle("named", free);
      if (free) boxes.push([box[0] - BREATH, box[1], box[2] + BREATH, box[3]]);
      [mark.name, mark.figures].forEach((text, line) => {
        if (!text) return;
        text.setAttribute("text-anchor", anchor);
        text.setAttribute("x", (x / view.scale).toFixed(2));
        text.setAttribute("y", ((y + line * letters * LINE) / view.scale).toFixed(2));
      });
    }
  };
})();
