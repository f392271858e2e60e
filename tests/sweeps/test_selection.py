"""Selecting the best: the constants of Kim and Nelson, the stated probability on normal data, and a base stock that theory knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import chainwright as cw
from chainwright.experiment.selecting.kim_nelson import BEST, EQUAL, FAILED, OUT, UNDECIDED, Chosen, Floats, constants, select
from chainwright.experiment.theory.case import Stage, chain
from chainwright.experiment.theory.cases_inventory import poisson
from chainwright.policies.formulas.inventory import best_base_stock_poisson
from chainwright.scenario import Scenario

LEVEL = "policies.place_orders.stage_1.level"


def of(values: Floats) -> Any:
    """A source of data that is there already."""
    return lambda places, reps: values[np.ix_(places, reps)]


@pytest.mark.parametrize("count", [2, 5, 100])
@pytest.mark.parametrize("first", [10, 24])
def test_eta_solves_its_equation(count: int, first: int) -> None:
    """g(eta) = (1 + 2 eta)^(-(n - 1) / 2) / 2 = alpha / (k - 1), the paper's equation for c = 1, and h² = 2 eta (n - 1)."""
    eta, squared = constants(count, 0.95, first)
    solved = brentq(lambda x: 0.5 * (1.0 + 2.0 * x) ** (-(first - 1) / 2.0) - 0.05 / (count - 1), 0.0, 50.0)
    assert eta == pytest.approx(solved)
    assert squared == pytest.approx(2.0 * eta * (first - 1))


def data(rng: np.random.Generator, count: int, correlation: float, deviations: Floats, reps: int = 2500) -> Floats:
    """The last of them is best by one half, which is the indifference; the others are as hard to tell from it as may be."""
    shared, own = rng.normal(size=reps), rng.normal(size=(count, reps))
    noise = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * own
    return np.append(np.zeros(count - 1), 0.5)[:, None] + deviations[:, None] * noise


@pytest.mark.parametrize("batch", [1, None])
@pytest.mark.parametrize("correlation", [0.0, 0.8])
@pytest.mark.parametrize("unequal", [False, True])
def test_the_best_is_selected_as_often_as_is_stated(batch: int | None, correlation: float, unequal: bool) -> None:
    """400 selections, each right with a probability of .9 or more: fewer than 342 right ones would come by chance once in a thousand."""
    rng = np.random.default_rng(20)
    deviations = np.linspace(0.5, 2.0, 5) if unequal else np.ones(5)
    right, runs = 0, 0
    for _ in range(400):
        values = data(rng, 5, correlation, deviations)
        found = select(of(values), 5, 0.5, 0.9, 10, 2500, batch=batch)
        assert found.decided
        right += found.best == 4
        runs += sum(len(fate.values) for fate in found.fates)
    assert right >= 342
    # A single stage with the variance of the widest pair would take far more.
    assert runs / 400 < 5 * 4 * np.square(deviations).max() * 1.64**2 / 0.5**2


def test_common_random_numbers_spare_replications() -> None:
    rng = np.random.default_rng(5)
    apart, alike = (
        np.mean([sum(len(fate.values) for fate in select(of(data(rng, 5, rho, np.ones(5))), 5, 0.5, 0.9, 10).fates) for _ in range(50)])
        for rho in (0.0, 0.9)
    )
    assert alike < 0.7 * apart


def follow(values: Floats, size: float, first: int, probability: float) -> tuple[int, list[int]]:
    """The procedure as it is printed: one replication after the other, in loops; the winner, and when each was eliminated."""
    count = len(values)
    _, squared = constants(count, probability, first)
    spread = [[float((values[i, :first] - values[j, :first]).var(ddof=1)) for j in range(count)] for i in range(count)]
    left, out, played = list(range(count)), [0] * count, first
    while True:
        means = {i: values[i, :played].mean() for i in left}
        before = list(left)
        for i in before:
            for j in before:
                width = max(0.0, size / (2.0 * played) * (squared * spread[i][j] / size**2 - played))
                if j != i and means[i] < means[j] - width and i in left:
                    left.remove(i)
                    out[i] = played
        if len(left) == 1:
            out[left[0]] = played
            return left[0], out
        played += 1


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_printed_procedure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = data(rng, 6, 0.3, np.linspace(0.5, 1.5, 6))
    best, out = follow(values, 0.4, 12, 0.95)
    found = select(of(values), 6, 0.4, 0.95, 12, 2500, batch=1)
    assert found.best == best
    assert [len(fate.values) for fate in found.fates] == out
    least = select(of(-values), 6, 0.4, 0.95, 12, 2500, batch=1, minimise=True)
    assert (least.best, [fate.by for fate in least.fates]) == (best, [fate.by for fate in found.fates])


