"""Goods, money and orders are conserved in every period of random networks; run alone = run in a union; snapshot = never stopped."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.metrics.invariants import Invariants
from chainwright.policies import base
from chainwright.words.subjects import SCHEMA
from tests.world.networks import documents

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]
STATE = [(column.table, column.name) for column in SCHEMA if column.kind == "state" and column.table != "products"]


def assert_same_bits(a: pd.DataFrame, b: pd.DataFrame) -> None:
    """Two tables are equal to the last bit (empty cells included)."""
    pd.testing.assert_frame_equal(a.reset_index(drop=True), b.reset_index(drop=True), check_exact=True)


def tables(result: cw.Result) -> dict[str, pd.DataFrame]:
    """The result tables of a run."""
    names = ("summary", "items", "enterprises", "lanes", "echelons", "timeline", "panel")
    return {name: getattr(result, name) for name in names}


@given(documents())
@settings(max_examples=60, suppress_health_check=RELAXED)
def test_everything_is_conserved_in_every_period(document: dict[str, Any]) -> None:
    cw.run(cw.Scenario.from_document(document), runs=2, check=True)


@given(documents())
@settings(max_examples=15, suppress_health_check=RELAXED)
def test_a_run_alone_is_bit_for_bit_the_run_in_a_union(document: dict[str, Any]) -> None:
    scenario = cw.Scenario.from_document(document)
    together = tables(cw.run(scenario, runs=5, record=["on_hand", "orders"], on_time=True))
    alone = tables(cw.run(scenario, runs=[3], record=["on_hand", "orders"], on_time=True))
    for name, frame in alone.items():
        assert_same_bits(frame, together[name][together[name]["run"] == 3])


@given(documents(), st.integers(1, 7))
@settings(max_examples=15, suppress_health_check=RELAXED)
def test_going_on_from_a_snapshot_is_never_having_stopped(document: dict[str, Any], stop: int) -> None:
    blueprint = cw.Scenario.from_document(document).blueprint()
    straight = cw.World(blueprint, runs=range(2))
    straight.step(stop)
    kept = straight.snapshot()
    straight.step(6)
    rewound = cw.World(blueprint, runs=range(2))
    rewound.step(1)
    rewound.restore(kept)
    rewound.step(6)
    reached = {(table, name): getattr(straight, table)[name].copy() for table, name in STATE}
    straight.restore(kept)
    twin = straight.copy()
    for world in (straight, twin):
        world.step(6)
    for world in (rewound, straight, twin):
        for (table, name), column in reached.items():
            np.testing.assert_array_equal(getattr(world, table)[name], column, err_msg=f"{table}.{name}")


@given(documents(), st.randoms(use_true_random=False))
@settings(max_examples=15, suppress_health_check=RELAXED)
def test_the_order_of_the_entries_of_a_file_only_permutes_the_results(document: dict[str, Any], random: Any) -> None:
    shuffled = copy.deepcopy(document)
    for section in ("enterprises", "products"):
        entries = list(shuffled[section].items())
        random.shuffle(entries)
        shuffled[section] = dict(entries)
    random.shuffle(shuffled["lanes"])
    one, other = (cw.run(cw.Scenario.from_document(each), runs=2) for each in (document, shuffled))
    for name, keys in (("items", ["run", "enterprise", "product"]), ("lanes", ["run", "seller", "buyer", "product", "mode"])):
        a, b = (getattr(result, name).sort_values(keys) for result in (one, other))
        assert_same_bits(a, b)


@pytest.fixture
def twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each policy once more under another name: rows that use the twin form a cohort of their own."""
    for family, known in base._REGISTRY.items():
        for name, policy in list(known.items()):
            twin = type(f"Twin{policy.__name__}", (policy,), {"name": f"{name}_twin", "__doc__": policy.__doc__})
            monkeypatch.setitem(base._REGISTRY[family], twin.name, twin)


def split_into_cohorts(document: dict[str, Any], random: Any) -> dict[str, Any]:
    """The same document, with every enterprise's policies written out and about half of them replaced by their twins."""
    split = copy.deepcopy(document)
    policies = split["policies"]
    for decision in ("place_orders", "forecast_demand", "plan_production", "allocate_stock", "choose_sellers"):
        entries = policies.setdefault(decision, {})
        general = dict(entries)
        for name, enterprise in split["enterprises"].items():
            role = enterprise["role"]
            if decision == "place_orders" and role == "customer":
                continue
            own = dict(general.get(name) or general.get(role) or general.get("default") or {})
            if own and random.random() < 0.5:
                own["policy"] += "_twin"
            if own:
                entries[name] = own
    return split


@given(documents(), st.randoms(use_true_random=False))
@settings(max_examples=20, suppress_health_check=[*RELAXED, HealthCheck.function_scoped_fixture])
def test_any_split_into_cohorts_gives_the_same_bits(twins: None, document: dict[str, Any], random: Any) -> None:
    record = ["orders", "on_hand", "forecast", "backorder"]
    split = split_into_cohorts(document, random)
    whole, parted = (cw.run(cw.Scenario.from_document(each), runs=2, record=record) for each in (document, split))
    for name, frame in tables(whole).items():
        assert_same_bits(frame, tables(parted)[name])


def test_what_is_not_conserved_is_noticed() -> None:
    world = cw.World(cw.load("beer_game").blueprint())
    watcher = Invariants(world)
    world.watch(watcher.observe)
    world.step(3)
    world.items.on_hand += 1.0
    with pytest.raises(cw.InvariantError, match="goods are not conserved"):
        watcher.observe(world)


@pytest.mark.parametrize("where", ["items.forecast", "items.shipped", "lanes.received", "enterprises.cash", "runs.outside_cash"])
def test_what_is_no_number_is_noticed_wherever_it_stands(where: str) -> None:
    world = cw.World(cw.load("beer_game").blueprint())
    watcher = Invariants(world)
    world.watch(watcher.observe)
    world.step(2)
    table, column = where.split(".")
    getattr(world, table)[column][0] = np.nan
    with pytest.raises(cw.InvariantError, match=r"not a finite number|not conserved"):
        watcher.observe(world)


@pytest.mark.parametrize("what", ["goods", "money"])
@pytest.mark.parametrize("periods", [2, 3000])
def test_what_is_noticed_does_not_depend_on_how_long_it_was_watched(what: str, periods: int) -> None:
    world = cw.World(cw.load("beer_game").blueprint())
    watcher = Invariants(world)

    def leak(leaking: Any) -> None:
        if leaking.period == periods:
            column = leaking.items.on_hand if what == "goods" else leaking.runs.outside_cash
            column[-1] += 5e-6

    world.watch(leak)
    world.watch(watcher.observe)
    with pytest.raises(cw.InvariantError, match=f"period {periods}: {what} are not conserved"):
        world.step(periods)
