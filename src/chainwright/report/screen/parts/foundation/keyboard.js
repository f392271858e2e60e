// Keys for everything that one does often, and the dialog that lists them. Nothing is heard while something is written in a field.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.keys) return;

  const FAR = 10;
  // Whoever has the keyboard in the network of the timeline that is watched.
  const focused = () => {
    const mark = document.activeElement && document.activeElement.closest("[data-enterprise]");
    return mark && mark.closest(".cw-network") === document.querySelector(".cw-network.cw-part") ? { enterprise: Number(mark.dataset.enterprise) } : null;
  };
  const disrupt = (store) => {
    const struck = focused();
    store.set({ ...(struck ? { selected: struck } : {}), open: { kind: "disrupt", ...struck } });
  };
  // What a key does while a timeline is watched: [keys as they are shown, key of the text, does, also in a replay].
  const LIST = [
    { keys: [" "], shown: ["keys.space"], text: "keys.play", replay: true, does: (store, player) => (store.state.playing ? player.pause() : player.play()) },
    { keys: ["ArrowRight"], shown: ["→"], text: "keys.step", replay: true, does: (store, player) => player.step() },
    { keys: ["ArrowLeft"], shown: ["←"], text: "keys.back", replay: true, does: (store, player) => player.back() },
    { keys: ["shift+ArrowRight"], shown: ["keys.shift", "→"], text: "keys.step_far", replay: true, does: (store, player) => player.to(Math.min(store.state.period + FAR, store.timeline().horizon)) },
    { keys: ["shift+ArrowLeft"], shown: ["keys.shift", "←"], text: "keys.back_far", replay: true, does: (store, player) => player.to(Math.max(store.state.period - FAR, 0)) },
    { keys: ["Home"], shown: ["keys.home"], text: "keys.to_start", replay: true, does: (store, player) => player.to(0) },
    { keys: ["End"], shown: ["keys.end"], text: "keys.to_end", replay: true, does: (store, player) => player.to(cw.seen(store, store.state.a)) },
    { keys: ["+", "="], shown: ["+"], text: "keys.faster", replay: true, does: (store, player) => player.faster() },
    { keys: ["-"], shown: ["−"], text: "keys.slower", replay: true, does: (store, player) => player.slower() },
    { keys: ["d"], shown: ["D"], text: "keys.disrupt", does: (store) => disrupt(store) },
    { keys: ["b"], shown: ["B"], text: "keys.branch", does: (store) => cw.branchHere(store) },
    { keys: ["n"], shown: ["N"], text: "keys.rename", does: (store) => store.set({ open: { kind: "rename" } }) },
    { keys: ["c"], shown: ["C"], text: "keys.compare", does: (store) => store.set({ open: { kind: "compare" } }) },
    { keys: ["x"], shown: ["X"], text: "keys.swap", does: (store) => store.state.b !== null && store.send({ kind: "swap" }) },
    { keys: ["u"], shown: ["U"], text: "keys.undo", does: (store) => cw.undoLast(store) },
    { keys: ["m"], shown: ["M"], text: "keys.many", does: (store) => store.set({ open: { kind: "many" } }) },
    { keys: ["s"], shown: ["S"], text: "keys.share", does: (store) => store.set({ open: { kind: "share" } }) },
    { keys: ["f", "/"], shown: ["F"], text: "keys.find", replay: true, gallery: true, does: (store) => find(store) },
    { keys: ["g"], shown: ["G"], text: "keys.gallery", does: (store) => store.send({ kind: "leave" }) },
    { keys: ["p"], shown: ["P"], text: "keys.project", replay: true, does: (store) => cw.project(store) },
    { keys: ["Escape"], shown: ["keys.escape"], text: "keys.close", replay: true, does: (store) => store.set(store.state.filled ? { filled: null } : { selected: null }) },
    { keys: ["?"], shown: ["?"], text: "keys.help", replay: true, gallery: true, does: (store) => store.set({ open: { kind: "help" } }) },
  ];

  function find(store) {
    const part = store.state.view === "gallery" ? ".cw-gallery" : ".cw-network";
    const field = document.querySelector(`${part} input[type=search], ${part} input`);
    if (field) {
      field.focus();
      field.select();
    }
  }

  // Fields keep what is written in them, and buttons their space bar.
  function taken(target, key) {
    if (!target || !target.closest) return false;
    if (target.closest("[contenteditable]")) return true;
    const field = target.closest("input, textarea, select");
    if (field) return key !== "Escape";
    if (key === " " || key === "Enter") return Boolean(target.closest("button, a[href], summary, [role=button], [role=tab], [role=option]"));
    // A slider, a list, a row of tabs and a drawing that listens for arrows move by arrows themselves.
    if (/^(shift\+)?Arrow|^Home$|^End$/.test(key)) return Boolean(target.closest("[role=slider], [role=tablist], [role=listbox], [role=menu], [data-arrows]"));
    return false;
  }

  // Listens; answers how to stop.
  cw.keys = (store) => {
    const pressed = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || store.state.open) return;
      const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const key = event.shiftKey && event.key.startsWith("Arrow") ? `shift+${letter}` : letter;
      if (taken(event.target, key)) return;
      const found = LIST.find((one) => one.keys.includes(key));
      if (!found || (store.replay && !found.replay)) return;
      if (store.state.view === "gallery" ? !found.gallery : !store.timeline()) return;
      event.preventDefault();
      found.does(store, cw.player ? cw.playerOf(store) : null);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  };

  cw.dialogs = cw.dialogs || {};
  cw.dialogs.help = {
    wide: true,
    title: () => cw.text("keys.title"),
    mount(place, store) {
      // Longer than a small page: whoever has no mouse scrolls it by the arrows.
      place.setAttribute("tabindex", "0");
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", cw.text("keys.title"));
      const cap = (key) => cw.h("kbd", {}, key.startsWith("keys.") ? cw.text(key) : key);
      const rows = LIST.filter((one) => !store.replay || one.replay).map((one) => cw.h("div", {}, cw.h("dt", {}, one.shown.map(cap)), cw.h("dd", {}, cw.text(one.text))));
      cw.fill(place, cw.h("p", { class: "cw-note" }, cw.text(store.replay ? "keys.lead_replay" : "keys.lead")), cw.h("dl", { class: "cw-keys" }, rows), cw.h("div", { class: "notes" }, [cw.text("keys.network"), cw.text("keys.chart", { keys: cw.text("charts.keys") }), cw.text("keys.tiles"), store.replay ? null : cw.text("keys.mouse")].map((note) => note && cw.h("p", { class: "cw-note" }, note))));
    },
  };
})();
