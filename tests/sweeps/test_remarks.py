"""What a search and a sweep say of their answers: that it lies on the edge, what the scenario as it is says, and why that is better."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment.optimising.result import Optimisation
from chainwright.report.sweeps.story import Story

LEVEL = "policies.place_orders.stand.level"
SMALL: dict[str, Any] = {"reps": 2, "periods": 200, "polish_reps": 2, "final_reps": 10}


def found(over: Any, **more: Any) -> Optimisation:
    return cw.optimise("newsvendor", {LEVEL: over}, **SMALL | more)


def present(one: Optimisation) -> dict[str, Any]:
    return one.compared[one.compared["candidate"] == "as it is"].to_dict("records")[0]


def test_as_it_is_has_its_values_inside_the_space_and_outside() -> None:
    one = found((60, 70))
    assert present(one)[LEVEL] == 56.603956
    inside = found([50, 56.603956, 60])
    assert present(inside)[LEVEL] == 56.603956
    assert inside.remarks == ()
    words = cw.optimise("beer_game", {"variant": ["base", "pass_on"], "policies.place_orders.default.target": [17, 20]}, reps=1, final_reps=2)
    assert (present(words)["variant"], present(words)["policies.place_orders.default.target"]) == ("base", 17)
    several = cw.optimise("beer_game", {"lanes.*.order_delay": [1, 2]}, reps=1, final_reps=2)
    assert several.compared["lanes.*.order_delay"].isna().tolist()[-1]  # two delays, so none of them


def test_an_answer_on_the_edge_is_told_with_why_as_it_is_is_better() -> None:
    one = found((60, 70))
    edge, better = one.remarks
    assert edge.endswith(f"{LEVEL} 60 is the lowest allowed; a better one may lie beyond")
    assert better.endswith(f"{LEVEL} is 56.604 there, outside of 60 to 70")
    assert all(remark in repr(one) for remark in one.remarks)
    assert one.facts()["remarks"] == list(one.remarks)
    assert found([30, 40, 50]).remarks[0].endswith(f"{LEVEL} 50 is the highest allowed; a better one may lie beyond")
    assert found([50, 40, 30]).remarks[0].endswith(f"{LEVEL} 50 is the highest allowed; a better one may lie beyond")
    assert found((40.0, 50.0), budget=40).remarks[0].endswith("50 is the highest allowed; a better one may lie beyond")
    listed = found([40, 50, 100])
    assert [remark.rpartition(": ")[2] for remark in listed.remarks] == [f"{LEVEL} is 56.604 there, which is not among the values to choose from"]


def test_a_limit_that_is_missed_as_it_is_is_the_reason() -> None:
    one = found((60, 70), subject_to={"fill_rate": ">=0.995"})
    assert one.remarks[-1].endswith("it misses a limit, which the best keeps")


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ([60, 64, 70], "level 60 is the lowest that was tried"),
        ([40, 45, 50], "level 50 is the highest that was tried"),
        ([50, 56, 64], ""),
        ([60, 64], ""),
    ],
)
def test_a_sweep_says_that_its_best_lies_on_the_edge(levels: list[int], told: str) -> None:
    table = cw.sweep("newsvendor", {LEVEL: levels}, reps=2, periods=200, measures=["total_cost"], engine="serial")
    said = [sentence for sentence in Story(table).sentences() if "edge" in sentence]
    assert said == ([f"It lies on the edge: {told}; a better one may lie beyond."] if told else [])


def test_samples_say_nothing_of_edges() -> None:
    table = cw.sweep("newsvendor", {LEVEL: "60..70"}, "latin_hypercube(n=5)", periods=200, measures=["total_cost"], engine="serial")
    assert not any("edge" in sentence for sentence in Story(table).sentences())
