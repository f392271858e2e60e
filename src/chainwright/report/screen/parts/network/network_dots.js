// Goods on their way as dots on a canvas, which move from one period to the next while time goes on.
(function () {
  "use strict";
  const cw = window.chainwright;
  const SIZE = 3.4;
  const SMALL = 2; // where there are many lanes
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  // what(): {view, drawn: {lanes, unit}, many: whether there are many lanes}
  cw.Dots = (store, element, canvas, what) => {
    let since = performance.now();
    let moving = false;

    function paint() {
      const { view, drawn, many } = what();
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const pen = canvas.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, width, height);
      if (!drawn.lanes) return;
      pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
      const look = getComputedStyle(element);
      pen.fillStyle = look.getPropertyValue("--goods").trim() || "#0b5cad";
      pen.strokeStyle = look.getPropertyValue("--raised").trim() || "#ffffff";
      pen.lineWidth = 1 / view.scale;
      const speed = store.state.speed || 20;
      const phase = store.state.playing && !still.matches ? Math.min(((performance.now() - since) / 1000) * speed, 1) : 0.5;
      const size = (many ? SMALL : SIZE) / Math.sqrt(view.scale);
      pen.beginPath();
      drawn.lanes.dots((x, y, large) => {
        pen.moveTo(x + size * large, y);
        pen.arc(x, y, size * large, 0, 6.284);
      }, phase, drawn.unit || 1);
      pen.fill();
      pen.stroke();
    }

    return {
      paint,
      // A period begins to be shown.
      played() {
        since = performance.now();
      },
      // From here on until playing stops.
      move() {
        if (moving) return;
        moving = true;
        const turn = () => {
          paint();
          if (store.state.playing && !still.matches && element.isConnected) requestAnimationFrame(turn);
          else moving = false;
        };
        requestAnimationFrame(turn);
      },
    };
  };
})();
