"""Resolving what is on its way at the start: the amounts that are said, and for ``steady`` what the mean flow would have there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns, DrawnTime, Pipeline, PolicyChoice
from chainwright.policies import policies_for
from chainwright.scenario import keys
from chainwright.scenario.reach import Index
from chainwright.words.errors import UsageError
from chainwright.words.subjects import SCHEMA

Policies = Mapping[str, Sequence[PolicyChoice]]


class Unsteady(UsageError):
    """A flow that cannot be worked out, and with it what would be on its way at the start."""


def steady_place(document: Mapping[str, Any]) -> tuple[str | int, ...] | None:
    """Where a document first says that something starts steady; None where it does not."""
    for section in ("lanes", "recipes"):
        for number, entry in enumerate(keys.parts(document, section)):
            for name in keys.CONTENTS:
                if entry.get(name) == keys.STEADY:
                    return section, number, name
    for enterprise, said in keys.parts(document, "enterprises").items():
        for product, item in keys.declared_items(said).items():
            if (item or {}).get("in_process") == keys.STEADY:
                return "enterprises", enterprise, "items", product, "in_process"
    return None


def resolve_contents(
    said: Mapping[str, Sequence[Any]], tables: Mapping[str, Columns], policies: Policies, index: Index, drawn: Sequence[DrawnTime]
) -> dict[str, Pipeline]:
    """What is on its way at the start, by name of the pipeline.

    Parameters
    ----------
    said : mapping
        For each of `orders_waiting`, `in_transit` (one entry per lane) and `in_process` (one per item) what the scenario says: a list
        whose element j is due in period j, counted from 1, the word ``steady``, or None.
    tables, policies : mapping
        The resolved columns and policies.
    index : Index
        The names of the rows.
    drawn : sequence of DrawnTime
        Transport times that are drawn.

    Raises
    ------
    Unsteady
        When something is to start steady whose flow cannot be told.
    """
    pipelines = {name: _listed(contents) for name, contents in said.items()}
    steady = {name: np.array([one == keys.STEADY for one in contents], np.bool_) for name, contents in said.items()}
    if not any(rows.any() for rows in steady.values()):
        return pipelines
    full = _full(tables, policies, index, drawn)
    return {name: _joined(listed, full[name], steady[name]) for name, listed in pipelines.items()}


def _listed(contents: Sequence[Any]) -> Pipeline:
    """Amounts by row; empty places are left out."""
    found = [
        (row, due, amount)
        for row, one in enumerate(contents)
        if one and one != keys.STEADY
        for due, amount in enumerate(one, start=1)
        if amount
    ]
    if not found:
        return Pipeline.empty()
    row, due, amount = zip(*found, strict=True)
    return Pipeline(np.array(row, np.int32), np.array(due, np.int32), np.array(amount, np.float64))


def _joined(listed: Pipeline, full: Pipeline, steady: NDArray[np.bool_]) -> Pipeline:
    """The amounts that are listed, and those of the steady flow for the rows that ask for it, in the order of rows."""
    own = steady[full.row]
    parts = [np.concatenate([getattr(listed, name), getattr(full, name)[own]]) for name in ("row", "due", "amount")]
    order = np.lexsort((parts[1], parts[0]))
    return Pipeline(*(part[order] for part in parts))


def _full(tables: Mapping[str, Columns], policies: Policies, index: Index, drawn: Sequence[DrawnTime]) -> dict[str, Pipeline]:
    """The pipelines of all lanes and items, filled with the steady flow."""
    from chainwright.network.populations.balance import filled, steady_flows  # with SciPy's solvers, which few scenarios need

    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    rows = len(index)
    made = np.zeros(rows, np.bool_)
    made[index.made] = True
    try:
        flows = steady_flows(
            rows, lanes["seller"], lanes["buyer"], _weights(tables, policies, index),
            recipes["item"], recipes["component"], recipes["quantity"],
            np.asarray(items["yield_share"], np.float64), _mean_demand(policies, index),
            made=made, names=lambda row: "/".join(index.item(row)),
        )  # fmt: skip
    except Unsteady:
        raise
    except UsageError as error:
        raise Unsteady(str(error)) from None
    whole = np.asarray(tables["products"]["whole_units"], np.bool_)[items["product"]]
    of_lane = whole[lanes["seller"]]
    fixed = np.array(lanes["transport_time"], np.int64)
    overtaken = []
    for time in drawn:
        # Where nothing overtakes, a few goods due late would hold back all that follow: there the expected time stands for all.
        loose = np.asarray(lanes["overtaking"], np.bool_)[time.rows]
        fixed[time.rows[loose]] = 0
        overtaken.append(_filled_by_chance(time, time.rows[loose], flows.lane, of_lane))
    goods = [filled(fixed, flows.lane, of_lane), *overtaken]
    return {
        "orders_waiting": filled(np.asarray(lanes["order_delay"], np.int64), flows.lane, of_lane),
        "in_transit": Pipeline(*(np.concatenate([getattr(one, name) for one in goods]) for name in ("row", "due", "amount"))),
        "in_process": filled(np.where(made, np.asarray(items["production_time"], np.int64), 0), flows.production, whole),
    }


def _filled_by_chance(time: DrawnTime, rows: NDArray[np.int32], flow: NDArray[np.float64], whole: NDArray[np.bool_]) -> Pipeline:
    """Lanes with a drawn time: of what left in each period before the first, the share that takes at least as long as it has to."""
    due = np.arange(1, int(time.values[-1]) + 1)
    share = time.probabilities @ (time.values[:, None] >= due[None, :])
    amount = flow[rows][:, None] * share[None, :]
    so_far = np.floor(np.cumsum(amount, axis=1) + 0.5)
    amount = np.where(whole[rows][:, None], np.diff(so_far, axis=1, prepend=0.0), amount)
    some = amount > 0.0
    where = np.broadcast_to(rows[:, None], amount.shape)
    return Pipeline(where[some].astype(np.int32), np.broadcast_to(due, amount.shape)[some].astype(np.int32), amount[some])


def _mean_demand(policies: Policies, index: Index) -> NDArray[np.float64]:
    """Mean end demand of each item at the start."""
    demand = np.zeros(len(index))
    for choice in policies["demand"]:
        mean = policies_for("demand")[choice.policy].steady_demand(choice.parameters)
        if mean is None:
            who = "/".join(index.item(int(choice.rows[0])))
            raise Unsteady(f"the mean of the demand {choice.policy!r} of {who} is not known, so no steady flow is; write the amounts as a list")
        demand[choice.rows] = mean
    return demand


def _weights(tables: Mapping[str, Columns], policies: Policies, index: Index) -> NDArray[np.float64]:
    """The weight of each lane in its buyer's orders when nobody is short: 0 for lanes to which no order goes."""
    lanes = tables["lanes"]
    size = len(lanes["seller"])
    weights = np.zeros(size)
    # Ties are decided by the sellers' names.
    sellers = np.array([index.item(int(row))[0] for row in lanes["seller"]], object)
    order = np.lexsort((sellers.astype(str), lanes["buyer"])).astype(np.int64) if size else np.zeros(0, np.int64)
    for choice in policies["choose_sellers"]:
        own = order[np.isin(lanes["buyer"][order], choice.rows)]
        if not len(own):
            continue
        group = np.unique(lanes["buyer"][own], return_inverse=True)[1].astype(np.int32)
        place = {int(row): number for number, row in enumerate(choice.rows.tolist())}
        of_lane = np.array([place[row] for row in lanes["buyer"][own].tolist()])
        parameters = {name: value[of_lane] if isinstance(value, np.ndarray) else value for name, value in choice.parameters.items()}
        policy = policies_for("choose_sellers")[choice.policy](**parameters)
        try:
            rank, weight = policy(_quiet(lanes, own, group))
        except AttributeError as error:
            why = f"policies.choose_sellers: {choice.policy!r} looks at {error.name!r}, which only a run tells"
            raise Unsteady(f"{why}, so no steady flow is known; write the amounts as a list") from None
        open_ = np.asarray(lanes["active"][own], np.bool_) & (np.asarray(weight) > 0.0)
        best = np.full(int(group.max()) + 1, np.iinfo(np.int32).max)
        np.minimum.at(best, group[open_], np.asarray(rank)[open_])
        weights[own] = np.where(open_ & (np.asarray(rank) == best[group]), weight, 0.0)
    return weights


def _quiet(lanes: Columns, rows: NDArray[np.int64], group: NDArray[np.int32]) -> SimpleNamespace:
    """Some lanes as a policy sees them when nobody is short and nothing happens."""
    columns = {
        column.name: lanes[column.name][rows] if column.name in lanes else np.full(len(rows), column.default, column.dtype)
        for column in SCHEMA.table("lanes")
        if column.kind == "input" or column.name in ("short", "orders_open", "shipments_open", "transit_open", "receipt_open", "refusing")
    }
    return SimpleNamespace(group=group, trading=columns["active"], **columns)
