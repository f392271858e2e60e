"""The plots of a sweep's table: figures of sweeps by their names, and pandas' own behind them."""

from __future__ import annotations

from typing import Any

from pandas.plotting import PlotAccessor

from chainwright.words.errors import UsageError, suggestion

# The figures of sweeps, by the names under which `report.sweeps` draws them.
KINDS = ("main_effects", "interaction", "heat_map", "frontier", "tornado", "sobol", "morris", "responses", "replications")
# What only pandas' plots take.
OF_PANDAS = {"x", "y", "data", "subplots", "figsize", "ax", "style"}


class SweepPlot(PlotAccessor):
    """Draws a sweep: ``table.plot()``, ``table.plot("heat_map", measure="fill_rate")``, ``table.plot.tornado()``.

    Kinds are main_effects, interaction, heat_map, frontier, tornado, sobol, morris, responses (the measure against each factor) and
    replications (how far the runs of a point lie apart). Without a kind the design chooses. Other words, and calls with ``x`` or
    ``y``, go to pandas: ``table.plot.scatter(x="target", y="total_cost")``.

    Examples
    --------
    >>> import chainwright as cw
    >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50, 60]}, reps=3, measures=["total_cost"])
    >>> figure = table.plot.main_effects(measure="total_cost")
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Draw one of the figures; see the class."""
        own = options.get("kind", arguments[0] if len(arguments) == 1 else None)
        if own in KINDS or (not arguments and own is None and not OF_PANDAS & set(options)):
            return self._drawn(own, **{name: value for name, value in options.items() if name != "kind"})
        table: Any = self._parent  # type: ignore[attr-defined]
        if isinstance(own, str) and own not in self._all_kinds and own not in table.columns:  # type: ignore[attr-defined]
            known = [*KINDS, *self._all_kinds]  # type: ignore[attr-defined]
            raise UsageError(f"there is no plot {own!r}{suggestion(own, known)}" + (f"; sweeps have {', '.join(KINDS)}"))
        return super().__call__(*arguments, **options)

    def _drawn(self, kind: str | None, **options: Any) -> Any:
        from chainwright.report.sweeps import plot  # matplotlib is slow to import and not every sweep draws

        return plot(self._parent, kind, **options)  # type: ignore[attr-defined]

    def main_effects(self, measure: str | None = None, **options: Any) -> Any:
        """The mean of a measure at each level of each factor, with intervals."""
        return self._drawn("main_effects", measure=measure, **options)

    def interaction(self, measure: str | None = None, **options: Any) -> Any:
        """The mean at each level of one factor, a line for each level of another."""
        return self._drawn("interaction", measure=measure, **options)

    def heat_map(self, measure: str | None = None, **options: Any) -> Any:
        """The mean over two factors as colours."""
        return self._drawn("heat_map", measure=measure, **options)

    def frontier(self, x: str | None = None, y: str | None = None, **options: Any) -> Any:
        """Two measures against each other, with the points that no other beats."""
        return self._drawn("frontier", x=x, y=y, **options)

    def tornado(self, measure: str | None = None, **options: Any) -> Any:
        """How far each factor alone moves a measure from its base."""
        return self._drawn("tornado", measure=measure, **options)

    def sobol(self, measure: str | None = None, **options: Any) -> Any:
        """Indices of Sobol, first order and total, with intervals."""
        return self._drawn("sobol", measure=measure, **options)

    def morris(self, measure: str | None = None, **options: Any) -> Any:
        """Size against spread of the elementary effects of Morris."""
        return self._drawn("morris", measure=measure, **options)

    def responses(self, measure: str | None = None, **options: Any) -> Any:
        """A measure against each factor, point by point."""
        return self._drawn("responses", measure=measure, **options)

    def replications(self, measure: str | None = None, **options: Any) -> Any:
        """How far the runs of each point lie apart."""
        return self._drawn("replications", measure=measure, **options)
