"""Whatever is played, done, undone, branched and looked at, in whatever order: a timeline equals a run with the same interventions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from tests.timeline.likeness import assert_as_run, assert_same_state, never_stopped

HORIZON = 40
EVERYWHERE = ({"kind": "demand", "target": {"enterprise": "*"}, "duration": 3, "factor": 2.5}, {"enterprises.*.items.*.holding_cost": 0.75})
# What can be done to each scenario: disruptions have a kind.
DEEDS: dict[str, list[dict[str, Any]]] = {
    "beer_game": [
        *EVERYWHERE,
        {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4},
        {"kind": "shipment_pause", "target": {"seller": "distributor", "buyer": "wholesaler"}, "duration": 2},
        {"policies.place_orders.default.target": 30},
        {"policies.place_orders.wholesaler.policy": "pass_on"},
        {"lanes.wholesaler>retailer.transport_time": 4, "lanes.*.price": 2},
        {"lanes.4.transport_time": {"distribution": "uniform", "low": 1, "high": 6}, "lanes.4.overtaking": False},
        {"lanes.*.price": 0, "visibility.end_demand": "partner"},
        {"enterprises.retailer.items.beer.unmet_demand": "lost"},
        {"enterprises.retailer.items.beer.unmet_demand": "backordered", "disruptions": []},
    ],
    "two_sources": [
        *EVERYWHERE,
        {"kind": "reduction", "target": {"enterprise": "*"}, "severity": 0.6, "duration": 5, "recovery": "linear"},
        {"kind": "receipt_pause", "target": {"enterprise": "*"}, "duration": 2},
        {"lanes.0.active": False},
        {"lanes.0.active": True, "lanes.1.transport_time": 3},
    ],
    "serial_textbook": [
        *EVERYWHERE,
        {"kind": "closure", "target": {"enterprise": "*"}, "duration": 1, "orders": "refuse"},
        {"lanes.*.in_transit_holding_cost": 0.5},
        {"lanes.3.transport_time": {"distribution": "uniform", "low": 1, "high": 3}, "lanes.3.overtaking": False},
    ],
    "battery": [
        *EVERYWHERE,
        {"kind": "order_pause", "target": {"enterprise": "*"}, "duration": 2},
        {"lanes.*.price": 2},
        {"enterprises.*.items.*.ordering_cost": 3},
    ],
}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.integers(1, 9)),
        *[st.tuples(st.just("do"), st.integers(0, 9), st.integers(-20, 2))] * 2,
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("branch"), st.integers(0, 30)),
        st.tuples(st.just("look"), st.integers(0, 30)),
        st.tuples(st.just("forget"), st.integers(1, 30)),
    ),
    min_size=3,
    max_size=10,
)


def do(timeline: cw.Timeline, name: str, step: tuple[Any, ...]) -> cw.Timeline:
    """One thing after the other; refused is only what says that it is."""
    what, number = step[:2]
    if what == "play":
        timeline.play(number)
    elif what == "do":
        deed = DEEDS[name][number % len(DEEDS[name])]
        period = min(max(timeline.played + 1 + step[2], 1), HORIZON)
        if "kind" in deed:
            timeline.disrupt(deed, period=period)
        else:
            timeline.act(deed, period=period)
    elif what == "undo" and timeline.acts:
        timeline.undo(timeline.acts[number % len(timeline.acts)].number)
    elif what == "branch":
        timeline = timeline.branch(min(number, timeline.played))
    elif what == "look":
        period = min(number, timeline.played)
        assert_same_state(timeline.world_at(period), never_stopped(timeline, period))
    elif what == "forget":
        timeline.forget_after(min(number, timeline.played))
    return timeline


@pytest.mark.parametrize("name", list(DEEDS))
def test_whatever_is_done_equals_a_run_with_the_same_interventions(name: str) -> None:
    # Metrics from the fourth period on, so that runs of few periods can be told apart.
    scenario = cw.load(name).with_({"warm_up": 3})

    @settings(max_examples=15)
    @given(STEPS)
    def check(steps: list[tuple[Any, ...]]) -> None:
        timeline = cw.Timeline(scenario, periods=HORIZON)
        timeline.play(6)
        timelines = [timeline]
        for step in steps:
            timeline = do(timeline, name, step)
            if timeline is not timelines[-1]:
                timelines.append(timeline)
        # Those that were branched from as well, which nobody has moved since.
        for one in timelines:
            one.play(2)
            assert_as_run(one)
            assert_same_state(one.world_at(one.played), never_stopped(one, one.played))
            assert_same_state(one.world_at(one.played // 2), never_stopped(one, one.played // 2))

    check()
