// An enterprise of several items opens into them, and closes again.
(function () {
  "use strict";
  const cw = window.chainwright;

  // What an enterprise opens into, where it does; and into how many items.
  cw.insideOf = (timeline, row) => (timeline.insides || []).find((one) => one.enterprise === row) || null;
  cw.itemsInside = (timeline, row) => {
    const found = cw.insideOf(timeline, row);
    return found ? found.nodes.filter((one) => one.item !== undefined).length : 0;
  };

  // timeline(); chosen(): the enterprise that is chosen, or undefined; drawAnew(row): everything is drawn anew, with the keyboard on an enterprise.
  cw.Opening = (timeline, chosen, drawAnew) => {
    const opening = { row: null };
    const words = cw.h("span", { class: "text" });
    opening.button = cw.h("button", { type: "button", class: "cw-button small open-items", hidden: true, onclick: () => opening.open(chosen()) }, cw.icon("fill"), words);
    opening.open = (row) => {
      if (row === undefined || !cw.insideOf(timeline(), row)) return;
      opening.row = row;
      drawAnew(null);
    };
    opening.close = () => {
      const { row } = opening;
      opening.row = null;
      drawAnew(row);
    };
    // `back` leads to everybody again.
    opening.update = (back, centred) => {
      const row = chosen();
      const count = opening.row === null && row !== undefined && timeline() ? cw.itemsInside(timeline(), row) : 0;
      opening.button.hidden = !count;
      words.textContent = count ? cw.text("network.open_up", { count }) : "";
      back.hidden = !centred && opening.row === null;
      const text = back.querySelector(".text");
      const leads = cw.text(opening.row === null ? "network.all_groups" : "network.all_enterprises");
      if (text.textContent !== leads) text.textContent = leads;
    };
    return opening;
  };
})();
