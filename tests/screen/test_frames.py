"""What a page is told of a timeline: rows as in the scenario file, links, measures, and frames from which the history can be read back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.report.screen.bundle import as_json, library, style, texts
from chainwright.report.screen.frames import TABLES, acts, frames
from chainwright.report.screen.numbers import DIGITS, EXACT, listed
from chainwright.report.screen.opening_packet import structure

SCENARIOS = ["beer_game", "battery", "bulldozer", "two_sources", "one_warehouse_or_nine", "newsvendor", "serial_textbook", "information_sharing"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_structure_says_who_is_there_in_the_order_of_the_file(name: str) -> None:
    scenario = cw.load(name)
    timeline = cw.Timeline(scenario)
    told = json.loads(as_json(structure(timeline, "a")))
    document = scenario.document
    assert [one["name"] for one in told["enterprises"]] == list(document["enterprises"])
    assert [one["role"] for one in told["enterprises"]] == [one["role"] for one in document["enterprises"].values()]
    names = [one["name"] for one in told["enterprises"]]

    def of(item: int) -> str:
        return str(names[told["items"][item]["enterprise"]])

    assert [(of(lane["seller"]), of(lane["buyer"])) for lane in told["lanes"]] == [(lane["seller"], lane["buyer"]) for lane in document["lanes"]]
    assert sorted(number for link in told["links"] for number in link["lanes"]) == list(range(len(told["lanes"])))
    assert len({(link["from"], link["to"]) for link in told["links"]}) == len(told["links"])
    for layout in (told["layouts"]["echelon"],):
        assert len(layout["position"]) == len(names)
    assert told["horizon"] == scenario.horizon
    assert {one["name"] for one in told["measures"]} >= {"fill_rate", "on_hand_mean"}
    assert all(one["meaning"] and one["label"] for one in told["measures"])


def read_back(packets: list[dict[str, Any]], table: str, column: str) -> np.ndarray:
    """What a page makes of packets that follow each other."""
    rows: list[np.ndarray] = []
    for packet in packets:
        assert packet["from"] == len(rows) + 1
        for sent in packet[table][column]:
            if isinstance(sent, list):
                rows.append(np.array([np.nan if value is None else value for value in sent], float))
            else:
                now = rows[-1].copy()
                now[sent["i"]] = [np.nan if value is None else value for value in sent["v"]]
                rows.append(now)
        assert packet["to"] == len(rows)
    return np.array(rows)


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_frames_are_the_history(name: str) -> None:
    timeline = cw.Timeline(name)
    timeline.play(30)
    cuts = [(1, 1), (2, 9), (10, 10), (11, 30)]
    packets = [json.loads(as_json(frames(timeline, "a", first, last))) for first, last in cuts]
    for table in TABLES:
        columns = getattr(timeline.history, table)
        assert set(columns) == set(packets[0][table])
        for column, kept in columns.items():
            few = {"rtol": 0.51 * 10.0 ** (1 - DIGITS), "atol": 10.0 ** (DIGITS - EXACT)}
            np.testing.assert_allclose(read_back(packets, table, column), np.asarray(kept, float), err_msg=column, **few)
    for name_of, values in timeline.history.measures.items():
        sent = [value for packet in packets for value in packet["measures"][name_of]]
        # What is shown as a result is sent in full.
        assert [np.nan if value is None else value for value in sent] == pytest.approx(list(values), rel=0, abs=0, nan_ok=True)


def test_what_stays_is_not_sent_again() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(4)
    sent = frames(timeline, "a", 2, 4)["items"]["in_process"]
    assert sent == [{"i": [], "v": []}] * 3


def test_acts_are_told_with_whom_they_concern() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(4)
    timeline.disrupt({"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}, label="strike")
    (told,) = json.loads(as_json(acts(timeline, "a")))["acts"]
    assert (told["period"], told["label"], told["kind"]) == (5, "strike", "disruption")


def test_numbers_are_short_and_never_infinite() -> None:
    assert listed([2.0, 0.1, 1e300, np.nan, np.inf, -0.0]) == [2, 0.1, 1e300, None, None, 0]
    assert "Infinity" not in as_json(listed([np.inf]))


def test_nothing_in_the_json_can_end_a_script() -> None:
    assert "</script" not in as_json({"name": "</script><script>alert(1)</script>"})
    assert json.loads(as_json({"name": "</script>\u2028"})) == {"name": "</script>\u2028"}


def test_the_parts_come_in_one_script_and_one_style() -> None:
    assert library().index("cw.h = ") < library().index("cw.Store = ")
    assert "--accent" in style()
    assert all(text.strip() for text in texts().values())


def test_no_part_makes_html_of_a_text() -> None:
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
        assert forbidden not in library()


def test_the_first_day_of_each_period_is_told_where_the_scenario_starts_on_one() -> None:
    beer = cw.load("beer_game")
    assert structure(cw.Timeline(beer), "a")["dates"] == []
    dates = structure(cw.Timeline(beer.with_({"start": "2026-01-05"})), "a")["dates"]
    assert (len(dates), dates[:2]) == (36, ["2026-01-05", "2026-01-12"])
