// Sharing: a link and its square code, tables, a replay, the scenario's file, and everything that was clicked as Python.
(function () {
  "use strict";
  const cw = window.chainwright;
  cw.dialogs = cw.dialogs || {};

  const QUIET = 4; // the light edge that readers of the code need
  const EXPORTS = [["tables", "download"], ["replay", "play"], ["scenario", "file"]];

  // A square code from its rows of dark and light, as one path; dark on white in every theme, as readers expect.
  cw.squareCode = (matrix, name) => {
    const size = matrix.length + 2 * QUIET;
    let path = "";
    matrix.forEach((row, y) => row.forEach((dark, x) => dark && (path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`)));
    return cw.s("svg", { class: "cw-square-code", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": name, "shape-rendering": "crispEdges" }, cw.s("rect", { width: size, height: size, fill: "#fff" }), cw.s("path", { d: path, fill: "#000" }));
  };

  // The whole address of a run.
  cw.linkTo = (fragment) => `${window.location.href.split("#")[0]}#${fragment}`;

  cw.dialogs.share = {
    title: () => cw.text("share.title"),
    mount(place, store) {
      const link = cw.h("input", { class: "cw-field link", readonly: true, "aria-label": cw.text("share.link"), "data-first": true, onfocus: () => link.select() });
      const copy = cw.copier(() => link.value, cw.text("share.copy_link"));
      const square = cw.h("div", { class: "square" });
      const code = cw.h("div", { class: "group" });
      const lead = cw.h("p", { class: "cw-note", role: "status" }, cw.text("share.lead"));
      const line = cw.h("div", { class: "line" }, link, copy);
      cw.fill(
        place,
        cw.h("div", { class: "group" }, lead, line, square),
        cw.h(
          "div",
          { class: "group" },
          cw.h("h3", {}, cw.text("share.files")),
          cw.h("div", { class: "exports" }, EXPORTS.map(([what, icon]) => cw.h("button", { type: "button", class: "cw-button export", onclick: () => store.send({ kind: "export", what }) }, cw.icon(icon), cw.h("span", { class: "text" }, cw.h("strong", {}, cw.text(`share.${what}`)), cw.h("span", { class: "cw-note" }, cw.text(`share.${what}_about`)))))),
        ),
        code,
      );
      cw.fill(code, cw.h("h3", {}, cw.text("share.code")), cw.h("p", { class: "cw-note" }, cw.text("share.code_lead")), cw.h("div", { class: "line" }, cw.button({ text: cw.text("share.show_code"), onclick: () => store.send({ kind: "code", period: store.state.period }) })));

      let asked = false;
      function drawLink() {
        const answer = store.answers.share;
        const own = Boolean(asked && answer && answer.own);
        lead.textContent = own ? answer.message || cw.text("share.no_link") : cw.text("share.lead");
        lead.className = own ? "say warn" : "cw-note";
        line.hidden = own;
        link.value = !asked || !answer ? cw.text("share.waiting") : own ? "" : cw.linkTo(answer.fragment);
        copy.disabled = !asked || !answer || own;
        cw.fill(square, asked && answer && answer.qr ? [cw.squareCode(answer.qr, cw.text("share.square", { title: store.timeline().title })), cw.h("p", { class: "cw-note" }, cw.text("share.square_about"))] : null);
      }
      drawLink();
      store.send({ kind: "share", period: store.state.period });
      return {
        update(keys) {
          if (keys.has("share")) {
            asked = true;
            drawLink();
          }
          if (keys.has("code") && store.answers.code) {
            cw.fill(code, cw.h("div", { class: "line" }, cw.h("h3", {}, cw.text("share.code")), cw.copier(() => store.answers.code.text)), cw.h("pre", { class: "cw-code", tabindex: "0", role: "region", "aria-label": cw.text("share.code") }, store.answers.code.text));
          }
        },
      };
    },
  };
})();
