// One dialog for everything that opens over the page: named, with the keyboard kept inside, and the reader's place given back afterwards.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.dialog) return;

  // What can be opened by `store.state.open`, by kind: {title(store, options), wide, mount(place, store, options, close) -> {update(keys), close()}}.
  cw.dialogs = cw.dialogs || {};

  const REACHED = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), a[href], summary, [tabindex]:not([tabindex="-1"])';
  let count = 0;

  // All that lies beside a place, up to the screen: it cannot be reached while a dialog is open. Messages lie above dialogs.
  function beside(place, root) {
    const found = [];
    for (let one = place; one && one !== root && one.parentElement; one = one.parentElement) {
      for (const other of one.parentElement.children) if (other !== one && !("above" in other.dataset) && !["SCRIPT", "STYLE", "LINK"].includes(other.tagName)) found.push(other);
    }
    return found;
  }

  // Opens a dialog in `place`; answers {body, element, close}. `left` is called once it is closed, whoever closed it.
  cw.dialog = (place, { title, wide, left }) => {
    const root = place.closest(".cw-screen") || document.body;
    const before = document.activeElement;
    const name = `cw-dialog-${++count}`;
    const body = cw.h("div", { class: "body" });
    const shut = cw.button({ icon: "close", name: cw.text("panel.close"), class: "bare", onclick: () => close() });
    const element = cw.h(
      "div",
      { class: `cw-dialog${wide ? " wide" : ""}`, role: "dialog", "aria-modal": "true", "aria-labelledby": name, tabindex: "-1" },
      cw.h("div", { class: "head" }, cw.h("h2", { id: name }, title), shut),
      body,
    );
    const shade = cw.h("div", { class: "cw-shade", onmousedown: (event) => event.target === shade && close() }, element);
    const hidden = beside(place, root).filter((one) => !one.inert);
    let closed = false;

    function close() {
      if (closed) return;
      closed = true;
      document.removeEventListener("keydown", pressed);
      hidden.forEach((one) => (one.inert = false));
      shade.remove();
      if (before && before.isConnected && before.focus) before.focus({ preventScroll: true });
      if (left) left();
    }

    // Heard on the whole page: what had the focus may have been drawn anew.
    const pressed = (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (event.key === "Tab") {
        const reached = [...element.querySelectorAll(REACHED)].filter((one) => one.offsetParent !== null);
        const first = reached[0];
        const last = reached[reached.length - 1];
        const here = document.activeElement;
        if (!element.contains(here) || (event.shiftKey ? here === first || here === element : here === last)) {
          event.preventDefault();
          (event.shiftKey ? last : first).focus();
        }
      }
    };
    document.addEventListener("keydown", pressed);
    place.appendChild(shade);
    hidden.forEach((one) => (one.inert = true));
    return {
      body,
      element,
      close,
      // The first thing that a reader wants to change, else the dialog itself.
      enter: () => (body.querySelector("[data-first]") || element).focus({ preventScroll: true }),
    };
  };

  // Draws a place anew; whoever had the keyboard in it keeps it, as near as can be.
  cw.redrawn = (place, draw) => {
    const reached = () => [...place.querySelectorAll(REACHED)];
    const at = reached().indexOf(document.activeElement);
    draw();
    if (at < 0) return;
    const now = reached();
    if (now.length) now[Math.min(at, now.length - 1)].focus({ preventScroll: true });
  };

  // A button that copies a text, and says that it did.
  cw.copier = (text, words) => {
    const label = cw.h("span", { class: "text", "aria-live": "polite" }, words || cw.text("panel.copy"));
    const made = cw.h("button", { type: "button", class: "cw-button" }, cw.icon("copy"), label);
    made.addEventListener("click", async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText(text());
      } catch (refused) {
        done = copyTheOldWay(text(), made);
      }
      label.textContent = cw.text(done ? "panel.copied" : "panel.not_copied");
      setTimeout(() => (label.textContent = words || cw.text("panel.copy")), 2500);
    });
    return made;
  };

  // Pages that are opened from a file have no clipboard in some browsers.
  function copyTheOldWay(text, near) {
    const field = cw.h("textarea", { class: "cw-hidden", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    near.parentElement.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    near.focus();
    return done;
  }
})();
