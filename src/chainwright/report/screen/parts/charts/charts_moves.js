// Moving about in a chart, with the pointer, the wheel and the keyboard: the cross hair, the span that is shown, and the period that is looked at.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.chartMoves) return;

  const LEAST = 4; // periods that stay in view
  const STEP = 1.5;
  const DRAG = 6; // pixels from which on a press is a drag

  // does: {span(), whole(), last(), period(), hover(period | null, spoken), zoom(span | null), choose(span | null), pick(period)}
  cw.chartMoves = (place, plot, does) => {
    let pressed = null;
    let spot = null;

    const periodAt = (event) => {
      if (!plot.period) return null;
      const box = plot.svg.getBoundingClientRect();
      return plot.period(event.clientX - box.left);
    };
    const within = (period) => Math.max(Math.min(period, does.span()[1]), Math.max(does.span()[0], 0));

    // A span around a period, no shorter than can be read and within what there is.
    function zoomBy(by, around) {
      const [from, to] = does.span();
      const [first, last] = does.whole();
      const long = Math.max(LEAST, (to - from) * by);
      if (long >= last - first) return does.zoom(null);
      const share = (around - from) / (to - from || 1);
      const start = Math.max(first, Math.min(Math.round(around - share * long), last - Math.round(long)));
      return does.zoom([start, start + Math.round(long)]);
    }
    function pan(by) {
      const [from, to] = does.span();
      const [first, last] = does.whole();
      const moved = Math.max(first - from, Math.min(by, last - to));
      if (moved) does.zoom([from + moved, to + moved]);
    }
    function hover(period, spoken) {
      spot = period;
      does.hover(period, spoken);
    }

    // --- pointer -----------------------------------------------------------------------------------------------

    const listeners = {
      pointerdown(event) {
        if (event.button !== 0 || !plot.period) return;
        pressed = { x: event.clientX, period: within(periodAt(event)), dragged: false };
        plot.svg.setPointerCapture(event.pointerId);
      },
      pointermove(event) {
        const period = periodAt(event);
        if (period === null) return;
        if (pressed && Math.abs(event.clientX - pressed.x) > DRAG) pressed.dragged = true;
        if (pressed && pressed.dragged) {
          const other = within(period);
          does.choose([Math.min(pressed.period, other), Math.max(pressed.period, other)]);
        }
        hover(within(period), false);
      },
      pointerup(event) {
        if (!pressed) return;
        const { period, dragged } = pressed;
        pressed = null;
        does.choose(null);
        const other = within(periodAt(event));
        if (!dragged) does.pick(period);
        else if (Math.abs(other - period) >= 2) does.zoom([Math.min(period, other), Math.max(period, other, Math.min(period, other) + LEAST)]);
      },
      pointercancel() {
        pressed = null;
        does.choose(null);
      },
      pointerleave() {
        if (!pressed) hover(null, false);
      },
      dblclick(event) {
        event.preventDefault();
        does.zoom(null);
      },
      wheel(event) {
        const period = periodAt(event);
        // Without a zoom the wheel turns the page where it is turned outwards, as everywhere.
        if (period === null || (event.deltaY > 0 && !does.zoomed())) return;
        event.preventDefault();
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(Math.sign(event.deltaX || event.deltaY) * Math.max(1, Math.round((does.span()[1] - does.span()[0]) / 12)));
        else zoomBy(event.deltaY > 0 ? STEP : 1 / STEP, within(period));
      },
    };
    for (const [kind, heard] of Object.entries(listeners)) plot.svg.addEventListener(kind, heard, kind === "wheel" ? { passive: false } : undefined);

    // --- keyboard ----------------------------------------------------------------------------------------------

    const KEYS = {
      ArrowLeft: (now) => hover(within(now - 1), true),
      ArrowRight: (now) => hover(within(Math.min(now + 1, Math.max(does.last(), 1))), true),
      Home: () => hover(within(1), true),
      End: () => hover(within(does.last()), true),
      "+": (now) => zoomBy(1 / STEP, now),
      "=": (now) => zoomBy(1 / STEP, now),
      "-": (now) => zoomBy(STEP, now),
      0: () => does.zoom(null),
      Enter: (now) => does.pick(now),
      "shift+ArrowLeft": () => pan(-Math.max(1, Math.round((does.span()[1] - does.span()[0]) / 8))),
      "shift+ArrowRight": () => pan(Math.max(1, Math.round((does.span()[1] - does.span()[0]) / 8))),
    };
    place.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.shiftKey && event.key.startsWith("Arrow") ? `shift+${event.key}` : event.key;
      if (key === "Escape") {
        // First the cross hair goes, then the zoom; then the key is the page's.
        if (spot === null && !does.zoomed()) return;
        if (spot !== null) hover(null, false);
        else does.zoom(null);
      } else if (KEYS[key]) KEYS[key](spot === null ? within(does.period()) : spot);
      else return;
      event.preventDefault();
    });
    place.addEventListener("blur", () => hover(null, false));
  };
})();
