"""From a list of edges to a scenario: the text of a scenario file that reads the list, with policies to start from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from chainwright.network.populations.firm_lists.facts import Facts, facts_of
from chainwright.network.populations.firm_lists.generator import EdgeList
from chainwright.scenario import keys
from chainwright.scenario.scenario import Scenario
from chainwright.words.calendar import DAYS_OF_PERIOD, days_of_period
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.file_names import refuse_long

DAYS_OF_WEIGHTS = {**DAYS_OF_PERIOD, "quarter": 91.3125, "year": 365.25}
# Periods of the moving average: long enough that orders follow demand calmly round a cycle.
FORECAST_PERIODS = 26

_TEXT = """\
# A network of firms from {list}: who sells to whom, for how much money in a period. Units are money.
# What the list does not say is derived so that the start is in balance; `chainwright import` tells what.
chainwright: 1
title: {title}
period: {period}
horizon: {horizon}
seed: 1

population:
  generator: edges
{parameters}

policies:
  forecast_demand:
    default: {{policy: moving_average, periods: {forecast}}}
  place_orders:                      # covers order_delay + transport_time, and `cover` periods of stock beside them
    default: {{policy: order_up_to, lead_time: {buying:g}}}
  plan_production:                   # covers production_time, and `cover`
    default: {{policy: order_up_to, lead_time: {making:g}}}

variants:
  uncertain: {{population.demand: {{policy: gamma, variation: 0.2}}}}     # end demand that moves by 20 % of its mean
  closure:                           # the largest firm that both buys and sells stands still
    disruptions: [{{kind: closure, target: {{enterprise: {largest}}}, start: {start}, duration: {duration}}}]
"""


def weight_periods(weights_per: str, period: Any) -> float:
    """How many periods a weight is the sum of.

    Examples
    --------
    >>> round(weight_periods("year", "week"), 3), weight_periods("period", "week")
    (52.179, 1.0)
    """
    if weights_per == "period":
        return 1.0
    if weights_per not in DAYS_OF_WEIGHTS:
        raise UsageError(f"weights are per {weights_per!r}{suggestion(weights_per, ('period', *DAYS_OF_WEIGHTS))}")
    return DAYS_OF_WEIGHTS[weights_per] / days_of_period(period)


def scenario_text(file: str, facts: Facts, title: str, period: Any, horizon: int, parameters: Mapping[str, Any]) -> str:
    """The text of a scenario file that reads a list of edges.

    Parameters
    ----------
    file : str
        The list, as the scenario names it.
    facts : Facts
        What it looks like.
    title, period, horizon
        As in scenario files.
    parameters : mapping
        Parameters of the generator beside the file.
    """
    made = EdgeList(file=file, **parameters)
    lines = [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in {"file": file, **parameters}.items()]
    cover = _number(made.cover, 1.0)
    start = max(1, min(10, horizon - 1))
    return _TEXT.format(
        list=" ".join(file.split()),
        title=json.dumps(title, ensure_ascii=False),
        period=json.dumps(period),
        horizon=horizon,
        parameters="\n".join(lines),
        forecast=FORECAST_PERIODS,
        buying=_number(made.order_delay, 1.0) + _number(made.transport_time, 1.0) + cover,
        making=_number(made.production_time, 1.0) + cover,
        largest=json.dumps(facts.largest_seller, ensure_ascii=False),
        start=start,
        duration=max(1, min(4, horizon - start)),
    )


def _number(value: Any, otherwise: float) -> float:
    """A parameter that is the same everywhere; what is drawn has no one value to cover."""
    return float(value) if isinstance(value, int | float) else otherwise


def read_edges(
    path: str | PathLike[str],
    *,
    title: str | None = None,
    period: Any = "week",
    horizon: int = 52,
    weights_per: str = "period",
    **parameters: Any,
) -> Scenario:
    """Make a scenario of a list of edges: a CSV or Parquet file of who sells to whom, and for how much.

    Parameters
    ----------
    path : str or path
        The list. Columns are told from their names and contents.
    title : str, optional
        Title of the scenario; the name of the file where nothing is said.
    period, horizon
        As in scenario files.
    weights_per : {"period", "day", "week", "month", "quarter", "year"}
        What the weights are sums of.
    **parameters
        Parameters of the generator ``edges``: ``seller``, ``buyer``, ``product``, ``weight`` (names of columns), ``skip_bad``,
        ``production`` and the like.

    Raises
    ------
    ScenarioError
        With the bad rows of the file, each with its line.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "firms.csv"
    >>> _ = path.write_text("supplier,customer,sales\\nmill,baker,10\\nfarm,mill,6\\n")
    >>> read_edges(path)
    Scenario('firms', 4 enterprises, 3 lanes, 1 product)
    """
    place = Path(path)
    refuse_long(place)
    allowed = {field.name for field in EdgeList.parameters()} - {"file"}
    unknown = [name for name in parameters if name not in allowed]
    if unknown:
        raise UsageError(f"generator 'edges' has no parameter {unknown[0]!r}{suggestion(unknown[0], allowed)}")
    said = {name: value for name, value in parameters.items() if value is not None}
    if weights_per != "period":
        said["weight_periods"] = weight_periods(weights_per, period)
    facts = facts_of(EdgeList(file=place.name, **said).read(place.parent))
    text = scenario_text(place.name, facts, title or place.stem, period, horizon, said)
    return Scenario.from_text(text, place.stem, place.parent)


def derived(scenario: Scenario) -> tuple[str, ...]:
    """What nobody said about a generated network and was worked out instead, one sentence each."""
    if not keys.populated(scenario._document.data):
        return ()
    return scenario._grown().population.derived
