"""Draws by coordinates: uniform, without trace of their neighbours, and the same for one row and for many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainwright.state.streams import (
    LARGEST,
    MASK,
    SMALLEST,
    coordinate,
    mix_integer,
    row_key,
    stream_key,
    uniform,
    uniform_from_key,
)
from chainwright.words.errors import UsageError

MANY = 1 << 16
# Each way to walk through the coordinates: everything stands still but one.
WALKS = ("seed", "run", "branch", "stream", "entity", "period", "number")
# Those that may be columns.
COLUMNS = ("run", "entity", "period", "number")
START = {"seed": 7, "run": 3, "branch": 0, "stream": "demand", "entity": coordinate("retailer", "beer"), "period": 12, "number": 0}


def walk(name: str, steps: int, **changed: object) -> np.ndarray:
    """Draws at `steps` neighbouring values of one coordinate."""
    start = {**START, **changed}
    if name in ("seed", "branch", "stream"):
        return np.array([uniform(**{**start, name: f"stream {step}" if name == "stream" else step}) for step in range(steps)])
    first = 0 if name in ("run", "number") else 1
    column = np.arange(first, first + steps, dtype=np.uint64 if name == "entity" else np.int64)
    return uniform(**{**start, name: column})


def steps_of(name: str) -> int:
    return 4096 if name in ("seed", "branch", "stream") else MANY


@pytest.mark.parametrize("name", WALKS)
def test_draws_are_uniform_along_every_coordinate(name: str) -> None:
    drawn = walk(name, steps_of(name))
    assert drawn.min() > 0.0
    assert drawn.max() < 1.0
    assert stats.kstest(drawn, "uniform").pvalue > 1e-3
    counts, _ = np.histogram(drawn, bins=64, range=(0.0, 1.0))
    assert stats.chisquare(counts).pvalue > 1e-3
    # The low bits as well: the twenty bits below the first thirty-two.
    counts = np.bincount((drawn * 2.0**52).astype(np.int64) & 63, minlength=64)
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize("name", WALKS)
def test_neighbours_along_a_coordinate_are_independent(name: str) -> None:
    drawn = walk(name, steps_of(name))
    for lag in (1, 2, 3, 7, 64):
        correlation = np.corrcoef(drawn[:-lag], drawn[lag:])[0, 1]
        assert abs(correlation) < 4.0 / np.sqrt(drawn.size)
    # Serial test: pairs fill the square evenly.
    pairs = np.histogram2d(drawn[::2], drawn[1::2], bins=16, range=((0.0, 1.0), (0.0, 1.0)))[0].ravel()
    assert stats.chisquare(pairs).pvalue > 1e-3


@pytest.mark.parametrize("name, neighbour", [(name, other) for name in COLUMNS for other in WALKS if name != other])
def test_columns_at_neighbouring_coordinates_are_independent(name: str, neighbour: str) -> None:
    changed = START[neighbour] + 1 if neighbour != "stream" else "forecast"
    one, other = walk(name, 10_000), walk(name, 10_000, **{neighbour: changed})
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.04
    # Neither the other column nor the same draws in another order, as entity + 1 with period - 1 would give.
    assert not np.isin(one, other).any()


def test_no_draw_comes_twice() -> None:
    run, entity, period, number = np.arange(16), np.arange(16, dtype=np.uint64), np.arange(16), np.arange(16)
    drawn = uniform(1, run[:, None, None, None], 0, "demand", entity[:, None, None], period[:, None], number)
    assert drawn.shape == (16, 16, 16, 16)
    assert np.unique(drawn).size == 16**4


def bits_of(drawn: np.ndarray) -> np.ndarray:
    """The 52 drawn bits."""
    return (drawn * 2.0**52).astype(np.uint64)


def flipped(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many of the 52 bits differ."""
    return np.bitwise_count(bits_of(one) ^ bits_of(other)).astype(np.float64)


@pytest.mark.parametrize("name", [name for name in WALKS if name != "stream"])
def test_each_bit_of_a_coordinate_changes_half_of_the_bits_drawn(name: str) -> None:
    rows = 512
    generator = np.random.default_rng(5)
    means = []
    for bit in range(64):
        value = generator.integers(0, 2**63, rows).astype(np.uint64)
        change = np.uint64(1 << bit)
        if name not in COLUMNS:
            value, change = int(value[0]), 1 << bit
        start = {**START, "entity": np.arange(rows, dtype=np.uint64)} if name != "entity" else dict(START)
        one, other = (uniform(**{**start, name: which}) for which in (value, value ^ change))
        count = flipped(one, other)
        means.append(count.mean())
        assert abs(count.mean() - 26.0) < 5.0 * np.sqrt(13.0 / rows)
    assert abs(np.mean(means) - 26.0) < 4.0 * np.sqrt(13.0 / rows / 64)


