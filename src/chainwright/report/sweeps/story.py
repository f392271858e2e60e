"""What a sweep says in a few numbers and sentences, for the top of its page and the command line."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from chainwright.metrics.directions import less_is_better
from chainwright.metrics.group_means import means
from chainwright.metrics.intervals import CONFIDENCE, Estimate, estimate
from chainwright.report.numerals import number, plural
from chainwright.report.story import Headline
from chainwright.report.sweeps.common import SAME
from chainwright.report.sweeps.reading import Reading, Varied
from chainwright.report.sweeps.words import measure_text, metric_of, unit_text, value_text
from chainwright.report.tables import interval_text
from chainwright.words.errors import ChainwrightError

# Measures that a reader looks at first, in this order.
FIRST = ("total_cost", "fill_rate", "bullwhip_ratio", "on_hand_mean", "backorder_mean", "lost_sales", "days_of_supply", "turns")
MOST_MEASURES = 5
LONGEST_NOTE = 90
# Designs whose values are chosen one by one; of two values each is an end.
LISTED, FEWEST_LEVELS = ("grid", "points", "one_at_a_time"), 3
DESIGNS = {
    "grid": "full grid",
    "points": "points chosen one by one",
    "one_at_a_time": "one factor at a time",
    "latin_hypercube": "Latin hypercube",
    "sobol": "Sobol sequence",
    "halton": "Halton sequence",
    "two_level": "two levels, every combination",
    "fractional": "fraction of two levels",
    "morris": "trajectories of Morris",
    "saltelli": "sample of Saltelli, for Sobol’s indices",
}


def design_words(design: Any) -> str:
    """A kind of design in words."""
    said = DESIGNS.get(design.kind, str(design.kind).replace("_", " "))
    fraction, resolution = design.facts.get("fraction"), design.facts.get("resolution")
    return f"{said} {fraction}, resolution {resolution}" if design.kind == "fractional" and fraction else said


class Story:
    """A sweep's table read once for the whole page.

    Parameters
    ----------
    table : SweepTable
        The rows.

    Attributes
    ----------
    reading : Reading or None
        The rows with the measure that the page turns on; None where nothing was measured.
    """

    def __init__(self, table: Any) -> None:
        self.table = table
        self.reading = Reading(table) if table.measures else None

    @property
    def known(self) -> bool:
        """Whether any run gave a value."""
        return self.reading is not None and self.reading.known

    @cached_property
    def measures(self) -> list[str]:
        """The measures that the page shows, that of the figures first: what is read first, as far as it varies."""
        if self.reading is None:
            return []
        left_out = {"total_cost"} if self.table.sweep is not None and self.table.sweep.uneven else set()
        among = [name for name in self.table.measures if name not in left_out]
        names = sorted(among, key=lambda name: FIRST.index(metric_of(name)) if metric_of(name) in FIRST else len(FIRST))
        # What differs by rounding alone does not vary.
        largest = {name: max(abs(self.table[name].max()), abs(self.table[name].min())) for name in names}
        varying = [name for name in names if self.table[name].max() - self.table[name].min() > SAME * largest[name] and name != self.reading.measure]
        return [self.reading.measure, *varying][:MOST_MEASURES]

    @cached_property
    def second(self) -> str | None:
        """A measure of service beside that of cost, or any other that is known to be better high or low."""
        rest = [name for name in self.measures[1:] if less_is_better(name) is not None]
        opposite = [name for name in rest if less_is_better(name) != less_is_better(self.measures[0])]
        return next(iter([*opposite, *rest]), None)

    @cached_property
    def certain(self) -> bool:
        """Whether replications were played that do not differ in any measure."""
        done = self.table[self.table["status"] == "done"]
        groups = done.groupby("design_id")[list(self.table.measures)]
        return self.known and bool(groups.size().max() > 1) and bool(((groups.max() - groups.min()).fillna(0.0) == 0.0).all(axis=None))

    @property
    def less(self) -> bool | None:
        """Whether less of the measure is better; None where nobody can tell."""
        return less_is_better(self.reading.measure) if self.reading is not None else None

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per design point, the best first; where nobody can tell what is better, the highest."""
        found: pd.DataFrame = self.table.by_point(measures=self.measures)
        if self.reading is None:
            return found
        return found.sort_values(self.reading.measure, ascending=bool(self.less), kind="stable", na_position="last", ignore_index=True)

    @cached_property
    def best(self) -> int | None:
        """The place of the best point in the reading, where there is one."""
        if not self.known or self.reading is None:
            return None
        return self.place(self.points["design_id"].iloc[0])

    def place(self, identity: Any) -> int:
        """The place of a design point in the reading."""
        assert self.reading is not None
        return int(np.flatnonzero(self.reading.ids == identity)[0])

    def against_best(self, identity: Any) -> Estimate:
        """How much more a point measures than the best, replication by replication."""
        assert self.reading is not None
        assert self.best is not None
        return self.reading.difference(self.place(identity), self.best)

    def told_apart(self) -> tuple[int, int]:
        """How many of the other points cannot be told from the best one by one, and how many were compared."""
        if self.reading is None or self.best is None:
            return 0, 0
        away = self.reading.values - self.reading.values[self.best]
        point, rep = np.nonzero(~np.isnan(away))
        mean, half = means(away[point, rep], point, len(away), CONFIDENCE)
        compared = ~np.isnan(half)
        settings = list(zip(*(factor.values for factor in self.reading.factors), strict=True))
        if settings:  # rows of the design that repeat the best are no rivals of it
            compared &= np.array([one != settings[self.best] for one in settings])
        compared[self.best] = False
        return int((np.abs(mean[compared]) <= half[compared]).sum()), int(compared.sum())

    def headlines(self) -> list[Headline]:
        """The few numbers that sum a sweep up."""
        if self.reading is None or not self.known:
            return [Headline("Runs", number(len(self.table)), "none gave a value")]
        word = {True: "Lowest", False: "Highest", None: "Highest"}
        told = []
        for name in [self.reading.measure, *([self.second] if self.second else [])]:
            less = less_is_better(name)
            means = self.table.by_point(measures=[name]).dropna(subset=[name])
            if means.empty:
                continue
            row = means.loc[means[name].idxmin() if less else means[name].idxmax()]
            label = self.reading.names.measure(name)
            note = shorten_end(self.reading.point_text(self.place(row["design_id"])) or "nothing was varied")
            told.append(Headline(f"{word[less]} {label}{unit_text(name)}", measure_text(name, row[name]), note))
        low, high = float(np.nanmin(self.reading.means)), float(np.nanmax(self.reading.means))
        if high - low > SAME * max(abs(low), abs(high)):
            worst = int(np.nanargmax(self.reading.means) if self.less else np.nanargmin(self.reading.means))
            name = f"{'Highest' if self.less else 'Lowest'} {self.reading.label}{unit_text(self.reading.measure)}"
            value = measure_text(self.reading.measure, self.reading.means[worst])
            told.append(Headline(name, value, shorten_end(self.reading.point_text(worst))))
        failed = self.reading.failed
        note = f"{number(failed)} failed" if failed else "none failed"
        told.append(Headline("Runs", number(len(self.table)), f"{plural(len(self.reading.ids), 'design point')}, {note}"))
        return told

    def sentences(self) -> list[str]:
        """What stands out, in a few plain sentences."""
        reading = self.reading
        if reading is None or not self.known or self.best is None:
            messages = self.table.failures["message"].tolist()
            return [f"Every run failed: {messages[0]}"] if messages else ["There are no runs."]
        told = []
        varied = reading.varied
        one = estimate(reading.values[self.best])
        word = "The lowest" if self.less else "The highest"
        interval = f" (95 % interval {interval_text(metric_of(reading.measure), one)})" if one.interval and one.varies else ""
        if varied:
            value = measure_text(reading.measure, one.mean)
            told.append(f"{word} {reading.label}, {value}{interval}, is that of {reading.point_text(self.best)}.")
        told += self._on_the_edge(varied)
        close, compared = self.told_apart()
        if close and compared:
            others = "The other point" if compared == 1 else f"{number(close)} of the {plural(compared, 'other point')}"
            by = plural(reading.reps, "replication")
            luck = f"cannot be distinguished from it with {by} when compared one by one; the best of many is partly lucky"
            told.append(f"{others} {'gives just the same' if close == 1 else 'give just the same'}." if self.certain else f"{others} {luck}.")
        if reading.reps < 2:
            told.append("One replication of each point does not show what is due to chance: several do.")
        elif self.certain:
            told.append("Nothing is random here: all replications of a point are the same, so one is enough.")
        told += self._strongest(varied)
        if reading.failed:
            told.append(f"{plural(reading.failed, 'run')} of {plural(reading.failed_points, 'design point')} failed; the reasons are listed below.")
        return told

    def _on_the_edge(self, varied: list[Varied]) -> list[str]:
        """Whether the best lies where a range of values ends, beyond which nothing was tried."""
        assert self.reading is not None
        assert self.best is not None
        if self.reading.design.kind not in LISTED:
            return []
        ends = []
        for factor in varied:
            tried = sorted(set(factor.values)) if factor.numeric else []
            own = factor.values[self.best]
            if len(tried) >= FEWEST_LEVELS and own in (tried[0], tried[-1]):
                ends.append(f"{factor.label} {value_text(own)} is the {'lowest' if own == tried[0] else 'highest'} that was tried")
        return [f"It lies on the edge: {' and '.join(ends)}; a better one may lie beyond."] if ends else []

    def _strongest(self, varied: list[Varied]) -> list[str]:
        """Which factor moves the measure most, where there are several."""
        reading = self.reading
        assert reading is not None
        if len(varied) < 2:
            return []
        if reading.design.kind == "one_at_a_time":
            return self._furthest()
        factor = max(varied, key=reading.span)
        levels = factor.levels()
        found = [(text, one.mean) for text, one in zip(levels.texts, reading.level_estimates(levels), strict=True) if one.known]
        if len(found) < 2:
            return []
        low, high = min(found, key=lambda one: one[1]), max(found, key=lambda one: one[1])
        if high[1] - low[1] <= SAME * max(abs(low[1]), abs(high[1])):
            return [f"No factor changes the mean of {reading.label}."]
        return [
            f"The mean of {reading.label} changes most with {factor.label}: "
            f"{measure_text(reading.measure, low[1])} at {low[0]}, {measure_text(reading.measure, high[1])} at {high[0]}."
        ]

    def _furthest(self) -> list[str]:
        """Which factor alone takes the measure furthest from the base."""
        reading = self.reading
        assert reading is not None
        changed = list(reading.design.facts.get("varied") or [])
        means = {identity: float(mean) for identity, mean in zip(reading.ids.tolist(), reading.means, strict=True) if np.isfinite(mean)}
        base = means.get(changed.index(None)) if None in changed else None
        away = {identity: abs(mean - base) for identity, mean in means.items()} if base is not None else {}
        furthest = max(away, key=lambda identity: away[identity], default=None)
        if base is None or furthest is None or away[furthest] <= SAME * abs(base):
            return []
        factor = next(one for one in reading.factors if one.name == changed[furthest])
        return [
            f"The largest change from the base, {measure_text(reading.measure, base)}, comes from {factor.label} "
            f"{value_text(factor.values[self.place(furthest)])}: {measure_text(reading.measure, means[furthest])}."
        ]


def shorten_end(text: str) -> str:
    """A text cut at its end where it is too long for a note."""
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


def indices(story: Story) -> tuple[Any, str]:
    """The sensitivity of the page's measure; or why there is none."""
    if story.reading is None or not story.known:
        return None, "No run gave a value."
    try:
        return story.table.sensitivity(story.reading.measure), ""
    except ChainwrightError as error:
        return None, str(error)
