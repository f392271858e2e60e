// One panel over the whole page, and letters for those who sit far behind.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.fillButton) return;

  // A button with which a panel fills the page, and gives it back.
  cw.fillButton = (store, kind) =>
    cw.button({ icon: "fill", name: cw.text("page.fill"), class: "small bare fill", "data-fill": kind, "aria-pressed": String(store.state.filled === kind), onclick: () => cw.fillPage(store, kind) });

  cw.fillPage = (store, kind) => store.set({ filled: store.state.filled === kind ? null : kind });
  cw.project = (store) => store.set({ projector: !store.state.projector });

  // Tells the page and its buttons how things are.
  cw.dressFilled = (root, store) => {
    const { filled, projector, view } = store.state;
    root.dataset.filled = view === "screen" && filled ? filled : "no";
    root.dataset.projector = projector ? "yes" : "no";
    for (const button of root.querySelectorAll("[data-fill]")) {
      const pressed = String(button.dataset.fill === filled);
      if (button.getAttribute("aria-pressed") !== pressed) {
        button.setAttribute("aria-pressed", pressed);
        button.title = cw.text(pressed === "true" ? "page.fill_no_more" : "page.fill");
        button.setAttribute("aria-label", button.title);
      }
    }
  };
})();
