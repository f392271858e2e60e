// The network: who trades with whom, how long everybody's stock lasts, what is on its way, what is closed.
(function () {
  "use strict";
  const cw = window.chainwright;
  let kinds = 0;

  cw.part("network", {
    mount(element, store, options) {
      const side = options.side || "a";
      const number = (kinds += 1);
      const id = () => store.state[side];
      const timeline = () => store.timelines[id()] || null;

      // --- what stands around the drawing ------------------------------------------------------------------------

      const layouts = cw.choice([["echelon", cw.text("network.by_echelon")], ["flows", cw.text("network.as_flows")]], "echelon", { class: "small", "aria-label": cw.text("network.layout"), onchange: (event) => store.set({ layout: event.target.value }) });
      const legend = cw.networkLegend(store);
      const search = cw.searchField(store, timeline, (row) => choose(row));
      const whole = cw.button({ icon: "gallery", text: cw.text("network.all_groups"), class: "small", onclick: () => (opening.row === null ? focusOn(null) : opening.close()), hidden: true });
      const opening = cw.Opening(timeline, () => chosenHere().enterprise, (row) => drawAnew(row));
      const label = cw.h("span", { class: "side" });
      const tools = cw.h("div", { class: "tools" }, layouts, search.element, whole, opening.button, legend.element);
      const zoom = cw.h("div", { class: "zoom" },
        cw.h("button", { type: "button", class: "cw-button small icon", "aria-label": cw.text("network.closer"), title: cw.text("network.closer"), onclick: () => view.zoom(1.4) }, "+"),
        cw.h("button", { type: "button", class: "cw-button small icon", "aria-label": cw.text("network.farther"), title: cw.text("network.farther"), onclick: () => view.zoom(1 / 1.4) }, "−"),
        cw.button({ icon: "whole", name: cw.text("network.fit"), class: "small", onclick: () => view.fit() }),
        side === "a" ? cw.fillButton(store, "network") : null);
      const card = cw.h("div", { class: "card", hidden: true, "aria-hidden": "true" });
      const drawer = cw.h("div", { class: "drawer", hidden: true });
      const more = cw.h("p", { class: "more", hidden: true });

      // --- the drawing ----------------------------------------------------------------------------------------------

      const hatch = `cw-hatch-${number}`;
      const arrow = cw.s("marker", { id: "cw-arrow", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, cw.s("path", { d: "M0 0L8 4L0 8Z", class: "arrow" }));
      const pattern = cw.s("pattern", { id: hatch, patternUnits: "userSpaceOnUse", width: 5, height: 5, patternTransform: "rotate(45)" }, cw.s("rect", { width: 2, height: 5, class: "stripe" }));
      const lanes = cw.s("g", {});
      const below = cw.s("svg", { class: "below", "aria-hidden": "true", focusable: "false" }, cw.s("defs", {}, arrow), lanes);
      const canvas = cw.h("canvas", { class: "dots", "aria-hidden": "true" });
      const headings = cw.s("g", { class: "headings", "aria-hidden": "true" });
      const nodes = cw.s("g", {});
      const above = cw.s("svg", { class: "above", role: "group", "aria-label": cw.text("network.drawing"), focusable: "false" }, cw.s("defs", {}, pattern), headings, nodes);
      const empty = cw.h("p", { class: "empty" }, cw.text("network.empty"));
      const field = cw.h("div", { class: "field", "data-arrows": "" }, below, canvas, above, card, zoom, more, empty);
      field.style.setProperty("--hatch", `url(#${hatch})`);
      const key = cw.Key();
      cw.fill(element, tools, field, label, key.element, drawer);

      let scene = null;
      let drawn = { lanes: null, marks: [], flows: null };
      let centre = null;
      let at = 0; // the mark that the keyboard is on
      let made = ""; // what the scene was made of
      const view = cw.View(field, [lanes, headings, nodes], () => later());

      // Names and dots follow once for many movements.
      let waiting = false;
      function later() {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          if (!scene) return;
          const size = { width: field.clientWidth, height: field.clientHeight };
          const important = (mark) => isSelected(mark.node) || mark.node === hovered;
          if (!drawn.flows) tellNameless(cw.placeNames(drawn.marks, view, letters, important, scene.nodes.length > cw.CROWD ? [] : drawn.lanes.ways(), size));
          dots.paint();
        });
      }

      // How wide a name is; letters grow with the page.
      let letters = 12;
      const pen = document.createElement("canvas").getContext("2d");
      const measure = (text) => pen.measureText(text).width;
      function setLetters() {
        const look = getComputedStyle(legend.element);
        letters = parseFloat(look.fontSize) || 12;
        pen.font = `${letters}px ${look.fontFamily}`;
        field.style.setProperty("--letters", `${letters}px`);
      }
      // What a link carried in the period on show, for the choice of partners.
      function carried(link) {
        const shipped = store.at(id(), "lanes", "shipped", store.state.period);
        return shipped ? timeline().links[link].lanes.reduce((sum, lane) => sum + shipped[lane], 0) : 0;
      }

      // What is chosen, as this side has it.
      const chosenHere = () => cw.twinOf(store, store.state.selected, side) || {};
      const isSelected = (node) => node.enterprise !== undefined && chosenHere().enterprise === node.enterprise;
      let hovered = null;

      // The key takes room from the drawing, which is then made anew for what is left.
      let madeFor = { width: 0, height: 0 };
      function tellNameless(nameless) {
        key.show(nameless);
        if (Math.abs(field.clientHeight - madeFor.height) > 1 && build()) {
          show(true);
          select();
        }
      }

      function build() {
        const width = field.clientWidth;
        if (width !== madeFor.width) key.anew();
        const height = field.clientHeight;
        madeFor = { width, height };
        if (!timeline() || width < 40 || height < 40) return false;
        setLetters();
        if (width >= cw.WIDE) tools.insertBefore(zoom, legend.element);
        else field.insertBefore(zoom, more);
        scene = cw.scene(timeline(), store.state.layout, centre, carried, opening.row);
        const flows = store.state.layout === "flows" && !["around", "inside"].includes(scene.kind);
        lanes.textContent = "";
        nodes.textContent = "";
        headings.textContent = "";
        drawn = { lanes: null, marks: [], flows: null };
        if (flows) drawn.flows = cw.Flows(scene, timeline(), lanes, nodes, { width, height, letters, measure });
        else {
          cw.fitScene(scene, { width, height, letters, measure });
          // Marks are drawn in their own measure, which makes the stripes of the pattern as much wider.
          const least = Math.min(...scene.nodes.map((node) => node.r));
          pattern.setAttribute("patternTransform", `rotate(45) scale(${(1 / least).toFixed(4)})`);
          drawn.lanes = cw.Lanes(scene, timeline(), lanes);
          drawn.marks = scene.nodes.map((node) => cw.Mark(node, { figures: scene.figured, reach: scene.reach, width: node.wide }));
          drawn.marks.forEach((mark) => nodes.appendChild(mark.group));
          scene.headings.forEach((one) => headings.appendChild(cw.s("text", { x: one.x.toFixed(1), y: one.y.toFixed(1) }, one.text)));
        }
        field.classList.toggle("crowd", scene.nodes.length > cw.CROWD);
        field.classList.toggle("figured", !flows && scene.figured);
        more.hidden = !scene.left;
        cw.fill(more, scene.left ? cw.text(scene.left === 1 ? "network.one_more_partner" : "network.more_partners", { count: cw.number(scene.left) }) : "");
        at = Math.min(at, scene.nodes.length - 1);
        buttons().forEach((button, place) => button.setAttribute("tabindex", place === at ? "0" : "-1"));
        empty.hidden = true;
        view.fit();
        return true;
      }

      const groups = () => (drawn.flows ? drawn.flows.bars : drawn.marks).map((one) => one.group);
      const buttons = () => (drawn.flows ? drawn.flows.bars : drawn.marks).map((one) => one.button);

      function show(spoken) {
        const period = store.state.period;
        if (drawn.flows) {
          drawn.flows.update(store, id(), period);
          tellNameless(drawn.flows.nameless());
          return;
        }
        const states = cw.states(store, id(), period);
        drawn.states = states;
        drawn.marks.forEach((mark) => mark.update(cw.nodeState(mark.node, states), spoken));
        drawn.lanes.update(store, id(), period);
        drawn.unit = drawn.lanes.transit();
        if (hovered) tell(hovered);
      }

      function select() {
        const chosen = chosenHere();
        groups().forEach((group) => group.classList.toggle("selected", chosen.enterprise !== undefined && group.dataset.enterprise === String(chosen.enterprise)));
        lanes.querySelectorAll(".link").forEach((link) => link.classList.toggle("selected", chosen.link !== undefined && link.dataset.link === String(chosen.link)));
      }

      const dots = cw.Dots(store, element, canvas, () => ({ view, drawn, many: scene !== null && scene.links.length > 120 }));

      // --- pointing and choosing ------------------------------------------------------------------------------------

      const nodeOf = (event) => {
        const group = event.target.closest && event.target.closest(".node");
        const place = group ? groups().indexOf(group) : -1;
        return place >= 0 ? scene.nodes[place] : null;
      };
      const linkOf = (event) => {
        const group = event.target.closest && event.target.closest(".link");
        return group && group.dataset.link !== undefined ? Number(group.dataset.link) : null;
      };

      function tell(node) {
        if (!drawn.states || drawn.flows) return;
        const state = cw.nodeState(node, drawn.states);
        const line = (key, value, bad) => cw.h("div", { class: bad ? "bad" : null }, cw.h("span", {}, cw.text(key)), cw.h("b", {}, value));
        cw.fill(card, cw.h("strong", {}, node.name), cw.h("em", {}, cw.text(`network.role_${node.role}`)),
          state.keeps ? line("network.card_stock", cw.number(state.stock)) : null,
          state.keeps && Number.isFinite(state.cover) ? line("network.card_lasts", cw.periods(timeline(), state.cover, 2)) : null,
          state.keeps ? line("network.card_owed", cw.number(state.owed), state.owed > 1e-9) : null,
          state.waiting > 1e-9 ? line("network.card_waits", cw.number(state.waiting), !state.keeps) : null,
          node.enterprises.length > 1 ? line("network.card_short", `${cw.number(state.short)} / ${cw.number(node.enterprises.length)}`, state.short > 0) : null,
          state.closed ? cw.h("div", { class: "bad" }, cw.text("network.closed")) : null);
        put(node.x, node.y, node.r);
      }
      function tellLink(place, event) {
        const found = timeline().links[place];
        const one = drawn.lanes && drawn.lanes.drawn.find((lane) => lane.link.link === place);
        if (!found || !one) return;
        const box = field.getBoundingClientRect();
        cw.fill(card, cw.h("strong", {}, `${timeline().enterprises[found.from].name} → ${timeline().enterprises[found.to].name}`),
          cw.h("div", {}, cw.h("span", {}, cw.text("network.card_flow")), cw.h("b", {}, cw.number(one.flow))),
          cw.h("div", {}, cw.h("span", {}, cw.text("network.card_transit")), cw.h("b", {}, cw.number(one.transit))),
          one.open !== "open" ? cw.h("div", { class: "bad" }, cw.text(`network.${one.open}`)) : null);
        put((event.clientX - box.left - view.x) / view.scale, (event.clientY - box.top - view.y) / view.scale, 8);
      }
      const put = (x, y, reach) => cw.putBeside(card, field, view, x, y, reach);

      function choose(row) {
        if (timeline().groups) focusOn(row);
        store.set({ selected: cw.onSide({ enterprise: row }, side) });
        const place = scene ? scene.nodes.findIndex((node) => node.enterprise === row) : -1;
        if (place >= 0) {
          stand(place);
          view.show(scene.nodes[place].x, scene.nodes[place].y);
        }
      }
      function drawAnew(row) {
        drawer.hidden = card.hidden = true;
        if (!build()) return;
        show(true);
        select();
        opening.update(whole, centre !== null);
        const place = row === null ? -1 : scene.nodes.findIndex((node) => node.enterprise === row);
        if (place >= 0 || cw.lost()) buttons()[Math.max(place, 0)].focus();
      }
      function focusOn(row) {
        centre = row;
        opening.update(whole, row !== null);
        drawer.hidden = true;
        if (build()) {
          show(true);
          select();
        }
      }
      function take(node) {
        if (node.group === undefined) {
          store.set({ selected: cw.onSide({ enterprise: node.item === undefined ? node.enterprise : node.owner }, side) });
          return;
        }
        cw.fill(drawer, cw.groupMembers(store, id(), store.state.period, node, (row) => choose(row), () => {
          drawer.hidden = true;
          buttons()[at].focus();
        }));
        drawer.hidden = false;
        drawer.querySelector("button").focus();
      }
      function stand(place) {
        buttons().forEach((button, one) => button.setAttribute("tabindex", one === place ? "0" : "-1"));
        at = place;
      }

      field.addEventListener("click", (event) => {
        if (!scene || (view.dragged && performance.now() - view.dragged < 300)) return;
        const node = nodeOf(event);
        if (node) {
          stand(scene.nodes.indexOf(node));
          take(node);
          return;
        }
        const link = linkOf(event);
        if (link !== null) store.set({ selected: cw.onSide({ link }, side) });
        else if (event.target.closest("svg")) store.set({ selected: null });
      });
      field.addEventListener("dblclick", (event) => {
        const node = scene && nodeOf(event);
        if (node) opening.open(node.enterprise);
      });
      const disrupt = (event, x, y) => {
        const node = nodeOf(event);
        const link = node ? null : linkOf(event);
        if (store.replay || (!node && link === null) || (node && node.group !== undefined)) return;
        event.preventDefault();
        leave();
        const struck = cw.onSide(node ? { enterprise: node.item === undefined ? node.enterprise : node.owner } : { link }, side);
        store.set({ selected: struck, open: { kind: "disrupt", ...struck, x, y } });
      };
      field.addEventListener("contextmenu", (event) => scene && disrupt(event, event.clientX, event.clientY));
      field.addEventListener("pointerover", (event) => {
        if (!scene) return;
        const node = nodeOf(event);
        const link = node ? null : linkOf(event);
        hovered = node;
        if (node) tell(node);
        else if (link !== null) tellLink(link, event);
        else card.hidden = true;
      });
      // Nobody points at anything any more: what was told of it goes, and does not come back with the next period.
      function leave() {
        hovered = null;
        card.hidden = true;
      }
      field.addEventListener("pointerleave", leave);
      above.addEventListener("focusin", (event) => {
        const node = nodeOf(event);
        if (!node) return;
        const place = scene.nodes.indexOf(node);
        stand(place);
        view.show(node.x, node.y);
        // A dialog that closes gives the keyboard back to where nobody points.
        if (!event.target.matches(":focus-visible")) return;
        hovered = node;
        tell(node);
      });
      above.addEventListener("focusout", leave);

      // Arrows walk to the nearest mark in their direction; marks that trade with this one count as nearer.
      const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      above.addEventListener("keydown", (event) => {
        const node = nodeOf(event);
        if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Enter" || event.key === " ") take(node);
        else if (event.key === "+" || event.key === "=") view.zoom(1.4, [node.x * view.scale + view.x, node.y * view.scale + view.y]);
        else if (event.key === "-") view.zoom(1 / 1.4, [node.x * view.scale + view.x, node.y * view.scale + view.y]);
        else if (event.key === "0") view.fit();
        else if (event.key === "ContextMenu") {
          const box = groups()[at].getBoundingClientRect();
          disrupt(event, box.left + box.width / 2, box.bottom);
        } else if (WAYS[event.key]) {
          const [dx, dy] = WAYS[event.key];
          const partners = new Set();
          scene.links.forEach((link) => {
            if (scene.nodes[link.from] === node) partners.add(link.to);
            if (scene.nodes[link.to] === node) partners.add(link.from);
          });
          let best = null;
          scene.nodes.forEach((other, place) => {
            const [x, y] = [other.x - node.x, other.y - node.y];
            const along = x * dx + y * dy;
            if (along < 2) return;
            const cost = (along + 3 * Math.abs(x * dy - y * dx)) * (partners.has(place) ? 0.5 : 1);
            if (!best || cost < best.cost) best = { cost, place };
          });
          if (best) buttons()[best.place].focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      });

      const sized = new ResizeObserver(() => {
        if (build()) {
          show(true);
          select();
        }
      });
      sized.observe(field);

      let lastSpoken = 0;
      return {
        update(keys) {
          const here = timeline();
          if (side === "b" && (store.state.b === null || !here)) return;
          if (!here) {
            empty.hidden = false;
            return;
          }
          if (keys && keys.has("open") && store.state.open) leave();
          const compared = store.state.b !== null;
          cw.fill(label, compared ? `${side.toUpperCase()}: ${cw.timelineName(store, side)}` : "");
          label.hidden = !compared;
          if (here.layouts.map && layouts.options.length === 2) layouts.add(cw.h("option", { value: "map" }, cw.text("network.by_map")));
          if (!here.layouts.map && layouts.options.length === 3) layouts.remove(2);
          layouts.value = store.state.layout === "map" && !here.layouts.map ? "echelon" : store.state.layout;
          const wanted = `${here.name} ${here.enterprises.length} ${here.links.length} ${store.state.layout}`;
          if (wanted !== made || !scene) {
            if (made.split(" ")[0] !== here.name) centre = opening.row = null;
            made = wanted;
            opening.update(whole, centre !== null);
            key.anew();
            if (!build()) return;
            keys = null;
          }
          const played = keys && keys.has("period");
          if (!keys || keys.has("period") || keys.has("frames:" + id()) || keys.has(side) || keys.has("structure") || keys.has("theme")) {
            if (played || keys === null) dots.played();
            // While it is played, screen readers are told now and then only.
            const spoken = !store.state.playing || performance.now() - lastSpoken > 2000;
            if (spoken) lastSpoken = performance.now();
            show(spoken);
            if (!store.state.playing) later();
          }
          if (!keys || keys.has("selected") || keys.has("structure")) {
            select();
            opening.update(whole, centre !== null);
            later();
          }
          if (keys && keys.has("playing") && !store.state.playing) {
            show(true);
            later();
          }
          if (store.state.playing) dots.move();
        },
        close() {
          sized.disconnect();
        },
      };
    },
  });
})();
