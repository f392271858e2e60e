"""What an enterprise opens into: its items and partners, in columns that follow from what is made of what."""

from __future__ import annotations

import chainwright as cw
from chainwright.report.screen.insides import insides
from chainwright.report.screen.opening_packet import structure


def test_stages_of_a_works_stand_before_what_is_made_of_them() -> None:
    told = structure(cw.Timeline("bulldozer"), "a")
    [found] = told["insides"]
    assert told["enterprises"][found["enterprise"]]["name"] == "works"
    # Every stage of the publication and everybody who trades with the works, once.
    assert len([one for one in found["nodes"] if "item" in one]) == 22
    assert sorted(one["enterprise"] for one in found["nodes"] if "enterprise" in one) == [row for row in range(16) if row != found["enterprise"]]
    assert sorted(lane for link in found["links"] for lane in link["lanes"]) == list(range(15))
    assert len([link for link in found["links"] if not link["lanes"]]) == 21
    # Goods run from the left to the right.
    across = [x for x, _ in found["position"]]
    assert all(across[link["from"]] < across[link["to"]] for link in found["links"])


def test_who_has_one_item_does_not_open() -> None:
    assert structure(cw.Timeline("beer_game"), "a")["insides"] == []


def test_whoever_buys_and_sells_stands_on_both_sides() -> None:
    items = [{"enterprise": 0}, {"enterprise": 0}, {"enterprise": 1}]
    [found] = insides(items, [{"seller": 2, "buyer": 0}, {"seller": 1, "buyer": 2}], [(0, 1)])
    assert found["nodes"].count({"enterprise": 1}) == 2
    # Where what is made is needed to make itself there are no columns, and nothing opens.
    assert insides(items[:2], [], [(0, 1), (1, 0)]) == []


def test_of_many_enterprises_only_some_are_laid_out() -> None:
    items = [{"enterprise": row // 8} for row in range(1600)]
    recipes = [(row, row + 1) for row in range(1600) if row % 8 < 7]
    assert len(insides(items, [], recipes)) == 24
