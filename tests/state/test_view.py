"""Views: one row or many, foreign keys, and no look at what is hidden."""

from __future__ import annotations

import numpy as np
import pytest

import chainwright as cw
from chainwright.state.view import View, view_class
from chainwright.words.columns import SCHEMA


@pytest.fixture
def world() -> cw.World:
    made = cw.World(cw.load("beer_game").blueprint(), runs=range(2))
    made.step(3)
    return made


def item_view(world: cw.World, rows: object, visibility: dict[str, str] | None = None) -> View:
    enterprises = view_class(SCHEMA, "enterprises")(world, world.enterprises, world.items.enterprise[rows])
    return view_class(SCHEMA, "items", "own", visibility)(world, world.items, rows, {"enterprise": enterprises})  # type: ignore[arg-type]


def test_one_row_gives_numbers_and_many_rows_give_columns(world: cw.World) -> None:
    many, one = item_view(world, slice(0, 4)), item_view(world, 2)
    assert isinstance(one.on_hand, float)
    assert isinstance(one.customer, bool)
    assert one.on_hand == many.on_hand[2]
    assert one.enterprise.cash == many.enterprise.cash[2]
    assert one.period == 3


def test_a_column_is_seen_without_a_copy(world: cw.World) -> None:
    assert np.shares_memory(item_view(world, slice(0, 4)).on_hand, world.items.on_hand)


def test_what_is_hidden_raises_and_sharing_shows_it(world: cw.World) -> None:
    hidden = item_view(world, 0)
    assert not hidden.sees("end_demand")
    with pytest.raises(cw.VisibilityError, match="end_demand"):
        _ = hidden.end_demand
    shared = item_view(world, 0, {"end_demand": "partner"})
    assert shared.sees("end_demand")
    assert shared.end_demand == world.items.end_demand[0]


def test_a_partner_shows_only_what_partners_may_see(world: cw.World) -> None:
    partner = view_class(SCHEMA, "items", "partner")(world, world.items, 0)
    with pytest.raises(cw.VisibilityError):
        _ = partner.on_hand
    opened = view_class(SCHEMA, "items", "partner", {"on_hand": "partner"})(world, world.items, 0)
    assert opened.on_hand == world.items.on_hand[0]


def test_an_unknown_column_raises(world: cw.World) -> None:
    with pytest.raises(cw.VisibilityError, match="on_hands"):
        _ = item_view(world, 0).on_hands
