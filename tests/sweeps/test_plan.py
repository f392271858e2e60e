"""Packs: everything once, points of one structure together, no pack too long, and the same numbers however they are cut."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainwright.experiment.designs.making import make_design
from chainwright.experiment.sweep.plan import LONGEST_PACK, Backlog, Pace, by_structure, points_of
from chainwright.experiment.sweep.point import Point
from chainwright.words.errors import UsageError
from tests.sweeps.small import points

COUNTS = st.lists(st.integers(0, 3000), min_size=1, max_size=12)
PACES = st.builds(Pace, st.integers(1, 60_000), st.integers(1, 2000), st.booleans())


@given(COUNTS, PACES, st.integers(1, 64))
def test_every_replication_is_in_one_pack(counts: list[int], pace: Pace, workers: int) -> None:
    needs = [(point, tuple(range(count))) for point, count in zip(points(len(counts)), counts, strict=True)]
    backlog = Backlog(pace)
    backlog.add(needs)
    packs = backlog.packs(workers)
    handed = Counter((point.key, rep) for pack in packs for point, reps in pack for rep in reps)
    assert handed == Counter((point.key, rep) for point, reps in needs for rep in reps)
    assert all(reps for pack in packs for _, reps in pack)


@given(COUNTS, PACES, st.integers(1, 64))
def test_no_pack_is_long_unless_one_run_is(counts: list[int], pace: Pace, workers: int) -> None:
    backlog = Backlog(pace)
    backlog.add((point, tuple(range(count))) for point, count in zip(points(len(counts)), counts, strict=True))
    for pack in backlog.packs(workers):
        seconds = sum(pace.seconds(1, len(reps)) for _, reps in pack)
        alone = len(pack) == 1 and len(pack[0][1]) == 1
        assert alone or seconds <= max(LONGEST_PACK, pace.shortest) * 1.01


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_all_workers_have_work_until_the_end(workers: int) -> None:
    pace = Pace(50, 200)
    backlog = Backlog(pace)
    backlog.add((point, tuple(range(500))) for point in points(40))
    packs = backlog.packs(workers)
    assert len(packs) >= 3 * workers
    # The last one is small: whoever gets it keeps the others waiting for little.
    seconds = [sum(pace.seconds(1, len(reps)) for _, reps in pack) for pack in packs]
    assert seconds[-1] <= 2 * min(seconds[0], LONGEST_PACK / 2)


def test_packs_of_next_to_nothing_are_laid_together() -> None:
    backlog = Backlog(Pace(6, 36))
    backlog.add((point, (0,)) for point in points(20))
    assert len(backlog.packs(workers=8)) == 1


def test_points_follow_the_design_and_repeated_ones_are_played_once() -> None:
    design = make_design(None, [{"horizon": 12, "variant": "base"}, {"horizon": 20, "variant": "pass_on"}, {"horizon": 12.0, "variant": "base"}])
    made = points_of(design)
    assert [(one.design_id, one.settings, one.variant) for one in made] == [
        (0, {"horizon": 12}, None), (1, {"horizon": 20}, "pass_on"), (2, {"horizon": 12}, None),
    ]  # fmt: skip
    assert [one.design_id for one in by_structure(made, design)] == [0, 1]


def test_points_of_one_structure_stand_together() -> None:
    design = make_design({"horizon": [12, 14, 16], "variant": ["base", "pass_on"]})
    played = by_structure(points_of(design), design)
    assert [one.variant for one in played] == [None] * 3 + ["pass_on"] * 3
    assert sorted(one.design_id for one in played) == list(range(6))


def test_what_two_points_set_tells_them_apart_not_how_factors_are_called() -> None:
    assert Point(0, {"a": 1}, {"horizon": 12}).key == Point(5, {"b": 1}, {"horizon": 12.0}).key
    assert Point(0, {}, {"horizon": 12}).key != Point(0, {}, {"horizon": 12}, "pass_on").key


def test_two_variants_in_one_point_are_refused() -> None:
    class Twice:
        name, structural = "again", True

        def settings(self, value: str) -> tuple[dict[str, object], str]:
            return {}, value

    design = make_design({"variant": ["shared_demand"]})
    object.__setattr__(design, "factors", (*design.factors, Twice()))
    design.points["again"] = ["pass_on"]
    with pytest.raises(UsageError, match="names 2 variants"):
        points_of(design)
