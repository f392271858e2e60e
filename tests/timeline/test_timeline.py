"""A course equals `cw.run` with the same interventions, number for number, however it was played, rewound, changed and branched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from tests.timeline.likeness import assert_as_run, assert_same_state, never_stopped

CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
ELSEWHERE = {**CLOSURE, "target": {"enterprise": "distributor"}}


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources", "serial_textbook", "newsvendor", "information_sharing"])
def test_a_course_equals_a_run_in_every_period(name: str) -> None:
    scenario = cw.load(name)
    course = cw.Course(scenario, seed=3, run=2)
    last = scenario.warm_up + 20
    course.play_to(last)
    assert course.played == last
    for period in (scenario.warm_up, scenario.warm_up + 1, scenario.warm_up + 7, last):
        if period:
            assert_as_run(course, period)


def test_on_time_in_full_is_measured_where_a_run_measures_it() -> None:
    scenario = cw.load("two_sources").with_({"policies.allocate_stock": {"default": {"policy": "oldest_first"}}})
    course = cw.Course(scenario)
    course.play(scenario.warm_up + 30)
    course.act({"disruptions": []}, period=11)
    assert 0.0 <= course.summary()["on_time_in_full"] <= 1.0
    assert_as_run(course)


def test_an_act_in_the_past_is_met_when_it_is_played_again() -> None:
    course = cw.Course("beer_game")
    course.play(12)
    course.disrupt(CLOSURE)
    before = course.history
    costs = before.measures["total_cost"].copy()
    course.act({"policies.place_orders.wholesaler.target": 25}, period=9)
    assert course.played == 12
    course.play_to(30)
    assert [act.period for act in course.acts] == [13, 9]
    assert [period for period, _ in course.interventions] == [9, 13]
    for period in (8, 9, 13, 30):
        assert_as_run(course, period)
    # Whoever holds what was forgotten still sees it as it was.
    np.testing.assert_array_equal(before.measures["total_cost"], costs)
    assert course.summary(12)["total_cost"] != costs[-1]


def test_two_acts_in_one_period_both_hold_and_the_later_one_wins() -> None:
    course = cw.Course("beer_game")
    course.play(5)
    course.act({"policies.place_orders.wholesaler.target": 25, "lanes.*.price": 2})
    course.act({"policies.place_orders.wholesaler.target": 5})
    first = course.disrupt(CLOSURE)
    second = course.disrupt(ELSEWHERE)
    assert {act.period for act in course.acts} == {6}
    assert first.settings["disruptions"] == [{"start": 6, **CLOSURE}]
    assert second.settings["disruptions"] == [{"start": 6, **CLOSURE}, {"start": 6, **ELSEWHERE}]
    course.play(15)
    assert_as_run(course)
    assert course.world_at(6).current.first.tables["lanes"]["price"].tolist() == [2.0] * 5


def test_an_undone_act_never_happened() -> None:
    course, plain = cw.Course("beer_game"), cw.Course("beer_game")
    for one in (course, plain):
        one.play(20)
    first = course.disrupt(CLOSURE, period=5)
    second = course.disrupt(ELSEWHERE, period=9)
    assert len(course.interventions[1][1]["disruptions"]) == 2
    assert course.undo(first.number) == first
    # What is left is told anew, in the act and in what a run would be given.
    assert course.acts[0].number == second.number
    assert course.acts[0].settings == course.interventions[0][1] == {"disruptions": [{"start": 9, **ELSEWHERE}]}
    assert_as_run(course)
    assert course.undo().number == second.number
    assert course.summary() == pytest.approx(plain.summary(), rel=0.0, abs=0.0, nan_ok=True)
    with pytest.raises(cw.UsageError, match="nothing was done"):
        course.undo()


def test_numbers_of_acts_are_never_given_again() -> None:
    course = cw.Course("beer_game")
    first = course.disrupt(CLOSURE)
    course.undo()
    assert course.disrupt(CLOSURE).number == first.number + 1


def test_a_branch_shares_the_past_and_goes_on_with_the_same_draws() -> None:
    course = cw.Course("battery", run=4)
    course.play(90)
    other = course.branch(61)
    assert other.played == 61
    assert np.shares_memory(other.history.items["on_hand"], course.history.items["on_hand"])
    other.play_to(90)
    for table in ("items", "lanes", "enterprises", "echelons", "measures", "rates"):
        for name, values in getattr(course.history, table).items():
            np.testing.assert_array_equal(values, getattr(other.history, table)[name], err_msg=name)
    assert_same_state(course.world_at(90), other.world_at(90))
    other.act({"enterprises.*.items.*.holding_cost": 0.5}, period=70)
    course.play_to(100)
    assert other.played == 90
    assert_as_run(course)
    assert_as_run(other)


def test_a_branch_keeps_the_acts_of_its_past_only() -> None:
    course = cw.Course("beer_game", label="as it was")
    course.play(20)
    course.disrupt(CLOSURE, period=5)
    course.disrupt(ELSEWHERE, period=12)
    other = course.branch(11, "calm")
    assert (other.label, course.label) == ("calm", "as it was")
    assert [act.period for act in other.acts] == [5]
    other.play_to(20)
    course.play_to(25)
    assert_as_run(other)
    assert_as_run(course)
    # A branch of a branch, from before both.
    third = other.branch(0)
    assert third.played == 0
    assert third.acts == ()
    third.play_to(20)
    assert_as_run(third)


def test_the_same_run_with_nothing_done_is_the_baseline() -> None:
    course = cw.Course("beer_game")
    course.play(10)
    course.disrupt(CLOSURE)
    course.play(10)
    baseline = course.without_acts()
    assert baseline.played == 10
    baseline.play_to(20)
    assert not baseline.acts
    assert_as_run(baseline)
    assert baseline.summary()["total_cost"] != course.summary()["total_cost"]


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_looking_back_is_the_state_that_was(name: str) -> None:
    course = cw.Course(name)
    course.play(30)
    course.disrupt({"kind": "demand", "target": {"enterprise": "*"}, "duration": 3, "factor": 2.0}, period=12)
    course.act({"lanes.*.price": 3}, period=12)
    course.act({"lanes.*.price": 0}, period=17)
    for period in (29, 3, 14, 0, 30, 15, 16, 17):
        world = course.world_at(period)
        assert_same_state(world, never_stopped(course, period))
        # It is the visitor's own: what comes of it is nobody else's affair, and it goes on as the course does.
        world.step(30 - period)
        assert_same_state(world, course.world_at(30))
    course.play_to(course.warm_up + 35)
    assert_as_run(course)


def test_what_is_refused_changes_nothing() -> None:
    course = cw.Course("beer_game")
    course.play(10)
    course.act({"policies.place_orders.retailer": {"policy": "base_stock", "level": 20}}, period=4)
    leaning = course.act({"policies.place_orders.retailer.level": 30}, period=7)
    before, acts, interventions = course.summary(), course.acts, course.interventions
    for refused, why in (
        (lambda: course.act({"policies.place_orders.retialer.target": 3}), "did you mean 'retailer'"),
        (lambda: course.act({"policies.place_orders.retialer.target": 3}, period=2), "did you mean 'retailer'"),
        (lambda: course.act({"lanes.0.order_delay": 2}), "order_delay cannot become"),
        (lambda: course.act({}), "expected settings such as"),
        (lambda: course.act({"horizon": 4}), "cannot change during a run"),
        (lambda: course.act({"lanes.*.price": 1}, shown=object()), "must be texts, numbers"),
        (lambda: course.act({"lanes.*.price": 1}, kind="disruption"), "done by disrupt"),  # type: ignore[arg-type]
        (lambda: course.disrupt({"kind": "closing", "target": {}, "duration": 3}), "expected closure, reduction"),
        (lambda: course.disrupt("closure"), "expected a disruption such as"),  # type: ignore[arg-type]
        (lambda: course.disrupt(CLOSURE, period=99), "would never happen"),
        (lambda: course.undo(7), "there is no act 7"),
        (lambda: course.undo(1), rf"act {leaning.number} \(policies.place_orders.retailer.level = 30\) in period 7 would not fit any more"),
        (lambda: course.branch(11), "was not played yet"),
        (lambda: course.world_at(11), "was not played yet"),
        (lambda: course.summary(11), "was not played yet"),
        (lambda: course.play(-1), "whole number"),
    ):
        with pytest.raises(cw.ChainwrightError, match=why):
            refused()
        assert course.played == 10
        assert course.acts == acts
        assert course.interventions == interventions
        assert course.summary() == pytest.approx(before, rel=0.0, abs=0.0, nan_ok=True)
    course.play(5)
    assert_as_run(course)


def test_a_course_ends_with_its_horizon() -> None:
    course = cw.Course("beer_game", periods=8)
    course.play(50)
    assert course.played == 8
    with pytest.raises(cw.UsageError, match="would never happen"):
        course.act({"policies.place_orders.default.target": 3})
    with pytest.raises(cw.UsageError, match="would never happen"):
        cw.Course("beer_game", periods=8, interventions=[(9, {"lanes.*.price": 1})])


def test_interventions_of_the_scenario_come_before_acts_and_are_told_anew_after_them() -> None:
    own = [{"period": 8, "set": {"policies.place_orders.retailer.target": 9}}, {"period": 14, "set": {"disruptions": [{"start": 14, **ELSEWHERE}]}}]
    course = cw.Course(cw.load("beer_game").with_({"interventions": own}))
    course.play(20)
    course.act({"policies.place_orders.retailer.target": 30}, period=8)
    course.disrupt(CLOSURE, period=16)
    # The list that holds then is the scenario's own, as changed in period 14.
    assert [one["start"] for one in course.acts[-1].settings["disruptions"]] == [14, 16]
    assert_as_run(course)
    # Planned ahead, and not met yet.
    course.act({"lanes.*.price": 2}, period=25)
    assert_as_run(course)
    course.play_to(30)
    assert_as_run(course)


def test_goods_on_their_way_from_the_start_are_not_overtaken_after_times_are_drawn() -> None:
    """A world that is told at the start remembers when its first goods are due; one that was not told must be told again."""
    way = "lanes.wholesaler>retailer"
    course = cw.Course(cw.load("beer_game").with_({f"{way}.in_transit": [4, 4, 4, 4, 4, 4], f"{way}.transport_time": 6}))
    course.play(1)
    course.act({f"{way}.transport_time": {"distribution": "uniform", "low": 1, "high": 3}, f"{way}.overtaking": False})
    course.play(12)
    assert_as_run(course)
    assert_same_state(course.world_at(5), never_stopped(course, 5))
    course.undo()
    assert_as_run(course)
    assert_same_state(course.world_at(5), never_stopped(course, 5))


def test_forgetting_keeps_the_acts() -> None:
    course = cw.Course("beer_game")
    course.play(20)
    course.disrupt(CLOSURE, period=15)
    course.forget_after(11)
    assert course.played == 11
    assert [act.period for act in course.acts] == [15]
    course.play_to(20)
    assert_as_run(course)


class Panicker(cw.Distributor):
    """Orders double when the shelf looks empty, and remembers how often."""

    frights = 0

    def place_orders(self, item: Any) -> Any:
        if item.on_hand < item.demand:
            self.frights += 1
            return (2 + self.frights % 3) * item.demand
        return max(12 - item.inventory_position, 0)


def test_agents_decide_as_in_a_run() -> None:
    agents = {"wholesaler": Panicker}
    course = cw.Course("beer_game", agents=agents)
    course.play(20)
    course.act({"policies.place_orders.retailer.target": 20}, period=6)
    assert_as_run(course, agents=agents)
    world = course.world_at(7)
    world.step(13)
    np.testing.assert_array_equal(world.items.orders, course.world_at(20).items.orders)
    other = course.branch(12)
    other.play_to(20)
    assert other.summary() == pytest.approx(course.summary(), rel=0.0, abs=0.0, nan_ok=True)
    course.close()
    other.play_to(25)
    assert_as_run(other, agents=agents)


def test_an_agent_that_fails_leaves_the_course_where_it_was() -> None:
    class Brittle(cw.Distributor):
        """Breaks where very much is wanted."""

        def place_orders(self, item: Any) -> Any:
            if item.demand > 40:
                raise ZeroDivisionError("too much")
            return item.demand

    course = cw.Course("beer_game", agents={"wholesaler": Brittle})
    course.play(15)
    before = course.summary()
    flood = {"policies.place_orders.retailer": {"policy": "base_stock", "level": 500}}
    with pytest.raises(Exception, match="too much"):
        course.act(flood, period=5)
    assert course.played == 15
    assert course.acts == ()
    assert course.summary() == pytest.approx(before, rel=0.0, abs=0.0, nan_ok=True)
    # In a period to come nothing is played yet: it breaks when it is.
    course.act(flood, period=20)
    with pytest.raises(Exception, match="too much"):
        course.play(15)
    stopped = course.played
    assert 15 < stopped < 30
    with pytest.raises(Exception, match="too much"):
        course.play(1)
    course.undo()
    assert course.played == stopped
    course.play_to(30)
    assert_as_run(course, agents={"wholesaler": Brittle})


def test_interventions_from_the_outset_hold_and_can_be_undone() -> None:
    course = cw.Course("beer_game", interventions=[(6, {"policies.place_orders.retailer.target": 9}), {"period": 3, "set": {"lanes.*.price": 1}}])
    course.play(12)
    assert [(act.kind, act.period, act.number) for act in course.acts] == [("given", 6, 1), ("given", 3, 2)]
    assert_as_run(course)
    course.undo(1)
    course.undo()
    assert course.interventions == ()
    assert_as_run(course)
    with pytest.raises(cw.ScenarioError, match="did you mean 'retailer'"):
        cw.Course("beer_game", interventions=[(6, {"policies.place_orders.retialer.target": 9})])


def test_a_closed_course_keeps_its_history_and_plays_no_more() -> None:
    course = cw.Course("beer_game")
    course.play(6)
    course.close()
    assert course.summary()["demand_mean"] > 0
    for refused in (course.play, course.without_acts, lambda: course.world_at(3), lambda: course.act({"lanes.*.price": 1})):
        with pytest.raises(cw.UsageError, match="closed"):
            refused()
