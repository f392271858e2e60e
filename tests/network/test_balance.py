"""Balance: steady flows solve what they should, endless ones are refused, and a world that starts in balance stays there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainwright.network.blueprint import Columns
from chainwright.network.populations import steady
from chainwright.network.populations.balance import filled, start_in_balance, steady_flows
from chainwright.network.populations.columns import complete
from chainwright.network.populations.prices import unit_costs
from chainwright.network.populations.steady import Unsettled, settle
from chainwright.words.errors import UsageError
from tests.network.growing import drift, world_of

NONE = np.zeros(0, np.int32)


@given(st.integers(2, 12), st.integers(0, 2**31), st.floats(0.05, 0.95))
def test_what_settles_solves_the_linear_system(rows: int, seed: int, kept: float) -> None:
    random = np.random.default_rng(seed)
    links = 3 * rows
    upper, lower, weight = random.integers(0, rows, links), random.integers(0, rows, links), random.random(links)
    # No row hands on more than a share `kept` of what it has.
    weight = kept * weight / np.maximum(np.bincount(lower, weight, rows), 1e-9)[lower]
    source = np.where(random.random(rows) < 0.5, 0.0, random.random(rows))
    matrix = np.zeros((rows, rows))
    np.add.at(matrix, (upper, lower), weight)
    np.testing.assert_allclose(settle(upper, lower, weight, source), np.linalg.solve(np.eye(rows) - matrix, source), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("largest", [0, 4000], ids=["by rounds", "directly"])
@pytest.mark.parametrize("kept", [0.95, 0.9999])
def test_slow_cycles_settle(kept: float, largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "LARGEST_DIRECT", largest)
    rows = 60
    random = np.random.default_rng(3)
    upper, lower, weight = random.integers(0, rows, 5 * rows), random.integers(0, rows, 5 * rows), random.random(5 * rows)
    weight *= kept / np.bincount(lower, weight, rows)[lower]
    source = np.arange(float(rows))
    matrix = np.zeros((rows, rows))
    np.add.at(matrix, (upper, lower), weight)
    np.testing.assert_allclose(settle(upper, lower, weight, source), np.linalg.solve(np.eye(rows) - matrix, source), rtol=1e-9)


def test_a_chain_longer_than_the_rounds_settles() -> None:
    rows = 3 * steady.ROUNDS
    source = np.zeros(rows)
    source[0] = 7.0
    assert settle(np.arange(1, rows), np.arange(rows - 1), np.ones(rows - 1), source).tolist() == [7.0] * rows


@pytest.mark.parametrize("largest", [0, 4000], ids=["by rounds", "directly"])
@pytest.mark.parametrize("weight", [1.0, 1.0 + 1e-12, 1.5, 1e9])
def test_a_cycle_that_hands_on_all_it_gets_is_named(weight: float, largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "LARGEST_DIRECT", largest)
    upper, lower = np.array([1, 2, 1, 4, 3]), np.array([0, 1, 2, 3, 4])
    # Rows 1 and 2 feed each other and get something; rows 3 and 4 would be worse but nothing comes to them.
    with pytest.raises(Unsettled) as caught:
        settle(upper, lower, np.array([1.0, weight, 1.0, 2.0, 2.0]), np.array([1.0, 0.0, 0.0, 0.0, 0.0]))
    assert caught.value.rows.tolist() == [1, 2]


def test_a_cycle_that_nothing_reaches_does_not_matter() -> None:
    upper, lower = np.array([1, 4, 3]), np.array([0, 3, 4])
    assert settle(upper, lower, np.ones(3), np.array([5.0, 0.0, 0.0, 0.0, 0.0])).tolist() == [5.0, 5.0, 0.0, 0.0, 0.0]


def test_endless_flows_are_refused_in_words() -> None:
    seller, buyer = np.array([1, 2, 1]), np.array([0, 1, 2])
    with pytest.raises(UsageError, match="flows would be infinite: a, b buy from each other nearly all"):
        steady_flows(3, seller, buyer, np.ones(3), NONE, NONE, np.zeros(0), 1.0, np.array([1.0, 0.0, 0.0]), names=lambda row: "?ab"[row])


def test_prices_that_feed_on_themselves_are_refused_in_words() -> None:
    seller, buyer = np.array([1, 2, 0]), np.array([2, 1, 1])
    with pytest.raises(UsageError, match="prices would be infinite: 2 items"):
        unit_costs(np.array([1.0, 0.0, 0.0]), np.full(3, 1.5), seller, buyer, np.array([1.0, 0.9, 0.1]), NONE, NONE, np.zeros(0))


def test_what_is_made_is_not_bought() -> None:
    # Item 1 is made of item 2 and has a seller (3) as well; its production comes first.
    recipe = np.array([1]), np.array([2]), np.array([3.0])
    yields, demand = np.array([1.0, 0.5, 1.0, 1.0]), np.array([4.0, 0.0, 0.0, 0.0])
    flows = steady_flows(4, np.array([1, 3]), np.array([0, 1]), np.ones(2), *recipe, yields, demand)
    assert flows.item.tolist() == [4.0, 4.0, 24.0, 0.0]
    assert flows.lane.tolist() == [4.0, 0.0]
    assert flows.production.tolist() == [0.0, 8.0, 0.0, 0.0]


@given(st.floats(0.01, 50.0), st.integers(0, 30))
def test_whole_units_on_the_way_add_up_to_the_flow(flow: float, delay: int) -> None:
    pipeline = filled(np.array([delay]), np.array([flow]), np.array([True]))
    assert (pipeline.amount == np.floor(pipeline.amount)).all()
    assert abs(pipeline.amount.sum() - flow * delay) <= 0.5 + 1e-9
    assert (np.abs(pipeline.amount - flow) < 1.0 + 1e-9).all()


def cyclic(seed: int, recipes: bool) -> tuple[dict[str, Columns], Any, Any]:
    """A random network of firms that buy from each other in cycles, a fifth at least of it from outside; customers buy at once.

    With recipes every other firm makes its own product of those of others; a made item keeps lanes only for its components.
    """
    random = np.random.default_rng(seed)
    firms = int(random.integers(2, 7))
    customers = int(random.integers(1, 5))
    makes = np.arange(firms) % 2 == 0 if recipes else np.zeros(firms, bool)
    # Enterprises: customers, firms, one source. Products: one for each firm and one from outside; without recipes just goods.
    products = firms + 1 if recipes else 1
    source = customers + firms
    pairs: list[tuple[int, int]] = []
    lanes: list[tuple[int, int, int, float]] = []  # seller, buyer, product, share
    lines: list[tuple[int, int, int, float]] = []  # enterprise, product, component, quantity
    for number in range(firms):
        others = [one for one in range(firms) if one != number and random.random() < 0.7]
        parts = random.dirichlet(np.ones(len(others) + 1)) if others else np.ones(1)
        inside = float(random.uniform(0.3, 0.8)) * (1.0 - parts[-1]) if others else 0.0
        me = customers + number
        if not recipes:
            lanes += [(customers + one, me, 0, inside * part / (1.0 - parts[-1])) for one, part in zip(others, parts[:-1], strict=True)]
            lanes.append((source, me, 0, 1.0 - inside))
        elif makes[number]:
            for one, part in zip(others, parts[:-1], strict=True):
                lanes.append((customers + one, me, one, 1.0))
                lines.append((me, number, one, inside * part / (1.0 - parts[-1])))
            lanes.append((source, me, firms, 1.0))
            lines.append((me, number, firms, float(random.uniform(0.1, 2.0))))
        else:
            # Who does not make its product buys it from the source.
            lanes.append((source, me, number, 1.0))
    for one in range(customers):
        number = int(random.integers(0, firms))
        lanes.append((customers + number, one, number if recipes else 0, 1.0))
    pairs = sorted({pair for s, b, p, _ in lanes for pair in ((s, p), (b, p))} | {(customers + n, n) for n in range(firms) if makes[n]})
    row = {pair: place for place, pair in enumerate(pairs)}
    role = np.array(["customer"] * customers + ["manufacturer"] * firms + ["supplier"], object)
    enterprise, product = np.array([one for one, _ in pairs]), np.array([two for _, two in pairs])
    buyer = np.array([row[b, p] for _, b, p, _ in lanes])
    delayed = np.array([b >= customers for _, b, _, _ in lanes])
    items = {
        "enterprise": enterprise,
        "product": product,
        "coordinate": np.arange(len(pairs)),
        "unlimited": enterprise == source,
        "production_time": random.integers(0, 4, len(pairs)),
        "yield_share": np.where(random.random(len(pairs)) < 0.5, 1.0, 0.8),
    }
    names = np.array([f"e{n:02d}" for n in range(source + 1)], object)
    tables = {
        "products": complete("products", {"name": np.array([f"p{n}" for n in range(products)], object)}, products),
        "enterprises": complete("enterprises", {"name": names, "role": role, "coordinate": np.arange(source + 1)}, source + 1),
        "items": items,
        "lanes": complete(
            "lanes",
            {
                "seller": np.array([row[s, p] for s, _, p, _ in lanes]),
                "buyer": buyer,
                "coordinate": np.arange(len(lanes)),
                "share": np.array([share for *_, share in lanes]),
                "order_delay": np.where(delayed, random.integers(1, 4, len(lanes)), 0),
                "transport_time": np.where(delayed, random.integers(1, 4, len(lanes)), 0),
            },
            len(lanes),
        ),
        "recipes": {
            "item": np.array([row[e, p] for e, p, _, _ in lines], np.int32),
            "component": np.array([row[e, c] for e, _, c, _ in lines], np.int32),
            "quantity": np.array([quantity for *_, quantity in lines]),
        },
    }
    demand = np.where(enterprise < customers, random.uniform(1.0, 20.0, len(pairs)), 0.0)
    # Random quantities and yields may make a cycle that feeds on itself.
    recipe = tables["recipes"]
    flows = steady_flows(
        len(pairs), tables["lanes"]["seller"], buyer, tables["lanes"]["share"],
        recipe["item"], recipe["component"], recipe["quantity"], items["yield_share"], demand,
    )  # fmt: skip
    return tables, flows, demand


@pytest.mark.parametrize("recipes", [False, True], ids=["trade", "recipes"])
@pytest.mark.parametrize("order", ["base_stock", "order_up_to"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), slack=st.sampled_from([None, 1.0, 1.3]))
def test_a_world_in_balance_stays_there(recipes: bool, order: str, seed: int, slack: float | None) -> None:
    """With constant demand nothing moves for 30 periods, cycles, yields and delays of any length included; capacity suffices exactly."""
    tables, flows, demand = cyclic(seed, recipes)
    # Base stock keeps what lies beyond balance; the level of order-up-to has no room for it here.
    cover = 1.5 if order == "base_stock" else 0.0
    start = start_in_balance(tables, flows, cover=cover, capacity_slack=slack)
    tables["items"] = complete("items", {**tables["items"], **start.columns()}, len(demand))
    tables["recipes"] = complete("recipes", tables["recipes"], len(tables["recipes"]["item"]))
    world = world_of(tables, demand, start, order)
    steady_now = {name: np.empty(0) for name in ("on_hand", "orders", "production_orders", "demand", "backorder")}
    size = 1.0 + float(flows.item.max()) * 10.0
    assert drift(world, steady_now, periods=30) < 1e-9 * size
    # And the state is the one that was computed, not any other.
    place = world.template.order["items"]
    np.testing.assert_allclose(world.items.demand, np.where(world.items.unlimited, world.items.demand, flows.item[place]), rtol=1e-9)
    np.testing.assert_allclose(world.items.on_hand, start.on_hand[place], atol=1e-9 * size)
    assert np.abs(world.items.backorder).max() < 1e-9 * size


def test_stock_beyond_the_pipeline_is_what_shorter_lanes_bring_sooner() -> None:
    """A buyer with lanes of 1 and 4 periods, half and half: its level covers 4, so 1.5 periods of its flow lie on the shelf."""
    tables: dict[str, Columns] = {
        "products": {"name": np.array(["beer"], object)},
        "enterprises": {"role": np.array(["customer", "retailer", "supplier", "supplier"], object)},
        "items": {"enterprise": np.arange(4), "product": np.zeros(4, int), "unlimited": np.array([False, False, True, True])},
        "lanes": {
            "seller": np.array([1, 2, 3]),
            "buyer": np.array([0, 1, 1]),
            "order_delay": np.array([0, 0, 2]),
            "transport_time": np.array([0, 1, 2]),
        },
    }
    flows = steady_flows(
        4, tables["lanes"]["seller"], tables["lanes"]["buyer"], np.array([1.0, 0.5, 0.5]), NONE, NONE, np.zeros(0), 1.0, np.array([8.0, 0, 0, 0])
    )
    start = start_in_balance(tables, flows)
    assert start.on_hand.tolist() == [0.0, 12.0, 0.0, 0.0]
    assert start.base_stock_level.tolist() == [0.0, 32.0, 0.0, 0.0]
    assert start.capacity.tolist() == [np.inf] * 4
