// What the shapes, fills and signs of the network mean; folded away unless a reader wants it.
(function () {
  "use strict";
  const cw = window.chainwright;
  const SHOWN = "chainwright.legend";

  cw.networkLegend = () => {
    const mark = (role, more) => cw.s("svg", { viewBox: "-1.5 -1.5 3 3", "aria-hidden": "true", class: `key ${more || ""}`, style: `--role: var(--role-${role})` }, cw.s("path", { d: cw.SHAPES[role], class: "body", "vector-effect": "non-scaling-stroke" }));
    const roles = ["supplier", "manufacturer", "distributor", "retailer", "customer"].map((role) => cw.h("li", {}, mark(role), cw.text(`network.role_${role}`)));
    const covers = cw.COVERS.map((cover) => cw.h("li", {}, cw.h("span", { class: "cover", style: `background: var(--cover-${cover})` }), cw.text(`network.cover_${cover}`)));
    const signs = cw.h("ul", {},
      cw.h("li", {}, cw.h("span", { class: "sign" }, "!"), cw.text("network.legend_owes")),
      cw.h("li", {}, cw.h("span", { class: "sign" }, "✕"), cw.text("network.legend_closed")),
      cw.h("li", {}, cw.h("span", { class: "goods" }), cw.text("network.legend_goods")),
      cw.h("li", {}, cw.h("span", { class: "wide" }), cw.text("network.legend_width")));
    const kept = cw.kept ? cw.kept(SHOWN, false) : false;
    const element = cw.h("details", { class: "legend", open: kept }, cw.h("summary", {}, cw.text("network.legend")),
      cw.h("div", { class: "keys" }, cw.h("div", {}, cw.h("ul", {}, roles), signs), cw.h("div", {}, cw.h("p", {}, cw.text("network.legend_cover")), cw.h("ul", {}, covers))));
    element.addEventListener("toggle", () => cw.keep && cw.keep(SHOWN, element.open));
    return { element };
  };
})();
