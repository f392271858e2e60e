"""How many periods a scenario needs until it has forgotten how it began: Welch's method on columns of its timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.run import Progress, run
from chainwright.experiment.warm_up.settling import LEAST_PERIODS, LEAST_RUNS, SETTLED, Settling, settling
from chainwright.metrics.trade.accumulate import TIMELINE
from chainwright.report.files import Kind, whole_folder
from chainwright.report.spreadsheets import for_spreadsheets
from chainwright.scenario import Scenario, load
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.recordable import item_columns
from chainwright.words.requests import run_numbers, whole_number

Floats = NDArray[np.float64]

# Stocks and flows that settle at different times; a column where nothing happens is settled from the start.
COLUMNS = ("on_hand", "backorder", "in_transit", "orders")
EVENTS = ("disruptions", "interventions")
FILES = ("warm_up.csv", "series.csv", "warm_up.json", "figure.svg", "figure.png")
KIND = Kind("a study of the warm-up", "warm_up.json", FILES)


@dataclass(frozen=True)
class WarmUp:
    """When a scenario has settled.

    Attributes
    ----------
    periods : int or None
        The warm-up that is proposed: the longest of the columns. None where a column does not settle in the first half.
    settlings : dict
        By column what was found; see `chainwright.experiment.warm_up.settling.Settling`.
    declared : int
        The warm-up that the scenario says.
    played, runs : int
        Periods and replications that were played.
    without : tuple of str
        What of the scenario was left out: ``disruptions``, ``interventions``, or nothing.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cw.warm_up("serial_textbook", runs=5, periods=300)
    >>> found.periods <= 60
    True
    """

    scenario: Scenario
    settlings: Mapping[str, Settling]
    seed: int
    runs: int
    played: int
    enterprise: str | None = None
    without: tuple[str, ...] = ()

    @property
    def periods(self) -> int | None:
        """The warm-up that is proposed, or None."""
        found = [one.warm_up for one in self.settlings.values()]
        return None if None in found else max(one for one in found if one is not None)

    @property
    def declared(self) -> int:
        """The warm-up that the scenario says."""
        return int(self.scenario.warm_up)

    @property
    def table(self) -> pd.DataFrame:
        """One row per column: verdict, warm-up, what MSER-5 would cut off, the level, and the means around the third and the fourth quarter."""
        rows = [
            {"column": name, "verdict": one.verdict, "warm_up": one.warm_up, "mser": one.mser, "level": one.level}
            | {"third_quarter": one.quarters[0], "fourth_quarter": one.quarters[1], "window": one.window}
            for name, one in self.settlings.items()
        ]
        return pd.DataFrame(rows).astype({"warm_up": "Int64", "mser": "Int64"})

    @property
    def series(self) -> pd.DataFrame:
        """One row per column and period: the mean over the replications, the moving average, and the band in which it is settled."""
        parts = []
        for name, one in self.settlings.items():
            count = len(one.smoothed)
            part = pd.DataFrame({"column": name, "period": np.arange(1, len(one.mean) + 1), "mean": one.mean})
            # The last periods have no full window.
            for end, values in (("smoothed", one.smoothed), ("low", one.level - one.band), ("high", one.level + one.band)):
                part[end] = np.append(values, np.full(len(one.mean) - count, np.nan))
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def sentence(self) -> str:
        """The answer in a sentence or two."""
        restless = [name for name, one in self.settlings.items() if one.verdict != SETTLED]
        if restless:
            means = {name: self.settlings[name].quarters for name in restless}
            moves = "; ".join(
                f"{name} moves from {third:.4g} in the third quarter to {fourth:.4g} in the last" for name, (third, fourth) in means.items()
            )
            return (
                f"No warm-up can be said: {moves}. Play more periods, such as {2 * self.played}; if that is the same, "
                "there is no steady state (growth, a season longer than the run, too little capacity)."
            )
        assert self.periods is not None
        asks = [name for name, one in self.settlings.items() if one.warm_up == self.periods]
        why = f" ({', '.join(asks)})" if self.periods and len(asks) < len(self.settlings) else ""
        says = f"the scenario says {self.declared}"
        if self.periods > self.declared:
            says += ", which is too little"
        left = f" (without its {' and '.join(self.without)})" if self.without else ""
        return f"A warm-up of {self.periods} {'period' if self.periods == 1 else 'periods'}{why}{left}; {says}."

    def facts(self) -> dict[str, Any]:
        """What was asked and found, as JSON can hold it."""
        said = {"scenario": self.scenario.name, "scenario_hash": self.scenario.hash, "seed": self.seed, "runs": self.runs, "periods": self.played}
        said |= {
            "enterprise": self.enterprise,
            "without": list(self.without),
            "warm_up": self.periods,
            "declared": self.declared,
            "sentence": self.sentence(),
        }
        rows = [
            {"column": name, "verdict": one.verdict, "warm_up": one.warm_up, "mser": one.mser, "level": one.level}
            for name, one in self.settlings.items()
        ]
        return said | {"columns": rows}

    def plot(self) -> Any:
        """Draw for each column the mean over the replications, its moving average, the band and the proposal.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from chainwright.report.figures.settling import settled  # matplotlib is slow to import

        return settled(self)

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write the table, the series, the facts and the figure (SVG and PNG) to a folder.

        Raises
        ------
        UsageError
            When the folder cannot be written.
        """
        target = Path(folder)
        with whole_folder(target, KIND) as beside:
            for_spreadsheets(self.table).to_csv(beside / FILES[0], index=False)
            for_spreadsheets(self.series).to_csv(beside / FILES[1], index=False)
            (beside / FILES[2]).write_text(json.dumps(self.facts(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            figure = self.plot()
            figure.savefig(beside / FILES[3], metadata={"Date": None})
            figure.savefig(beside / FILES[4], dpi=150)
        return target

    def __repr__(self) -> str:
        heading = f"{self.scenario.name}: {plural(self.runs, 'run')} of {plural(self.played, 'period')}, seed {self.seed}"
        return "\n".join([heading, self.sentence(), self.table.to_string(index=False, na_rep="-")])


def warm_up(
    scenario: Scenario | str | PathLike[str],
    column: str | Iterable[str] = COLUMNS,
    runs: int = 30,
    periods: int | None = None,
    window: int | None = None,
    seed: int | None = None,
    *,
    enterprise: str | None = None,
    events: bool = False,
    agents: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> WarmUp:
    """Propose how many periods at the start are not to be measured.

    Replications are averaged period by period, then over neighbouring periods (Welch 1983). The warm-up ends where that curve enters the
    band around the level of the last half for good; `chainwright.experiment.warm_up.settling.settling` says how wide the band is. Beside it stands
    what MSER-5 (White 1997) would cut off.

    Parameters
    ----------
    scenario : Scenario, str or path
        The scenario; its own warm-up is not used.
    column : str or iterable of str
        Columns of the timeline (on_hand, backorder, in_transit, demand, orders, shipped, lost, total_cost, ...), summed over the network.
    runs : int
        How many replications.
    periods : int, optional
        How many periods; the scenario's horizon by default. The second half must be settled, so ask for many more than the warm-up.
    window : int, optional
        Periods to either side that are averaged; a twentieth of the run by default.
    seed : int, optional
        As for `chainwright.run`.
    enterprise : str, optional
        Look at the items of one enterprise instead of the network; then any column of items will do.
    events : bool
        Whether the scenario's disruptions and interventions happen. They are no part of the start, and what they do is to be measured, so by
        default they are left out.
    agents : mapping, optional
        Who decides in place of the policies.
    progress : callable, optional
        Called with the periods played and the periods in all.

    Raises
    ------
    UsageError
        With everything that is wrong with the request.

    Examples
    --------
    >>> import chainwright as cw
    >>> cw.warm_up("newsvendor", "on_hand", runs=10, periods=200).table["verdict"].tolist()
    ['settled']
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    wrong: list[str] = []

    def told(check: Callable[[], Any], otherwise: Any = None) -> Any:
        try:
            return check()
        except UsageError as error:
            wrong.append(str(error))
            return otherwise

    names = list(dict.fromkeys([column] if isinstance(column, str) else column))
    known = TIMELINE if enterprise is None else item_columns()
    wrong += [f"there is no column {name!r}{suggestion(str(name), known)}" for name in names if name not in known]
    if not names:
        wrong.append("no column is named; leave column out for the usual ones")
    numbers = told(lambda: run_numbers(runs), [])
    if 0 < len(numbers) < LEAST_RUNS:
        wrong.append(f"runs must be at least {LEAST_RUNS}, so that noise can be told from movement, got {len(numbers)}")
    length = chosen.horizon if periods is None else told(lambda: whole_number(periods, "periods", 1), LEAST_PERIODS)
    if length < LEAST_PERIODS:
        wrong.append(f"{length} periods are too few to see a series settle; ask for {LEAST_PERIODS} at least, better several hundred")
    elif window is not None:
        told(lambda: whole_number(window, "window", 1, length // 4))
    if enterprise is not None and enterprise not in (firms := chosen.blueprint().tables["enterprises"]["name"].tolist()):
        wrong.append(f"there is no enterprise {enterprise!r}{suggestion(enterprise, firms)}")
    if wrong:
        raise UsageError("\n".join(wrong))
    document = chosen.document
    without = tuple(name for name in EVENTS if document.get(name) and not events)
    changes: dict[str, Any] = {name: [] for name in without} | ({"warm_up": 0} if chosen.warm_up else {})
    from_start = chosen.with_(changes) if changes else chosen
    kept = names if enterprise is not None else ()
    result = run(from_start, numbers, seed, length, kept, timeline=enterprise is None, agents=agents, progress=progress)
    if enterprise is None:
        table = result.timeline
    else:
        assert result.panel is not None
        table = result.panel[result.panel["enterprise"] == enterprise]
    assert table is not None
    run_of = pd.factorize(table["run"])[0]
    cell = run_of * length + table["period"].to_numpy(np.int64) - 1
    found = {}
    for name in names:
        # Sums of a run's rows in one order, whatever lies beside it.
        summed = np.bincount(cell, table[name].to_numpy(np.float64), len(numbers) * length)
        found[name] = settling(summed.astype(np.float64, copy=False).reshape(len(numbers), length), window, len(names))
    return WarmUp(chosen, found, result.seed, len(numbers), length, enterprise, without)
