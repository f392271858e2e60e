"""Optimisation: what is asked is checked, what is found is the same every time, and what is said of it is true."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import chainwright as cw
from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.optimising.final import BEST, PRESENT, RUNNER_UP, interval_of
from chainwright.experiment.optimising.goal import Goal, Limit, limits_of
from chainwright.experiment.optimising.polish import polish
from chainwright.experiment.optimising.present import present
from chainwright.experiment.optimising.search_scipy import evolve
from chainwright.experiment.optimising.space import Space, space_of
from chainwright.experiment.optimising.trials import Outcome, Trials, failed

LEVEL = "policies.place_orders.stand.level"
TARGET = "policies.place_orders.default.target"
QUICK: dict[str, Any] = {"reps": 3, "periods": 160, "polish_reps": 6, "final_reps": 12}


def newsvendor(**more: Any) -> cw.Optimisation:
    return cw.optimise("newsvendor", {LEVEL: (50, 64)}, **{**QUICK, **more})


# --- what is found -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> cw.Optimisation:
    return newsvendor(subject_to={"fill_rate": ">=0.97"}, measures=["on_hand_mean"])


def test_the_value_is_that_of_runs_that_anybody_can_repeat(found: cw.Optimisation) -> None:
    again = cw.run(found.scenario, runs=found.final_runs, seed=found.seed, periods=160).summary
    assert found.value == float(np.mean(again["total_cost"].to_numpy()))
    assert found.interval == pytest.approx(
        stats.t.interval(0.95, len(again) - 1, again["total_cost"].mean(), again["total_cost"].std(ddof=1) / math.sqrt(len(again)))
    )


def test_no_stage_sees_the_replications_of_another(found: cw.Optimisation) -> None:
    numbers = [number for stage in found.stages.values() for number in stage]
    assert len(numbers) == len(set(numbers)) == 3 + 6 + 12


def test_the_means_of_the_table_are_those_of_runs(found: cw.Optimisation) -> None:
    row = found.table[found.table["stage"] == "polish"].iloc[0]
    own = cw.run(cw.load("newsvendor").with_({LEVEL: int(row[LEVEL])}), runs=list(found.stages["polish"]), periods=160).summary
    for measure in ("total_cost", "fill_rate", "on_hand_mean"):
        assert row[measure] == float(np.mean(own[measure].to_numpy()))
        assert row[f"{measure}_error"] == pytest.approx(own[measure].std(ddof=1) / math.sqrt(6))


def test_rivals_are_compared_replication_by_replication(found: cw.Optimisation) -> None:
    rival = found.compared[found.compared["candidate"] == RUNNER_UP].iloc[0]
    costs = [cw.run(cw.load("newsvendor").with_({LEVEL: int(level)}), runs=found.final_runs, periods=160).summary["total_cost"].to_numpy()
             for level in (rival[LEVEL], found.best[LEVEL])]  # fmt: skip
    assert rival["difference"] == pytest.approx(float(np.mean(costs[0] - costs[1])))
    # As many intervals as there are runners-up hold together.
    many = int((found.compared["candidate"] == RUNNER_UP).sum())
    wanted = stats.t.interval(1.0 - 0.05 / many, 11, np.mean(costs[0] - costs[1]), np.std(costs[0] - costs[1], ddof=1) / math.sqrt(12))
    assert (rival["low"], rival["high"]) == pytest.approx(wanted)
    assert found.compared["candidate"].tolist()[0] == BEST
    assert found.compared["candidate"].tolist()[-1] == PRESENT


def test_the_answer_is_the_same_every_time() -> None:
    over = {LEVEL: (50.0, 64.0)}
    one, two = (cw.optimise("newsvendor", over, budget=40, method="scipy", **QUICK) for _ in range(2))
    assert one.table.equals(two.table)
    assert one.compared.equals(two.compared)
    other = cw.optimise("newsvendor", over, budget=40, method="scipy", seed=9, **QUICK)
    assert not one.table[LEVEL].equals(other.table[LEVEL])


def test_every_way_to_search_finds_the_best_of_two_axes() -> None:
    """Deterministic, so the best of all is known by trying all."""
    over = {TARGET: (10, 30), "variant": ["base", "pass_on", "short_lead_time"]}
    quick: dict[str, Any] = {"reps": 1, "polish_reps": 1, "final_reps": 2}
    every = cw.optimise("beer_game", over, method="all", **quick)
    table = every.table[every.table["stage"] == "search"]
    assert len(table) >= 63
    assert every.value == table["total_cost"].min()
    for method in ("scipy", "optuna"):
        other = cw.optimise("beer_game", over, method=method, budget=90, **quick)
        assert (other.best, other.method) == (every.best, method)


def test_a_sampler_of_the_user_will_do() -> None:
    import optuna

    found = newsvendor(method=optuna.samplers.RandomSampler(seed=1), budget=20)
    assert found.method == "optuna"
    assert 54 <= found.best[LEVEL] <= 60


def test_what_is_made_large() -> None:
    found = newsvendor(maximise="fill_rate")
    assert found.best[LEVEL] == 64
    assert found.history["fill_rate"].iloc[-1] >= found.history["fill_rate"].iloc[0]
    assert set(found.compared["verdict"].dropna()) <= {"worse", "not distinguishable", "equal"}


def test_a_limit_moves_the_best_and_confidence_moves_it_further() -> None:
    free, kept, sure = (newsvendor(subject_to=limit, confidently=confidently).best[LEVEL]
                        for limit, confidently in ((None, False), ({"fill_rate": ">=0.993"}, False), ({"fill_rate": ">=0.993"}, True)))  # fmt: skip
    assert free < kept <= sure


def test_confidently_judges_by_the_bound() -> None:
    goal = Goal("cost", limits=(Limit("fill", ">=", 0.9),), confidently=True)
    fill = np.array([0.89, 0.91, 0.93])
    outcome = goal.outcome({"cost": np.ones(3), "fill": fill})
    bound = 0.91 - stats.t.ppf(0.95, 2) * 0.02 / math.sqrt(3)
    assert outcome.violation == pytest.approx((0.9 - bound) / 0.9)
    assert Goal("cost", limits=goal.limits).outcome({"cost": np.ones(3), "fill": fill}).violation == 0.0


def test_where_no_candidate_keeps_the_limit_the_nearest_is_told_and_that_it_misses() -> None:
    found = newsvendor(subject_to={"fill_rate": ">=1.5"})
    assert found.best[LEVEL] == 64
    assert not found.feasible
    assert found.limits["verdict"].tolist() == ["missed"]
    assert "missed" in repr(found)


def test_failing_candidates_are_set_apart() -> None:
    """A horizon of 50 ends before the warm-up of 100 does."""
    found = cw.optimise("newsvendor", {"horizon": [50, 120, 140], LEVEL: (55, 58)}, "cost_per_period", reps=2, polish_reps=2, final_reps=3)
    failing = found.table[found.table["status"] == "failed"]
    assert set(failing["horizon"]) == {50}
    assert failing["message"].str.contains("warm_up").all()
    assert found.best["horizon"] != 50


def test_where_all_fail_the_reason_is_told_in_one_line() -> None:
    with pytest.raises(cw.ChainwrightError, match=r"^newsvendor: none of 21 candidates could be played; \d+ of them: 90 periods .*warm-up.*$"):
        cw.optimise("newsvendor", {"warm_up": (95, 115)}, reps=1, periods=90)


def test_the_scenario_as_it_is_is_never_beaten_by_something_worse() -> None:
    """With three candidates the search would hardly meet the best of 400; the scenario already has it."""
    scenario = cw.load("newsvendor").with_({LEVEL: 57})
    found = cw.optimise(scenario, {LEVEL: (10, 410)}, budget=3, method="scipy", **QUICK)
    assert 55 <= found.best[LEVEL] <= 59


def test_progress_goes_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    newsvendor(progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


def test_flatness_spans_the_rivals_that_cannot_be_told_apart(found: cw.Optimisation) -> None:
    row = found.flatness.iloc[0]
    alike = [found.best[LEVEL], *found.runners_up[LEVEL]]
    assert (row["low"], row["high"], row["values"]) == (min(alike), max(alike), len(alike))


def test_history_falls_within_a_stage(found: cw.Optimisation) -> None:
    for _, own in found.history.groupby("stage"):
        kept = own[own["feasible"]]["total_cost"].to_numpy()
        assert (np.diff(kept) <= 0.0).all()


def test_the_folder_is_complete(found: cw.Optimisation, tmp_path: Any) -> None:
    folder = found.save(tmp_path / "best")
    assert cw.load(folder / "best.yaml").document["policies"]["place_orders"]["stand"]["level"] == found.best[LEVEL]
    assert {path.name for path in folder.iterdir()} == {
        "best.yaml", "compared.csv", "figure.svg", "optimisation.json", "trials.csv", "trials.parquet",
    }  # fmt: skip


def test_the_figure_shows_every_factor() -> None:
    over = {LEVEL: (50.0, 64.0), "variant": ["base", "generous"]}
    found = cw.optimise("newsvendor", over, budget=30, subject_to={"fill_rate": ">=0.97"}, **QUICK)
    panels = [axes for axes in found.plot().axes if axes.axison]
    assert len(panels) == 3
    assert [axes.get_title(loc="left") for axes in panels[1:]] == [LEVEL, "variant"]
    assert [label.get_text() for label in panels[2].get_xticklabels()] == ["base", "generous"]
    low, high = panels[1].get_ylim()
    assert low < found.interval[0] < found.interval[1] < high


# --- what is asked -----------------------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(cw.UsageError) as told:
        cw.optimise(
            "newsvendor",
            {"policies.place_orders.stand.levle": (50, 60)},
            "totl_cost",
            subject_to={"fil_rate": ">=0.9", "fill_rate": "95"},
            reps=0,
            method="scipi",
            budget=0,
            confidence=95,
        )
    lines = str(told.value).splitlines()
    for words in ("did you mean 'level'?", "did you mean 'total_cost'?", "did you mean 'fill_rate'?", "cannot read '95'; expected a limit such as",
                  "reps must be", "did you mean 'scipy'?", "budget must be", "confidence must lie"):  # fmt: skip
        assert [line for line in lines if words in line], words


@pytest.mark.parametrize(
    "over, words",
    [
        ({}, "over must say what is varied"),
        ({LEVEL: (60, 50)}, "low of a range must be below high"),
        ({LEVEL: "normal(50, 8)"}, "a distribution says what is likely"),
        ({LEVEL: []}, "no value is given"),
        ({LEVEL: (50, 51)}, "no whole number between its ends; write 50.0..51.0"),
        ({LEVEL: (50, 60), "policies.place_orders.stand.level ": (1, 2)}, "twice"),
    ],
)  # fmt: skip
def test_spaces_that_are_none(over: Any, words: str) -> None:
    with pytest.raises(cw.UsageError, match=words):
        cw.optimise("newsvendor", over)


def test_small_and_large_exclude_each_other() -> None:
    with pytest.raises(cw.UsageError, match="small or large"):
        cw.optimise("newsvendor", {LEVEL: (50, 60)}, "total_cost", "fill_rate")


def test_limits_that_contradict_each_other() -> None:
    with pytest.raises(cw.UsageError, match=r"nothing is at least 0\.9 and at most 0\.8"):
        limits_of({"fill_rate": [">=0.9", "<=0.8"]})


def test_all_combinations_must_have_an_end() -> None:
    with pytest.raises(cw.UsageError, match="has none; give whole numbers"):
        cw.optimise("newsvendor", {LEVEL: (50.0, 60.0)}, method="all")
    with pytest.raises(cw.UsageError, match="would try 11 candidates, and budget allows 5"):
        cw.optimise("newsvendor", {LEVEL: (50, 60)}, method="all", budget=5)


def test_without_optuna_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(cw.UsageError, match=r"pip install 'chainwright\[optuna\]'"):
        cw.optimise("newsvendor", {LEVEL: (50, 60)}, method="optuna")


def test_whole_numbers_where_both_ends_are() -> None:
    scenario = cw.load("newsvendor")
    assert isinstance(space_of({LEVEL: (50, 60)}, scenario).values((3.0,))[0], int)
    assert space_of({LEVEL: (50.0, 60)}, scenario).values((0.25,)) == (52.5,)
    assert space_of({LEVEL: cw.between(50, 60)}, scenario).values((0.25,)) == (52.5,)


# --- the parts ---------------------------------------------------------------------------------------------------------------

AXES = st.lists(
    st.one_of(
        st.builds(lambda low, width: ("range", low, low + width, True), st.integers(-50, 50), st.integers(1, 40)),
        st.builds(lambda low, width: ("range", low, low + width, False), st.integers(-50, 50), st.integers(1, 40)),
        st.builds(lambda count: ("words", count), st.integers(1, 5)),
    ),
    min_size=1,
    max_size=5,
)


def space_from(said: list[Any]) -> Space:
    factors = []
    for number, one in enumerate(said):
        name = f"f{number}"
        if one[0] == "words":
            factors.append(Factor(name, "values", (name,), tuple("abcde"[: one[1]])))
        else:
            factors.append(Factor(name, "range", (name,), low=one[1], high=one[2], whole=one[3]))
    return Space(factors)


@given(AXES, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_neighbours_lie_within_the_space(said: list[Any], seed: int) -> None:
    space = space_from(said)
    random = np.random.default_rng(seed)
    place = space.snapped([axis.top * random.random() for axis in space.axes])
    steps: tuple[float, ...] | None = space.first_steps()
    rounds = 0
    while steps is not None:
        for other in space.around(place, steps):
            assert other != place
            assert space.snapped(other) == other
            for factor, value in zip(space.factors, space.values(other), strict=True):
                assert value in factor.values if factor.listed else factor.low <= value <= factor.high
        steps = space.halved(steps)
        rounds += 1
    assert rounds <= 12


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.2, 5.0), st.floats(-0.8, 0.8))
@settings(max_examples=40, deadline=None)
def test_polishing_reaches_the_bottom_of_a_bowl(x: float, y: float, stretch: float, tilt: float) -> None:
    space = space_from([("range", 0, 1, False), ("range", 0, 1, False)])

    def play(places: Any) -> list[Outcome]:
        return [Outcome((a - x) * (a - x) + stretch * (b - y) * (b - y) + tilt * math.sqrt(stretch) * (a - x) * (b - y)) for a, b in places]

    trials = Trials("polish", play, 3000)
    polish(space, trials, [(0.5, 0.5)])
    # The finest step is 1/1024 of an axis; along the valley it reaches a few of them.
    assert trials.best.outcome.value <= 40 * (1 / 1024) ** 2 * max(1.0, stretch)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.0, 2.0)), min_size=2, max_size=8), st.floats(1e-6, 1e6))
@settings(max_examples=60, deadline=None)
def test_limits_need_no_weight(given_: list[tuple[float, float]], scale: float) -> None:
    """Who keeps the limits goes before who misses them, whatever the value; and units do not matter."""
    ranks = [Outcome(value, missed).rank for value, missed in given_]
    order = sorted(range(len(ranks)), key=lambda number: ranks[number])
    feasible = [given_[number][1] == 0.0 for number in order]
    assert feasible == sorted(feasible, reverse=True)
    limit, other = Limit("x", ">=", 3.0), Limit("x", ">=", 3.0 * scale)
    assert limit.missed_by(2.0) == pytest.approx(other.missed_by(2.0 * scale))
    assert failed("no").rank > max(ranks)


def test_differential_evolution_keeps_limits_whatever_the_scale() -> None:
    space = space_from([("range", 0, 1, False), ("range", 0, 20, True)])
    places = []
    for scale in (1.0, 1e9):

        def play(asked: Any, scale: float = scale) -> list[Outcome]:
            return [Outcome(scale * (x + number / 20.0), max(0.0, 0.8 - x - number / 40.0)) for x, number in asked]

        trials = Trials("search", play, 600)
        evolve(space, trials, seed=4)
        assert trials.best.outcome.violation == 0.0
        assert trials.best.outcome.value / scale < 0.85  # 0.8 is the best of all
        places.append(trials.best.place)
    assert places[0] == places[1]


def test_the_budget_is_kept() -> None:
    space = space_from([("range", 0, 1, False)] * 3)
    for budget in (1, 17, 100, 333):
        trials = Trials("search", lambda places: [Outcome(sum(place)) for place in places], budget)
        evolve(space, trials, seed=1)
        assert len(trials.tried) <= max(budget, 5)


def test_the_present_is_found_wherever_a_path_leads() -> None:
    scenario = cw.load("beer_game")

    def values(over: dict[str, Any]) -> Any:
        space = space_of(over, scenario)
        place = present(space, scenario)
        return None if place is None else space.values(place)

    assert values({"lanes.wholesaler>retailer.transport_time": [1, 2]}) == (2,)
    assert values({"variant": ["pass_on", "base"]}) == ("base",)
    assert values({TARGET: {"low": 1.0, "high": 100.0, "log": True}})[0] == pytest.approx(17.0)
    assert values({TARGET: (20, 30)}) is None
    # Lanes differ in their order delay, and nothing says what the wholesaler's own target is.
    assert values({"lanes.*.order_delay": [1, 2]}) is None
    assert values({"policies.place_orders.wholesaler.target": (10, 20)}) is None


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_intervals_are_students(values: list[float], several: int) -> None:
    low, high = interval_of(np.asarray(values), 0.9, several)
    if np.std(values) > 1e-6:
        error = stats.sem(values)
        assert (low, high) == pytest.approx(stats.t.interval(1 - 0.1 / several, len(values) - 1, np.mean(values), error), abs=1e-6)
    assert low <= np.mean(values) + 1e-9
    assert high >= np.mean(values) - 1e-9