def test_where_the_most_is_reached_the_answer_is_honest() -> None:
    values = np.random.default_rng(2).normal(size=(4, 100)) + np.array([[0.0], [0.01], [0.02], [-20.0]])
    found = select(of(values), 4, 0.05, most=60)
    assert not found.decided
    assert [fate.verdict for fate in found.fates] == [UNDECIDED, UNDECIDED, UNDECIDED, OUT]
    assert [len(fate.values) for fate in found.fates] == [60, 60, 60, 20]
    assert found.best == int(np.argmax(values[:3, :60].mean(axis=1)))


def test_equal_candidates_end_and_are_said_to_be_equal() -> None:
    row = np.random.default_rng(3).normal(size=200)
    found = select(of(np.array([row - 1.0, row, row, row * (1.0 + 1e-15)])), 4, 0.5)
    assert [fate.verdict for fate in found.fates] == [OUT, BEST, EQUAL, EQUAL]
    assert found.decided
    assert {len(fate.values) for fate in found.fates} == {20}  # differences without noise need no more


def test_what_fails_is_dropped_whenever_it_does() -> None:
    values = np.random.default_rng(4).normal(size=(4, 400)) * 0.7
    values[0, 3] = np.nan  # in the first stage
    values[1, 25] = np.nan  # later, while ahead
    values[1, :25] += 0.4
    found: Chosen = select(of(values), 4, 0.2, most=400)
    assert [fate.verdict for fate in found.fates[:2]] == [FAILED, FAILED]
    assert sorted(fate.verdict for fate in found.fates[2:]) == [BEST, OUT]
    assert found.fates[2].by in (None, 3, 1)
    none = select(of(np.full((3, 40), np.nan)), 3, 0.2)
    assert (none.best, none.decided) == (None, False)
    one = select(of(np.vstack([np.full(40, np.nan), np.arange(40.0)])), 2, 0.2)
    assert (one.best, one.decided) == (1, True)


def test_each_is_asked_for_the_replications_that_it_needs_and_no_others() -> None:
    values = np.random.default_rng(6).normal(size=(3, 900)) + np.array([[0.0], [0.2], [3.0]])
    asked: dict[int, list[int]] = {0: [], 1: [], 2: []}

    def source(places: Sequence[int], reps: Sequence[int]) -> Floats:
        for place in places:
            asked[place] += list(reps)
        return values[np.ix_(places, reps)]

    looks: list[tuple[int, int, int]] = []
    found = select(source, 3, 0.2, minimise=True, told=lambda *look: looks.append(look))
    assert [reps == list(range(len(reps))) for reps in asked.values()] == [True] * 3
    assert [len(asked[place]) for place in range(3)] == [len(fate.values) for fate in found.fates]
    assert looks[0][0] == 20
    assert looks[-1][2] == 1
    assert looks[0][1] >= looks[-1][0]


# --- scenarios ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_stage() -> Scenario:
    """Known result B2: Poisson demand of 20, lead time 3, holding 1, backorder 9."""
    stage = Stage(
        orders={"policy": "base_stock", "level": 85},
        transport_time=3,
        fill=20.0,
        item={"on_hand": 20, "holding_cost": 1.0, "backorder_cost": 9.0},
    )
    return Scenario.from_document(chain(poisson(20.0), [stage])).with_({"horizon": 480, "warm_up": 80})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_base_stock_of_a_poisson_demand(one_stage: Scenario, seed: int) -> None:
    """71 is dearer than 70 by .098, 69 by .118; with an indifference of .09 the best is selected 19 times in 20 at least."""
    found = cw.select_best(one_stage, [{LEVEL: level} for level in range(66, 75)], "cost_per_period", indifference=0.09, seed=seed)
    assert found.decided
    assert found.settings == {LEVEL: best_base_stock_poisson(3, 20.0, 1.0, 9.0)} == {LEVEL: 70}
    assert found.best == "level=70"
    # Common random numbers and early elimination: 30 replications of each on average, where the best alone would need hundreds.
    assert found.runs < 9 * 60
    low, high = found.interval
    assert abs(found.value - 13.943118) <= 4.0 * (high - low) / 2.0 / 1.9
    assert found.table["verdict"].tolist() == ["best"] + ["eliminated"] * 8
    assert (found.table["difference"].iloc[1:] > 0.0).all()
    # The replications are those of a single run of the winner.
    own = found.replications[found.replications["candidate"] == found.best]
    again = cw.run(found.scenario, runs=len(own), seed=seed).summary["cost_per_period"]
    assert own["cost_per_period"].to_numpy().tobytes() == again.to_numpy(np.float64).tobytes()


