"""What a timeline keeps of every period: who the rows are, what stands in them, and that nobody can write to it."""

from __future__ import annotations

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.timeline.append_only import FIRST_PERIODS, Growing
from chainwright.experiment.timeline.history import OPEN, history_columns
from chainwright.experiment.timeline.measuring import SO_FAR
from chainwright.metrics.trade.definitions import cost_kinds
from tests.timeline.likeness import never_stopped, run_like


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_the_rate_of_a_period_is_the_measure_of_that_period_alone(name: str) -> None:
    timeline = cw.Timeline(name, seed=5)
    timeline.play(12)
    timeline.disrupt({"kind": "demand", "target": {"enterprise": "*"}, "duration": 3, "factor": 3.0}, period=6)
    rates, measures = timeline.history.rates, timeline.history.measures
    assert list(rates) == list(measures)
    for period in (1, 6, 7, 12):
        met = [one for one in timeline.interventions if one[0] <= period]
        alone = cw.run(timeline.scenario.with_({"warm_up": period - 1}), seed=5, periods=period, interventions=met)
        for measure, values in rates.items():
            expected = measures[measure][period - 1] if measure in SO_FAR else alone.summary[measure].iloc[0]
            np.testing.assert_array_equal(values[period - 1], expected, err_msg=measure)


def test_one_period_does_not_tell_how_long_stock_lasts() -> None:
    timeline = cw.Timeline("battery")
    timeline.play(62)
    rates, measures = timeline.history.rates, timeline.history.measures
    # On a day on which next to nothing is asked for it would last for ever.
    for name in ("days_of_supply", "turns"):
        assert np.isnan(rates[name][:60]).all()
        assert rates[name][61] == measures[name][61] > 0
    assert np.isfinite(rates["on_hand_mean"]).all()


def test_rows_are_those_of_the_scenario_file() -> None:
    timeline = cw.Timeline("battery")
    document, names = timeline.scenario.document, timeline.history.names
    assert names.enterprises["name"].tolist() == list(document["enterprises"])
    assert names.enterprises["role"].tolist() == [one["role"] for one in document["enterprises"].values()]
    items = [(who, product) for who, one in document["enterprises"].items() for product in one["items"]]
    assert [
        (names.enterprises["name"][owner], names.products[product])
        for owner, product in zip(names.items["enterprise"], names.items["product"], strict=True)
    ] == items
    for lane, said in enumerate(document["lanes"]):
        for end in ("seller", "buyer"):
            item = names.lanes[end][lane]
            assert names.enterprises["name"][names.items["enterprise"][item]] == said[end]
            assert names.products[names.items["product"][item]] == said["product"]
    result = run_like(timeline, 61)
    assert names.items["echelon"].tolist() == result.items["echelon"].tolist()
    assert names.enterprises["echelon"].tolist() == result.enterprises["echelon"].tolist()


def test_lanes_and_enterprises_are_as_they_were() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(16)
    timeline.act({"lanes.*.price": 2}, period=3)
    timeline.disrupt({"kind": "closure", "target": {"enterprise": "distributor"}, "duration": 3}, period=5)
    timeline.disrupt({"kind": "shipment_pause", "target": {"seller": "wholesaler", "buyer": "retailer"}, "severity": 0.5, "duration": 4}, period=10)
    history = timeline.history
    for period in range(1, 17):
        world = never_stopped(timeline, period)
        lanes, enterprises = (history.names.rows[table] for table in ("lanes", "enterprises"))
        for name in history_columns()["lanes"]:
            opened = np.prod([world.lanes[one] for one in OPEN], axis=0)
            expected = opened if name == "open" else world.lanes[name]
            np.testing.assert_array_equal(history.lanes[name][period - 1], expected[lanes], err_msg=name)
        for name in history_columns()["enterprises"]:
            np.testing.assert_array_equal(history.enterprises[name][period - 1], world.enterprises[name][enterprises], err_msg=name)
    assert np.flatnonzero(history.enterprises["closed"].any(axis=1)).tolist() == [4, 5, 6]
    # Lanes are open but where somebody is closed, and in part where shipments are.
    assert np.flatnonzero((history.lanes["open"] == 0.0).any(axis=1)).tolist() == [4, 5, 6]
    assert np.flatnonzero((history.lanes["open"] == 0.5).any(axis=1)).tolist() == [9, 10, 11, 12]
    assert history.enterprises["cash"][-1].any()


def test_costs_by_kind_add_up_to_the_cost_of_an_echelon() -> None:
    timeline = cw.Timeline("two_sources")
    timeline.play(60)
    echelons = timeline.history.echelons
    kinds = np.array([echelons[name] for name in cost_kinds()])
    assert (kinds.max(axis=(1, 2)) > 0).sum() >= 3
    np.testing.assert_allclose(kinds.sum(axis=0), echelons["total_cost"], rtol=1e-12, atol=1e-12)
    # Over the measured periods they are the costs of the summary, echelon by echelon.
    for name, values in zip(cost_kinds(), kinds, strict=True):
        assert values[timeline.warm_up :].sum() == pytest.approx(timeline.summary()[name])


def test_nobody_can_write_to_what_was_kept() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(3)
    for table in ("items", "lanes", "enterprises", "echelons", "measures", "rates"):
        for name, values in getattr(timeline.history, table).items():
            assert len(values) == 3, name
            with pytest.raises(ValueError, match="read-only"):
                values[0] = 1


def test_measures_are_known_before_the_first_period() -> None:
    timeline = cw.Timeline("beer_game")
    names = list(timeline.history.measures)
    assert all(np.isnan(value) for value in timeline.summary().values())
    timeline.play(1)
    assert list(timeline.summary()) == names
    assert set(names) == set(run_like(timeline, 1).summary.columns) - {"run"}


def test_what_is_not_asked_for_is_not_kept() -> None:
    whole, timeline = cw.Timeline("battery"), cw.Timeline("battery", tables=("echelons",))
    for one in (whole, timeline):
        one.play(70)
        one.act({"lanes.*.price": 2}, period=65)
    assert (len(timeline.history.items), len(timeline.history.lanes), len(timeline.history.enterprises)) == (0, 0, 0)
    assert timeline.summary() == pytest.approx(whole.summary(), rel=0.0, abs=0.0, nan_ok=True)
    np.testing.assert_array_equal(timeline.history.echelons["orders"], whole.history.echelons["orders"])
    with pytest.raises(cw.UsageError, match="did you mean 'echelons'"):
        cw.Timeline("battery", tables=("echelon",))


def test_lines_that_were_written_stay_as_they_are() -> None:
    kept, expected = Growing((), 10 * FIRST_PERIODS), list(range(3 * FIRST_PERIODS))
    for value in expected:
        kept.add(value)
    shown = kept.view()
    other = kept.start(5)
    assert np.shares_memory(other.view(), shown)
    for value in range(-FIRST_PERIODS, 0):
        other.add(value)
        kept.add(1000 + value)
    assert shown.tolist() == expected
    assert kept.view()[: len(expected)].tolist() == expected
    assert other.view().tolist() == [*range(5), *range(-FIRST_PERIODS, 0)]
    assert not np.shares_memory(other.view(), shown)
