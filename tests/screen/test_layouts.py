"""Places on the screen: columns by echelon, maps where places are given, tiers where there are too many."""

from __future__ import annotations

import time

import chainwright as cw
from chainwright.report.screen.grouping import MOST_ALONE, groups
from chainwright.report.screen.layouts import layouts
from chainwright.report.screen.opening_packet import structure

CHAIN = [{"echelon": 2}, {"echelon": 1}, {"echelon": 0}]
LINKS = [{"from": 0, "to": 1}, {"from": 1, "to": 2}, {"from": 0, "to": 2}]


def test_columns_run_from_the_sources_to_the_customers() -> None:
    found = layouts(CHAIN, LINKS)["echelon"]
    assert [point[0] for point in found["position"]] == [0, 1, 2]
    # What passes by an echelon is led around those who stand there.
    assert len(found["route"][2]) == 3
    assert found["route"][2][1][1] != found["position"][1][1]


def test_a_map_needs_places() -> None:
    assert layouts(CHAIN, LINKS, [{}, {}, {}])["map"] is None
    assert layouts(CHAIN, LINKS, [{"x": 1, "y": 1}, {"x": 1, "y": 1}, {}])["map"] is None
    found = layouts(CHAIN, LINKS, [{"longitude": 8.0, "latitude": 60.0}, {"longitude": 10.0, "latitude": 60.0}, {}])["map"]
    (west, north), (east, _), (between, south) = found["position"]
    # At 60 degrees north a degree of longitude is half as long as one of latitude.
    assert round(east - west, 3) == 1.0
    assert west < between < east
    assert south < north


def test_places_that_are_no_numbers_are_none() -> None:
    strange = [{"x": "here", "y": 2}, {"x": float("nan"), "y": 1}, {"x": None}]
    assert layouts(CHAIN, LINKS, strange)["map"] is None


def test_places_come_from_attributes_of_the_scenario() -> None:
    scenario = cw.load("two_sources")
    document = scenario.document
    for number, one in enumerate(document["enterprises"].values()):
        one["attributes"] = {"longitude": 4.0 + number, "latitude": 50.0 + number % 2}
    told = structure(cw.Timeline(cw.Scenario.from_document(document)), "a")
    assert len(told["layouts"]["map"]["position"]) == len(document["enterprises"])


def test_tiers_hold_everybody_once() -> None:
    crowd = [{"echelon": number % 3, "role": ("customer", "retailer", "supplier")[number % 3]} for number in range(MOST_ALONE + 1200)]
    found = groups(crowd, [{"from": 2, "to": 1}])
    assert found is not None
    assert sorted(row for tier in found for row in tier["enterprises"]) == list(range(len(crowd)))
    assert all({crowd[row]["role"] for row in tier["enterprises"]} == {tier["role"]} for tier in found)
    assert next(tier for tier in found if tier["role"] == "supplier")["enterprises"][0] == 2


def test_a_shipped_crowd_is_laid_out_in_little_time() -> None:
    timeline = cw.Timeline(cw.load("ten_thousand"), periods=60, tables=("enterprises", "echelons"))
    began = time.perf_counter()
    told = structure(timeline, "a")
    assert told["groups"] is not None
    assert len(told["groups"]) < 40
    # No timing is asserted here beyond what would be a hang.
    assert time.perf_counter() - began < 60
