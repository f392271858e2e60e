"""What a run would take is told before it begins, and far too much is refused at once, unless it is wanted all the same."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment import affordable
from chainwright.experiment.timeline.memory_limit import TimelineTooLarge

TARGET = "policies.place_orders.default.target"


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 4 GB of memory."""
    monkeypatch.setattr(affordable, "memory", lambda: 4e9)


@pytest.mark.usefixtures("small_machine")
@pytest.mark.parametrize("runs", [100_000_000, range(100_000_000)])
def test_runs_that_no_memory_holds_are_refused_at_once(runs: Any) -> None:
    takes = r"would take about [0-9,]+ GB of memory \(this machine has 4.0 GB\); about [0-9,]+ runs would do"
    said = rf"100,000,000 runs of 36 periods of beer_game {takes}"
    with pytest.raises(cw.UsageError, match=said):
        cw.run("beer_game", runs=runs)


@pytest.mark.usefixtures("small_machine")
def test_what_is_said_to_do_does() -> None:
    scenario = cw.load("beer_game")
    blueprint = scenario.blueprint()
    with pytest.raises(cw.UsageError) as refused:
        affordable.refuse_beyond(affordable.cost(blueprint, 10**8, 36, side_by_side=8000), "beer_game", 10**8, 36)
    fewer = int(str(refused.value).partition("; about ")[2].partition(" runs")[0].replace(",", ""))
    affordable.refuse_beyond(affordable.cost(blueprint, fewer, 36, side_by_side=8000), "beer_game", fewer, 36)


@pytest.mark.parametrize("periods", [2**31 - 1, 10**9])
def test_horizons_of_years_are_refused_at_once_everywhere(periods: int) -> None:
    scenario = cw.load("beer_game")
    for ask in (
        lambda: cw.run(scenario, periods=periods),
        lambda: cw.run(scenario.with_({"horizon": periods})),
        lambda: cw.compare(scenario, scenario.variant("pass_on"), runs=2, periods=periods),
    ):
        with pytest.raises(cw.UsageError, match=rf"run.* of {periods:,} periods of beer_game would take about"):
            ask()
    with pytest.raises(TimelineTooLarge, match=r"a timeline of [0-9,]+ periods would fit"):
        cw.Timeline(scenario, periods=periods)
    table = cw.sweep(scenario, {TARGET: [15]}, periods=periods, engine="serial", measures=["total_cost"])
    assert "would take about" in table["message"][0]


def test_replications_of_sweeps_and_comparisons_have_an_end() -> None:
    with pytest.raises(cw.UsageError, match="reps: must be a whole number of at most 10,000,000, got 100,000,000"):
        cw.sweep("beer_game", {TARGET: [15, 17]}, reps=100_000_000)
    with pytest.raises(cw.UsageError, match="100,000,000 runs; 50,000,000 are the most for one sweep"):
        cw.sweep("beer_game", {TARGET: list(range(100))}, reps=1_000_000)
    with pytest.raises(cw.UsageError, match="100,000,000 runs of 1,100 periods of newsvendor would take about"):
        cw.compare("newsvendor", "newsvendor", runs=100_000_000)


def test_limits_can_be_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affordable, "memory", lambda: 1e5)
    with pytest.raises(cw.UsageError, match="no-limits"):
        cw.run("beer_game")
    assert len(cw.run("beer_game", limits=False).summary) == 1
    assert cw.compare("beer_game", "beer_game", runs=2, limits=False).table["verdict"].iloc[0] == "equal"
