// Lines and areas of charts as paths: appended to while a timeline is played, thinned to the pixels where there are more periods than those.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.linePath) return;

  const at = (value) => Math.round(value * 10) / 10;

  // A path that is kept: `draw(values, upTo, scale)` gives the text of it, of values[0] at period 1, in view of scale {x, y, from, to, key, pixels}.
  cw.linePath = () => {
    let [text, drawn, open, key, of, last] = ["", 0, false, null, null, null];

    function whole(values, from, to, { x, y, pixels }) {
      text = "";
      open = false;
      const count = to - from + 1;
      if (count > 2 * pixels) return thinned(values, from, to, x, y, count / pixels);
      for (let period = from; period <= to; period++) add(values[period - 1], x(period), y);
    }
    function add(value, place, y) {
      if (value === undefined || Number.isNaN(value)) {
        open = false;
        return;
      }
      text += (open ? "L" : "M") + at(place) + " " + at(y(value));
      open = true;
    }
    // Of all periods that share a pixel, the lowest and the highest value.
    function thinned(values, from, to, x, y, periods) {
      for (let start = from; start <= to; start += periods) {
        const end = Math.min(Math.ceil(start + periods) - 1, to);
        let [low, high] = [Infinity, -Infinity];
        let [lowest, highest] = [0, 0];
        for (let period = Math.ceil(start); period <= end; period++) {
          const value = values[period - 1];
          if (value < low) [low, lowest] = [value, period];
          if (value > high) [high, highest] = [value, period];
        }
        if (low === Infinity) {
          open = false;
          continue;
        }
        const [first, second] = lowest < highest ? [lowest, highest] : [highest, lowest];
        add(values[first - 1], x(first), y);
        if (second !== first) add(values[second - 1], x(second), y);
      }
    }

    return (values, upTo, scale) => {
      const from = Math.max(1, scale.from);
      const to = Math.min(upTo, values.length, scale.to);
      const grows = key === scale.key && of === values && to >= drawn && drawn >= from && to - from + 1 <= 2 * scale.pixels && values[drawn - 1] === last;
      if (grows) for (let period = drawn + 1; period <= to; period++) add(values[period - 1], scale.x(period), scale.y);
      else whole(values, from, to, scale);
      [key, of, drawn, last] = [scale.key, values, to, values[to - 1]];
      return text;
    };
  };

  // An area between two rows of values that is kept: `draw(lower, upper, upTo, scale)` gives the text of it.
  cw.areaKept = () => {
    let [text, of] = ["", []];
    return (lower, upper, upTo, scale) => {
      const now = [lower, upper, upTo, lower.length, scale.key];
      if (now.some((one, place) => one !== of[place])) [text, of] = [cw.areaPath(lower, upper, upTo, scale), now];
      return text;
    };
  };
  // An area between two rows of values.
  cw.areaPath = (lower, upper, upTo, { x, y, from, to, pixels }) => {
    const last = Math.min(upTo, lower.length, upper.length, to);
    const first = Math.max(1, from);
    const step = Math.max(1, Math.floor((last - first + 1) / pixels));
    const there = [];
    for (let period = first; period <= last; period += step) if (!Number.isNaN(lower[period - 1]) && !Number.isNaN(upper[period - 1])) there.push(period);
    if (!there.length) return "";
    const up = there.map((period) => at(x(period)) + " " + at(y(upper[period - 1])));
    const down = there.reverse().map((period) => at(x(period)) + " " + at(y(lower[period - 1])));
    return "M" + up.join("L") + "L" + down.join("L") + "Z";
  };

  // Rings along a line of the other timeline wherever it differs from the first one's.
  cw.ringPath = (values, upTo, { x, y, from, to }, first, apart = 46) => {
    let text = "";
    let next = -Infinity;
    for (let period = Math.max(1, from); period <= Math.min(upTo, values.length, to); period++) {
      const place = x(period);
      const value = values[period - 1];
      if (place < next || Number.isNaN(value) || (first && first[period - 1] === value)) continue;
      text += `M${at(place - 2.2)} ${at(y(value))}a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0`;
      next = place + apart;
    }
    return text;
  };

  // The least and the most of some values in a span, as [low, high] widened by them.
  cw.widen = (range, values, from, to) => {
    for (let period = Math.max(1, from); period <= Math.min(to, values.length); period++) {
      const value = values[period - 1];
      if (value < range[0]) range[0] = value;
      if (value > range[1]) range[1] = value;
    }
    return range;
  };

  // Round ends for an axis around a range, zero among them where it is not far off.
  cw.roundRange = ([low, high], count) => {
    if (low > high) [low, high] = [0, 1];
    if (low > 0) low = 0;
    if (high < 0) high = 0;
    if (low === high) high = low + 1;
    const ticks = cw.ticks(low, high, count);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : high - low;
    // Halves of a step leave less room empty than whole ones.
    return { low: (Math.floor((2 * low) / step + 1e-9) * step) / 2, high: (Math.ceil((2 * high) / step - 1e-9) * step) / 2, step };
  };

  // The last period of an axis while a timeline is young: it grows in few steps, so that what stands there seldom moves.
  cw.reach = (seen, horizon) => {
    for (const one of [40, 60, 90, 130, 200, 300, 450, 700, 1000, 1500, 2200, 3300, 5000]) if (one >= horizon || seen <= one * 0.96) return Math.min(one, horizon);
    return horizon;
  };
})();
