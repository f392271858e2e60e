// Names beside marks: whole, in up to three lines, on the side where they meet nothing; what lies under one is covered.
(function () {
  "use strict";
  const cw = window.chainwright;

  const LINE = 1.2; // height of a line of letters
  const NEAR = 2.2; // times: from here on names of a crowd are shown
  const APART = 4; // pixels between a mark and its name
  const BREATH = 3; // pixels at both ends of a name that no other name takes
  const TOP = 40; // pixels of the tools
  const LONGEST = 260; // pixels of a piece of a name that cannot be broken, before it is cut
  const SLACK = 1.3; // another line must make a name so much narrower

  // A piece that no line can hold ends in dots.
  const cut = (text, most, measure) => {
    if (measure(text) <= most) return text;
    let length = text.length - 1;
    while (length > 3 && measure(`${text.slice(0, length)}…`) > most) length -= 1;
    return `${text.slice(0, length)}…`;
  };

  // The lines of a name, broken at blanks, underscores and hyphens: as few as fit into a width, as even as they can be; one is wider where a
  // word is. {lines, width}
  cw.nameLines = (name, most, measure, atMost = 3) => {
    const words = name.match(/[^\s_-]+[\s_-]*/g) || [name];
    const length = words.map((word) => measure(word));
    const fill = (limit) => {
      const lines = [];
      let wide = Infinity;
      words.forEach((word, place) => {
        if (wide + length[place] > limit) {
          lines.push(word);
          wide = length[place];
        } else {
          lines[lines.length - 1] += word;
          wide += length[place];
        }
      });
      return lines;
    };
    const widest = (lines) => Math.max(...lines.map((line) => measure(line.trimEnd())));
    const longest = Math.max(...length);
    let lines = [name];
    for (let count = 1; count <= Math.min(atMost, words.length); count += 1) {
      // The narrowest width into which the words go in so many lines.
      const widths = words.flatMap((_, start) => words.slice(start).map((__, more) => length.slice(start, start + more + 1).reduce((sum, one) => sum + one, 0)));
      const limit = [...new Set(widths)].sort((one, other) => one - other).find((one) => one >= longest && fill(one + 0.01).length <= count);
      const found = limit === undefined ? [name] : fill(limit + 0.01);
      if (count === 1 || widest(found) * SLACK < widest(lines) || (widest(lines) > most && widest(found) < widest(lines))) lines = found;
      if (widest(lines) <= most) break;
    }
    lines = lines.map((line) => cut(line.trimEnd(), LONGEST, measure));
    return { lines, width: widest(lines) };
  };

  // Where name and figures of a mark stand on a side of it, and the field that they take: [left, top, right, bottom] in pixels.
  function texts(mark, side, scale, letters) {
    const { node, figures, width } = mark;
    const lines = (node.lines || [0]).length + (figures ? 1 : 0);
    const [x, y, r] = [node.x * scale, node.y * scale, node.r * scale];
    const tall = lines * letters * LINE;
    const wide = figures ? Math.max(width, letters * 5) : width;
    if (side === "left" || side === "right") {
      const sign = side === "left" ? -1 : 1;
      const start = x + sign * (r + APART + 2);
      return { side, anchor: sign < 0 ? "end" : "start", x: sign * (r + APART + 2), y: letters * 0.9 - tall / 2, box: [Math.min(start, start + sign * wide), y - tall / 2, Math.max(start, start + sign * wide), y + tall / 2] };
    }
    const top = side === "above" ? -r - APART - tall : r + APART;
    const nudge = node.nudge || 0;
    return { side, anchor: "middle", x: nudge, y: top + letters * 0.9, box: [x + nudge - wide / 2, y + top, x + nudge + wide / 2, y + top + tall] };
  }

  const apart = (one, other) => one[0] >= other[2] || one[2] <= other[0] || one[1] >= other[3] || one[3] <= other[1];
  // Other sides, where there is no room for a name on the side that is meant for it.
  const OTHERWISE = { below: ["above", "right", "left"], above: ["below", "right", "left"], left: [], right: ["below", "above"] };

  // Whether a line through some points runs through a field.
  function crosses(points, box, scale) {
    for (let place = 1; place < points.length; place += 1) {
      const [x1, y1, x2, y2] = [points[place - 1][0] * scale, points[place - 1][1] * scale, points[place][0] * scale, points[place][1] * scale];
      if (Math.max(x1, x2) < box[0] || Math.min(x1, x2) > box[2] || Math.max(y1, y2) < box[1] || Math.min(y1, y2) > box[3]) continue;
      let [from, to] = [0, 1];
      for (const [start, step, low, high] of [[x1, x2 - x1, box[0], box[2]], [y1, y2 - y1, box[1], box[3]]]) {
        if (Math.abs(step) < 1e-9) continue;
        const [enter, leave] = [(low - start) / step, (high - start) / step].sort((one, other) => one - other);
        [from, to] = [Math.max(from, enter), Math.min(to, leave)];
      }
      if (from <= to) return true;
    }
    return false;
  }

  // Who has no room for a name bears a number, which the key below the drawing tells: nobody stays unknown, on a telephone either.
  cw.Key = () => {
    const element = cw.h("p", { class: "numbers", "aria-hidden": "true", hidden: true });
    let told = "";
    let tall = 0;
    return {
      element,
      // Marks or bars of a crowd have neither names nor numbers.
      show(nameless) {
        nameless.forEach((one, place) => (one.number.textContent = String(place + 1)));
        const names = nameless.map((one, place) => `${place + 1} ${one.node.name}`);
        if (names.join("\n") === told) return;
        told = names.join("\n");
        if (names.length) element.hidden = false;
        cw.fill(element, nameless.map((one, place) => cw.h("span", {}, cw.h("b", {}, String(place + 1)), ` ${one.node.name}`)));
        // It never gives back room while one drawing stands, else drawing and key would push each other to and fro.
        tall = Math.max(tall, element.offsetHeight);
        element.style.minHeight = `${tall}px`;
      },
      // Another drawing, or another width.
      anew() {
        [told, tall] = ["", 0];
        element.style.minHeight = "";
        element.hidden = true;
        cw.fill(element, "");
      },
    };
  };

  // Shows the names that meet nothing, the important ones first; answers the marks without. `lanes` are lists of points, `field` is {width, height}.
  cw.placeNames = (marks, view, letters, important, lanes = [], field = null) => {
    const boxes = [];
    const { scale } = view;
    const rank = (mark) => (important(mark) ? 1e9 : 0) + mark.node.enterprises.length;
    const bodies = marks.map(({ node }) => [node.x - node.r, node.y - node.r, node.x + node.r, node.y + node.r].map((one) => one * scale));
    // Of a crowd names are shown from near by only.
    const crowd = marks.length > cw.CROWD;
    const far = crowd && scale < NEAR;
    const isFree = ({ box }, place) => boxes.every((other) => apart(box, other)) && bodies.every((other, one) => one === place || apart(box, other));
    const inside = ({ box }) => scale !== 1 || ((box[1] >= TOP || box[1] > field?.height) && (!field || (box[0] >= 0 && box[2] <= field.width && box[3] <= field.height)));
    const count = ({ box }) => lanes.reduce((sum, points) => sum + crosses(points, box, scale), 0);
    const order = marks.map((mark, place) => ({ mark, place })).sort((one, other) => rank(other.mark) - rank(one.mark));
    for (const { mark, place } of order) {
      const wanted = texts(mark, mark.node.side, scale, letters);
      const others = far ? [] : OTHERWISE[mark.node.side].map((side) => texts(mark, side, scale, letters)).filter(inside);
      let found;
      let least = Infinity;
      // Of the sides that are free that one is taken which the fewest lanes cross.
      for (const one of far ? [] : [...(inside(wanted) ? [wanted] : []), ...others]) {
        if (!isFree(one, place)) continue;
        const met = count(one);
        if (met < least) [found, least] = [one, met];
        if (!met) break;
      }
      const { anchor, x, y, box } = found || wanted;
      const free = important(mark) || found !== undefined;
      mark.group.classList.toggle("named", free);
      mark.group.classList.toggle("numbered", !free && !crowd);
      mark.number.setAttribute("font-size", (letters / scale).toFixed(2));
      mark.number.setAttribute("y", ((letters * 0.36) / scale).toFixed(2));
      if (free) boxes.push([box[0] - BREATH, box[1], box[2] + BREATH, box[3]]);
      const lines = [...(mark.nameLines || [mark.name]), mark.figures];
      let line = 0;
      for (const text of lines) {
        if (!text) continue;
        text.setAttribute("text-anchor", anchor);
        text.setAttribute("x", (x / scale).toFixed(2));
        text.setAttribute("y", ((y + line * letters * LINE) / scale).toFixed(2));
        line += 1;
      }
      if (!mark.plate) continue;
      // Nothing shows through the letters of a name that lanes cross.
      const covered = free && (found === undefined || least > 0);
      mark.plate.setAttribute("visibility", covered ? "visible" : "hidden");
      if (!covered) continue;
      const [left, top] = [box[0] - mark.node.x * scale - 2, box[1] - mark.node.y * scale];
      const put = { x: left, y: top, width: box[2] - box[0] + 4, height: box[3] - box[1] };
      for (const [name, value] of Object.entries(put)) mark.plate.setAttribute(name, (value / scale).toFixed(2));
    }
    return crowd ? [] : marks.filter((mark) => mark.group.classList.contains("numbered"));
  };
})();
