"""A sweep as a few lines of Python that make it again."""

from __future__ import annotations

from typing import Any

from chainwright.metrics.results import METRICS, metrics_of
from chainwright.report.result_name import variants_of
from chainwright.words.errors import ChainwrightError

# More values than this in one line read badly.
WIDTH = 110
# So many points that were chosen one by one are written out.
MOST_POINTS = 24
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
    listed = record.design.kind == "points"
    # The columns of listed points are factors by themselves, where they are paths.
    told = [factor for factor in record.design.factors if not listed or _named(factor) or factor.kind == "settings"]
    inside = [f"{_text(factor.name)}: {_factor(factor)}" for factor in told]
    joined = f"factors={{{', '.join(inside)}}},"
    lines += [] if not told else [joined] if len(joined) <= WIDTH else ["factors={", *[f"    {one}," for one in inside], "},"]
    if listed:
        lines += _points(record)
    else:
        options = {name: value for name, value in dict(record.design.facts.get("options") or {}).items() if value is not None}
        lines.append(f"design={_value({'kind': record.design.kind, **options}) if options else _text(record.design.kind)},")
    lines.append(f"reps={_reps(table)},")
    lines.append(f"seed={record.seed},")
    if record.periods is not None:
        lines.append(f"periods={record.periods},")
    # By default those of features that the scenario needs.
    usual = tuple(name for name in metrics_of("summary") if name != ON_TIME and (not METRICS[name].feature or name in record.measures))
    if tuple(record.measures) != usual:
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
    named = _named(factor)
    facts = factor.facts()
    said: Any
    if factor.kind == "settings":
        said = {label: dict(settings) for label, settings in facts["settings"].items()}
    elif factor.kind == "range":
        low, high = (str(int(end)) if factor.whole else repr(float(end)) for end in (factor.low, factor.high))
        said = {key: facts[key] for key in ("low", "high", "whole", "log")} if named else f"{low}..{high}{' log' if factor.log else ''}"
    elif factor.kind == "distribution":
        said = facts["distribution"] if named or "scipy" in facts["distribution"] else factor.distribution.text()
    else:
        said = {"values": list(factor.values)} if named else list(factor.values)
    return _value({"path": factor.paths[0], **said} if named and factor.kind != "settings" else said)


def _named(factor: Any) -> bool:
    """Whether a factor has another name than the path that it sets."""
    return tuple(factor.paths) not in ((), (factor.name,))


def _points(record: Any) -> list[str]:
    """Points that were chosen one by one."""
    points = record.design.points
    if len(points) <= MOST_POINTS:
        columns = {name: points[name].tolist() for name in record.factors}
        rows = [{name: column[place] for name, column in columns.items()} for place in range(len(points))]
        return ["design=[", *[f"    {_value(row)}," for row in rows], "],"]
    if record.folder:
        return [f"design=cw.read_sweep({_text(record.folder)}).record.design,"]
    return [f"design=points,  # a DataFrame of {len(points):,} rows with the columns {', '.join(record.factors)}"]


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
