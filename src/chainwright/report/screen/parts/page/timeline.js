// The timeline: how far a timeline is, what was done in it, and the way back to every period that was seen.
(function () {
  "use strict";
  const cw = window.chainwright;

  const FAR = 10;
  const DRAG = 4; // pixels from which on a press is a drag
  const WIDE = 1000; // the field of the line behind
  const HIGH = 100;
  const APART = 15; // pixels that two flags need

  cw.part("timeline", {
    mount(element, store) {
      const player = () => cw.playerOf(store);
      const share = (period) => `${Math.round((1e6 * Math.max(0, Math.min(period / state.horizon, 1)))) / 1e4}%`;
      const state = { horizon: 1, demand: null, of: null, top: 1, marks: null, ticks: null, open: null, rows: null, bars: [], width: 0 };

      // --- elements --------------------------------------------------------------------------------------------

      const when = cw.h("p", { class: "when" });
      const line = cw.s("path", { class: "demand" });
      const behind = cw.s("svg", { class: "behind", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" }, line);
      const [seen, played, warm, spans, ticks] = ["seen", "played", "warm", "spans", "ticks"].map((kind) => cw.h("div", { class: kind }));
      const handle = cw.h("div", { class: "handle", role: "slider", tabindex: "0", "aria-label": cw.text("timeline.cursor"), "aria-valuemin": 0 });
      const ghost = cw.h("div", { class: "ghost", hidden: true });
      const track = cw.h("div", { class: "track" }, warm, seen, behind, spans, played);
      const flags = cw.h("div", { class: "flags", role: "group", "aria-label": cw.text("timeline.flags") });
      const open = cw.h("div", { class: "opened", role: "group", hidden: true });
      const scale = cw.h("div", { class: "scale" }, track, ticks, flags, ghost, handle, open);
      const [nowText, nowAbout] = store.replay ? ["timeline.last", "timeline.last_about"] : ["timeline.now", "timeline.now_about"];
      const now = cw.button({ icon: "now", text: cw.text(nowText), name: cw.text(nowAbout), class: "small now", onclick: () => player().to(reach()) });
      const branch = cw.button({ icon: "branch", text: cw.text("timeline.branch"), name: cw.text("timeline.branch_about"), class: "small", onclick: () => cw.branchHere(store) });
      const actions = cw.h("div", { class: "actions" }, now, store.replay ? null : branch);
      const rows = cw.h("div", { class: "timelines", role: "group", "aria-label": cw.text("timeline.timelines") });
      cw.fill(element, cw.h("div", { class: "main" }, when, scale, actions), rows);

      const reach = () => Math.min(cw.seen(store, store.state.a), store.timeline().played);

      // Asking for a width makes the browser lay out the page at once: it tells itself where that changes.
      const width = () => state.width || (state.width = scale.clientWidth) || 600;

      // --- scrubbing -------------------------------------------------------------------------------------------

      let press = null;
      const periodAt = (event) => {
        const box = scale.getBoundingClientRect();
        return Math.round(Math.max(0, Math.min((event.clientX - box.left) / box.width, 1)) * state.horizon);
      };
      scale.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || event.target.closest(".flags, .opened") || !store.timeline()) return;
        event.preventDefault();
        press = { x: event.clientX, dragged: false };
        scale.setPointerCapture(event.pointerId);
        handle.focus({ preventScroll: true });
        follow(event);
      });
      scale.addEventListener("pointermove", (event) => press && follow(event));
      const let_go = (event, done) => {
        if (!press) return;
        press = null;
        ghost.hidden = true;
        // Beyond what was seen one plays on, but only where one let go.
        if (done && periodAt(event) > reach()) player().to(periodAt(event));
      };
      scale.addEventListener("pointerup", (event) => let_go(event, true));
      scale.addEventListener("pointercancel", (event) => let_go(event, false));
      function follow(event) {
        if (Math.abs(event.clientX - press.x) > DRAG) press.dragged = true;
        const period = periodAt(event);
        player().to(Math.min(period, reach()));
        ghost.hidden = period <= reach();
        ghost.style.left = share(period);
      }
      const KEYS = {
        ArrowLeft: (at) => at - 1, ArrowDown: (at) => at - 1, ArrowRight: (at) => at + 1, ArrowUp: (at) => at + 1,
        PageDown: (at) => at - FAR, PageUp: (at) => at + FAR, Home: () => 0, End: () => reach(),
      };
      handle.addEventListener("keydown", (event) => {
        if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey || !store.timeline()) return;
        event.preventDefault();
        const by = KEYS[event.key](store.state.period);
        player().to(event.shiftKey && event.key.startsWith("Arrow") ? store.state.period + FAR * (by - store.state.period) : by);
      });

      // --- flags -----------------------------------------------------------------------------------------------

      // Flags that would cover each other share one, which tells how many they are.
      function gathered(marks) {
        const wide = width();
        const found = [];
        for (const mark of marks) {
          const last = found[found.length - 1];
          if (last && ((mark.period - last[0].period) / state.horizon) * wide < APART) last.push(mark);
          else found.push([mark]);
        }
        return found;
      }
      const said = (timeline, mark) => cw.text("timeline.flag", { label: mark.side === "b" ? `B · ${mark.label}` : mark.label, at: cw.period(timeline, mark.period) });

      function build(timeline) {
        const marks = cw.marksOfBoth(store);
        const groups = gathered(marks);
        const key = groups.map((group) => group.map((one) => [one.key, one.period, one.until, one.label].join()).join("+")).join("|") + state.horizon;
        if (key === state.marks) return;
        state.marks = key;
        shut(false);
        cw.fill(spans, marks.filter((one) => one.until !== null).map((one) => cw.h("div", { class: `span ${one.kind}`, style: `left: ${share(one.period - 0.5)}; width: calc(${share(one.until - 0.5)} - ${share(one.period - 0.5)})` })));
        const sign = (kind) => (kind === "branch" ? cw.s("path", { d: "M5 16V5m0 8c0-5 2-6 7-7" }) : cw.s("path", { class: "cloth", d: "M4 16V3h10l-2.5 3.5L14 10H4" }));
        cw.fill(
          flags,
          groups.map((group) => {
            // What was done by hand comes before what was given, and that before where a branch begins.
            const first = group.find((one) => one.kind === "act") || group.find((one) => one.kind === "given") || group[0];
            const name = group.map((mark) => said(timeline, mark)).join("; ");
            const button = cw.h(
              "button",
              {
                type: "button",
                class: `flag ${first.kind} ${group.every((one) => one.side === "b") ? "b" : ""}`,
                "aria-label": name,
                title: group.map((mark) => said(timeline, mark)).join("\n"),
                "aria-expanded": "false",
                "data-act": first.number,
                "data-count": group.length > 1 ? group.length : null,
                style: `left: ${share(first.period)}`,
                onclick: () => pick(group, button),
              },
              cw.s("svg", { viewBox: "0 0 16 17", width: 16, height: 17, "aria-hidden": "true" }, sign(first.kind)),
            );
            button.addEventListener("keydown", (event) => {
              if ((event.key === "Delete" || event.key === "Backspace") && group.length === 1 && undoable(first)) undo(first);
              else if (event.key === "Escape" && state.open) shut(true);
              else return;
              event.preventDefault();
            });
            return button;
          }),
        );
      }

      const undoable = (mark) => mark.kind === "act" && !store.replay;
      function undo(mark) {
        const timeline = mark.side === "b" ? store.state.b : store.state.a;
        store.send({ kind: "undo", timeline, number: mark.number });
        shut(false);
        handle.focus();
      }
      function pick(group, button) {
        const { period } = group[0];
        if (period <= reach()) player().to(period);
        const again = state.open === button;
        shut(false);
        if (again) return;
        state.open = button;
        button.setAttribute("aria-expanded", "true");
        const timeline = store.timeline();
        const lasts = (mark) => (mark.until === null ? cw.period(timeline, mark.period) : cw.text("timeline.lasts", { from: cw.period(timeline, mark.period), duration: cw.periods(timeline, mark.until - mark.period) }));
        cw.fill(
          open,
          group.map((mark) =>
            cw.h(
              "div",
              { class: "mark" },
              cw.h("p", { class: "label" }, mark.side === "b" ? `B · ${mark.label}` : mark.label),
              cw.h("p", { class: "cw-note" }, cw.capital(lasts(mark))),
              undoable(mark) ? cw.button({ icon: "undo", text: cw.text("timeline.undo"), ...(group.length > 1 ? { name: cw.text("timeline.undo_of", { label: mark.label }) } : {}), class: "small undo", onclick: () => undo(mark) }) : null,
            ),
          ),
        );
        open.setAttribute("aria-label", group.map((mark) => mark.label).join("; "));
        open.hidden = false;
        const [field, whole] = [scale.getBoundingClientRect(), element.getBoundingClientRect()];
        const middle = (period / state.horizon) * field.width;
        const half = open.offsetWidth / 2;
        open.style.left = `${Math.max(whole.left - field.left + half + 6, Math.min(middle, whole.right - field.left - half - 6))}px`;
      }
      function shut(focus) {
        if (focus && state.open) state.open.focus();
        if (state.open) state.open.setAttribute("aria-expanded", "false");
        state.open = null;
        open.hidden = true;
      }
      open.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        shut(true);
      });
      scale.addEventListener("focusout", (event) => {
        if (state.open && !open.contains(event.relatedTarget) && event.relatedTarget !== state.open) shut(false);
      });

      // --- ticks, timelines --------------------------------------------------------------------------------------

      function rule(timeline) {
        const most = Math.max(2, Math.floor(width() / 64));
        const key = `${timeline.horizon} ${most}`;
        if (key === state.ticks) return;
        state.ticks = key;
        const there = cw.ticks(0, timeline.horizon, most).filter((one) => one === Math.round(one));
        // The end always has its number; what would stand on it goes.
        const room = timeline.horizon / most / 1.6;
        const shown = [...there.filter((one) => one < timeline.horizon - room), timeline.horizon];
        cw.fill(ticks, shown.map((one) => cw.h("span", { style: `left: ${share(one)}` }, cw.number(one))));
      }

      // The timelines, a row each; while one plays only the ends of their bars move.
      function list() {
        const { a, b, baseline, timelines } = store.state;
        const known = (timelines || []).filter((one) => (one.id !== baseline || one.id === b) && store.timelines[one.id]);
        const shown = known.length > 1 ? known : [];
        const names = cw.timelineNames(store);
        const name = ({ id }) => names.get(id);
        const isBranch = ({ parent }) => parent !== undefined && parent !== null;
        const from = ({ id }) => (isBranch(store.timelines[id]) ? store.timelines[id].at : 0);
        const key = JSON.stringify([a, b, ...shown.map((one) => [one.id, name(one), from(one)])]);
        if (key !== state.rows) {
          state.rows = key;
          const here = rows.contains(document.activeElement) ? document.activeElement.dataset.timeline : null;
          rows.hidden = !shown.length;
          state.bars = shown.map((one) => {
            const side = one.id === a ? "a" : one.id === b ? "b" : "";
            const bar = cw.h("span", { class: `bar ${isBranch(store.timelines[one.id]) ? "branched" : ""}` });
            const row = cw.h(
              "button",
              { type: "button", class: `timeline ${side}`, "aria-pressed": String(one.id === a), "data-timeline": one.id, title: cw.text("timeline.watch", { name: name(one) }), onclick: () => watch(one.id) },
              cw.h("span", { class: "name" }, side ? cw.h("span", { class: `side ${side}` }, side.toUpperCase()) : null, name(one)),
              cw.h("span", { class: "lane" }, bar),
            );
            return { one, bar, row };
          });
          cw.fill(rows, state.bars.map(({ row }) => row));
          // Whoever is watched is in view, and who had the keyboard has it again.
          const [watched] = state.bars.filter(({ one }) => one.id === a);
          if (watched) rows.scrollTop = watched.row.offsetTop - rows.offsetTop - (rows.clientHeight - watched.row.offsetHeight) / 2;
          const again = state.bars.find(({ one }) => one.id === here);
          if (again) again.row.focus({ preventScroll: true });
        }
        for (const { one, bar } of state.bars) {
          const timeline = store.timelines[one.id];
          const last = one.id === a || one.id === b ? Math.min(cw.seen(store, one.id), timeline.played) : timeline.played;
          const style = `left: ${share(from(one))}; width: calc(${share(Math.max(last, from(one)))} - ${share(from(one))})`;
          if (bar.dataset.at !== style) bar.dataset.at = bar.style.cssText = style;
        }
      }
      function watch(id) {
        const { a, b, period } = store.state;
        if (id === a) return;
        store.set(id === b ? { a: b, b: a } : { a: id });
        // Links, files, the program and what is done next are of this timeline too.
        store.send({ kind: "watch", timeline: id });
        player().to(Math.min(period, store.timelines[id].horizon));
      }

      // --- following the store ---------------------------------------------------------------------------------

      function drawDemand(timeline, upTo) {
        if (state.of !== timeline.timeline || !state.demand) {
          state.of = timeline.timeline;
          state.demand = { read: cw.endDemand(store, timeline.timeline), path: cw.linePath(), top: 0 };
        }
        const { demand } = state;
        const values = demand.read();
        const top = cw.roundRange(cw.widen([0, 0], values, 1, upTo), 4).high;
        demand.top = Math.max(top, upTo > 1 ? demand.top : 0);
        const key = `${demand.top} ${state.horizon} ${state.epoch}`;
        const text = demand.path(values, upTo, { x: (period) => (period / state.horizon) * WIDE, y: (value) => HIGH - 6 - (value / demand.top) * (HIGH - 18), from: 1, to: state.horizon, pixels: WIDE, key });
        if (line.getAttribute("d") !== text) line.setAttribute("d", text);
      }

      state.epoch = 0;
      const sized = new ResizeObserver(() => {
        state.width = scale.clientWidth;
        // Timelines are drawn on the scale of the track above them.
        rows.style.setProperty("--right", `${actions.offsetWidth}px`);
        const timeline = store.timeline();
        if (!timeline || !timeline.items || store.state.view !== "screen") return;
        rule(timeline);
        build(timeline);
      });
      sized.observe(scale);
      return {
        update(keys) {
          const timeline = store.timeline();
          if (store.state.view !== "screen" || !timeline || !timeline.items) return;
          const has = (...some) => !keys || some.some((key) => keys.has(key));
          const { period } = store.state;
          state.horizon = timeline.horizon;
          if (has("acts", "structure", "a", "b")) state.epoch += 1;
          if (has("acts", "structure", "a", "b", "view")) {
            build(timeline);
            warm.style.width = share(timeline.warm_up > 0 ? timeline.warm_up + 0.5 : 0);
            warm.title = timeline.warm_up > 0 ? cw.text("timeline.warm_up", { to: cw.period(timeline, timeline.warm_up) }) : "";
          }
          rule(timeline);
          const last = reach();
          handle.style.left = played.style.width = share(period);
          seen.style.width = share(last);
          handle.setAttribute("aria-valuemax", timeline.horizon);
          handle.setAttribute("aria-valuenow", period);
          const words = cw.text("timeline.when", { at: cw.capital(cw.bare(timeline, period)), horizon: timeline.horizon });
          handle.setAttribute("aria-valuetext", words);
          const looking = period < last;
          const told = looking ? (store.replay ? "" : cw.text("timeline.seen", { to: last })) : period >= timeline.horizon ? cw.text("timeline.end") : "";
          if (when.dataset.text !== words + told) {
            when.dataset.text = words + told;
            cw.fill(when, cw.h("span", { class: "at" }, words), cw.h("span", { class: "cw-note" }, told));
          }
          now.disabled = !looking;
          drawDemand(timeline, last);
          if (has("structure", "timelines", "a", "b", "baseline", "view") || !rows.hidden) list();
        },
        close: () => sized.disconnect(),
      };
    },
  });
})();
