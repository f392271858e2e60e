"""What a run gives back: tables of metrics, the recorded panel, plots, and a folder of files."""

from __future__ import annotations

import gc
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chainwright._version import __version__
from chainwright.metrics.names import Names
from chainwright.metrics.recorder import Recorder
from chainwright.metrics.results import RESULT_TABLES, Watched, of_rows
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.on_time import OnTime
from chainwright.report.files import RUN, Kind, whole_folder
from chainwright.words.calendar import Calendar
from chainwright.words.counts import plural
from chainwright.words.errors import suggestion
from chainwright.words.recordable import ITEMS, recorded_tables

LARGE = 100_000  # items of a world whose memory matters
MANIFEST, REPORT = "manifest.json", "report.html"
PANEL = "panel"
# Tables that are attributes by themselves; those of other subjects are found by their names as well.
OWN = ("summary", "items", "enterprises", "lanes", "echelons", "timeline", "panel")


def table_names() -> tuple[str, ...]:
    """The tables that a result may have."""
    return (*RESULT_TABLES, *map(panel_of, recorded_tables()))


def panel_of(table: str) -> str:
    """What the table of the recorded columns of some table is called.

    Examples
    --------
    >>> panel_of("items"), panel_of("lanes")
    ('panel', 'panel_lanes')
    """
    return PANEL if table == ITEMS else f"{PANEL}_{table}"


def kind() -> Kind:
    """What a folder of a result is, and which files belong to it."""
    return Kind(RUN, MANIFEST, (*(f"{name}.parquet" for name in table_names()), MANIFEST, REPORT), ("scenario.yaml",))


class Pack:
    """What one union gives to a result, once it has been played; the world and what watched it may go.

    Parameters
    ----------
    world : World
        The union.
    accumulator, recorder, on_time
        What watched it.
    """

    def __init__(self, world: Any, accumulator: Accumulator, recorder: Recorder, on_time: OnTime | None) -> None:
        self.run_numbers = tuple(int(number) for number in world.runs.number)
        self.frames = Watched(world, accumulator, on_time).frames()
        names = Names(world)
        for table in recorded_tables():
            recorded = recorder.columns(table)
            self.frames[panel_of(table)] = names.panel(table, recorded, of_rows(names, table)) if recorded else None
        if world.items.rows > LARGE:
            # Worlds refer to themselves, and nobody else would clear away those of the packs before for a while.
            gc.collect()


