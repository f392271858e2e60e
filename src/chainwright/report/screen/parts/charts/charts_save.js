// A chart to take along: as a drawing that stands alone (SVG), as a picture (PNG), and as its numbers (CSV).
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.chartSave) return;

  const SHARP = 2; // pixels of a picture for one of the page
  const RESOLVED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "visibility"];
  const EDGE = 14;

  // Every element with the colours and letters that it has on the page: outside of it there are no style sheets.
  function resolved(svg) {
    const copy = svg.cloneNode(true);
    const originals = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, number) => {
      const style = getComputedStyle(originals[number]);
      for (const name of RESOLVED) {
        const value = style.getPropertyValue(name);
        if (value) element.setAttribute(name, value);
      }
      // The halo of a text lies before its letters where somebody does not know which to draw first.
      if (element.tagName === "text") element.setAttribute("stroke", "none");
      element.removeAttribute("class");
      element.removeAttribute("style");
    });
    return copy;
  }

  // The drawing with its title above and what its lines are below.
  cw.chartDrawing = (model, svg, place) => {
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const [ink, muted, ground] = [colour("--ink"), colour("--muted"), colour("--raised")];
    const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
    const plot = resolved(svg);
    for (const gone of plot.querySelectorAll("[data-gone]")) gone.remove();
    const text = (x, y, size, fill, words, weight) => cw.s("text", { x, y, "font-size": size, fill, "font-weight": weight || 400, "font-family": style.fontFamily }, words);
    // The names of the lines, side by side as long as there is room.
    const names = [];
    let [x, y] = [EDGE, 62 + height];
    for (const [group, members] of model.groups) {
      if (model.hidden.has(group)) continue;
      const one = members[0];
      const wide = 54 + group.length * 7;
      if (x + wide > width + EDGE && x > EDGE) [x, y] = [EDGE, y + 18];
      const stroke = colour(one.style.colour);
      if (one.area) {
        names.push(cw.s("rect", { x, y: y - 9, width: 26, height: 10, fill: stroke, "fill-opacity": 0.62 }));
        names.push([2, 9, 16].map((at) => cw.s("path", { transform: `translate(${x + at} ${y - 7.5})`, d: cw.hatches[one.style.hatch], fill: "none", stroke: ground, "stroke-width": 1.4 })));
      } else names.push(cw.s("line", { x1: x, x2: x + 26, y1: y - 4, y2: y - 4, stroke, "stroke-width": one.style.width, "stroke-dasharray": one.style.dash || null, "stroke-linecap": one.ink === "dots" ? "round" : null }));
      names.push(text(x + 32, y, 12, ink, group));
      x += wide;
    }
    if (model.comparing) names.push(text(EDGE, (y += 18), 12, muted, cw.text("charts.sides", { a: model.sides[0], b: model.sides[1] })));
    const full = y + EDGE;
    plot.setAttribute("x", EDGE / 2);
    plot.setAttribute("y", 44);
    return cw.s(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", width: width + EDGE, height: full, viewBox: `0 0 ${width + EDGE} ${full}`, role: "img", "aria-label": model.title },
      cw.s("title", {}, model.title),
      cw.s("rect", { width: width + EDGE, height: full, fill: ground }),
      text(EDGE, 22, 15, ink, model.title, 600),
      text(EDGE, 39, 12, muted, model.about),
      plot,
      names,
    );
  };

  const written = (drawing) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing)}`;
  // A cell of a table: with quotes where it must be, and nothing that a spreadsheet would take for a formula.
  const cell = (value) => {
    if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };

  // The numbers of what is shown, in full.
  cw.chartNumbers = (model) => {
    const columns = cw.chartColumns(model);
    return [[model.word, ...columns.map((one) => one.name)], ...cw.chartRows(model, columns)].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  };

  // kind: "png", "svg" or "csv". Answers when the file is on its way.
  cw.chartSave = (kind, model, svg, place) => {
    const name = `${model.name}.${kind}`;
    if (kind === "csv") return Promise.resolve(cw.download(name, "text/csv;charset=utf-8", cw.chartNumbers(model)));
    const drawing = cw.chartDrawing(model, svg, place);
    if (kind === "svg") return Promise.resolve(cw.download(name, "image/svg+xml", written(drawing)));
    return new Promise((done, failed) => {
      const picture = new Image();
      picture.onload = () => {
        const canvas = cw.h("canvas", { width: drawing.getAttribute("width") * SHARP, height: drawing.getAttribute("height") * SHARP });
        const paper = canvas.getContext("2d");
        paper.scale(SHARP, SHARP);
        paper.drawImage(picture, 0, 0);
        canvas.toBlob((blob) => {
          cw.download(name, "image/png", blob);
          done();
        }, "image/png");
      };
      picture.onerror = failed;
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(drawing))}`;
    });
  };
})();
