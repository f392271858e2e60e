"""From a blueprint to tables: orders by name, columns of one value, and what stands for many columns while nothing happens."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainwright as cw
from chainwright.network.blueprint import Blueprint, Event
from chainwright.network.derive import by_name, inverse
from chainwright.state.table import is_one_value
from chainwright.words.subjects import SCHEMA


@given(st.lists(st.text(max_size=3), unique=True, max_size=20))
def test_names_are_put_in_the_order_of_the_alphabet(names: list[str]) -> None:
    order = by_name(names)
    assert [names[row] for row in order] == sorted(names)
    assert [int(order[place]) for place in inverse(order)] == list(range(len(names)))


@pytest.fixture
def chain() -> Blueprint:
    """The beer game."""
    return cw.load("beer_game").blueprint()


@pytest.mark.parametrize("runs", [1, 3])
def test_a_column_that_holds_one_value_for_all_rows_is_as_good_as_a_full_one(chain: Blueprint, runs: int) -> None:
    tables = {name: dict(columns) for name, columns in chain.tables.items()}
    for columns in tables.values():
        for name, column in columns.items():
            if name not in ("enterprise", "product", "seller", "buyer", "coordinate") and len(set(column.tolist())) == 1:
                columns[name] = np.broadcast_to(column[:1], column.shape)
    worlds = [cw.World(blueprint, runs=range(runs)) for blueprint in (chain, dataclasses.replace(chain, tables=tables))]
    for world in worlds:
        world.step(5)
    for table in ("items", "lanes", "enterprises"):
        for name in getattr(worlds[0], table).names:
            assert getattr(worlds[0], table)[name].tolist() == getattr(worlds[1], table)[name].tolist(), name


def test_columns_of_a_feature_are_one_value_while_nobody_needs_it(chain: Blueprint) -> None:
    closure = Event("closure", "enterprises", np.array([1], np.int32), 3, 2)
    quiet, eventful = cw.World(chain), cw.World(dataclasses.replace(chain, events=(closure,)))
    changed = cw.World(chain, changes={2: dataclasses.replace(chain, events=(closure,))})
    of_events = [column for column in SCHEMA if column.feature == "disruptions"]
    assert {column.table for column in of_events} == {"items", "lanes"}
    for world, needed in ((quiet, False), (eventful, True), (changed, True)):
        world.step(3)
        assert ("disruptions" in world.features) is needed
        for column in of_events:
            held = getattr(world, column.table)[column.name]
            assert is_one_value(held) is not needed
            assert held.flags.writeable is needed
    assert eventful.lanes.shipments_open.tolist() == changed.lanes.shipments_open.tolist()
    assert 0.0 in eventful.lanes.shipments_open.tolist()
    assert set(eventful.lanes.orders_open.tolist()) == {1.0}
    with pytest.raises(ValueError, match="read-only"):
        quiet.lanes.orders_open[...] = 0.0


def test_a_feature_that_comes_on_in_mid_run_stays_and_goes_into_snapshots(chain: Blueprint) -> None:
    closure = Event("closure", "enterprises", np.array([1], np.int32), 5, 2)
    world, never = cw.World(chain), cw.World(chain)
    world.step(2)
    early = world.snapshot()
    world.change(dataclasses.replace(chain, events=(closure,)))
    world.step(3)
    closed = world.snapshot()
    assert 0.0 in world.lanes.shipments_open.tolist()
    world.change(chain)
    world.step(2)
    assert "disruptions" in world.features
    # What was before it came on knows nothing of it, and what was after it brings it along.
    world.restore(early)
    assert set(world.lanes.shipments_open.tolist()) == {1.0}
    never.restore(closed)
    assert never.lanes.shipments_open.tolist() == closed.columns["lanes"]["shipments_open"].tolist()
    world.step(4)
    never.restore(early)
    never.step(4)
    for table in ("items", "lanes", "enterprises"):
        for name in getattr(world, table).names:
            assert getattr(world, table)[name].tolist() == getattr(never, table)[name].tolist(), name


def test_a_world_takes_over_no_column_of_its_blueprint(chain: Blueprint) -> None:
    before = {(table, name): column.copy() for table, columns in chain.tables.items() for name, column in columns.items()}
    cw.World(chain).step(10)
    for (table, name), column in before.items():
        np.testing.assert_array_equal(chain.tables[table][name], column, err_msg=name)
