// Disrupting: what happens to whom, how badly, how long, and how it ends; said in plain words before it is done.
(function () {
  "use strict";
  const cw = window.chainwright;
  cw.dialogs = cw.dialogs || {};

  // Kinds as scenario files have them: whom they strike, and what can be said of them.
  const KINDS = {
    closure: { of: ["enterprise", "link"], orders: true, recovery: true },
    reduction: { of: ["enterprise", "link"], severity: true, recovery: true },
    shipment_pause: { of: ["enterprise", "link"], severity: true, recovery: true },
    transit_pause: { of: ["enterprise", "link"] },
    order_pause: { of: ["enterprise", "link", "customer"] },
    receipt_pause: { of: ["enterprise", "link"] },
    demand: { of: ["customer", "everybody"], factor: true, recovery: true },
  };
  const RECOVERIES = ["sudden", "linear", "exponential"];
  const START = { severity: 0.5, factor: 2, duration: 4, recovery: "sudden", orders: "wait" };
  const LONGEST = 1000;
  const LONGEST_LABEL = 300;

  // What can be struck: "e3" the enterprise of row 3, "l5" the link of row 5, "all" all customers.
  function struck(timeline, key) {
    const row = Number(key.slice(1));
    if (key === "all") return { type: "everybody", target: { enterprise: "*" }, who: cw.text("disrupt.all_customers"), rows: [] };
    const name = (one) => timeline.enterprises[one].name;
    if (key[0] === "l") {
      const link = timeline.links[row];
      const [seller, buyer] = [name(link.from), name(link.to)];
      return { type: "link", target: { seller, buyer }, who: cw.text("disrupt.lane", { seller, buyer }), seller, buyer, rows: link.lanes.map((lane) => timeline.lanes[lane].seller) };
    }
    const own = timeline.items.map((_, item) => item).filter((item) => timeline.items[item].enterprise === row);
    return { type: timeline.enterprises[row].role === "customer" ? "customer" : "enterprise", target: { enterprise: name(row) }, who: name(row), rows: own, row };
  }
  const keyOf = (one) => (!one ? null : one.enterprise !== undefined && one.enterprise !== null ? `e${one.enterprise}` : one.link !== undefined && one.link !== null ? `l${one.link}` : null);

  // The first thing that one would close: who makes something, else whoever is not a customer.
  const somebody = (timeline) => {
    const roles = timeline.enterprises.map((one) => one.role);
    const row = roles.indexOf("manufacturer") >= 0 ? roles.indexOf("manufacturer") : roles.findIndex((role) => role !== "customer");
    return `e${Math.max(row, 0)}`;
  };

  // The disruption as a scenario file would have it.
  cw.disruption = (timeline, key, wish) => {
    const { target } = struck(timeline, key);
    const kind = KINDS[wish.kind];
    const made = { kind: wish.kind, target: wish.product ? { ...target, product: wish.product } : target, duration: wish.duration };
    if (kind.severity) made.severity = wish.severity;
    if (kind.factor) made.factor = wish.factor;
    if (kind.orders && wish.orders !== "wait") made.orders = wish.orders;
    if (kind.recovery && wish.recovery !== "sudden") {
      made.recovery = wish.recovery;
      made.recovery_time = wish.recovery_time ?? wish.duration;
    }
    return made;
  };

  // The same in plain words; briefly without what goes without saying, as a label.
  cw.sayDisruption = (timeline, key, wish, start, briefly) => {
    const one = struck(timeline, key);
    const kind = KINDS[wish.kind];
    const words = {
      who: wish.product ? cw.text("disrupt.product_of", { product: wish.product, who: one.who }) : one.who,
      duration: cw.periods(timeline, wish.duration),
      start: (briefly ? cw.bare : cw.period)(timeline, start),
      share: cw.number(100 * wish.severity),
      left: cw.number(100 * (1 - wish.severity)),
      factor: cw.number(wish.factor),
      seller: one.seller,
      buyer: one.buyer,
      time: cw.periods(timeline, wish.recovery_time ?? wish.duration),
    };
    const sentence = `disrupt.say_${wish.kind}${one.type === "link" ? "_link" : one.type === "everybody" ? "_all" : ""}`;
    const said = [cw.text(sentence, words)];
    if (kind.orders && !(briefly && wish.orders === "wait")) said.push(cw.text(`disrupt.say_orders_${wish.orders}`, words));
    if (kind.recovery && !(briefly && wish.recovery === "sudden")) said.push(cw.text(`disrupt.say_${wish.recovery}`, words));
    if (briefly && said.length === 1) said[0] = said[0].replace(/[;.]$/, "");
    else if (briefly && wish.orders === "wait") said[0] = said[0].replace(/;$/, ".");
    // A name stays as it is written.
    return cw.text(sentence).startsWith("{") ? said.join(" ") : cw.capital(said.join(" "));
  };

  cw.dialogs.disrupt = {
    title: (store, options) => {
      const side = cw.sideOf(options.enterprise !== undefined || options.link !== undefined ? options : store.state.selected);
      return store.state.b !== null && store.timelines[store.state.b] ? cw.text("disrupt.title_of", { side: side.toUpperCase(), timeline: cw.timelineName(store, side) }) : cw.text("disrupt.title");
    },
    mount(place, store, options, close) {
      // Of two timelines that are compared the one that the reader looked at.
      const side = cw.sideOf(options.enterprise !== undefined || options.link !== undefined ? options : store.state.selected);
      const id = store.state.b !== null && store.timelines[store.state[side]] ? store.state[side] : store.state.a;
      const timeline = store.timeline(id);
      const wish = (store.wish = store.wish || { ...START });
      let key = keyOf(options) || keyOf(store.state.selected) || somebody(timeline);
      const start = () => store.state.period + 1;

      const who = cw.h(
        "select",
        { class: "cw-field", "aria-label": cw.text("disrupt.whom"), "data-first": true },
        cw.h("option", { value: "all" }, cw.text("disrupt.all_customers")),
        cw.h("optgroup", { label: cw.text("disrupt.enterprises") }, timeline.enterprises.map((one, row) => cw.h("option", { value: `e${row}` }, one.name))),
        cw.h("optgroup", { label: cw.text("disrupt.lanes") }, timeline.links.map((one, row) => cw.h("option", { value: `l${row}` }, `${timeline.enterprises[one.from].name} → ${timeline.enterprises[one.to].name}`))),
      );
      who.value = key;
      // What can happen to whom is known to the model: it is asked, and until it has answered the usual is offered.
      const shown = () => (key === "all" ? {} : { [key[0] === "l" ? "link" : "enterprise"]: Number(key.slice(1)) });
      const told = {};
      function offers() {
        if (key in told) return told[key];
        const answer = store.answers.inspection;
        const mine = shown();
        if (key === "all" || !answer || answer.timeline !== id || ["enterprise", "link"].some((end) => (answer[end] === undefined ? null : answer[end]) !== (mine[end] === undefined ? null : mine[end]))) return null;
        const section = (answer.data.sections || []).find((one) => one.kind === "disruptions");
        const found = ((section && section.kinds) || []).map((one) => one.kind).filter((kind) => kind in KINDS);
        if (found.length) told[key] = found;
        return found.length ? found : null;
      }
      const ask = () => key !== "all" && !offers() && store.send({ kind: "inspect", timeline: id, period: store.state.period, ...shown() });
      who.addEventListener("change", () => {
        key = who.value;
        ask();
        draw();
      });
      const kinds = cw.h("fieldset", { class: "choices kinds" });
      const fields = cw.h("div", { class: "fields" });
      const said = cw.h("p", { class: "say", role: "status" });
      const looking = cw.h("p", { class: "say warn" });
      const keep = cw.keepLater(store, id);
      const go = cw.button({ icon: "disrupt", text: cw.text("disrupt.go"), class: "first", onclick: () => send() });
      const done = cw.h("div", { class: "group" });
      cw.fill(place, cw.h("div", { class: "group" }, cw.label(cw.text("disrupt.whom"), who), kinds, fields, said, looking, keep.element, cw.h("div", { class: "line end" }, go)), done);

      function number(name, attributes, note) {
        const field = cw.h("input", { type: "number", class: "cw-field", "data-of": name, value: String(wish[name] === undefined ? wish.duration : wish[name]), ...attributes });
        field.addEventListener("input", () => {
          if (Number.isFinite(field.valueAsNumber)) wish[name] = field.valueAsNumber;
          tell();
        });
        return cw.label(cw.text(`disrupt.${name}`), field, note ? cw.h("span", { class: "cw-note" }, note) : null);
      }
      function choose(name, values) {
        const field = cw.choice(values.map((value) => [value, cw.text(`disrupt.${name}_${value}`)]), wish[name], {
          onchange: () => {
            wish[name] = field.value;
            drawFields();
            fields.querySelector(`[data-of=${name}] select`).focus();
          },
        });
        const label = cw.label(cw.text(`disrupt.${name}`), field);
        label.dataset.of = name;
        return label;
      }
      function severity() {
        const shown = cw.h("output", {}, `${cw.number(100 * wish.severity)} %`);
        const slider = cw.h("input", { type: "range", min: 5, max: 100, step: 5, value: String(100 * wish.severity), "aria-label": cw.text("disrupt.severity") });
        slider.addEventListener("input", () => {
          wish.severity = Number(slider.value) / 100;
          shown.textContent = `${slider.value} %`;
          tell();
        });
        return cw.h("div", { class: "cw-label" }, cw.h("span", { class: "name" }, cw.text("disrupt.severity")), cw.h("div", { class: "line" }, slider, shown));
      }

      const possible = () => Object.keys(KINDS).filter((kind) => (offers() ? offers().includes(kind) : KINDS[kind].of.includes(struck(timeline, key).type)));
      const offered = () => `${key} ${possible().join()}`;
      let drawn = "";
      function draw() {
        const found = possible();
        if (!found.includes(wish.kind)) wish.kind = found[0];
        drawn = offered();
        const here = document.activeElement;
        const within = here && kinds.contains(here);
        cw.fill(
          kinds,
          cw.h("legend", { class: "cw-hidden" }, cw.text("disrupt.kind")),
          found.map((kind) =>
            cw.h(
              "label",
              {},
              cw.h("input", {
                type: "radio",
                name: "cw-disrupt-kind",
                value: kind,
                checked: kind === wish.kind,
                onchange: () => {
                  wish.kind = kind;
                  drawFields();
                },
              }),
              cw.h("span", {}, cw.text(`disrupt.kind_${kind}`)),
              cw.h("span", { class: "cw-note" }, cw.text(`disrupt.about_${kind}`)),
            ),
          ),
        );
        if (within) kinds.querySelector(":checked").focus();
        drawFields();
      }
      function drawFields() {
        const kind = KINDS[wish.kind];
        const own = [...new Set(struck(timeline, key).rows.map((item) => timeline.products[timeline.items[item].product]))];
        if (!own.includes(wish.product)) wish.product = "";
        const product = own.length > 1 ? cw.choice([["", cw.text("disrupt.every_product")], ...own.map((name) => [name, name])], wish.product, { onchange: () => ((wish.product = product.value), tell()) }) : null;
        cw.fill(
          fields,
          product ? cw.label(cw.text("disrupt.product"), product) : null,
          kind.severity ? severity() : null,
          kind.factor ? number("factor", { min: 0, step: 0.1 }) : null,
          number("duration", { min: 1, max: LONGEST, step: 1 }),
          kind.orders ? choose("orders", ["wait", "refuse"]) : null,
          kind.recovery ? choose("recovery", RECOVERIES) : null,
          kind.recovery && wish.recovery !== "sudden" ? number("recovery_time", { min: 1, max: LONGEST, step: 1 }) : null,
        );
        tell();
      }
      function tell() {
        // As long as nobody says otherwise, recovering takes as long as it lasted.
        const time = fields.querySelector("input[data-of=recovery_time]");
        if (time && wish.recovery_time === undefined) time.value = String(wish.duration);
        const wrong = [...fields.querySelectorAll("input")].find((field) => !field.checkValidity() || field.value === "");
        const sound = !wrong;
        for (const field of fields.querySelectorAll("input[type=number]")) field.setAttribute("aria-invalid", String(field === wrong));
        go.disabled = !sound || store.state.period >= timeline.horizon;
        said.textContent = store.state.period >= timeline.horizon ? cw.text("disrupt.over") : sound ? cw.sayDisruption(timeline, key, wish, start()) : unsound(wrong);
        const seen = cw.seen(store, id);
        looking.hidden = store.state.period >= seen;
        keep.update(store.state.period, store.state.period < seen);
        looking.textContent = cw.text("disrupt.looking_back", { at: cw.period(timeline, store.state.period), seen: cw.period(timeline, seen) });
      }
      // Which field it is, and what it may be.
      function unsound(field) {
        const end = (name) => (field.getAttribute(name) === null ? undefined : Number(field.getAttribute(name)));
        const whole = field.step === "1";
        return cw.bounds({ kind: whole ? "int" : "float", minimum: end("min"), maximum: end("max") }, cw.text("disrupt.unsound", { field: cw.text(`disrupt.${field.dataset.of}`) }));
      }
      function send() {
        store.send({ kind: "disrupt", timeline: id, period: store.state.period, seen: cw.seen(store, id), keep: keep.value(), disruption: cw.disruption(timeline, key, wish), label: cw.firstLetters(cw.sayDisruption(timeline, key, wish, start(), true), LONGEST_LABEL) });
        close();
      }
      function drawDone() {
        cw.fill(done, cw.actsList(store, id));
        done.hidden = !done.textContent;
      }
      ask();
      draw();
      drawDone();
      return {
        update(keys) {
          // What is being written must not be drawn anew for nothing.
          if (keys.has("inspection") && offers() && drawn !== offered()) draw();
          if (keys.has("period")) tell();
          if (keys.has("acts")) {
            drawDone();
            tell();
          }
        },
      };
    },
  };

  const inOrder = (acts) => [...acts].sort((one, other) => one.period - other.period || one.number - other.number);
  // The day stands beside it already.
  const withoutTime = (timeline, { label, period }) => [cw.period(timeline, period), cw.bare(timeline, period)].reduce((text, at) => text.replace(` ${cw.text("disrupt.from_on", { at })}`, ""), label);

  // What was done by hand so far, each to be taken back.
  // Of one enterprise or lane only those about it.
  cw.actsList = (store, id, about) => {
    const timeline = store.timeline(id);
    const acts = ((timeline && timeline.acts) || []).filter((one) => one.kind !== "given" && (!about || about(one.about || {})));
    if (!acts.length) return null;
    return [
      cw.h("h3", {}, cw.text("disrupt.done")),
      cw.h("ul", { class: "cw-acts" }, inOrder(acts).map((one) => cw.h("li", {}, cw.h("span", { class: "cw-note" }, cw.capital(cw.period(timeline, one.period))), cw.h("span", { class: "label" }, withoutTime(timeline, one)), cw.button({ icon: "undo", name: cw.text("disrupt.take_back", { label: one.label }), class: "bare small", onclick: () => store.send({ kind: "undo", timeline: id, number: one.number }) })))),
    ];
  };
})();
