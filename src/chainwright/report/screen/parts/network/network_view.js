// Moving about in the network: dragging, the wheel, and what a keyboard does instead.
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

  // A card below a place of the drawing, above it, or else beside it, so that it covers nothing of what it tells.
  cw.putBeside = (card, field, view, x, y, reach) => {
    card.hidden = false;
    const [middle, centre, away] = [x * view.scale + view.x, y * view.scale + view.y, reach * view.scale + 10];
    const [width, height] = [card.offsetWidth, card.offsetHeight];
    const within = (at, size, room) => Math.max(4, Math.min(at, room - size - 4));
    let [left, top] = [within(middle - width / 2, width, field.clientWidth), centre + away];
    if (top + height > field.clientHeight - 4) top = centre - away - height;
    if (top < 4) {
      top = within(centre - height / 2, height, field.clientHeight);
      left = middle + away + width <= field.clientWidth - 4 ? middle + away : Math.max(4, middle - away - width);
    }
    [card.style.left, card.style.top] = [`${left}px`, `${top}px`];
  };
})();
