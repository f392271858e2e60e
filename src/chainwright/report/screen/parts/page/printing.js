// Paper: what stands on the page below each other, as large as a sheet is wide, in light colours, without what only works on a screen.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.printing) return;

  const SHEET = 700; // pixels across an upright sheet within its margins
  const MOST = 1.5; // times that something small is enlarged
  const PANELS = ".cw-screen > :is(.cw-network, .cw-charts)";

  // Listens; answers how to stop. Drawings keep the size that they have on the screen, and are scaled with their panel.
  cw.printing = () => {
    let undo = [];
    const set = (element, styles) => {
      const before = element.style.cssText;
      undo.push(() => (element.style.cssText = before));
      for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
    };
    const begin = () => {
      if (undo.length) return;
      const panels = [...document.querySelectorAll(PANELS)].map((panel) => [panel, panel.offsetWidth, panel.offsetHeight]).filter(([, width]) => width);
      const places = [...document.querySelectorAll(".cw-charts .place, .cw-network .field")].map((place) => [place, place.offsetWidth, place.offsetHeight]);
      for (const [panel, width, height] of panels) {
        set(panel, { width: `${width}px`, "min-height": `${height}px`, "box-sizing": "border-box", zoom: Math.min(MOST, SHEET / width).toFixed(4) });
      }
      for (const [place, width, height] of places) set(place, { "flex": "none", width: `${width}px`, height: `${height}px` });
      for (const root of document.querySelectorAll(".cw-screen")) {
        const { theme } = root.dataset;
        root.dataset.theme = "light";
        undo.push(() => (root.dataset.theme = theme));
      }
    };
    const end = () => undo.splice(0).reverse().forEach((one) => one());
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      end();
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  };
})();
