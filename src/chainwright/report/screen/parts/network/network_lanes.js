// The lanes of the network: as wide as what they carry, crossed where closed, with goods on the way as dots.
(function () {
  "use strict";
  const cw = window.chainwright;
  const RECENT = 4;
  const WHILE = 16;
  const SAMPLES = 20;
  const MOST_DOTS = 700;
  const DOT = 9; // pixels of a way that a dot takes

  const ARROW = 10; // pixels at the end of a way that its arrow takes
  const LEAST_LANE = 6; // pixels of a way that are seen at the least

  // A smooth way from mark to mark, straight where it leaves and arrives; one that leads backwards bows out. `down` turns it by a right angle.
  function way(start, end, via, down, arrow) {
    const turned = ([x, y]) => (down ? [y, x] : [x, y]);
    const point = ([u, v]) => turned([u, v]).map((one) => one.toFixed(1)).join(" ");
    const [from, to] = [turned([start.x, start.y]), turned([end.x, end.y])];
    // Between marks that stand close the arrow takes what room there is.
    const between = to[0] - from[0] - start.r - end.r;
    const short = end.r + (between > 0 ? Math.min(3 + (arrow ? ARROW : 0), Math.max(between - LEAST_LANE, 2)) : 3 + (arrow ? ARROW : 0));
    if (between <= 0) {
      const bow = Math.max(36, Math.hypot(to[0] - from[0], to[1] - from[1]) * 0.35);
      const side = to[1] < from[1] ? -1 : 1;
      return `M${point([from[0] + start.r * 0.7, from[1]])}C${point([from[0] + bow, from[1] + side * bow * 0.3])} ${point([to[0] + bow, to[1] - side * bow * 0.3])} ${point([to[0] + short, to[1]])}`;
    }
    const stops = [[from[0] + start.r * 0.7, from[1]], ...via.map(turned), [to[0] - short, to[1]]];
    let d = `M${point(stops[0])}`;
    for (let number = 1; number < stops.length; number += 1) {
      const [[u1, v1], [u2, v2]] = [stops[number - 1], stops[number]];
      const pull = (u2 - u1) * 0.45;
      d += `C${point([u1 + pull, v1])} ${point([u2 - pull, v2])} ${point([u2, v2])}`;
    }
    return d;
  }

  // On a map lanes are straight, from the edge of one mark to that of the other.
  function straight(start, end, arrow) {
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const length = Math.max(Math.hypot(dx, dy), 1e-9);
    const point = (along) => `${(start.x + (dx * along) / length).toFixed(1)} ${(start.y + (dy * along) / length).toFixed(1)}`;
    const short = end.r + 3 + (arrow ? ARROW : 0);
    return `M${point(Math.min(start.r * 0.7, length / 3))}L${point(Math.max(length - short, length / 2))}`;
  }

  // Of an enterprise that is opened a link is some lanes of those that it has with a partner.
  const lanesOf = (link, timeline) => link.lanes || (link.lanes = link.links.flatMap((number) => timeline.links[number].lanes));

  // Sums over the lanes of each link of a column, in one pass.
  cw.linkSums = (scene, timeline, values) => {
    const sums = new Float64Array(scene.links.length);
    if (values) scene.links.forEach((link, place) => {
      for (const lane of lanesOf(link, timeline)) sums[place] += values[lane];
    });
    return sums;
  };

  // Whether goods can pass: "open", "shut" where nothing passes any lane, "held" where some of it does.
  cw.openness = (lanes, open) => {
    if (!open) return "open";
    let [most, least] = [0, 1];
    for (const lane of lanes) {
      most = Math.max(most, open[lane]);
      least = Math.min(least, open[lane]);
    }
    return least >= 1 || !lanes.length ? "open" : most > 1e-9 ? "held" : "shut";
  };

  cw.Lanes = (scene, timeline, layer) => {
    const few = scene.links.length <= 90;
    const drawn = scene.links.map((link) => {
      const [start, end] = [scene.nodes[link.from], scene.nodes[link.to]];
      const d = scene.kind === "map" ? straight(start, end, few) : way(start, end, link.via || [], scene.down, few);
      const line = cw.s("path", { d, class: "lane", "vector-effect": "non-scaling-stroke" });
      const hit = cw.s("path", { d, class: "hit", "vector-effect": "non-scaling-stroke" });
      const group = cw.s("g", { class: link.recipe ? "link recipe" : "link" }, line, hit);
      if (link.link !== undefined) group.dataset.link = link.link;
      layer.appendChild(group);
      return { link, lanes: lanesOf(link, timeline), line, group, width: null, open: null, cross: null, points: null, flow: 0, transit: 0 };
    });
    if (few) drawn.forEach((one) => one.line.setAttribute("marker-end", "url(#cw-arrow)"));
    // The largest shipment over a link of each period that was looked at, kept with the period's own column.
    const peaks = new WeakMap();
    const peakOf = (shipped) => {
      if (!shipped) return 0;
      if (!peaks.has(shipped)) peaks.set(shipped, cw.linkSums(scene, timeline, shipped).reduce((most, one) => Math.max(most, one), 0));
      return peaks.get(shipped);
    };

    // Points along a way, worked out once somebody draws dots on it.
    const pointsOf = (one) => {
      if (!one.points) {
        const length = (one.length = one.line.getTotalLength());
        one.points = Array.from({ length: SAMPLES + 1 }, (_, step) => {
          const point = one.line.getPointAtLength((length * step) / SAMPLES);
          return [point.x, point.y];
        });
      }
      return one.points;
    };

    return {
      drawn,
      ways: () => drawn.map(pointsOf),
      update(store, id, period) {
        const flow = new Float64Array(scene.links.length);
        let count = 0;
        for (let back = 0; back < RECENT && period - back > 0; back += 1) {
          const sums = cw.linkSums(scene, timeline, store.at(id, "lanes", "shipped", period - back));
          for (let place = 0; place < flow.length; place += 1) flow[place] += sums[place];
          count += 1;
        }
        const transit = cw.linkSums(scene, timeline, store.at(id, "lanes", "in_transit", period));
        const open = store.at(id, "lanes", "open", period);
        for (let place = 0; place < flow.length; place += 1) flow[place] /= count || 1;
        // Widths are compared with the largest shipment of a longer while, so that they do not all change whenever one does.
        let largest = 1e-9;
        for (let back = 0; back < WHILE && period - back > 0; back += 1) largest = Math.max(largest, peakOf(store.at(id, "lanes", "shipped", period - back)));
        drawn.forEach((one, place) => {
          const width = (flow[place] > 1e-9 ? 1.2 + (few ? 6 : 3) * Math.sqrt(flow[place] / largest) : 0.8).toFixed(1);
          if (one.width !== width) {
            one.width = width;
            one.line.style.strokeWidth = width;
          }
          const state = cw.openness(one.lanes, open);
          if (one.open !== state) {
            one.open = state;
            one.group.classList.toggle("shut", state === "shut");
            one.group.classList.toggle("held", state === "held");
            if (state === "shut" && !one.cross) {
              const [x, y] = pointsOf(one)[SAMPLES / 2];
              one.cross = cw.s("path", { class: "cross", d: `M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x + 6} ${y - 6}L${x - 6} ${y + 6}`, "vector-effect": "non-scaling-stroke" });
              one.group.appendChild(one.cross);
            }
          }
          one.flow = flow[place];
          one.transit = transit[place];
        });
      },
      // Dots where goods are on their way, more and larger ones for more; `phase` moves them from one period to the next.
      dots(draw, phase, unit) {
        let left = MOST_DOTS;
        const most = scene.links.length > 120 ? 2 : 6;
        for (const one of drawn) {
          if (!(one.transit > 1e-9) || left <= 0) continue;
          const points = pointsOf(one);
          const share = Math.sqrt(one.transit / unit);
          const count = Math.min(Math.max(1, Math.min(Math.round(share * most), Math.floor(one.length / DOT))), left);
          left -= count;
          for (let number = 0; number < count; number += 1) {
            const along = ((number + phase) / count) * SAMPLES;
            const step = Math.min(Math.floor(along), SAMPLES - 1);
            const rest = along - step;
            draw(points[step][0] + (points[step + 1][0] - points[step][0]) * rest, points[step][1] + (points[step + 1][1] - points[step][1]) * rest, 0.75 + 0.5 * share);
          }
        }
      },
      transit: () => drawn.reduce((most, one) => Math.max(most, one.transit || 0), 1e-9),
    };
  };
})();