def test_the_key_of_a_row_changes_in_half_of_its_64_bits() -> None:
    entity = np.random.default_rng(6).integers(0, 2**63, 2048).astype(np.uint64)
    for bit in range(64):
        one, other = (row_key(1, 0, 0, "demand", column) for column in (entity, entity ^ np.uint64(1 << bit)))
        assert abs(np.bitwise_count(one ^ other).astype(float).mean() - 32.0) < 5.0 * np.sqrt(16.0 / 2048)


whole = st.integers(min_value=0, max_value=2**63 - 1)


@given(
    seed=st.integers(min_value=0, max_value=2**63),
    runs=st.lists(whole, min_size=1, max_size=9),
    entity=st.integers(min_value=0, max_value=MASK),
    period=whole,
    number=st.integers(min_value=0, max_value=9),
)
def test_one_row_draws_the_same_bits_as_a_column(seed: int, runs: list[int], entity: int, period: int, number: int) -> None:
    run = np.array(runs, dtype=np.int64)
    entities = np.uint64(entity) ^ np.arange(run.size, dtype=np.uint64)
    column = uniform(seed, run, 0, "demand", entities, period, number)
    alone = [uniform(seed, runs[row], 0, "demand", int(entities[row]), period, number) for row in range(run.size)]
    assert column.tolist() == [float(one) for one in alone]
    assert uniform(seed, run[1:], 0, "demand", entities[1:], np.full(run.size - 1, period), number).tolist() == column[1:].tolist()
    assert uniform(seed, run[::-2], 0, "demand", entities[::-2], period, number).tolist() == column[::-2].tolist()
    key = row_key(seed, run, 0, "demand", entities)
    assert uniform_from_key(key, period, number).tolist() == column.tolist()


def test_long_columns_are_the_same_row_by_row() -> None:
    # Longer than a block, so that the seams between blocks are crossed.
    entity = np.arange(40_000, dtype=np.uint64)
    column = uniform(1, 0, 0, "demand", entity, 5)
    rows = [0, 1, 16_383, 16_384, 16_385, 32_768, 39_999]
    assert column[rows].tolist() == [float(uniform(1, 0, 0, "demand", row, 5)) for row in rows]
    assert uniform(1, 0, 0, "demand", entity[16_000:17_000], 5).tolist() == column[16_000:17_000].tolist()


def test_golden_values() -> None:
    # Published output of SplitMix64 seeded with 1234567.
    golden, state, published = 0x9E3779B97F4A7C15, 1234567, []
    for _ in range(3):
        state += golden
        published.append(mix_integer(state))
    assert published == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    # Our own, so that no later version moves anybody's draws.
    assert coordinate("retailer", "beer") == 13564969818325138205
    assert stream_key("demand") == 10308080855677656960
    drawn = [uniform(1, 0, 0, "demand", coordinate("retailer", "beer"), period).hex() for period in (1, 2, 3)]
    assert drawn == ["0x1.902d21462bec9p-1", "0x1.2f46b150ee71ap-2", "0x1.e47cb7d8281cdp-1"]
    assert uniform(2**63, 999, 4, "transport", MASK, 156, 1).hex() == "0x1.3a0f7e92b7961p-1"


def test_the_ends_are_open() -> None:
    assert SMALLEST == 0.5 / 2.0**52
    assert LARGEST == 1.0 - SMALLEST
    assert LARGEST < 1.0


def test_names_make_different_coordinates() -> None:
    names = [("a", "b"), ("ab",), ("", "ab"), ("ab", ""), ("b", "a"), ("a", "b", ""), ("stream", "a"), ()]
    assert len({coordinate(*one) for one in names}) == len(names)
    assert coordinate("Käse") <= MASK


def test_streams_differ_and_a_branch_draws_afresh() -> None:
    entity = np.arange(1000, dtype=np.uint64)
    first = uniform(1, 0, 0, "demand", entity, 1)
    assert not np.isin(uniform(1, 0, 1, "demand", entity, 1), first).any()
    assert not np.isin(uniform(1, 0, 0, "yield", entity, 1), first).any()


def test_shapes() -> None:
    assert uniform(1, 0, 0, "demand", 5, 1).shape == ()
    assert uniform(1, np.arange(3), 0, "demand", 5, 1).shape == (3,)
    assert uniform(1, np.arange(3)[:, None], 0, "demand", np.arange(4), 1).shape == (3, 4)
    assert uniform(1, np.zeros(0, np.int64), 0, "demand", 5, 1).shape == (0,)
    assert uniform_from_key(np.zeros(0, np.uint64), 1).shape == (0,)
    assert uniform(1, np.array([4], np.int32), 0, "demand", 5, np.int64(1)).tolist() == [float(uniform(1, 4, 0, "demand", 5, 1))]


def test_wrong_coordinates_are_refused() -> None:
    with pytest.raises(UsageError, match="seed -1"):
        row_key(-1, 0, 0, "demand", 1)
    with pytest.raises(UsageError, match="whole number"):
        row_key(2**64, 0, 0, "demand", 1)
    with pytest.raises(TypeError, match="whole numbers"):
        uniform(1, 0, 0, "demand", 1, 1.5)
