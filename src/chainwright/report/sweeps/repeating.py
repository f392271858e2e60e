"""A sweep as a few lines of Python that make it again."""

from __future__ import annotations

from typing import Any

from chainwright.experiment.sweep.factors import factor_text
from chainwright.metrics.definitions import METRICS_OF_TABLES
from chainwright.report.naming import variants_of
from chainwright.words.errors import ChainwrightError

# More values than this in one line read badly.
WIDTH = 110
ON_TIME = "on_time_in_full"


def repeating(table: Any) -> str:
    """The call of `chainwright.sweep` that makes the same table.

    Examples
    --------
    >>> import chainwright as cw
    >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 60]}, reps=2, measures=["total_cost"])
    >>> print(repeating(table))
    import chainwright as cw
    <BLANKLINE>
    table = cw.sweep(
        "newsvendor",
        factors={"policies.place_orders.stand.level": [40, 60]},
        design="grid",
        reps=2,
        seed=1,
        measures=["total_cost"],
    )
    """
    record = table.record
    lines = [_scenario(record.scenario)]
    head = ["import chainwright as cw"]
    if record.design.kind == "points":
        folder = record.folder or "FOLDER OF THE SWEEP"
        head.append("import pandas as pd")
        lines.append(f"design=pd.read_parquet({_text(folder + '/design.parquet')})[{_listed(record.factors)}],")
    else:
        inside = [f"{_text(factor.name)}: {_factor(factor)}" for factor in record.design.factors]
        joined = f"factors={{{', '.join(inside)}}},"
        lines += [joined] if len(joined) <= WIDTH else ["factors={", *[f"    {one}," for one in inside], "},"]
        options = {name: value for name, value in dict(record.design.facts.get("options") or {}).items() if value is not None}
        lines.append(f"design={_value({'kind': record.design.kind, **options}) if options else _text(record.design.kind)},")
    lines.append(f"reps={_reps(table)},")
    lines.append(f"seed={record.seed},")
    if record.periods is not None:
        lines.append(f"periods={record.periods},")
    if tuple(record.measures) != tuple(name for name in METRICS_OF_TABLES["summary"] if name != ON_TIME):
        lines.append(f"measures={_listed(record.measures)},")
    if not record.common:
        lines.append("common=False,")
    if record.agents:
        lines.append(f"agents={{{', '.join(f'{_text(seat)}: {_agent(one)}' for seat, one in record.agents.items())}}},")
    return "\n".join([*head, "", "table = cw.sweep(", *[f"    {line}" for line in lines], ")"])


def opening(table: Any) -> str:
    """How to open the best run of a table; empty where none is done."""
    done = table[table["status"] == "done"]
    if done.empty or not table.measures:
        return ""
    measure = table.measure()
    try:
        best = table.best(measure)
    except ChainwrightError:
        best = done.iloc[0]
    row = done.index[(done["design_id"] == best["design_id"]).to_numpy()].tolist()[0]
    return f'result = table.open({row!r}, record=["on_hand", "orders"])\nresult.plot("stock")\nresult.save("one_run", report=True)'


def _scenario(scenario: Any) -> str:
    variants = variants_of(scenario)
    name = str(scenario.name)
    for variant in reversed(variants):
        name = name.removesuffix(f"-{variant}")
    settings = dict(getattr(scenario, "settings", {}))
    text = _text(name) if not (variants or settings) else f"cw.load({_text(name)})"
    text += "".join(f".variant({_text(variant)})" for variant in variants)
    return f"{text}.with_({_value(settings)})," if settings else f"{text},"


def _factor(factor: Any) -> str:
    """What a factor was given as."""
    if factor.kind == "settings":
        return _value({label: dict(settings) for label, settings in factor.meant.items()})
    if factor.kind in ("values", "variant") and tuple(factor.paths) in ((), (factor.name,)):
        return _value(list(factor.values))
    try:
        return _text(factor_text(factor).partition("=")[2])
    except ChainwrightError:
        return f"... (a distribution: {_value(factor.facts().get('distribution'))})"


def _reps(table: Any) -> str:
    """How many replications; the rule where there was one."""
    said = table.record.manifest.get("reps")
    if isinstance(said, str) and said.startswith("until"):
        return _text(said)
    numbers = sorted({int(one) for one in table["rep"]})
    return str(len(numbers)) if numbers == list(range(len(numbers))) else str(numbers)


def _agent(one: Any) -> str:
    return _text(one) if isinstance(one, str) else getattr(one, "__qualname__", str(one))


def _listed(names: Any) -> str:
    return _value([str(name) for name in names])


def _value(value: Any) -> str:
    """A value as Python writes it, with double quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(key)}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    inside = repr(str(text))[1:-1]
    return f'"{inside}"' if '"' not in inside and "\\" not in inside else repr(str(text))
