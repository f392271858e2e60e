"""Decisions of every kind, declared after the import about tables of one's own: policies answer them, and agents in their place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.network.blueprint import Blueprint, PolicyChoice
from chainwright.network.points import Points
from chainwright.policies.base import Memory, families, policies_for
from chainwright.state.view import View, view_class
from chainwright.words.declarations import Decision, Subject
from chainwright.words.subjects import DECISIONS, SCHEMA, declare
from tests.declared.workshop import ShortestFirst, Undercuts, with_workshop, workshop
from tests.shipped import shipped

# Two of each item of the beer game that is not the customer's.
STATIONS = 10


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with workshop():
        yield


@pytest.fixture
def plain() -> Blueprint:
    return shipped("beer_game").blueprint()


def choice(policy: str, rows: Any = range(STATIONS), **parameters: Any) -> list[PolicyChoice]:
    return [PolicyChoice(policy, parameters, np.array(rows, np.int32))]


def built(plain: Blueprint, runs: int = 1, agents: Any = None, **policies: Any) -> cw.World:
    blueprint = with_workshop(plain, policies)
    roster = None if agents is None else roster_of(blueprint, agents)
    return cw.World(blueprint, runs=range(runs), agents=roster)


def jobs_of(world: Any) -> list[list[int]]:
    """The jobs of each station."""
    return [np.flatnonzero(world.jobs.station == station).tolist() for station in range(world.stations.rows)]


def test_declared_decisions_have_families_and_policies() -> None:
    assert list(DECISIONS)[:2] == ["demand", "forecast_demand"]
    assert list(DECISIONS)[-1] == "bid_for_job"
    assert families()[-5:] == ("rates", "dispatching", "crews", "stopping", "bids")
    assert set(policies_for("dispatch_jobs")) == {"shortest_first", "by_lot"}


def test_a_number_is_answered_for_each_row_and_zero_where_nobody_decides(plain: Blueprint) -> None:
    world = built(plain, set_rate=choice("faster", [0, 3], by=np.array([1.0, 2.0])))
    rates = world.stations.rate.copy()
    decided = np.isin(rates, [1.0, 4.0])
    by = np.where(rates == 4.0, 2.0, 1.0)
    for times in (1, 2, 3):
        # Memory is written each time that it is asked.
        assert world.ask("set_rate").tolist() == np.where(decided, rates + by * times, 0.0).tolist()
    assert [len(level) for level in world.cohorts["set_rate"]] == [1]


def test_ranks_hold_within_their_group_and_what_is_shown_is_seen(plain: Blueprint) -> None:
    world = built(plain, dispatch_jobs=choice("shortest_first", range(1, STATIONS), urgent=2.0))
    urgency = np.arange(world.jobs.rows) % 2.0
    ranks = world.ask("dispatch_jobs", urgency=urgency)
    again = world.ask("dispatch_jobs", urgency=lambda rows: urgency[rows])
    assert ranks.tolist() == again.tolist()
    undecided = int(np.flatnonzero(world.stations.rate == 1.0)[0])
    for station, jobs in enumerate(jobs_of(world)):
        values = [float(world.jobs.size[job] - 2.0 * urgency[job]) for job in jobs]
        expected = [sorted(set(values)).index(value) for value in values]
        assert ranks[jobs].tolist() == ([0, 0, 0] if station == undecided else expected)
    assert ranks.dtype == np.int32
    with pytest.raises(cw.UsageError, match="declared to show"):
        world.ask("dispatch_jobs")


def test_rank_and_weight_of_the_rows_that_are_asked_alone(plain: Blueprint) -> None:
    world = built(plain, share_crew=choice("by_size"))
    rank, weight = world.ask("share_crew")
    assert set(rank.tolist()) == {0}
    assert weight.tolist() == (world.jobs.size / 6.0).tolist()
    # Two of the three jobs of each station, none of one: their total is that of those which are asked.
    jobs = jobs_of(world)
    asked = np.array([job for station in jobs[1:] for job in station[:2]])
    _, weight = world.ask("share_crew", rows=asked)
    for station in jobs[1:]:
        total = sum(float(world.jobs.size[job]) for job in station[:2])
        assert weight[station].tolist() == [float(world.jobs.size[job]) / total for job in station[:2]] + [0.0]
    assert weight[jobs[0]].tolist() == [0.0] * 3


def test_yes_or_no(plain: Blueprint) -> None:
    world = built(plain, stop_station=choice("stops_above", limit=4.0))
    stops = world.ask("stop_station")
    assert stops.dtype == np.bool_
    assert stops.tolist() == (world.stations.rate > 4.0).tolist()


def test_terms_that_are_left_out_stay_and_nan_breaks_off(plain: Blueprint) -> None:
    world = built(plain, bid_for_job=choice("undercuts", range(2 * STATIONS)))
    terms = world.ask("bid_for_job")
    assert set(terms) == {"price", "hours"}
    assert terms["hours"].tolist() == world.jobs.hours.tolist()
    decided = world.cohorts["bid_for_job"][0][0].index
    cut = np.where(world.jobs.price - 1.0 < 2.0, np.nan, world.jobs.price - 1.0)
    expected = world.jobs.price.copy()
    expected[decided] = cut[decided]
    np.testing.assert_array_equal(terms["price"], expected)
    assert np.isnan(terms["price"]).any()
    assert len(decided) == 2 * STATIONS


@pytest.mark.parametrize(
    "decision, answer, words",
    [
        ("stop_station", 1.0, r"stop_station: policy 'wrong' answered 1\.0 for all 10 rows of stations in period 0; expected True or False for each"),
        ("set_rate", None, "answered None for all 10 rows of stations .* expected one number for each of 10 rows"),
        ("set_rate", np.nan, "answered nan for row 0 of stations .* expected a finite number"),
        ("dispatch_jobs", "first", "expected a rank for each job"),
        ("share_crew", -1.0, r"answered weight -1\.0 for row 0 of jobs .* expected at least 0"),
        ("bid_for_job", {"prize": 3.0}, "answered a term 'prize' .* expected terms among price, hours; did you mean 'price'"),
        ("bid_for_job", 3.0, "expected a dictionary of price and hours"),
        ("bid_for_job", {"price": np.inf}, "answered price inf for row 0 of jobs .* expected a finite number, or NaN to break off"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told(plain: Blueprint, decision: str, answer: Any, words: str) -> None:
    kind = next(iter(policies_for(decision).values()))
    wrong = dataclasses.make_dataclass("Wrong", [], bases=(kind.__mro__[1],), frozen=True)
    wrong.name, wrong.family, wrong.__call__ = "wrong", kind.family, lambda self, view: answer  # type: ignore[attr-defined]
    cw.register(wrong)
    rows = range(3 * STATIONS if decision == "bid_for_job" else STATIONS)
    world = built(plain, **{decision: choice("wrong", rows)})
    shown = {"urgency": np.zeros(world.jobs.rows)} if decision == "dispatch_jobs" else {}
    with pytest.raises(cw.UsageError, match=words):
        world.ask(decision, **shown)


def test_draws_differ_from_turn_to_turn_and_turn_0_has_those_of_a_period(plain: Blueprint) -> None:
    world = built(plain, runs=2, dispatch_jobs=choice("by_lot"))
    world.step()
    cohort = world.cohorts["dispatch_jobs"][0][0]
    urgency = np.zeros(world.jobs.rows)
    drawn = []
    for turn in (0, 1, 2, 1):
        world.ask("dispatch_jobs", turn=turn, urgency=urgency)
        assert cohort.view.step == turn
        drawn.append(cohort.view.draw("lot").tolist())
    assert drawn[1] == drawn[3]
    assert len({tuple(numbers) for numbers in drawn}) == 3
    # Whoever is asked alone draws what it draws among others.
    half = np.flatnonzero(world.jobs.size > 1.0)
    world.ask("dispatch_jobs", rows=half, turn=2, urgency=urgency)
    part = cohort.narrowed(np.flatnonzero(np.isin(cohort.index, half)))
    assert part.view.draw("lot").tolist() == np.array(drawn[2])[np.isin(cohort.index, half)].tolist()


def test_a_part_remembers_with_the_whole_and_is_kept(plain: Blueprint) -> None:
    world = built(plain, set_rate=choice("faster"))
    cohort = world.cohorts["set_rate"][0][0]
    world.ask("set_rate", rows=np.array([1, 5]))
    world.ask("set_rate", rows=np.array([1, 5]))
    part = cohort.narrowed(np.array([1, 5]))
    assert part is cohort.narrowed(np.array([1, 5]))
    world.ask("set_rate")
    assert cohort.memory["times"].tolist() == [3.0 if row in (1, 5) else 1.0 for row in range(STATIONS)]
    assert cohort.narrowed(np.arange(STATIONS)) is cohort


def test_a_ring_moves_once_a_period_and_holds_the_last_turn(plain: Blueprint) -> None:
    @dataclasses.dataclass(frozen=True)
    class Counting(ShortestFirst):
        """Remembers the turns of the last two periods."""

        name = "counting"
        remembers = {"turns": Memory("the turn in which it was asked", default=-1.0, width=2)}

        def __call__(self, view: Any) -> Any:
            seen.append([float(column[0]) for column in view.memory("turns")])
            return view.size, {"turns": view.step + 0.0 * view.size}

    seen: list[list[float]] = []
    cw.register(Counting)
    world = built(plain, dispatch_jobs=choice("counting"))
    urgency = np.zeros(world.jobs.rows)
    for turns in ((0, 3), (0, 1, 7), (0, 2)):
        world.step()
        for turn in turns:
            world.ask("dispatch_jobs", turn=turn, urgency=urgency)
    assert seen == [[-1.0, -1.0]] * 2 + [[-1.0, 3.0]] * 3 + [[3.0, 7.0]] * 2


def test_a_view_can_be_shown_and_agents_see_their_part_of_it(plain: Blueprint) -> None:
    @dataclasses.dataclass(frozen=True)
    class Following(ShortestFirst):
        """The rate of what is shown, times the size."""

        name = "following"

        def __call__(self, view: Any) -> Any:
            return view.urgency.rate * view.size

    class Follower(cw.Enterprise):
        def dispatch_jobs(self, jobs: Any) -> Any:
            return jobs.urgency.rate * -jobs.size

    cw.register(Following)
    world = built(plain, 1, {"wholesaler": Follower}, dispatch_jobs=choice("following"))
    stations = view_class(SCHEMA, "stations")
    own = world.enterprises.name[world.items.enterprise[world.stations.item]] == "wholesaler"
    for rows in (None, np.flatnonzero(world.jobs.size < 3.0)):
        ranks = world.ask("dispatch_jobs", rows=rows, urgency=lambda asked: stations(world, world.stations, world.jobs.station[asked]))
        for station, jobs in enumerate(jobs_of(world)):
            asked = [job for job in jobs if rows is None or job in rows]
            by_size = sorted(asked, key=lambda job: float(world.jobs.size[job]), reverse=bool(own[station]))
            assert ranks[by_size].tolist() == list(range(len(asked)))


def test_memory_goes_into_snapshots_forks_and_changes(plain: Blueprint) -> None:
    slow, quick = (with_workshop(plain, {"set_rate": choice("faster", by=by)}) for by in (1.0, 3.0))
    world = cw.World(Points((slow, quick), np.array([0, 1])), runs=[0, 1])
    first = world.ask("set_rate")
    of_run = [world.stations.run == run for run in (0, 1)]
    assert (first - world.stations.rate)[of_run[0]].tolist() == [1.0] * STATIONS
    assert (first - world.stations.rate)[of_run[1]].tolist() == [3.0] * STATIONS
    kept = world.snapshot()
    second = world.ask("set_rate")
    world.restore(kept)
    assert world.ask("set_rate").tolist() == second.tolist()
    fork = world.fork(2, place=1)
    assert (fork.ask("set_rate") - fork.stations.rate).tolist() == [9.0] * (2 * STATIONS)
    world.change(Points((quick, slow), np.array([0, 1])))
    changed = world.ask("set_rate") - world.stations.rate
    assert changed[of_run[0]].tolist() == [9.0] * STATIONS
    assert changed[of_run[1]].tolist() == [3.0] * STATIONS


class Foreman(cw.Enterprise):
    """Decides about stations and jobs one by one, as short columns where they stand in groups."""

    def set_rate(self, station: Any) -> Any:
        return 2.0 * super().set_rate(station) if station.label == "saw" else station.rate + station.item.on_hand

    def dispatch_jobs(self, jobs: Any) -> Any:
        return jobs.urgency - jobs.size

    def share_crew(self, jobs: Any) -> Any:
        return jobs.size / np.maximum(jobs.total(jobs.size), 1.0)

    def stop_station(self, station: Any) -> Any:
        return station.rate > 3.0

    def bid_for_job(self, job: Any) -> Any:
        return {"hours": job.hours / 2.0} if job.price < 4.0 else {}


class Columnar(Foreman):
    """The same for whole columns."""

    @cw.columnar
    def set_rate(self, stations: Any) -> Any:
        return np.where(stations.label == "saw", 2.0 * cw.Enterprise.set_rate(self, stations), stations.rate + stations.item.on_hand)

    @cw.columnar
    def dispatch_jobs(self, jobs: Any) -> Any:
        return jobs.urgency - jobs.size

    @cw.columnar
    def share_crew(self, jobs: Any) -> Any:
        return jobs.size / np.maximum(jobs.total(jobs.size), 1.0)

    @cw.columnar
    def stop_station(self, stations: Any) -> Any:
        return stations.rate > 3.0

    @cw.columnar
    def bid_for_job(self, jobs: Any) -> Any:
        return {"hours": np.where(jobs.price < 4.0, jobs.hours / 2.0, jobs.hours)}


@pytest.mark.parametrize("kind", [Foreman, Columnar])
@pytest.mark.parametrize("runs", [1, 3])
def test_agents_answer_in_the_place_of_policies(plain: Blueprint, kind: type, runs: int) -> None:
    world = built(plain, runs, {"wholesaler": kind}, set_rate=choice("faster"), stop_station=choice("stops_above", limit=0.0))
    own = world.enterprises.name[world.items.enterprise[world.stations.item]] == "wholesaler"
    jobs_own = own[world.jobs.station]
    rate = world.stations.rate
    for times in (1.0, 2.0):
        # The policy thinks along.
        mine = np.where(world.stations.label == "saw", 2.0 * (rate + times), rate + world.items.on_hand[world.stations.item])
        assert world.ask("set_rate").tolist() == np.where(own, mine, rate + times).tolist()
    urgency = np.arange(world.jobs.rows) % 2.0
    ranks = world.ask("dispatch_jobs", urgency=urgency)
    for station, jobs in enumerate(jobs_of(world)):
        values = [float(urgency[job] - world.jobs.size[job]) for job in jobs]
        assert ranks[jobs].tolist() == ([sorted(set(values)).index(value) for value in values] if own[station] else [0, 0, 0])
    _, weight = world.ask("share_crew")
    assert weight.tolist() == np.where(jobs_own, world.jobs.size / 6.0, 0.0).tolist()
    assert world.ask("stop_station").tolist() == np.where(own, rate > 3.0, rate > 0.0).tolist()
    hours = world.ask("bid_for_job")["hours"]
    assert hours.tolist() == np.where(jobs_own & (world.jobs.price < 4.0), 4.0, 8.0).tolist()
    # Only the jobs whose turn it is.
    _, weight = world.ask("share_crew", rows=np.flatnonzero(world.jobs.size > 1.0))
    assert weight.tolist() == np.where(jobs_own & (world.jobs.size > 1.0), world.jobs.size / 5.0, 0.0).tolist()
    asked = np.flatnonzero(own)[:1]
    assert np.flatnonzero(world.ask("stop_station", rows=asked)).tolist() == [row for row in asked.tolist() if rate[row] > 3.0]


def test_an_agent_whose_answer_cannot_be_used_is_told_its_row(plain: Blueprint) -> None:
    class Lost(cw.Enterprise):
        def stop_station(self, station: Any) -> Any:
            return 1

    world = built(plain, 1, {"wholesaler": Lost}, stop_station=choice("stops_above", limit=0.0))
    with pytest.raises(cw.UsageError, match=r"Lost\.stop_station of wholesaler/beer/lathe in period 0 returned 1; expected True or False"):
        world.ask("stop_station")


def test_a_proof_asks_for_every_kind_of_answer() -> None:
    told = str(cw.check(Columnar, states=12))
    for decision in ("set_rate", "dispatch_jobs", "share_crew", "stop_station", "bid_for_job"):
        assert f"  {decision}: " in told
        assert "bit for bit as Foreman" in told
    for policy in (ShortestFirst(urgent=2.0), "by_size", "faster"):
        assert "random states" in str(cw.check(policy, states=12))


def test_a_proof_finds_where_a_row_and_a_column_differ() -> None:
    class Sloppy(Foreman):
        @cw.columnar
        def stop_station(self, stations: Any) -> Any:
            return stations.rate >= 3.0

    with pytest.raises(cw.CheckFailed, match=r"Sloppy\.stop_station .* the row answers False, the column True, where rate = 3\.0"):
        cw.check(Sloppy, states=60)

    class Bidder(cw.Enterprise):
        def bid_for_job(self, job: Any) -> Any:
            return {"price": job.price, "hours": "soon"}

    with pytest.raises(cw.CheckFailed, match=r"Bidder\.bid_for_job answers 'soon' for .*; expected hours as one number"):
        cw.check(Bidder, states=2)


def test_views_lead_where_the_keys_lead(plain: Blueprint) -> None:
    world = built(plain, bid_for_job=choice("undercuts", range(3 * STATIONS)), share_crew=choice("by_size"))
    view: Any = world.cohorts["bid_for_job"][0][0].view
    assert isinstance(view.station, View)
    assert view.station.item.enterprise.name.tolist() == world.enterprises.name[
        world.items.enterprise[world.stations.item[world.jobs.station]]
    ].tolist()  # fmt: skip
    with pytest.raises(cw.VisibilityError, match="no 'pryce'"):
        _ = view.pryce


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"name": "set_rate"}, "decision 'set_rate' is declared twice"),
        ({"table": "things"}, "is about rows of 'things', which is no table"),
        ({"table": "products", "keyed": "products"}, "do not say the run"),
        ({"via": "label"}, "goes by 'label', which is no key of jobs"),
        ({"keyed": "items"}, "is given to items, to which 'station' of jobs does not lead"),
        ({"level": "self"}, "goes by levels"),
        ({"end": "buyer"}, "belongs to 'buyer'"),
        ({"group": ""}, "answers ranks, and says no group"),
        ({"answer": "terms"}, "must say its terms"),
        ({"terms": ("price",)}, "has terms, which its answer has not"),
        ({"outcome": "prize"}, "becomes 'prize', which is no column of jobs"),
    ],
)
def test_a_decision_that_cannot_be_is_not_declared(changed: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"name": "one", "table": "jobs", "answer": "rank", "keyed": "stations", "via": "station", "group": "station"}
    with pytest.raises(ValueError, match=words):
        declare(Subject("more", "More.", decisions=(Decision(about="One.", family="ones", **{**given, **changed}),)))
    assert "one" not in DECISIONS


def test_where_no_subject_asks_nothing_is_changed(plain: Blueprint) -> None:
    without, idle = cw.World(plain), built(plain, set_rate=choice("faster"))
    for world in (without, idle):
        world.step(10)
    for table in ("enterprises", "items", "lanes"):
        for name in getattr(without, table).names:
            np.testing.assert_array_equal(getattr(without, table)[name], getattr(idle, table)[name], err_msg=name)
    assert without.ask("set_rate").tolist() == []
    assert Undercuts().by == 1.0
