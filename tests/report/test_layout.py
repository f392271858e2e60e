"""The layout of the network drawing: columns by echelon, few crossings, no two enterprises on one place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainwright.report.layout import arrange, crossings


def test_columns_go_from_the_sources_to_the_customers() -> None:
    made = arrange({"people": 0, "shop": 1, "maker": 3}, [("maker", "shop"), ("shop", "people")])
    assert made.columns == [["maker"], ["shop"], ["people"]]
    assert [made.position[name][0] for name in ("maker", "shop", "people")] == [0.0, 1.0, 2.0]


def test_a_tangle_that_can_be_undone_is_undone() -> None:
    sellers, buyers = [f"s{number}" for number in range(6)], [f"b{number}" for number in range(6)]
    edges = [(seller, buyers[5 - number]) for number, seller in enumerate(sellers)]
    made = arrange(dict.fromkeys(sellers, 1) | dict.fromkeys(buyers, 0), edges)
    assert crossings(made.columns, edges) == 0


def test_crossings_are_counted_as_pairs_by_hand() -> None:
    random = np.random.default_rng(5)
    edges = sorted({(f"a{random.integers(8)}", f"b{random.integers(8)}") for _ in range(30)})
    columns = [[f"a{number}" for number in range(8)], [f"b{number}" for number in range(8)]]
    place = {name: row for column in columns for row, name in enumerate(column)}
    pairs = [(place[a], place[b]) for a, b in edges]
    by_hand = sum((a - c) * (b - d) < 0 for number, (a, b) in enumerate(pairs) for c, d in pairs[:number])
    assert crossings(columns, edges) == by_hand


def test_a_lane_that_passes_an_echelon_bends_around_who_is_there() -> None:
    made = arrange({"maker": 2, "shop": 1, "people": 0}, [("maker", "shop"), ("shop", "people"), ("maker", "people")])
    route = made.route["maker", "people"]
    assert len(route) == 3
    assert abs(route[1][1] - made.position["shop"][1]) >= 0.5


def test_lanes_of_a_cycle_have_no_route_down() -> None:
    made = arrange({"one": 1, "other": 1, "people": 0}, [("one", "other"), ("other", "one"), ("one", "people"), ("one", "one")])
    assert set(made.route) == {("one", "people")}


def test_the_order_of_the_file_makes_no_difference() -> None:
    echelon = {"a": 2, "b": 2, "c": 1, "d": 1, "e": 0}
    edges = [("a", "c"), ("a", "d"), ("b", "d"), ("c", "e"), ("d", "e")]
    first = arrange(echelon, edges)
    second = arrange(dict(reversed(echelon.items())), reversed(edges))
    assert first.position == second.position


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40), st.lists(st.integers(0, 4), min_size=12, max_size=12))
def test_nobody_stands_closer_than_one_to_a_neighbour(pairs: list[tuple[int, int]], echelons: list[int]) -> None:
    made = arrange(dict(enumerate(echelons)), pairs)
    assert sorted(node for column in made.columns for node in column) == list(range(12))
    for column in made.columns:
        heights = [made.position[node][1] for node in column]
        assert all(above - below >= 1.0 - 1e-9 for above, below in pairwise(heights))
