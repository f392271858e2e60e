// Signs of buttons, drawn on a field of 24 by 24; each button that bears one says in words what it does.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.icon) return;

  // Lines as paths; what begins with "solid" is filled.
  const SIGNS = {
    gallery: ["M4 4h6v6H4z", "M14 4h6v6h-6z", "M4 14h6v6H4z", "M14 14h6v6h-6z"],
    play: ["solid M7 4.5v15l12.5-7.5z"],
    pause: ["solid M6 5h4v14H6z", "solid M14 5h4v14h-4z"],
    step: ["solid M5 5v14l10-7z", "M18.5 5.5v13"],
    back: ["solid M19 5v14L9 12z", "M5.5 5.5v13"],
    start: ["solid M20 5v14l-8.5-7z", "solid M11.5 5v14L3 12z"],
    disrupt: ["M13 3 5 13.5h6L10 21l9-11.5h-6.5z"],
    branch: ["M6 8.5v12", "M6 15c0-4 3-5.5 9.5-6.5", "M6 3.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5", "M18 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5"],
    compare: ["M4 5h7v14H4z", "M13 5h7v14h-7z"],
    undo: ["M8.5 5 4 9.5 8.5 14", "M4 9.5h10a5.5 5.5 0 0 1 0 11h-4"],
    many: ["M4 7h9", "M19 7h1", "M4 17h1", "M11 17h9", "M16 4.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5", "M8 14.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5"],
    share: ["M12 15V3.5", "M7.5 8 12 3.5 16.5 8", "M5 12v8.5h14V12"],
    light: ["M12 8a4 4 0 1 1 0 8a4 4 0 1 1 0-8", "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"],
    dark: ["M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z"],
    auto: ["M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17", "solid M12 3.5a8.5 8.5 0 0 1 0 17z"],
    help: ["M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4", "M12 17.5v.2"],
    more: ["M4 7h16", "M4 12h16", "M4 17h16"],
    close: ["M6 6l12 12", "M18 6 6 18"],
    search: ["M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13", "M15.5 15.5 20.5 20.5"],
    file: ["M6 3h8l5 5v13H6z", "M14 3v5h5"],
    download: ["M12 3.5V15", "M7.5 10.5 12 15l4.5-4.5", "M5 20.5h14"],
    copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
    remove: ["M5 7h14", "M10 4h4", "M7 7l1 13h8l1-13"],
    check: ["M5 12.5 10 17.5 19.5 7"],
    warn: ["M12 4 2.8 20h18.4z", "M12 10v4.5", "M12 17.3v.1"],
    info: ["M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17", "M12 11v5.5", "M12 7.5v.2"],
    go: ["M5 12h14", "M13 6l6 6-6 6"],
    lane: ["M3 12h14", "M13 8l4 4-4 4", "M21 6v12"],
    table: ["M4 5h16v14H4z", "M4 10h16", "M10 5v14"],
    fill: ["M14 4h6v6", "M20 4l-7 7", "M10 20H4v-6", "M4 20l7-7"],
    whole: ["M4 9V4h5", "M20 9V4h-5", "M4 15v5h5", "M20 15v5h-5"],
    pencil: ["M4 20l1-5L16.5 3.5l4 4L9 19z", "M14 6l4 4"],
    now: ["M4 5v14l7-7z", "M12 5v14l7-7z", "M20.5 5v14"],
  };

  // A sign; nothing for those who do not see it, because the button has a name.
  cw.icon = (name) =>
    cw.s(
      "svg",
      { class: "cw-icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
      SIGNS[name].map((path) => (path.startsWith("solid ") ? cw.s("path", { class: "solid", d: path.slice(6) }) : cw.s("path", { d: path }))),
    );

  // A button: {icon, text, name, class, onclick ...}; without a text only the sign is seen, and the name is heard and shown on hover.
  cw.button = ({ icon, text, name, ...rest }) => {
    const shown = [icon ? cw.icon(icon) : null, text ? cw.h("span", { class: "text" }, text) : null];
    const named = name || null;
    return cw.h("button", { type: "button", "aria-label": text && !named ? null : named, title: named, ...rest, class: `cw-button ${text ? "" : "icon "}${rest.class || ""}` }, shown);
  };

  // A field with its name above it.
  cw.label = (name, field, ...more) => cw.h("label", { class: "cw-label" }, cw.h("span", { class: "name" }, name), field, ...more);
  // A choice among [value, text] pairs.
  cw.choice = (pairs, value, attributes) => {
    const made = cw.h("select", { ...attributes, class: `cw-field ${(attributes && attributes.class) || ""}` }, pairs.map(([one, text]) => cw.h("option", { value: one, selected: String(one) === String(value) }, text)));
    return made;
  };
})();
