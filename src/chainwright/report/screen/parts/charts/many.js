// A small sweep from the page: one or two of the scenario's parameters, some values each, some runs, and what comes out.
(function () {
  "use strict";
  const cw = window.chainwright;
  cw.dialogs = cw.dialogs || {};

  const STEPS = [2, 3, 4, 5, 6, 8, 10];
  const RUNS = [1, 5, 10, 30, 100];

  // Values evenly from one to another; of whole parameters whole ones, each once.
  cw.spread = (low, high, steps, whole) => {
    const made = Array.from({ length: steps }, (_, number) => low + ((high - low) * number) / Math.max(steps - 1, 1));
    const tidy = made.map((value) => (whole ? Math.round(value) : Number(value.toPrecision(6))));
    return tidy.filter((value, number) => tidy.indexOf(value) === number);
  };

  cw.dialogs.many = {
    wide: true,
    jobs: ["many"],
    title: () => cw.text("many.title"),
    mount(place, store) {
      const timeline = store.timeline();
      const parameters = timeline.parameters || [];
      if (!parameters.length) {
        cw.fill(place, cw.h("p", {}, cw.text("many.nothing")));
        return null;
      }
      // What was asked for stays while the dialog is closed.
      const kept = (store.asked = store.asked || {});
      const wish = (kept[timeline.name] = kept[timeline.name] || { factors: [factorOf(parameters[0]), null], runs: 10 });
      const setting = cw.h("div", { class: "group" });
      const result = cw.h("div", { class: "group result" });
      cw.fill(place, setting, result);

      function factorOf(parameter) {
        const low = parameter.low === null || parameter.low === undefined ? Math.min(parameter.value / 2, parameter.value - 1) : parameter.low;
        const high = parameter.high === null || parameter.high === undefined ? Math.max(2 * parameter.value, parameter.value + 1) : parameter.high;
        return { parameter, low, high, from: low, to: high, steps: 5 };
      }
      const valuesOf = (factor) => cw.spread(factor.from, factor.to, factor.steps, factor.parameter.whole);

      function drawFactor(number) {
        const factor = wish.factors[number];
        const pairs = parameters.map((one) => [one.path, one.label]);
        const which = cw.choice(number ? [["", cw.text("many.no_second")], ...pairs] : pairs, factor ? factor.parameter.path : "", {
          "data-first": number === 0,
          onchange: () => {
            const parameter = parameters.find((one) => one.path === which.value);
            wish.factors[number] = parameter ? factorOf(parameter) : null;
            draw(`#cw-factor-${number}`);
          },
          id: `cw-factor-${number}`,
        });
        if (!factor) return cw.h("div", { class: "factor" }, cw.label(cw.text("many.second"), which));
        const said = cw.h("p", { class: "cw-note values", role: "status" });
        const wrong = new Set(); // ends that are no numbers
        const tell = () => {
          const [first] = wrong;
          const key = factor.parameter.whole ? "many.wrong_whole" : "many.wrong";
          said.classList.toggle("bad", wrong.size > 0);
          said.textContent = first ? cw.text(key, { field: cw.text(`many.${first}`), parameter: factor.parameter.label }) : cw.text("many.values", { values: valuesOf(factor).map(cw.exact).join(", ") });
          unsound[number] = wrong.size > 0;
          total();
        };
        const end = (key) => {
          const field = cw.h("input", { type: "number", class: "cw-field", step: factor.parameter.whole ? 1 : "any", value: String(factor[key]) });
          const slider = cw.h("input", { type: "range", min: factor.low, max: factor.high, step: factor.parameter.whole ? 1 : (factor.high - factor.low) / 100, value: String(factor[key]), "aria-label": `${cw.text(`many.${key}`)}: ${factor.parameter.label}` });
          const take = (value, other) => {
            const sound = Number.isFinite(value) && (!factor.parameter.whole || value === Math.round(value));
            field.setAttribute("aria-invalid", String(!sound));
            if (sound) {
              wrong.delete(key);
              factor[key] = value;
              other.value = String(value);
            } else wrong.add(key);
            tell();
          };
          field.addEventListener("input", () => take(field.valueAsNumber, slider));
          slider.addEventListener("input", () => take(Number(Number(slider.value).toPrecision(6)), field));
          return cw.h("div", { class: "end" }, cw.label(cw.text(`many.${key}`), field), slider);
        };
        const steps = cw.choice(STEPS.map((one) => [one, String(one)]), factor.steps, {
          onchange: () => {
            factor.steps = Number(steps.value);
            tell();
          },
        });
        const made = cw.h("div", { class: "factor" }, cw.label(cw.text(number ? "many.second" : "many.first"), which), cw.h("div", { class: "ends" }, end("from"), end("to"), cw.label(cw.text("many.steps"), steps)), said);
        said.textContent = cw.text("many.values", { values: valuesOf(factor).map(cw.exact).join(", ") });
        return made;
      }

      const sum = cw.h("p", { class: "cw-note" });
      const unsound = [false, false]; // whether each parameter has an end that is no number
      let go = null;
      const chosen = () => wish.factors.filter((one, number) => one && !(number && wish.factors[0] && one.parameter.path === wish.factors[0].parameter.path));
      function total() {
        const points = chosen().reduce((product, factor) => product * valuesOf(factor).length, 1);
        if (go) go.disabled = unsound.some(Boolean);
        sum.textContent = cw.text("many.total", { points, runs: wish.runs, total: cw.number(points * wish.runs) });
      }
      function draw(focus) {
        const runs = cw.choice(RUNS.map((one) => [one, String(one)]), wish.runs, {
          onchange: () => {
            wish.runs = Number(runs.value);
            total();
          },
        });
        unsound.fill(false);
        go = cw.button({
          icon: "many",
          text: cw.text("many.go"),
          class: "first",
          onclick: () => {
            kept.factors = chosen().map((factor) => ({ path: factor.parameter.path, label: factor.parameter.label, values: valuesOf(factor) }));
            store.send({ kind: "many", timeline: store.state.a, factors: kept.factors.map(({ path, values }) => ({ path, values })), runs: wish.runs });
          },
        });
        cw.fill(setting, cw.h("p", { class: "cw-note" }, cw.text("many.lead")), cw.h("div", { class: "factors" }, drawFactor(0), drawFactor(1)), cw.h("div", { class: "line" }, cw.label(cw.text("many.runs"), runs), sum, go));
        total();
        if (focus) setting.querySelector(focus).focus();
      }
      draw();

      let measure = null;
      let less = false; // whether the differences to the reference are drawn
      function drawResult(keepFocus) {
        const latest = store.answers.many;
        if (latest && latest.rows && latest.rows.length) kept.result = { answer: latest, factors: kept.factors || [], name: timeline.name };
        const working = cw.working(latest);
        cw.fill(result, working ? cw.h("div", { class: "line" }, cw.progress(store, "many", cw.text("panel.job_many"))) : latest && latest.cancelled ? cw.h("p", { class: "cw-note" }, cw.text("many.cancelled")) : null);
        // What came out before stands until something else has come out.
        if (!kept.result || kept.result.name !== timeline.name || working) return;
        const { answer, factors } = kept.result;
        const made = cw.sweepResult(answer, factors, measure, less);
        const pick = cw.choice(made.measures.map((one) => [one.name, one.label]), made.measure, {
          class: "small",
          "aria-label": cw.text("many.measure"),
          onchange: () => {
            measure = pick.value;
            drawResult(true);
          },
        });
        const view = made.compared
          ? cw.choice([["", cw.text("many.as_means")], ["less", cw.text("many.as_less")]], less ? "less" : "", {
              class: "small",
              "aria-label": cw.text("many.view"),
              onchange: () => {
                less = view.value === "less";
                drawResult(true);
              },
            })
          : null;
        result.appendChild(cw.h("div", { class: "line" }, cw.h("h3", {}, cw.text("many.result")), pick, view, cw.h("span", { class: "cw-note" }, cw.text((answer.runs || wish.runs) === 1 ? "many.of_one_run" : "many.of_runs", { points: answer.rows.length, runs: answer.runs || wish.runs }), answer.failed ? ` ${cw.text("many.failed", { count: answer.failed })}` : "")));
        result.appendChild(cw.h("div", { class: "both" }, made.picture, made.table));
        if (answer.code) result.appendChild(cw.h("details", {}, cw.h("summary", {}, cw.text("share.code")), cw.h("div", { class: "line end" }, cw.copier(() => answer.code)), cw.h("pre", { class: "cw-code", tabindex: "0", role: "region", "aria-label": cw.text("share.code") }, answer.code)));
        if (keepFocus) pick.focus();
      }
      drawResult();
      return { update: (keys) => keys.has("many") && cw.redrawn(result, drawResult) };
    },
  };
})();
