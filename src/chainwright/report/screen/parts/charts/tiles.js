// Tiles: what is measured up to the period that is looked at, how it differs from the run with nothing changed, and where it came from.
(function () {
  "use strict";
  const cw = window.chainwright;

  const WIDE = 72;
  const HIGH = 22;
  const ROOMY = 15; // letters beside a spark line in a narrow tile
  const SNUG = 19; // letters beside a spark line on a laptop
  const TIGHT = 12; // the same where there are many tiles
  const BRIEF = 19; // letters of a difference beside which there is room to say of what it is
  const WIDELY = 17; // letters of two numbers for which there is room in a tile
  const CLOSE = 14; // the same where there are many tiles
  const MANY = 7; // tiles from which on they are narrow on a laptop
  const MOST = 60; // points of a spark line

  // A line of the single periods up to the cursor, as wide as what was played.
  function spark(values, upTo) {
    const there = values.slice(0, upTo);
    const step = Math.max(1, Math.ceil(there.length / MOST));
    const points = [];
    for (let at = there.length - 1; at >= 0; at -= step) if (Number.isFinite(there[at])) points.unshift([at, there[at]]);
    if (points.length < 2) return "";
    const low = Math.min(...points.map((one) => one[1]));
    const high = Math.max(...points.map((one) => one[1]));
    const x = (at) => 1.5 + ((at - points[0][0]) / (points[points.length - 1][0] - points[0][0])) * (WIDE - 5);
    const y = (value) => (high > low ? HIGH - 3 - ((value - low) / (high - low)) * (HIGH - 6) : HIGH / 2);
    return "M" + points.map(([at, value]) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
  }

  // What a difference means for a measure: "good", "bad" or "even".
  const verdict = (measure, change) => (!change || !measure.better ? "even" : change * measure.better > 0 ? "good" : "bad");

  cw.part("tiles", {
    mount(element, store) {
      const row = cw.h("div", { class: "row" });
      const tip = cw.h("div", { class: "tip", role: "tooltip", id: "cw-tile-tip", hidden: true });
      cw.fill(element, row, tip);
      let tiles = [];
      let built = null;
      let shown = null;

      // --- the definition of a measure ------------------------------------------------------------------------

      function explain(tile) {
        shown = tile;
        for (const one of tiles) one.button.removeAttribute("aria-describedby");
        tip.hidden = !tile;
        if (!tile) return;
        const { measure } = tile;
        const note = (text) => cw.h("p", { class: "cw-note" }, text);
        const wanted = measure.better > 0 ? "more" : measure.better < 0 ? "less" : "neither";
        cw.fill(tip, cw.h("strong", {}, cw.capital(measure.label)), cw.h("p", {}, measure.meaning), note(cw.text(`tiles.better_${wanted}`)), tile.aside.map(note));
        tile.button.setAttribute("aria-describedby", tip.id);
        const [part, box] = [element.getBoundingClientRect(), tile.button.getBoundingClientRect()];
        tip.style.top = `${box.bottom - part.top + 6}px`;
        tip.style.left = `${Math.max(0, Math.min(box.left - part.left, part.width - tip.offsetWidth))}px`;
      }
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !shown) return;
        event.preventDefault();
        explain(null);
      });
      element.addEventListener("pointerleave", () => explain(tiles.find((one) => one.button === document.activeElement && one.button.matches(":focus-visible")) || null));
      row.addEventListener("scroll", () => explain(null));

      // --- tiles ----------------------------------------------------------------------------------------------

      function build(measures) {
        tiles = measures.map((measure) => {
          const tile = { measure, aside: [] };
          const part = (kind) => cw.h("span", { class: kind });
          Object.assign(tile, { value: part("value"), unit: part("unit"), other: part("other"), said: part("said"), which: part("which"), average: part("average"), until: part("until"), path: cw.s("path"), dot: cw.s("circle", { r: 2 }) });
          tile.change = cw.h("span", { class: "change" }, tile.said, tile.which);
          tile.gap = document.createTextNode("");
          tile.many = cw.h("span", { class: "many", hidden: true }, tile.average, tile.gap, tile.until);
          tile.button = cw.h(
            "button",
            {
              type: "button",
              class: "tile",
              "data-measure": measure.name,
              onclick: () => explain(tile),
              onfocus: () => explain(tile),
              onblur: () => explain(null),
              onpointerenter: (event) => event.pointerType !== "touch" && explain(tile),
            },
            cw.h("span", { class: "label" }, measure.label),
            cw.h("span", { class: "amount" }, tile.value, " ", tile.unit, tile.other),
            tile.change,
            tile.many,
            cw.s("svg", { class: "spark", viewBox: `0 0 ${WIDE} ${HIGH}`, width: WIDE, height: HIGH, "aria-hidden": "true" }, tile.path, tile.dot),
          );
          return tile;
        });
        explain(null);
        row.style.setProperty("--count", measures.length);
        row.dataset.many = measures.length >= MANY ? "yes" : "no";
        cw.fill(row, tiles.map((one) => one.button));
      }

      const valueOf = (id, name, period) => {
        const found = id === null || id === undefined ? undefined : store.series(id, "measures", name)[period - 1];
        return period > 0 && found !== undefined ? found : NaN;
      };
      const rateOf = (id, name, period) => {
        const found = store.series(id, "rates", name)[period - 1];
        return found === undefined ? NaN : found;
      };
      const write = (part, text) => {
        if (part.textContent !== text) part.textContent = text;
      };
      const mark = (part, name, value) => {
        const text = Number.isFinite(value) ? String(value) : "";
        if (part.dataset[name] !== text) part.dataset[name] = text;
      };

      // An average of many runs is that to the end of the horizon, while the number above it runs to the period that is looked at.
      function average(tile, text, kind, end) {
        tile.many.hidden = !text;
        if (tile.many.dataset.kind !== kind) tile.many.dataset.kind = kind;
        write(tile.average, text);
        write(tile.gap, text ? " " : "");
        write(tile.until, text ? cw.text("tiles.until", { end }) : "");
      }

      // What many runs say of the difference between the two timelines: beside it the difference of the one run that is shown may be chance.
      function tellMany(tile, difference, { runs, end }) {
        const { measure } = tile;
        if (!difference) return null;
        const certain = difference.low > 0 || difference.high < 0;
        const none = difference.mean === 0 && difference.half === 0;
        const kind = certain ? verdict(measure, difference.mean) : "even";
        const word = cw.text(none ? "tiles.same" : certain ? (kind === "even" ? "tiles.certain" : `tiles.${kind}`) : "tiles.unclear");
        average(tile, none ? cw.text("tiles.many_same", { runs }) : cw.text("tiles.many", { value: cw.meanAndHalf(measure, difference), word }), kind, end);
        const said = { mean: cw.difference(measure, difference.mean), low: cw.difference(measure, difference.low), high: cw.difference(measure, difference.high), runs, end };
        return none ? cw.text("tiles.many_same_long", said) : [cw.text("tiles.many_long", said), cw.text(certain ? "tiles.certain_long" : "tiles.unclear_long")].join(" ");
      }

      function tell(tile, timeline, many) {
        const { measure, button } = tile;
        const { a, b, baseline, period } = store.state;
        const comparing = b !== null && Boolean(store.timelines[b]);
        const value = valueOf(a, measure.name, period);
        const against = comparing ? valueOf(b, measure.name, period) : baseline && baseline !== a ? valueOf(baseline, measure.name, period) : NaN;
        // Always A against what it is compared with, whether that is drawn as B or not, so that the same two runs have the same signs.
        const change = value - against;
        // Nothing is measured yet in the warm-up, but what happens in the single period can be told.
        const early = period > 0 && period <= timeline.warm_up;
        const amounts = early ? (comparing ? [a, b] : [a]).map((id) => rateOf(id, measure.name, period)) : [value, ...(comparing ? [against] : [])];
        const full = amounts.map((one) => cw.measure(measure, one));
        const long = comparing && full.join("").length > (row.dataset.many === "yes" ? CLOSE : WIDELY);
        const [ours, theirs] = long ? amounts.map((one) => cw.brief(measure, one)) : full;
        write(tile.value, ours);
        write(tile.unit, comparing ? "" : early && Number.isFinite(amounts[0]) ? cw.text("tiles.now", { word: timeline.period_word }) : Number.isFinite(value) ? measure.unit : "");
        mark(button, "value", value);
        mark(button, "change", change);
        mark(button, "other", comparing ? against : NaN);
        write(tile.other, comparing ? cw.text("tiles.other", { value: theirs }) : "");

        const band = many.interval(measure.name);
        const told = (key) => cw.measure(measure, band[key]);
        const spread = band ? cw.text("tiles.interval", { half: measure.share ? cw.text("number.points", { value: cw.number(100 * band.half, 2) }) : cw.number(band.half), mean: told("mean") }) : "";
        average(tile, comparing ? "" : spread, "even", many.end);
        const beside = tellMany(tile, comparing ? many.difference(measure.name) : null, many);
        const interval = band ? cw.text(comparing ? "tiles.interval_of_a" : "tiles.interval_long", { mean: told("mean"), low: told("low"), high: told("high"), runs: many.runs, end: many.end }) : null;
        if (comparing) tile.aside = [long ? cw.text("tiles.in_full", { a: full[0], b: full[1] }) : null, cw.text("tiles.against_b"), beside, interval].filter(Boolean);
        else tile.aside = [interval || (Number.isFinite(change) ? cw.text("tiles.against_baseline") : null)].filter(Boolean);

        const kind = Number.isFinite(change) ? verdict(measure, change) : "none";
        if (tile.change.dataset.kind !== kind) tile.change.dataset.kind = kind;
        if (!Number.isFinite(value) && period <= timeline.warm_up) write(tile.said, cw.text("tiles.from", { period: cw.period(timeline, timeline.warm_up + 1) }));
        else if (kind !== "none") {
          const text = cw.difference(measure, change);
          const still = !/[1-9]/.test(text);
          const words = still ? cw.text("tiles.same") : kind === "even" ? "" : cw.text(`tiles.${kind}`);
          const sign = still ? "=" : change > 0 ? "▲" : "▼";
          if (still) tile.change.dataset.kind = "even";
          write(tile.said, [sign, still ? "" : text, words].filter(Boolean).join(" "));
        } else write(tile.said, "");
        // Where there is little room it stands in the definition alone.
        write(tile.which, comparing && kind !== "none" && tile.said.textContent.length <= BRIEF ? ` ${cw.text("tiles.a_less_b")}` : "");
        // A long line takes the room of the spark line, at once or where tiles are narrow.
        const letters = tile.change.textContent.length;
        button.dataset.room = early ? "whole" : letters > SNUG ? "long" : letters > (row.dataset.many === "yes" ? TIGHT : ROOMY) ? "more" : "less";
      }

      function draw(tile) {
        const { a, period } = store.state;
        const path = spark(store.series(a, "rates", tile.measure.name), period);
        tile.path.setAttribute("d", path);
        const end = path ? path.slice(path.lastIndexOf("L") + 1).split(" ") : null;
        tile.dot.setAttribute("visibility", end ? "visible" : "hidden");
        if (end) {
          tile.dot.setAttribute("cx", end[0]);
          tile.dot.setAttribute("cy", end[1]);
        }
      }

      return {
        update(keys) {
          const timeline = store.timeline();
          if (store.state.view !== "screen" || !timeline || !timeline.measures) return;
          const key = `${store.state.a} ${timeline.measures.map((one) => one.name).join()}`;
          if (key !== built) {
            built = key;
            build(timeline.measures);
          }
          element.dataset.compare = store.state.b !== null ? "yes" : "no";
          const many = cw.manyRuns(store);
          for (const tile of tiles) {
            tell(tile, timeline, many);
            draw(tile);
          }
          if (keys && keys.has("view")) explain(null);
        },
      };
    },
  });
})();
