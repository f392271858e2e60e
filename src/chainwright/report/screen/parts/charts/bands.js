// What came out of many runs of the timelines that are watched, as long as it tells of them: bands, intervals and paired differences.
(function () {
  "use strict";
  const cw = window.chainwright;

  // Once something else was done by hand, it was another timeline.
  const holds = (store, told) => told && told.echelons && store.timelines[told.timeline] && (told.acts || []).join() === store.timelines[told.timeline].acts.map((one) => one.number).join();
  const half = (one) => (one && one.low !== null && one.high !== null ? (one.high - one.low) / 2 : NaN);

  // A mean with half the width of its interval, in few letters: neither more exact than the interval is.
  const LEAST = 1e-4; // below this, digits behind the point are no shorter
  cw.meanAndHalf = (measure, { mean, half }) => {
    const largest = Math.max(Math.abs(mean), half);
    const [unit, word] = measure.share ? [0.01, "points"] : largest >= 1e7 ? [1e6, "millions"] : largest >= 1e4 ? [1e3, "thousands"] : [1, null];
    const spread = half / unit;
    const decimals = Math.max(0, 1 - Math.floor(Math.log10(spread)));
    const write = (value) => (spread < LEAST ? cw.number(value) : cw.fixed(value, decimals));
    const text = cw.text("tiles.mean_and_half", { mean: write(mean / unit), half: write(spread) });
    const signed = mean > 0 ? `+${text}` : text;
    return word ? cw.text(word === "points" ? "number.points" : `number.short_${word}`, { value: signed }) : signed;
  };

  // {runs, end, mine, theirs, interval(name), difference(name)} of the watched timeline and the one beside; A less B, whichever of them was A then.
  cw.manyRuns = (store) => {
    const { a, b } = store.state;
    const answer = store.answers.bands;
    const found = [answer, answer && answer.beside].filter((told) => holds(store, told));
    const of = (id) => found.find((told) => id !== null && told.timeline === id) || null;
    const [mine, theirs] = [of(a), of(b)];
    const differences = mine && theirs && mine !== theirs ? answer.differences || {} : {};
    const sign = mine === answer ? 1 : -1;
    const told = (one, turned) => (Number.isFinite(half(one)) ? { mean: turned * one.mean, low: turned > 0 ? one.low : -one.high, high: turned > 0 ? one.high : -one.low, half: half(one) } : null);
    return {
      runs: answer ? answer.runs || answer.of : 0,
      end: store.timeline() ? cw.period(store.timeline(), store.timeline().horizon) : "",
      mine,
      theirs,
      interval: (name) => (mine ? told(mine.measures[name], 1) : null),
      difference: (name) => told(differences[name], sign),
    };
  };
})();