def test_failed_candidates_are_told_and_the_rest_is_judged(one_stage: Scenario) -> None:
    candidates = {"right": {LEVEL: 70}, "low": {LEVEL: 60}, "wrong": {LEVEL: "x"}, "odd": {"policies.place_orders.stage_1.levl": 3}}
    told: list[tuple[int, int]] = []
    found = cw.select_best(
        one_stage, candidates, "cost_per_period", indifference="2%", periods=200, progress=lambda done, total: told.append((done, total))
    )
    assert (found.best, sorted(found.failed)) == ("right", ["odd", "wrong"])
    assert "expected a number" in found.failed["wrong"]
    assert found.indifference == pytest.approx(0.02 * found.replications.query("candidate == 'right' and rep < 20")["cost_per_period"].mean())
    assert "expected a number" in repr(found)
    assert told[-1][0] == told[-1][1]
    with pytest.raises(cw.ChainwrightError, match="none of 2 candidates could be played: "):
        cw.select_best(one_stage, [{LEVEL: "x"}, {LEVEL: "y"}], "cost_per_period", indifference=1.0)


def test_what_cannot_be_decided_is_left_open(one_stage: Scenario) -> None:
    found = cw.select_best(one_stage, [{LEVEL: 70}, {LEVEL: 71}, {LEVEL: 90}], "cost_per_period", indifference=0.08, most=25, periods=150)
    assert not found.decided
    assert sorted(found.undecided) == ["level=70", "level=71"]
    assert found.sentence().startswith("Undecided after 25 replications: level=7")
    assert found.facts()["undecided"] == found.undecided


def test_variants_and_measures_that_are_better_when_larger() -> None:
    found = cw.select_best("newsvendor", [{"variant": "no_safety_stock"}, {"variant": "generous"}, {}], "fill_rate", indifference=0.001, periods=200)
    assert (found.best, found.minimise) == ("variant=generous", False)
    assert found.scenario.hash == cw.load("newsvendor").variant("generous").hash
    assert set(found.table["candidate"]) == {"variant=no_safety_stock", "variant=generous", "as it is"}


@pytest.mark.parametrize(
    "options, words",
    [
        ({"indifference": 0}, "indifference must be a number above 0"),
        ({"indifference": "much"}, "indifference must be a number above 0"),
        ({"indifference": True}, "indifference must be a number above 0"),
        ({"candidates": [{LEVEL: 70}]}, "two candidates at least, got 1"),
        ({"candidates": [{LEVEL: 70}, {LEVEL: 70}]}, "a candidate is given twice"),
        ({"candidates": [LEVEL, LEVEL]}, "a candidate is said as"),
        ({"candidates": {"one": {LEVEL: 1}, "two": 5}}, "candidate 'two': expected"),
        ({"probability": 0.5}, "probability must lie between 1/2"),
        ({"probability": 1.0}, "probability must lie between 1/2"),
        ({"first": 5}, "first must be a whole number of at least 10"),
        ({"first": 30, "most": 20}, "most must be at least as many as first, 30, got 20"),
        ({"batch": 0}, "batch must be a whole number of at least 1"),
        ({"measure": "demand_mean"}, "nobody can tell whether less of 'demand_mean' is better"),
        ({"measure": "total_csot"}, "did you mean 'total_cost'"),
        ({"measure": 3}, "a measure is named by a text"),
        ({"measure": "lost_sales", "indifference": "1%"}, "the best lost_sales of the first stage is 0"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(one_stage: Scenario, options: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"candidates": [{LEVEL: 70}, {LEVEL: 60}], "measure": "cost_per_period", "indifference": 0.1, "periods": 100}
    asked |= options
    with pytest.raises(cw.UsageError, match=words):
        cw.select_best(one_stage, asked.pop("candidates"), asked.pop("measure"), **asked)


def test_all_that_is_wrong_is_told_at_once(one_stage: Scenario) -> None:
    with pytest.raises(cw.UsageError) as told:
        cw.select_best(one_stage, [{LEVEL: 70}], "total_csot", indifference=-1, first=2)
    assert len(str(told.value).splitlines()) >= 4