@dataclass(frozen=True)
class Result:
    """The result of `chainwright.run`.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed, periods : int
        Seed of all draws, and periods played.
    run_numbers : tuple of int
        Numbers of the replications.
    summary, items, enterprises, lanes, echelons : DataFrame
        Metrics per run, and per run and item, enterprise, lane, echelon; see ``chainwright.metrics.trade.definitions``.
    timeline : DataFrame or None
        Sums per run, period and echelon.
    panel : DataFrame or None
        The recorded columns per run, period, enterprise and product. Where the scenario has a ``start``, it and `timeline` have a column
        ``date``, the first day of each period.
    manifest : dict
        Version, seed, hash of the scenario, interventions and wall time: what is needed to repeat the run.
    more : mapping
        By their names the result tables of other subjects, and what was recorded of other tables than items (``panel_lanes``); each is an
        attribute as well.
    """

    scenario: Any
    seed: int
    periods: int
    run_numbers: tuple[int, ...]
    summary: pd.DataFrame
    items: pd.DataFrame
    enterprises: pd.DataFrame
    lanes: pd.DataFrame
    echelons: pd.DataFrame
    timeline: pd.DataFrame | None
    panel: pd.DataFrame | None
    manifest: dict[str, Any]
    more: Mapping[str, pd.DataFrame | None] = field(default_factory=dict)

    @classmethod
    def from_packs(
        cls,
        scenario: Any,
        packs: Sequence[Pack],
        *,
        seed: int,
        periods: int,
        interventions: Sequence[tuple[int, Mapping[str, Any]]],
        wall_seconds: float,
        checked: bool,
    ) -> Result:
        """Lay the results of all unions one below the other."""
        parts: dict[str, list[pd.DataFrame]] = {name: [] for name in table_names()}
        for pack in packs:
            for name, frame in pack.frames.items():
                if frame is not None:
                    parts[name].append(frame)
        tables = {name: _below(found) for name, found in parts.items()}
        if scenario.calendar is not None:
            over_time = [name for name in tables if name.startswith(PANEL) or RESULT_TABLES[name].over_time]
            tables |= {name: _dated(tables[name], scenario.calendar) for name in over_time}
        numbers = tuple(number for pack in packs for number in pack.run_numbers)
        manifest = {
            "chainwright": __version__,
            "scenario": scenario.name,
            "scenario_hash": scenario.hash,
            "seed": seed,
            "runs": runs_text(numbers),
            "periods": periods,
            "warm_up": scenario.warm_up,
            "interventions": [{"period": period, "set": dict(settings)} for period, settings in interventions],
            "settings": dict(scenario.settings),
            "checked": checked,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "wall_seconds": round(wall_seconds, 3),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        own = {name: tables.pop(name) for name in OWN}
        return cls(scenario, seed, periods, numbers, manifest=manifest, more=tables, **own)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> pd.DataFrame | None:
        more = self.__dict__.get("more", {})
        if name in more:
            found: pd.DataFrame | None = more[name]
            return found
        raise AttributeError(f"a result has no {name!r}{suggestion(name, (*OWN, *more))}")

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table that there is, by its name."""
        every = {name: getattr(self, name) for name in OWN} | dict(self.more)
        return {name: frame for name, frame in every.items() if frame is not None}

    @property
    def measured_periods(self) -> int:
        """Periods that the metrics cover: those after the warm-up."""
        return self.periods - int(self.scenario.warm_up)

    def plot(self, kind: str = "bullwhip") -> Any:
        """Draw one of the figures.

        Parameters
        ----------
        kind : {"network", "bullwhip", "stock", "orders", "service", "costs"}
            Which.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            When there is no such figure.

        Examples
        --------
        >>> import chainwright as cw
        >>> figure = cw.run("beer_game").plot("bullwhip")
        """
        from chainwright.report.figures import plot  # matplotlib is slow to import and not every run draws

        return plot(self, kind)

    def save(self, folder: str | os.PathLike[str], *, report: bool = False) -> Path:
        """Write the tables (Parquet), the scenario and the manifest to a folder, all of them together or nothing.

        A report and tables that an earlier result left there go, since they would belong to nothing; other files stay.

        Parameters
        ----------
        folder : str or path
            Where to; made where it is missing.
        report : bool
            Whether to draw ``report.html`` as well.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        UsageError
            When the folder cannot be written, or holds something of another kind, such as a sweep.

        Examples
        --------
        >>> import tempfile
        >>> import chainwright as cw
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sorted(path.name for path in cw.run("beer_game").save(folder).glob("*.json"))
        ['manifest.json']
        """
        target = Path(folder)
        with whole_folder(target, kind()) as beside:
            for name, frame in self.tables.items():
                frame.to_parquet(beside / f"{name}.parquet", compression="zstd", index=False)
            (beside / MANIFEST).write_text(json.dumps(self.manifest, indent=2, default=str, ensure_ascii=False) + "\n", encoding="utf-8")
            if report:
                from chainwright.report import page  # as for plots, matplotlib is slow to import

                page.write(self, beside / REPORT)
            # Long lists become tables in a folder beside it, so it goes to its place by itself.
            self.scenario.save(target / "scenario.yaml")
        return target

    def __repr__(self) -> str:
        return f"Result({self.scenario.name!r}, {plural(len(self.run_numbers), 'run')} of {plural(self.periods, 'period')}, seed {self.seed})"


def runs_text(numbers: Sequence[int]) -> str:
    """Numbers of runs in short: neighbours as a range.

    Examples
    --------
    >>> runs_text([0, 1, 2, 3]), runs_text([7]), runs_text([0, 1, 5])
    ('0-3', '7', '0-1, 5')
    """
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1][1:] = [number]
        else:
            stretches.append([number])
    return ", ".join("-".join(map(str, stretch)) for stretch in stretches)


def _below(parts: list[pd.DataFrame]) -> pd.DataFrame | None:
    """Parts of a table one below the other."""
    if len(parts) > 1:
        return pd.concat(parts, ignore_index=True)
    return parts[0] if parts else None


def _dated(frame: pd.DataFrame | None, calendar: Calendar) -> pd.DataFrame | None:
    """A table with the first day of each period beside its number."""
    if frame is not None and "date" not in frame:
        days = calendar.dates(np.arange(1, int(frame["period"].max()) + 1)) if len(frame) else calendar.dates([])
        frame.insert(frame.columns.get_loc("period") + 1, "date", days[frame["period"].to_numpy(np.int64) - 1])  # type: ignore[arg-type,operator]
    return frame
