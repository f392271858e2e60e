"""The memory of a timeline is told beforehand and stays within it; what would take too much is refused with what to do."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.timeline.changes_by_hand import lever
from chainwright.experiment.timeline.history import TABLES
from chainwright.experiment.timeline.memory_limit import MOST_BYTES, TimelineTooLarge, check_room, room
from chainwright.experiment.timeline.snapshots import FEWEST, Moment, SnapshotStore, weight
from tests.timeline.likeness import assert_same_state, never_stopped


def taken(timeline: cw.Timeline) -> int:
    """Bytes of what a timeline has kept."""
    history = timeline.history
    tables: list[Any] = [getattr(history, name) for name in (*TABLES, "measures", "rates")]
    return sum(values.nbytes for table in tables for values in table.values()) + timeline._player._store.weight()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "periods"), [("battery", 365), ("beer_game", 500), ("serial_textbook", 400)])
def test_a_timeline_takes_no_more_than_was_told(name: str, periods: int) -> None:
    timeline = cw.Timeline(name, periods=periods)
    timeline.play_to(periods)
    told = room(timeline.scenario, periods)
    assert told / 3 < taken(timeline) <= told


def test_what_takes_too_much_is_refused_with_what_fits() -> None:
    scenario = cw.load("beer_game")
    most = room(scenario, 18)
    with pytest.raises(TimelineTooLarge, match=r"beer_game over 36 periods would keep 0\.\d MB .*: a timeline of 18 periods would fit"):
        check_room(scenario, 36, most)
    check_room(scenario, 18, most)
    with pytest.raises(TimelineTooLarge, match="chainwright run beer_game"):
        cw.Timeline(scenario, most_bytes=most)
    assert cw.Timeline(scenario, periods=18, most_bytes=most).horizon == 18


def test_ten_thousand_are_refused_or_played_in_part() -> None:
    scenario = cw.load("ten_thousand")
    with pytest.raises(TimelineTooLarge, match=r"would keep 1,.* a smaller variant or population would fit"):
        cw.Timeline(scenario)
    assert room(scenario, 12) <= MOST_BYTES
    timeline = cw.Timeline(scenario.with_({"warm_up": 2}), periods=12)
    timeline.play_to(10)
    timeline.act({"policies.place_orders.default.policy": "pass_on"}, period=9)
    result = cw.run(timeline.scenario, periods=10, interventions=timeline.interventions)
    found = {name: value for name, value in result.summary.iloc[0].items() if name != "run"}
    assert timeline.summary() == pytest.approx(found, rel=0.0, abs=0.0, nan_ok=True)
    assert room(scenario, tables=("enterprises", "echelons")) <= MOST_BYTES


def test_snapshots_thin_out_where_they_take_too_much() -> None:
    timeline = cw.Timeline("battery", periods=200)
    timeline.play(200)
    every = timeline._player._store
    some = SnapshotStore(every.weight() // 2)
    for period in range(1, 201):
        moment = every.before(period)
        if moment is not None and moment.period == period and some.wants(period):
            some.keep(moment)
    assert FEWEST < len(some) < len(every)
    assert some.weight() <= every.weight() // 2
    few = SnapshotStore(1)
    for period in range(8, 201, 8):
        if few.wants(period):
            moment = every.before(period)
            assert moment is not None
            few.keep(moment)
    assert len(few) <= FEWEST
    # Looking back takes longer, and shows the same.
    timeline._player._store = few
    for period in (199, 70, 5):
        assert_same_state(timeline.world_at(period), never_stopped(timeline, period))


def test_what_stays_the_same_is_kept_once() -> None:
    world = never_stopped(cw.Timeline("battery"), 8)
    store = SnapshotStore()
    store.keep(Moment(world.snapshot(), {"sums": np.arange(3.0)}))
    first = store.weight()
    world.step(8)
    store.keep(Moment(world.snapshot(), {"sums": np.arange(3.0)}))
    both = store.weight()
    assert first < both < 1.8 * first
    one, other = store.before(8), store.before(16)
    assert one is not None
    assert other is not None
    assert other.world.columns["items"]["holding_cost"] is one.world.columns["items"]["holding_cost"]
    assert other.measuring["sums"] is one.measuring["sums"]
    assert both == weight([one, other], set())


def test_changes_take_room_as_well() -> None:
    long = {"lanes.brewery>distributor.transport_time": 5_000}
    timeline = cw.Timeline("beer_game")
    before = timeline.bytes
    assert before == room(timeline.scenario)
    timeline.act(long, period=3)
    assert timeline.bytes > before + 5_000 * len(timeline.history.names.lanes["seller"]) * 8
    timeline.play_to(36)
    assert taken(timeline) <= timeline.bytes
    timeline.undo()
    assert timeline.bytes == before
    # Where it would take too much nothing is changed, neither by hand nor from the outset.
    small = cw.Timeline("beer_game", most_bytes=before + 100_000)
    with pytest.raises(TimelineTooLarge, match="beer_game with 1 change over 36 periods would keep"):
        small.act(long, period=3)
    assert small.acts == ()
    small.act({"policies.place_orders.retailer.target": 20}, period=3)
    with pytest.raises(TimelineTooLarge, match="with 1 change"):
        cw.Timeline("beer_game", interventions=[(3, long)], most_bytes=before + 100_000)


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("bulldozer", {"policy": "base_stock", "level": 40}),
        ("one_warehouse_or_nine", {"policy": "base_stock", "level": 40}),
        ("serial_textbook", {"policy": "base_stock", "level": 40}),
    ],
)
def test_what_changes_hold_is_within_what_is_told(name: str, policy: dict[str, Any]) -> None:
    timeline = cw.Timeline(name)
    timeline.act({"policies.place_orders.default": policy}, period=1)  # which keeps something for all that come
    before = timeline.bytes
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(2, 12):
            timeline.act({"policies.place_orders.default": policy}, period=number)
        # What reading a scenario leaves behind in circles is not held by the timeline; it goes when Python next looks for such.
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert (timeline.bytes - before) / 1.6 < held <= timeline.bytes - before


def test_a_large_network_can_be_changed_many_times() -> None:
    # What is generated is kept once for all changes.
    timeline = cw.Timeline(cw.load("ten_thousand").variant("two_thousand"))
    timeline.do([lever(1, period, {"policies.place_orders.default.safety_factor": 1.0 + period / 100}) for period in range(1, 101)])
    assert timeline.bytes <= MOST_BYTES
