"""A scenario of the toy generator, and what tests of generated networks share."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from chainwright.network.blueprint import Blueprint
from chainwright.words.errors import ScenarioError
from tests.scenario.toy import Village

TEXT = """\
chainwright: 1
title: Villages
horizon: 20
seed: 3
population: {generator: village, shops: 6, ways: [2, 3], deviation: 0}
policies:
  forecast_demand:
    default: {policy: exponential_smoothing, smoothing: 0.2}
  plan_production:
    default: {policy: base_stock, level: 50}
  place_orders:
    default: {policy: order_up_to, safety_factor: 1}
    retailer: {policy: base_stock, level: 60}
    shop_0000002: {level: 80}
    mill_0000001: {grain: {policy: base_stock, level: 200}}
disruptions:
  - {kind: closure, target: {enterprise: mill_0000001}, start: 5, duration: 2}
  - {kind: transit_pause, target: {seller: farm, buyer: mill_0000000}, start: 5, duration: 2}
agents: {trade: panicker, farm: quiet, manufacturer: lead}
variants:
  many: {population.shops: 40}
  slow: {population.ways: [5], policies.place_orders.retailer.level: 90}
"""
assert Village.name == "village"  # which registers it


def mistakes(make: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        make()
    return [str(mistake) for mistake in caught.value.mistakes]


def same(one: Blueprint, other: Blueprint, *left_out: str) -> None:
    """Assert that two blueprints hold the same columns, pipelines, events, tags and policies."""
    for table, columns in one.tables.items():
        theirs = other.tables[table]
        orders = [np.lexsort((own["component"], own["item"])) if table == "recipes" else slice(None) for own in (columns, theirs)]
        for name, column in columns.items():
            if name not in left_out:
                assert_array_equal(column[orders[0]], theirs[name][orders[1]], err_msg=f"{table}.{name}")
    for name in ("orders_waiting", "in_transit", "in_process"):
        for part in ("row", "due", "amount"):
            assert_array_equal(getattr(one.content(name), part), getattr(other.content(name), part))
    assert one.tags.keys() == other.tags.keys()
    for tag, rows in one.tags.items():
        assert_array_equal(rows, other.tags[tag])
    for decision, choices in one.policies.items():
        assert len(choices) == len(other.policies[decision]), decision
        for mine, its in zip(choices, other.policies[decision], strict=True):
            assert mine.policy == its.policy
            assert mine.parameters.keys() <= its.parameters.keys()
            assert_array_equal(mine.rows, its.rows)
            for name, value in mine.parameters.items():
                assert_array_equal(np.asarray(value), np.asarray(its.parameters[name]))
    assert [dataclasses.replace(event, rows=np.zeros(0)) for event in one.events] != []
    for event, again in zip(one.events, other.events, strict=True):
        assert (event.kind, event.table) == (again.kind, again.table)
        assert_array_equal(event.rows, again.rows)
