// Charts: tabs, one drawing for the chosen one, and what all charts have in common: the span, the cursor, the flags, the timeline beside.
(function () {
  "use strict";
  const cw = window.chainwright;

  const SAVES = ["png", "svg", "csv"];
  const UNSEEN = [640, 240]; // size of a drawing that is kept without being seen
  const UNITS = { orders: "units_each", flows: "units_each", stock: "stock_unit", selected: "units", service: "share_unit", costs: "money_each" };

  cw.part("charts", {
    mount(element, store) {
      const plot = cw.plot();
      const switched = {}; // by chart and group: whether it is hidden, where the reader said so
      const bands = cw.Bands();
      const state = { ghosts: true, total: null, defined: null, made: 0, single: null, hovered: null, chosen: null, table: false, epoch: 0, model: null, size: [0, 0], letters: undefined, stack: null, waiting: null };

      // --- elements --------------------------------------------------------------------------------------------

      const tabs = cw.chartTabs.map((name) =>
        cw.h("button", { type: "button", role: "tab", class: "tab", id: `cw-tab-${name}`, "aria-controls": "cw-chart", "data-chart": name, onclick: () => store.set({ chart: name }) }, cw.text(`charts.tab_${name}`)),
      );
      const list = cw.h("div", { class: "tabs", role: "tablist", "aria-label": cw.text("charts.tabs") }, tabs);
      list.addEventListener("keydown", (event) => {
        const now = tabs.indexOf(document.activeElement);
        const next = { ArrowRight: (now + 1) % tabs.length, ArrowLeft: (now + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
        if (next === undefined || now < 0) return;
        event.preventDefault();
        tabs[next].focus();
        store.set({ chart: cw.chartTabs[next] });
      });
      const single = cw.button({ text: cw.text("charts.single"), name: cw.text("charts.single_about"), class: "small bare single", "aria-pressed": "false", onclick: () => ((state.single = !isSingle()), define(), redraw()) });
      const whole = cw.button({ icon: "whole", name: cw.text("charts.whole"), class: "small bare whole", onclick: () => zoom(null) });
      const asTable = cw.button({ icon: "table", name: cw.text("charts.as_table"), class: "small bare as-table", "aria-pressed": "false", onclick: () => ((state.table = !state.table), redraw()) });
      const menu = cw.h("div", { class: "menu", id: "cw-chart-files", hidden: true }, SAVES.map((kind) => cw.h("button", { type: "button", "data-save": kind, onclick: () => save(kind) }, cw.text(`charts.save_${kind}`))));
      const files = cw.button({ icon: "download", name: cw.text("charts.download"), class: "small bare files", "aria-expanded": "false", "aria-controls": "cw-chart-files", onclick: () => unfold(menu.hidden) });
      const saving = cw.h("div", { class: "saving" }, files, menu);
      const unfold = (wide) => {
        menu.hidden = !wide;
        files.setAttribute("aria-expanded", String(wide));
        if (wide) menu.firstChild.focus();
      };
      saving.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !menu.hidden) {
          event.preventDefault();
          unfold(false);
          files.focus();
        }
      });
      saving.addEventListener("focusout", (event) => !saving.contains(event.relatedTarget) && unfold(false));
      const place = cw.h("div", { class: "place", tabindex: "0", role: "group", "data-arrows": "", "aria-describedby": "cw-chart-keys" }, plot.svg);
      const legend = cw.chartLegend({
        line(group) {
          switched[`${store.state.chart} ${group}`] = !hidden().has(group);
          redraw();
        },
        band(group) {
          const { bands: now, comparing } = state.model;
          bands.toggle(store.state.chart, group, now.shown, comparing);
          redraw();
        },
        ghosts() {
          state.ghosts = !state.ghosts;
          redraw();
        },
      });
      const note = cw.h("div", { class: "nothing", hidden: true });
      const table = cw.h("div", { class: "cw-scroll table", tabindex: "0", role: "region", hidden: true });
      const aloud = cw.h("p", { class: "cw-hidden", "aria-live": "polite" });
      const keys = cw.h("p", { class: "cw-hidden", id: "cw-chart-keys" }, cw.text("charts.keys"));
      const panel = cw.h("div", { class: "chart", role: "tabpanel", id: "cw-chart" }, place, table, note, legend.element);
      cw.fill(element, cw.h("div", { class: "head" }, list, cw.h("div", { class: "tools" }, single, whole, asTable, saving, cw.fillButton(store, "charts"))), panel, aloud, keys);

      // --- what is drawn ---------------------------------------------------------------------------------------

      const isSingle = () => (state.single === null ? cw.fewFirms(store.timeline()) : state.single);

      // The series of the chosen chart: those of the timeline, those of the one beside it, and who is who.
      function define() {
        const { a, b, chart } = store.state;
        if (!store.timelines[a]) return;
        const ours = cw.chartData(store, a, chart, isSingle());
        const theirs = b !== null && store.timelines[b] ? cw.chartData(store, b, chart, isSingle()) : [];
        const others = new Map(theirs.map((one) => [one.key, one]));
        const ghost = cw.ghostOf(store);
        const ghosts = new Map(ghost === null ? [] : cw.chartData(store, ghost, chart, isSingle()).map((one) => [one.key, one]));
        const all = ours.map((one) => ({ ...one, beside: others.get(one.key) || null, ghost: ghosts.get(one.key) || null, mine: true }));
        const total = { band: { network: "total_cost" } };
        state.total = { ...total, mine: true, beside: { ...total } };
        const taken = new Set(ours.map((one) => one.key));
        all.push(...theirs.filter((one) => !taken.has(one.key)).map((one) => ({ ...one, beside: one, mine: false, band: null, factor: null })));
        // A group has one look, whatever of it is drawn.
        const looks = new Map();
        let number = 0;
        for (const one of all) if (!looks.has(one.group)) looks.set(one.group, cw.lineStyle(one.ink ? 0 : number++, one.ink));
        state.defined = all.map((one) => ({ ...one, style: looks.get(one.group) }));
        state.made += 1;
      }

      const hidden = () => {
        const found = new Set();
        for (const one of state.defined) {
          const said = switched[`${store.state.chart} ${one.group}`];
          if (said === undefined ? one.hidden : said) found.add(one.group);
        }
        return found;
      };
      const seenOf = (id) => Math.min(store.timelines[id] ? store.timelines[id].played : 0, cw.seen(store, id));
      const anything = (values) => values && values.some((value) => value !== 0 && !Number.isNaN(value));

      // Areas one on the other, and the line of their sum; the same as long as what they are made of is.
      function stacked(series, upTo, otherTo, comparing) {
        const of = [upTo, otherTo, comparing, ...series.flatMap((one) => [one.values, one.other, one.ghost])];
        if (!state.stack || of.length !== state.stack.of.length || of.some((one, place) => one !== state.stack.of[place])) state.stack = { of, ...stack(series, upTo, otherTo) };
        const { pairs, values, others, ghosts } = state.stack;
        series.forEach((one, place) => Object.assign(one, pairs[place]));
        const total = cw.text("charts.total");
        return { key: "total", group: total, column: "total_cost", values, upTo, other: comparing ? others : null, otherTo, ghost: ghosts, source: state.total, style: cw.lineStyle(0, "thin"), ink: "thin" };
      }
      function stack(series, upTo, otherTo) {
        let below = new Float64Array(upTo);
        const others = new Float64Array(otherTo);
        const pairs = [];
        for (const one of series) {
          const upper = new Float64Array(upTo);
          for (let at = 0; at < upTo; at++) upper[at] = below[at] + (one.values && at < one.values.length ? one.values[at] : 0);
          pairs.push({ lower: below, upper });
          below = upper;
          if (one.other) for (let at = 0; at < otherTo; at++) others[at] += one.other[at];
        }
        const there = series.filter((one) => one.ghost);
        const ghosts = there.length ? Array.from({ length: Math.max(...there.map((one) => one.ghost.length)) }, (_, at) => there.reduce((sum, one) => sum + (one.ghost[at] || 0), 0)) : null;
        return { pairs, values: below, others, ghosts };
      }

      function make() {
        const { a, b, chart, period, zoom: span } = store.state;
        const timeline = store.timeline();
        const comparing = b !== null && Boolean(store.timelines[b]);
        const [seen, seenB] = [seenOf(a), comparing ? seenOf(b) : 0];
        const long = Math.max(timeline.horizon, comparing ? store.timelines[b].horizon : 0);
        const end = cw.reach(Math.max(seen, seenB, period), long);
        const off = hidden();
        const all = state.defined
          .map((one) => ({ ...one, values: one.mine ? one.read() : null, upTo: seen, other: comparing && one.beside ? one.beside.read() : null, otherTo: seenB, ghost: one.ghost ? one.ghost.read() : null, source: one }))
          .filter((one) => !one.unlessNothing || (one.source.something = one.source.something || anything(one.values) || anything(one.other)));
        const series = all.filter((one) => !off.has(one.group));
        const from = span ? span[0] : 0;
        const to = span ? span[1] : end;
        if (all.some((one) => one.area)) {
          const total = stacked(series.filter((one) => one.area), seen, seenB, comparing);
          all.push(total);
          if (switched[`${chart} ${total.group}`]) off.add(total.group);
          else series.push(total);
        }
        const range = [Infinity, -Infinity];
        const many = cw.manyRuns(store);
        for (const one of series) {
          const { source } = one;
          one.band = source ? cw.bandOf(source.mine ? source : null, many.mine) : null;
          one.bandB = source && comparing ? cw.bandOf(source.beside, many.theirs) : null;
          if (one.ghost && !(state.ghosts && !one.area)) one.ghost = null;
        }
        const behind = bands.choose(chart, series, comparing);
        for (const one of series) {
          const mine = [Infinity, -Infinity];
          if (one.ghost) cw.widen(mine, one.ghost, from, Math.min(to, seen));
          if (one.values) cw.widen(mine, one.values, from, Math.min(to, seen));
          if (one.other) cw.widen(mine, one.other, from, Math.min(to, seenB));
          for (const band of [one.band, one.bandB]) if (band) cw.widen(cw.widen(mine, band.low, from, to), band.high, from, to);
          const [low, high] = one.negative ? [-mine[1], -mine[0]] : mine;
          range[0] = Math.min(range[0], low);
          range[1] = Math.max(range[1], high);
        }
        const groups = new Map();
        for (const one of all) groups.set(one.group, [...(groups.get(one.group) || []), one]);
        const looked = state.hovered === null ? period : state.hovered;
        const several = timeline.products.length > 1;
        const who = chart === "selected" ? cw.selectedName(store.timeline(store.state[cw.sideOf(store.state.selected)]) || timeline, store.state.selected) : "";
        return {
          bands: behind, noBand: cw.bandWords(chart, many.mine, behind.there), ghost: cw.ghostOf(store) === null || !all.some((one) => one.source && one.source.ghost) ? null : state.ghosts,
          chart, series, groups, letters: state.letters, hidden: off, comparing, range, span: [from, to], whole: [0, end], seen: Math.max(seen, seenB), cursor: period, hovered: state.hovered, chosen: state.chosen, period: looked,
          when: cw.capital(cw.period(timeline, looked)), factors: all.some((one) => one.factor && Number.isFinite(one.factor(seen, timeline.warm_up))), paired: chart === "stock" || chart === "selected", share: series.length > 0 && series.every((one) => one.share),
          word: timeline.period_word, unit: cw.text(`charts.${UNITS[chart]}`, { units: cw.text(several ? "charts.units_of_all" : "charts.units"), word: timeline.period_word }), warmUp: timeline.warm_up, flags: cw.marksOfBoth(store), epoch: state.epoch,
          title: cw.text("charts.title", { chart: who || cw.text(`charts.tab_${chart}`), scenario: timeline.title }),
          about: cw.text("charts.about", { from: cw.period(timeline, Math.max(1, from)), to: cw.period(timeline, Math.min(to, Math.max(seen, seenB))), seed: timeline.seed }),
          name: `${timeline.name}_${chart}`, sides: comparing ? [cw.timelineName(store, "a"), cw.timelineName(store, "b")] : null,
        };
      }

      // --- drawing ---------------------------------------------------------------------------------------------

      function redraw() {
        if (state.waiting === null) state.waiting = requestAnimationFrame(() => ((state.waiting = null), draw()));
      }

      function draw() {
        const timeline = store.timeline();
        if (store.state.view !== "screen" || !timeline || !element.isConnected || !timeline.items) return;
        // Which kinds of cost there are is known with the first period.
        if (!state.defined || !state.defined.length) define();
        const { chart } = store.state;
        const model = (state.model = make());
        element.classList.toggle("comparing", model.comparing);
        tabs.forEach((tab, number) => {
          const chosen = cw.chartTabs[number] === chart;
          tab.setAttribute("aria-selected", String(chosen));
          tab.tabIndex = chosen ? 0 : -1;
        });
        panel.setAttribute("aria-labelledby", `cw-tab-${chart}`);
        single.hidden = !cw.singleDiffers(timeline, chart);
        single.setAttribute("aria-pressed", String(isSingle()));
        whole.hidden = store.state.zoom === null;
        asTable.setAttribute("aria-pressed", String(state.table));
        const empty = nothing(model);
        note.hidden = !empty;
        place.hidden = empty || state.table;
        table.hidden = empty || !state.table;
        legend.element.hidden = empty;
        if (empty) return;
        place.setAttribute("aria-label", model.title);
        legend.update(model);
        if (state.table) return fillTable(model);
        // Asking for a size makes the browser lay out the page at once: it tells itself where that changes.
        if (!state.size[0]) measure(place.clientWidth, place.clientHeight);
        const [width, height] = state.size;
        if (width > 80 && height > 50) plot.draw({ ...model, width, height });
      }

      // Why nothing is drawn, and what to do about it.
      function nothing(model) {
        if (model.groups.size) return false;
        const timeline = store.timeline();
        const key = `${model.chart} ${store.state.a}`;
        if (note.dataset.key === key) return true;
        note.dataset.key = key;
        if (model.chart !== "selected") {
          cw.fill(note, cw.h("p", {}, cw.text(`charts.nothing_${model.chart === "costs" ? "costs" : "yet"}`)));
          return true;
        }
        const rows = new Set(timeline.items.filter((item) => !item.unlimited).map((item) => item.enterprise));
        const pairs = [["", cw.text("charts.choose")], ...[...rows].map((row) => [row, timeline.enterprises[row].name])];
        const choice = cw.choice(pairs, "", { "aria-label": cw.text("charts.choose"), onchange: () => choice.value !== "" && store.set({ selected: { enterprise: Number(choice.value) } }) });
        cw.fill(note, cw.h("p", {}, cw.text("charts.nothing_selected")), choice);
        return true;
      }

      function fillTable(model) {
        const shape = [state.made, model.seen, model.epoch, model.span, [...model.hidden].join()].join("|");
        if (table.dataset.shape !== shape && !store.state.playing) {
          table.dataset.shape = shape;
          table.setAttribute("aria-label", model.title);
          cw.fill(table, cw.chartTable(model));
        }
        for (const row of table.querySelectorAll("tr.now")) row.classList.remove("now");
        const now = table.querySelector(`tr[data-period="${model.cursor}"]`);
        if (now) now.classList.add("now");
      }

      function save(kind) {
        unfold(false);
        files.focus();
        const model = make();
        // Behind a table the drawing is not kept up; without any room it has a size of its own.
        if (place.hidden) plot.draw({ ...model, width: Math.max(state.size[0], UNSEEN[0]), height: Math.max(state.size[1], UNSEEN[1]) });
        cw.chartSave(kind, model, plot.svg, element).catch(() => store.set({ message: { text: cw.text("charts.not_saved"), kind: "bad" } }));
      }

      // --- moving about ----------------------------------------------------------------------------------------

      const zoom = (span) => {
        store.set({ zoom: span });
        const timeline = store.timeline();
        if (timeline) aloud.textContent = span ? cw.text("charts.span", { from: cw.period(timeline, span[0]), to: cw.period(timeline, span[1]) }) : cw.text("charts.span_whole");
      };
      cw.chartMoves(place, plot, {
        span: () => (state.model ? state.model.span : [0, 1]),
        whole: () => (state.model ? state.model.whole : [0, 1]),
        zoomed: () => store.state.zoom !== null,
        last: () => (state.model ? state.model.seen : 0),
        period: () => store.state.period,
        hover(period, spoken) {
          if (period === state.hovered) return;
          state.hovered = period;
          if (spoken) aloud.textContent = cw.chartWords(make());
          redraw();
        },
        choose(span) {
          state.chosen = span;
          redraw();
        },
        zoom,
        pick: (period) => cw.playerOf(store).to(Math.min(period, state.model.seen)),
      });
      const measure = (width, height) => {
        state.size = [Math.round(width), Math.round(height)];
        state.letters = parseFloat(getComputedStyle(place).fontSize) || undefined;
        if (state.model) state.model.letters = state.letters;
      };
      const sized = new ResizeObserver(([{ contentRect }]) => {
        const [width, height] = state.size;
        if (!contentRect.width) return;
        measure(contentRect.width, contentRect.height);
        if (state.size[0] !== width || state.size[1] !== height) redraw();
      });
      sized.observe(place);

      return {
        update(keys) {
          if (!keys || keys.has("structure") || keys.has("a") || keys.has("b") || keys.has("baseline") || keys.has("chart") || (keys.has("selected") && store.state.chart === "selected")) state.defined = null;
          if (!keys || keys.has("acts") || keys.has("structure") || keys.has("a") || keys.has("b")) state.epoch += 1;
          if (!keys || keys.has("a")) delete note.dataset.key;
          draw();
        },
        close() {
          sized.disconnect();
          if (state.waiting !== null) cancelAnimationFrame(state.waiting);
        },
      };
    },
  });
})();
