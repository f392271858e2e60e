"""The table of a sweep: one row per design point and replication, that knows what was asked, draws itself and opens any of its runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from chainwright.experiment.sheet import sheet_text
from chainwright.experiment.sweep import table_points
from chainwright.experiment.sweep.facts import Sweep, alike
from chainwright.experiment.sweep.table_plot import SweepPlot
from chainwright.metrics.directions import directions, less_is_better
from chainwright.metrics.intervals import check_confidence
from chainwright.words.errors import UsageError, suggestion

if TYPE_CHECKING:
    from chainwright.experiment.designs.sensitivity import Sensitivity
    from chainwright.experiment.result import Result

__all__ = ["Sweep", "SweepTable"]

ID = "design_id"
# Columns that say where a row comes from, in their order around the factors.
FACTS = ("rep", "run", "seed", "scenario_hash", "version", "status", "message", "wall_s")
# Without these a frame is no table of a sweep any more, only numbers out of one.
KEYS = (ID, "rep", "status")
DONE, FAILED = "done", "failed"
REPEATING = ("run", "seed", "scenario_hash", "version", "wall_s")


class SweepTable(pd.DataFrame):
    """The tidy result of `chainwright.sweep`: a pandas DataFrame with a few methods more.

    Columns: ``design_id`` (place of the point in the design), one per factor, ``rep``, ``run`` (the number under which
    `chainwright.run` plays the same), ``seed``, ``scenario_hash``, ``version``, ``status`` (``done`` or ``failed``), ``message``,
    ``wall_s``, then one per measure, empty where the run failed. Filtering, sorting, copying and pickling keep the class and what
    was asked (`sweep`); a selection without ``design_id``, ``rep`` or ``status`` is a plain DataFrame.

    Parameters
    ----------
    data : DataFrame or whatever a DataFrame is made of
        The rows.
    sweep : Sweep, optional
        What was asked.

    Examples
    --------
    >>> import chainwright as cw
    >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50, 60]}, reps=3, measures=["total_cost"])
    >>> type(table[table["rep"] < 2]).__name__, len(table), table.factors
    ('SweepTable', 9, ('policies.place_orders.stand.level',))
    """

    _metadata = ["sweep"]
    sweep: Sweep | None

    def __init__(self, data: Any = None, *arguments: Any, sweep: Sweep | None = None, **options: Any) -> None:
        super().__init__(data, *arguments, **options)  # type: ignore[call-arg]
        self.sweep = sweep if sweep is not None else data.sweep if isinstance(data, SweepTable) else None

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return _kept

    def __repr__(self) -> str:
        """Rows with factors and measures; what repeats a run is counted below, not printed."""
        left_out = [name for name in REPEATING if name in self.columns]
        left_out += [name for name in ("status", "message") if name in self.columns and not (self["status"] == FAILED).any()]
        text = sheet_text(pd.DataFrame(self).drop(columns=left_out), shutil.get_terminal_size((80, 24)).columns)
        return text if self.empty or not left_out else f"{text}\n\nnot printed: {', '.join(left_out)}"

    def __finalize__(self, other: Any, method: str | None = None, **options: Any) -> SweepTable:
        """Hand on what was asked; of several tables laid together only where all of them say the same."""
        super().__finalize__(other, method=method, **options)  # type: ignore[misc]
        parts = getattr(other, "input_objs", None) or getattr(other, "objs", None)
        if parts is None and hasattr(other, "left"):
            parts = [other.left]  # a merge, as pandas before 3 tells of it
        if parts is not None:
            records = [getattr(part, "sweep", None) for part in parts if isinstance(part, pd.DataFrame)]
            if method == "merge":
                records = records[:1]  # what stands on the right only adds columns
            self.sweep = records[0] if records and all(alike(one, records[0]) for one in records) else None
        return self

    @property
    def record(self) -> Sweep:
        """What was asked.

        Raises
        ------
        UsageError
            When rows of different sweeps were laid together, so that nothing in particular was.
        """
        if self.sweep is None:
            raise UsageError("this table does not know its sweep (rows of different sweeps were laid together?); ask each sweep's own table")
        return self.sweep

    @property
    def factors(self) -> tuple[str, ...]:
        """The columns of what was varied."""
        return tuple(name for name in self.record.factors if name in self.columns)

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns of what was measured."""
        return tuple(name for name in self.record.measures if name in self.columns)

    @property
    def plot(self) -> SweepPlot:
        """Draw a figure of the sweep: the one that suits the design, or one by its name; pandas' own plots work as ever.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50, 60]}, reps=3, measures=["total_cost"])
        >>> figure = table.plot()
        >>> figure = table.plot("replications", measure="total_cost")
        """
        return SweepPlot(self)

    @property
    def failures(self) -> pd.DataFrame:
        """The rows that failed: design_id, the factors, rep, run, seed and the message.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50]}, measures=["total_cost"])
        >>> len(table.failures)
        0
        """
        wanted = [ID, *self.factors, "rep", "run", "seed", "message"]
        return pd.DataFrame(self.loc[self["status"] == FAILED, [name for name in wanted if name in self.columns]])

    def measure(self, name: str | None = None) -> str:
        """A measure of this table, checked; without a name total_cost where there are costs, else the first.

        Where points are measured over different lengths, cost_per_period stands in for total_cost.

        Raises
        ------
        UsageError
            When there is no such measure.
        """
        known = self.measures
        if not known:
            raise UsageError("this table has no column of a measure")
        if name is None:
            costs = ("cost_per_period", "total_cost") if self.sweep is not None and self.sweep.uneven else ("total_cost",)
            paid = [one for one in costs if one in known and bool((self[one].fillna(0.0) != 0.0).any())]
            return [*paid, known[0]][0]
        if name not in known:
            raise UsageError(f"the sweep did not measure {name!r}{suggestion(str(name), known)}")
        return name

    def factor(self, name: str) -> str:
        """A factor of this table, checked; the last words of its path will do where only one factor ends so.

        Raises
        ------
        UsageError
            When there is no such factor.
        """
        known = self.factors
        ending = [one for one in known if one.endswith(f".{name}")]
        if name not in known and len(ending) != 1:
            raise UsageError(f"the sweep did not vary {name!r}{suggestion(str(name), known)}")
        return name if name in known else ending[0]

    def by_point(self, confidence: float = 0.95, measures: Iterable[str] | str | None = None) -> pd.DataFrame:
        """One row per design point: the mean of each measure over the replications, with its interval (Student's t).

        Parameters
        ----------
        confidence : float
            Level of the intervals.
        measures : iterable of str, optional
            Which measures; all by default.

        Returns
        -------
        DataFrame
            design_id, the factors, ``done`` and ``failed`` (numbers of runs), and for each measure ``<measure>`` (the mean),
            ``<measure>_low``, ``<measure>_high`` and ``<measure>_half_width``. One replication has a mean and no interval.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50, 60]}, reps=3, measures=["total_cost"])
        >>> found = table.by_point()
        >>> len(found), list(found.columns[-4:])
        (3, ['total_cost', 'total_cost_low', 'total_cost_high', 'total_cost_half_width'])
        """
        check_confidence(confidence)
        return table_points.by_point(self, self._named(measures), confidence)

    def best(self, measure: str | None = None, minimise: bool | None = None, confidence: float = 0.95) -> pd.Series[Any]:
        """The design point with the best mean of a measure, as `by_point` has it.

        Parameters
        ----------
        measure : str, optional
            By default total_cost, else the first.
        minimise : bool, optional
            Whether less is better; known for the metrics that are better low (costs, stock, bullwhip) or high (fill rate, turns).
        confidence : float
            Level of the intervals.

        Returns
        -------
        Series
            design_id, the factors, done, failed, the mean of every measure, and the interval of the one asked for. `open` takes it.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 60]}, reps=3, measures=["total_cost", "fill_rate"])
        >>> int(table.best("fill_rate")["policies.place_orders.stand.level"])
        60
        """
        chosen = self.measure(measure)
        less = less_is_better(chosen) if minimise is None else minimise
        if less is None:
            raise UsageError(f"nobody can tell whether less of {chosen!r} is better; say minimise=True or minimise=False")
        return table_points.best(self.by_point(confidence), chosen, self.measures, less)

    def pareto(self, *measures: str, minimise: Mapping[str, bool] | None = None) -> pd.DataFrame:
        """The design points that no other point beats in one of the measures without losing in another, by their means.

        Parameters
        ----------
        *measures : str
            Two or more.
        minimise : mapping of str to bool, optional
            Whether less is better, for measures of which that is not known.

        Returns
        -------
        DataFrame
            Their rows of `by_point`, the best in the first measure first.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 60]}, reps=3, measures=["on_hand_mean", "fill_rate"])
        >>> len(table.pareto("on_hand_mean", "fill_rate"))
        2
        """
        if len(measures) < 2 or len(set(measures)) < len(measures):
            raise UsageError("a frontier needs two or more different measures, such as pareto('total_cost', 'fill_rate')")
        chosen = [self.measure(name) for name in measures]
        return table_points.pareto(self.by_point(), chosen, directions(chosen, minimise))

    def sensitivity(self, measure: str | None = None, confidence: float = 0.95) -> Sensitivity:
        """How much each factor matters for a measure, as the design can tell: indices of Sobol or Morris, effects, correlations.

        Parameters
        ----------
        measure : str, optional
            By default total_cost, else the first.
        confidence : float
            Level of the intervals.

        Returns
        -------
        Sensitivity
            Its ``table`` has one row per factor; see `chainwright.experiment.designs.sensitivity`.

        Raises
        ------
        UsageError
            When the design tells no such thing, or points of it failed or are not in this table.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 60]}, reps=3, measures=["total_cost"])
        >>> len(table.sensitivity().table)
        1
        """
        from chainwright.experiment.designs.sensitivity import sensitivity  # SALib is slow to import

        design = self.record.design
        values = table_points.matrix(self, self.measure(measure), len(design.points))
        return sensitivity(design, values, confidence=confidence)

    def open(self, row: Any, record: Iterable[str] = (), **options: Any) -> Result:
        """Play one row again, with everything that a single run keeps: panel, timeline, tables, plots.

        Parameters
        ----------
        row : int, label or Series
            Label of the row in the index, or the row itself; of a row of `by_point` or `best` the first replication that is done.
        record : iterable of str
            Columns of ``items`` to keep for every period, as for `chainwright.run`.
        **options
            ``interventions``, ``check``, ``timeline``, ``on_time`` of `chainwright.run`.

        Returns
        -------
        Result
            Its summary is that of the row, bit for bit.

        Raises
        ------
        UsageError
            When there is no such row, or it failed.

        Examples
        --------
        >>> import chainwright as cw
        >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 60]}, reps=2, measures=["total_cost"])
        >>> result = table.open(3, record=["on_hand"])
        >>> bool(result.summary["total_cost"].iloc[0] == table.loc[3, "total_cost"])
        True
        """
        from chainwright.experiment.sweep.table_opening import opened

        return opened(self, row, record, options)

    def report(self, path: str | PathLike[str]) -> Path:
        """Write the page of the sweep: what was varied, the best points, figures, what matters, what failed, how to repeat it.

        Parameters
        ----------
        path : str or path
            The HTML file; it needs nothing else.
        """
        from chainwright.report.sweeps import page  # as for plots, matplotlib is slow to import

        return page.write(self, Path(path))

    def sql(self, text: str) -> pd.DataFrame:
        """Ask the table in SQL (DuckDB), where it is called ``sweep``.

        Parameters
        ----------
        text : str
            One query.

        Raises
        ------
        UsageError
            When DuckDB is missing or does not understand it.
        """
        from chainwright.experiment.sweep.query import query

        return query(self, text)

    def _named(self, measures: Iterable[str] | str | None) -> list[str]:
        if measures is None:
            return list(self.measures)
        return [self.measure(name) for name in ([measures] if isinstance(measures, str) else measures)]


def _kept(data: Any = None, *arguments: Any, **options: Any) -> pd.DataFrame:
    """What pandas makes of a part of a table: such a table again, or a plain frame where the columns that make it one are gone."""
    made = pd.DataFrame(data, *arguments, **options)
    return SweepTable(made) if all(name in made.columns for name in KEYS) else made
