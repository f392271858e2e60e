// Comparing: what stands beside the timeline that is watched, on the same random draws; and bands of many runs behind the charts.
(function () {
  "use strict";
  const cw = window.chainwright;
  cw.dialogs = cw.dialogs || {};

  const RUNS = [10, 30, 100];

  // What could stand beside: the timeline without what was done by hand, branches, variants; each with the message that asks for it.
  function partners(store) {
    const timeline = store.timeline();
    const { a, b, baseline, timelines } = store.state;
    const found = [];
    const add = (name, about, message, chosen) => found.push({ name, about, message: { kind: "compare", ...message }, chosen: Boolean(chosen) });
    const known = (timelines || []).filter((one) => one.id !== a && one.id !== baseline);
    if (baseline && baseline !== a) add(cw.text("compare.baseline"), cw.text("compare.baseline_about"), { timeline: baseline }, b === baseline);
    const there = known.map((one) => store.timelines[one.id]);
    known.forEach((one, number) => add(cw.nameOf(store, one.id) || one.label || one.scenario, one.scenario && one.scenario !== timeline.title ? cw.text("compare.open_about", { title: one.scenario }) : cw.text(b === one.id ? "compare.beside_now" : "compare.open_now"), { timeline: one.id }, b === one.id));
    const own = timeline.variant || null;
    // What is open as it is written need not be opened once more.
    const open = (variant) => there.some((one) => one && one.name === timeline.name && (one.variant || null) === variant && !cw.changes(one) && (one.parent === undefined || one.parent === null));
    if (own && !open(null)) add(cw.text("compare.as_written"), cw.text("compare.variant_about"), { scenario: timeline.name, variant: null });
    for (const name of timeline.variants || []) if (name !== own && !open(name)) add(cw.plain(name), cw.text("compare.variant_about"), { scenario: timeline.name, variant: name });
    return found;
  }

  cw.dialogs.compare = {
    jobs: ["bands"],
    title: () => cw.text("compare.title"),
    mount(place, store, options, close) {
      const found = partners(store);
      const others = ((store.gallery && store.gallery.scenarios) || []).filter((card) => card.name !== store.timeline().name);
      const name = "cw-compare-with";
      let chosen = found.find((one) => one.chosen) || found[0] || null;

      const rows = found.map((one) =>
        cw.h("label", {}, cw.h("input", { type: "radio", name, checked: one === chosen, "data-first": one === chosen, onchange: () => ((chosen = one), ready()) }), cw.h("span", {}, one.name), cw.h("span", { class: "cw-note" }, one.about)),
      );
      const variants = cw.h("select", { class: "cw-field", "aria-label": cw.text("compare.variant") });
      const scenario = cw.choice(others.map((card) => [card.name, card.title]), others.length ? others[0].name : "", { "aria-label": cw.text("compare.scenario"), onchange: () => other(true) });
      const otherRadio = cw.h("input", { type: "radio", name, checked: !chosen, "data-first": !found.length, onchange: () => other() });
      function other(anew) {
        const card = others.find((one) => one.name === scenario.value);
        if (anew || !variants.options.length) cw.fill(variants, cw.h("option", { value: "" }, cw.text("compare.as_written")), ((card && card.variants) || []).map((one) => cw.h("option", { value: one }, cw.plain(one))));
        otherRadio.checked = true;
        chosen = { message: { kind: "compare", scenario: scenario.value, get variant() { return variants.value || null; } } };
        ready();
      }
      variants.addEventListener("change", () => other());
      const go = cw.button({
        icon: "compare",
        text: cw.text("compare.go"),
        class: "first",
        onclick: () => {
          store.send({ ...chosen.message });
          close();
        },
      });
      const ready = () => (go.disabled = !chosen);
      const end = cw.button({
        text: cw.text("compare.end"),
        onclick: () => {
          store.send({ kind: "compare" });
          close();
        },
      });

      const swap = cw.button({
        text: cw.text("compare.swap"),
        onclick: () => {
          store.send({ kind: "swap" });
          close();
        },
      });

      const bands = cw.h("div", { class: "group" });
      cw.fill(
        place,
        cw.h(
          "div",
          { class: "group" },
          cw.h("p", { class: "cw-note" }, cw.text("compare.lead")),
          cw.h(
            "fieldset",
            { class: "choices" },
            cw.h("legend", { class: "cw-hidden" }, cw.text("compare.with")),
            rows,
            others.length ? cw.h("label", {}, otherRadio, cw.h("span", {}, cw.text("compare.other"))) : null,
          ),
          others.length ? cw.h("div", { class: "fields" }, cw.label(cw.text("compare.scenario"), scenario), cw.label(cw.text("compare.variant"), variants)) : null,
          cw.h("div", { class: "line end" }, store.state.b !== null ? [end, swap] : null, go),
        ),
        bands,
      );
      if (others.length) {
        const before = chosen;
        other(true);
        chosen = before || chosen;
        if (before) place.querySelectorAll(`input[name=${name}]`)[found.indexOf(before)].checked = true;
      }
      ready();

      const runs = cw.choice(RUNS.map((one) => [one, cw.text("compare.runs_of", { count: one })]), 30, { "aria-label": cw.text("compare.runs") });
      function drawBands() {
        const answer = store.answers.bands;
        const mine = answer && answer.timeline === store.state.a;
        const start = cw.button({ icon: "many", text: cw.text("compare.draw_bands"), onclick: () => store.send({ kind: "bands", timeline: store.state.a, runs: Number(runs.value) }) });
        cw.fill(
          bands,
          cw.h("h3", {}, cw.text("compare.bands")),
          cw.h("p", { class: "cw-note" }, cw.text("compare.bands_lead")),
          cw.working(answer) ? cw.h("div", { class: "line" }, cw.progress(store, "bands", cw.text("panel.job_bands"))) : cw.h("div", { class: "line" }, runs, start, mine && answer.done >= answer.of ? cw.h("span", { class: "cw-note" }, cw.text("compare.bands_done", { runs: answer.runs || answer.of })) : null),
        );
      }
      drawBands();
      return { update: (keys) => keys.has("bands") && cw.redrawn(bands, drawBands) };
    },
  };
})();
