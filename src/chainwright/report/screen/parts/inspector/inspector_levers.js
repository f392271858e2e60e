// Levers: another policy, another parameter, other terms, from the next period on.
(function () {
  "use strict";
  const cw = window.chainwright;

  // A slider reaches so many times the value where nobody says how far one may go.
  const REACH = 2;
  const LEAST_REACH = 10;
  const MOST_STEPS = 200;
  const LONGEST_LABEL = 300;

  const isNumber = (one) => one.kind === "float" || one.kind === "int" || one.kind === "number" || (one.kind === undefined && typeof one.value === "number");

  // What a number may be, in words: told beside the field where it is not, and wherever a field cannot be as it is.
  const bounds = (cw.bounds = (one, field) => {
    const [least, most] = [one.minimum, one.maximum].map((end) => (typeof end === "number" && Number.isFinite(end) ? cw.number(end, 6) : null));
    const kind = cw.text(one.kind === "int" ? "inspector.whole_number" : "inspector.any_number");
    if (least === null && most === null) return cw.text("inspector.must_be", { field, kind });
    return cw.text(most === null ? "inspector.must_be_least" : least === null ? "inspector.must_be_most" : "inspector.must_be_within", { field, kind, least, most });
  });
  const written = (value) => (value === null || value === undefined ? cw.text("inspector.unsaid") : cw.sayValue(value));

  // One lever: {element, read()}; read answers undefined where nothing was changed, and null where what stands there makes no sense.
  cw.lever = (one, changed, slides) => {
    const called = one.label || cw.plain(one.name);
    const started = one.value;
    const none = started === null || started === undefined;
    let read = () => undefined;
    let put = () => {};
    const was = cw.h("span", { class: "was" });
    const back = cw.button({ icon: "undo", name: cw.text("inspector.put_back", { name: called, value: written(started) }), class: "bare small back", hidden: true, onclick: () => putBack() });
    const wrong = cw.h("p", { class: "wrong", role: "alert", hidden: true });
    const name = cw.h("span", { class: "name", title: [one.meaning, one.unit && one.unit !== "-" ? `(${one.unit})` : ""].filter(Boolean).join(" ") }, called, was);
    const key = `lever ${one.path || one.name}`;
    let field;
    const tell = () => {
      const now = read();
      was.textContent = now === undefined || now === null ? "" : ` ${cw.text("inspector.was", { value: written(started) })}`;
      back.hidden = now === undefined;
      wrong.hidden = now !== null;
      wrong.textContent = now === null ? bounds(one, called) : "";
      if (now === null) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      changed();
    };
    function putBack() {
      put();
      tell();
      field.focus();
    }
    if (one.kind === "bool" || typeof one.value === "boolean") {
      field = cw.h("input", { type: "checkbox", checked: Boolean(started), "data-key": key, onchange: tell });
      read = () => (field.checked === Boolean(started) ? undefined : field.checked);
      put = () => (field.checked = Boolean(started));
      return { element: cw.h("div", { class: "lever box" }, cw.h("label", {}, field, name), back), read, one };
    }
    if (one.choices && one.choices.length) {
      const pairs = one.choices.map((choice) => [choice, cw.plain(choice)]);
      field = cw.choice(none ? [["", cw.text("inspector.unsaid")], ...pairs] : pairs, none ? "" : started, { class: "small", "data-key": key, onchange: tell });
      read = () => (field.value === "" || field.value === String(started) ? undefined : field.value);
      put = () => (field.value = none ? "" : String(started));
      return { element: cw.h("div", { class: "lever choose" }, cw.h("label", {}, name, field), back), read, one };
    }
    if (!isNumber(one)) return { element: cw.h("div", { class: "lever" }, name, cw.h("span", { class: "cw-note fixed" }, written(started))), read, one };

    const known = typeof started === "number";
    const text = known ? String(Number(started.toPrecision(10))) : "";
    const low = typeof one.minimum === "number" ? one.minimum : known ? Math.min(0, REACH * started) : 0;
    const high = typeof one.maximum === "number" && one.maximum <= 1000 ? one.maximum : Math.max(REACH * Math.abs(known ? started : 0), LEAST_REACH);
    field = cw.h("input", { type: "number", class: "cw-field small", value: text, step: one.kind === "int" ? 1 : "any", min: one.minimum, max: one.maximum, placeholder: cw.text("inspector.unsaid"), "data-key": key });
    // What is emptied is a mistake where there was a number; where there was none it is as it was.
    read = () => {
      if (field.value === text && !field.validity.badInput) return undefined;
      return field.value !== "" && field.checkValidity() && Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : null;
    };
    field.addEventListener("input", tell);
    let slider = null;
    if (slides && known) {
      const step = one.kind === "int" ? 1 : Number(((high - low) / MOST_STEPS).toPrecision(1));
      slider = cw.h("input", { type: "range", min: low, max: high, step, value: String(started), "aria-label": called, "data-key": `${key} slider` });
      slider.addEventListener("input", () => {
        field.value = String(Number(Number(slider.value).toPrecision(6)));
        tell();
      });
      field.addEventListener("input", () => (slider.value = field.value));
    }
    put = () => {
      field.value = text;
      if (slider) slider.value = String(started);
    };
    return { element: cw.h("div", { class: `lever${slider ? " slides" : ""}` }, cw.h("label", {}, name, field), back, slider, wrong), read, one };
  };

  // What is changed is told in a few words, which stand on the timeline afterwards.
  const words = (who, parts) => `${who}: ${parts.join(", ")}`;
  const nameOf = (answer) => answer.data.enterprise || `${answer.data.seller} → ${answer.data.buyer}`;

  // A button that does what the levers say, from the next period on.
  function applier(store, answer, gather) {
    const timeline = store.timelines[answer.timeline];
    const next = cw.period(timeline, answer.period + 1);
    const button = cw.button({ text: cw.text("inspector.apply", { period: next }), class: "first small", disabled: true, onclick: () => send() });
    const note = cw.h("span", { class: "cw-note", role: "status" });
    const keep = cw.keepLater(store, answer.timeline);
    function tell() {
      const { settings, wrong } = gather();
      button.disabled = wrong.length > 0 || !Object.keys(settings).length || answer.period >= timeline.horizon;
      const back = answer.period < cw.seen(store, answer.timeline) && Object.keys(settings).length;
      keep.update(answer.period, Boolean(back));
      note.classList.remove("bad");
      note.textContent = wrong.length ? cw.text("inspector.check", { names: wrong.join(", ") }) : answer.period >= timeline.horizon ? cw.text("disrupt.over") : back ? cw.text("inspector.branches") : "";
    }
    function send() {
      const { settings, said } = gather();
      const { enterprise, seller, buyer } = answer.data;
      const about = enterprise ? { enterprise } : { seller, buyer };
      store.send({ kind: "act", timeline: answer.timeline, period: answer.period, seen: cw.seen(store, answer.timeline), keep: keep.value(), settings, label: cw.firstLetters(words(nameOf(answer), said), LONGEST_LABEL), about });
      // Whoever has only a keyboard goes on where something was changed: a button that is disabled would lose him to the top of the page.
      const around = button.matches(":focus-visible") && button.closest(".policy, .inside");
      const field = around && (around.querySelector(".lever:has(.back:not([hidden])) [data-key]") || around.querySelector("[data-key]"));
      if (field) field.focus({ preventScroll: true });
      button.disabled = true;
      // What is refused is told where it was asked for, and may be mended and asked for again.
      const hear = (keys) => {
        if (keys.has("refused")) {
          note.classList.add("bad");
          note.textContent = store.answers.refused.message;
          button.disabled = false;
        }
        if (keys.has("refused") || keys.has("acts") || !note.isConnected) store.forget(hear);
      };
      store.listen(hear);
    }
    return { element: cw.h("div", { class: "apply" }, keep.element, note, button), tell };
  }

  function readAll(levers, base) {
    const settings = {};
    const said = [];
    const wrong = []; // the names of those that make no sense
    for (const { one, read } of levers) {
      const value = read();
      if (value === null) wrong.push(one.label || cw.plain(one.name));
      if (value === null || value === undefined) continue;
      settings[one.path || `${base}.${one.name}`] = value;
      const where = one.seller ? ` (${one.seller} → ${one.buyer})` : "";
      said.push(`${one.label || cw.plain(one.name)} ${one.value === null || one.value === undefined ? "" : `${cw.sayValue(one.value)} → `}${cw.sayValue(value)}${where}`);
    }
    return { settings, said, wrong };
  }

  // --- policies ------------------------------------------------------------------------------------------------

  function policies(section, store, answer) {
    const several = new Set(section.policies.map((one) => one.product)).size > 1;
    return section.policies.map((one) => policy(one, section.known || {}, several, store, answer));
  }

  function policy(one, known, several, store, answer) {
    const head = cw.h("h4", {}, several && one.product ? `${one.label} · ${one.product}` : one.label);
    const choices = one.choices || [];
    const quiet = store.replay || (one.decided_by !== "policy" && !choices.length);
    if (quiet) {
      return cw.h("div", { class: "policy" }, head, cw.h("p", {}, one.policy ? cw.plain(one.policy) : cw.text("inspector.nobody")), one.parameters.length ? cw.h("dl", { class: "grid" }, one.parameters.filter((parameter) => parameter.value !== null).map((parameter) => cw.h("div", { title: parameter.meaning }, cw.h("dt", {}, parameter.label), cw.h("dd", {}, cw.sayValue(parameter.value))))) : null);
    }
    const about = cw.h("p", { class: "cw-note" });
    const fields = cw.h("div", { class: "levers" });
    let levers = [];
    let chosen = one.policy;
    const select = cw.h(
      "select",
      { class: "cw-field small", "aria-label": cw.text("inspector.policy_of", { decision: one.label }), "data-key": `policy ${one.path}` },
      cw.h("option", { value: one.policy, selected: true }, one.policy ? cw.plain(one.policy) : cw.text("inspector.nobody")),
      choices.map((choice) => cw.h("option", { value: choice.policy, disabled: choice.available === false, title: choice.why || null }, choice.available === false && choice.why ? `${cw.plain(choice.policy)} (${choice.why})` : cw.plain(choice.policy))),
    );
    const gather = () => {
      const found = readAll(levers, one.base);
      if (chosen === one.policy) return found;
      // Another policy begins with its own parameters, so that those that it needs are said with it.
      const start = (choices.find((choice) => choice.policy === chosen) || {}).values || {};
      const needed = Object.entries(start).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [`${one.base}.${name}`, value]);
      return { settings: { [one.path]: chosen, ...Object.fromEntries(needed), ...found.settings }, said: [`${one.label}: ${cw.plain(chosen)}`, ...found.said], wrong: found.wrong };
    };
    const apply = applier(store, answer, gather);
    function draw() {
      const now = chosen === one.policy;
      const card = now ? one : (known[one.decision] || {})[chosen] || {};
      const start = now ? null : (choices.find((choice) => choice.policy === chosen) || {}).values || {};
      const parameters = now ? one.parameters : (card.parameters || []).map((parameter) => ({ ...parameter, value: parameter.name in start ? start[parameter.name] : parameter.default, path: `${one.base}.${parameter.name}` }));
      about.textContent = card.meaning || "";
      levers = parameters.map((parameter) => cw.lever(parameter, () => apply.tell(), true));
      const said = levers.filter((lever) => lever.one.value !== null && lever.one.value !== undefined);
      const unsaid = levers.filter((lever) => !said.includes(lever));
      cw.fill(fields, said.map((lever) => lever.element), unsaid.length ? cw.h("details", { class: "within" }, cw.h("summary", {}, cw.text("inspector.unsaid_ones", { count: unsaid.length })), unsaid.map((lever) => lever.element)) : null);
      apply.tell();
    }
    select.addEventListener("change", () => {
      chosen = select.value;
      if (chosen === one.policy) delete select.dataset.begun;
      else select.dataset.begun = "yes";
      draw();
    });
    draw();
    return cw.h("div", { class: "policy" }, cw.h("div", { class: "heading" }, head, select), about, fields, apply.element);
  }

  // --- terms ---------------------------------------------------------------------------------------------------

  function levers(section, store, answer) {
    if (store.replay || !(section.levers || []).length) return null;
    const all = [];
    const apply = applier(store, answer, () => readAll(all));
    const groups = new Map();
    for (const one of section.levers) {
      const lever = cw.lever(one, () => apply.tell(), false);
      all.push(lever);
      const group = one.seller ? `${one.seller} → ${one.buyer}${one.mode ? ` · ${one.mode}` : ""}${one.product ? ` · ${one.product}` : ""}` : one.product || "";
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(lever.element);
    }
    return [...[...groups].map(([group, elements]) => cw.h("div", { class: "terms" }, group ? cw.h("h4", {}, group) : null, cw.h("div", { class: "levers" }, elements))), apply.element];
  }

  // --- what was begun and not applied yet ------------------------------------------------------------------------

  // Told anew, of another period, the levers stand as their reader left them: [key, value] of each that was moved, policies first.
  cw.begunLevers = (place) => {
    const moved = [...place.querySelectorAll(".policy select[data-begun], .lever:has(> .back:not([hidden])) [data-key]:not([type=range])")];
    return moved.map((field) => [field.dataset.key, field.type === "checkbox" ? field.checked : field.value]);
  };
  cw.goOnWith = (place, begun) => {
    for (const [key, value] of begun) {
      const field = [...place.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && one.type !== "range");
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event(field.type === "number" ? "input" : "change", { bubbles: true }));
    }
  };

  cw.leverSections = { policies, levers };
})();
