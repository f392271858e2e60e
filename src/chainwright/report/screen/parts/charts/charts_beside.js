// What stands behind the lines of a chart: pale lines of the same run with nothing done by hand, and the bands of many runs, few at a time.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.ghostOf) return;

  const MOST = 3; // bands that are told from one another
  const ALONE = "total"; // costs are stacked, and only their sum has a band

  // The run with nothing done by hand, where it is known and nothing else stands beside.
  cw.ghostOf = (store) => {
    const { a, b, baseline } = store.state;
    const comparing = b !== null && Boolean(store.timelines[b]);
    return comparing || !baseline || baseline === a || !store.timelines[baseline] || !store.timelines[baseline].items ? null : baseline;
  };

  // --- bands ---------------------------------------------------------------------------------------------------

  // That of a series from what many runs told of its timeline, where it has one; kept with the series.
  const numbers = (values) => values.map((value) => (value === null ? NaN : value));
  cw.bandOf = (one, told) => {
    if (!one || !one.band || !told) return null;
    const { column, row, network } = one.band;
    const of = network ? (told.network || {})[network] : told.echelons[column];
    if (!of) return null;
    if (!one.bands || one.bands.of !== of) {
      const edge = (kind) => numbers(network ? of[kind] || [] : (of[kind] || []).map((values) => values[row]));
      one.bands = { of, low: edge("low"), middle: edge("middle"), high: edge("high") };
    }
    return one.bands;
  };

  // Which groups show their bands: those that were chosen, else the first of them; at most three bands, those of both timelines counted.
  cw.Bands = () => {
    const chosen = {}; // by chart
    const most = (comparing) => (comparing ? Math.max(1, Math.floor(MOST / 2)) : MOST);
    const first = (groups, comparing) => [...groups.filter((one) => !one.ink || one.share || one.key === ALONE), ...groups].map((one) => one.group).filter((one, place, all) => all.indexOf(one) === place).slice(0, most(comparing));
    return {
      // Takes away the bands that are not shown; answers {there, shown} sets of groups.
      choose(chart, series, comparing) {
        const with1 = series.filter((one) => one.band || one.bandB);
        const there = new Set(with1.map((one) => one.group));
        const wanted = chosen[chart] ? chosen[chart].filter((group) => there.has(group)).slice(-most(comparing)) : first(with1, comparing);
        const shown = new Set(wanted);
        for (const one of with1) if (!shown.has(one.group)) one.band = one.bandB = null;
        return { there, shown };
      },
      // Another one; the one that was there longest makes room.
      toggle(chart, group, shown, comparing) {
        const now = [...shown];
        chosen[chart] = now.includes(group) ? now.filter((one) => one !== group) : [...now, group].slice(-most(comparing));
      },
    };
  };

  // Why a chart has no band although many runs were played, or what its band is of; nothing where all lines have theirs.
  cw.bandWords = (chart, told, there) => {
    if (!told) return "";
    if (chart === "costs") return cw.text(there.size ? "charts.band_of_total" : "charts.band_missing");
    if (chart === "service" && !(told.network || {}).fill_rate) return cw.text("charts.band_of_service");
    return there.size ? "" : cw.text("charts.band_missing");
  };
})();
