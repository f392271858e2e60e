"""Views: one row or many, foreign keys, and no look at what is hidden."""

from __future__ import annotations

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.views import ViewClasses
from chainwright.policies.cohort import CohortView
from chainwright.state.view import PARTNERS, View, view_class
from chainwright.words.subjects import SCHEMA


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


SEES = {
    ("own", "own"): True,
    ("own", "partner"): True,
    ("own", "public"): True,
    ("own", "hidden"): False,
    ("partner", "own"): False,
    ("partner", "partner"): True,
    ("partner", "public"): True,
    ("partner", "hidden"): False,
}


@pytest.mark.parametrize("one_row", [True, False])
@pytest.mark.parametrize("column", ["on_hand", "end_demand", "customer", "holding_cost"])
@pytest.mark.parametrize(("eyes", "visibility"), [*SEES, ("manager", "own"), ("manager", "partner")])
def test_who_sees_a_column(world: cw.World, eyes: str, visibility: str, column: str, one_row: bool) -> None:
    made = view_class(SCHEMA, "items", eyes, {column: visibility}, one_row=one_row)
    view = made(world, world.items, 2 if one_row else np.array([2, 3]))
    whose = "partner" if eyes in PARTNERS else eyes
    if SEES[whose, visibility]:
        assert view.sees(column)
        assert np.ravel(getattr(view, column)).tolist() == np.ravel(world.items[column][2 if one_row else [2, 3]]).tolist()
    else:
        assert not view.sees(column)
        with pytest.raises(cw.VisibilityError, match=f"'{column}' of .*items is hidden; a scenario can say visibility: {{{column}: {whose}}}"):
            getattr(view, column)


def test_a_refused_name_is_told_what_to_do(world: cw.World) -> None:
    lanes = view_class(SCHEMA, "lanes", "seller")(world, world.lanes, slice(0, 2))
    with pytest.raises(cw.VisibilityError, match="'share' of lanes is hidden; a scenario cannot show it"):
        _ = lanes.share
    with pytest.raises(cw.VisibilityError, match="a view of items has no 'on_hnd' to look at; did you mean 'on_hand'"):
        _ = item_view(world, 0).on_hnd


def test_hiding_a_column_of_items_leaves_that_of_lanes(world: cw.World) -> None:
    """The debt on a lane is known to both ends, whatever is said of the item's debt to everybody."""
    lanes = view_class(SCHEMA, "lanes", "seller", {"backorder": "hidden", "seen": "hidden"})(world, world.lanes, slice(0, 2))
    assert lanes.backorder.tolist() == world.lanes.backorder[:2].tolist()
    assert not view_class(SCHEMA, "items", "own", {"backorder": "hidden"})(world, world.items, 0).sees("backorder")


# --- trying to reach what is hidden by a way round --------------------------------------------------------------------------


def views_of_lanes(world: cw.World) -> list[View]:
    """What those who choose sellers and those who allocate stock see of their lanes."""
    cohorts = [cohort for decision in ("choose_sellers", "allocate_stock") for level in world.cohorts[decision] for cohort in level]
    agents = ViewClasses(world, {})
    seats = [agents.lanes(own, np.array([1])) for own in ("seller", "buyer")]
    return [*(cohort.view for cohort in cohorts), *seats]


def test_nothing_is_reached_over_a_partner(world: cw.World) -> None:
    hidden = {"seller": 0, "buyer": 0}
    for view in views_of_lanes(world):
        for end in ("seller", "buyer"):
            item = getattr(view, end)
            if item.shown_if == "own":
                continue
            hidden[end] += 1
            for name in ("on_hand", "forecast", "end_demand", "enterprise", "product", "coordinate", "run"):
                with pytest.raises(cw.VisibilityError, match="hidden"):
                    getattr(item, name)
    assert min(hidden.values()) >= 2


def test_a_key_that_is_shown_is_a_number_and_no_door(world: cw.World) -> None:
    partner = view_class(SCHEMA, "items", "partner", {"enterprise": "public"})(world, world.items, np.array([2, 3]))
    assert partner.enterprise.tolist() == world.items.enterprise[[2, 3]].tolist()


def test_what_is_seen_cannot_be_changed(world: cw.World) -> None:
    rows = np.array([1, 2])
    view = item_view(world, rows)
    for column in (view.on_hand, view.rows, item_view(world, slice(0, 4)).on_hand):
        assert isinstance(column, np.ndarray)
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 99.0
    assert rows.tolist() == [1, 2]


def test_partners_show_partners_what_partners_may_see_and_theirs_only_what_is_public() -> None:
    shown = {"on_hand": "partner", "demand": "public"}
    own, partner = (view_class(SCHEMA, "items", eyes, shown, CohortView) for eyes in ("own", "partner"))
    assert own.of_partners == {"on_hand", "demand"}
    assert partner.of_partners == {"demand"}
