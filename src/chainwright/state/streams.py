"""Randomness by coordinates: a draw is a pure function of seed, run, branch, stream, entity, period and number.

There is no generator and no state to save. Each coordinate in turn selects one output of a SplitMix64 generator that is seeded
with what the coordinates before it have given, so the draws form a tree of generators:

    state(0)     = 0
    state(i + 1) = mix(state(i) + GOLDEN * (coordinate(i) + 1)     modulo 2**64)

and the last state's upper 52 bits become a number in the open interval (0, 1). SplitMix64 (Steele, Lea and Flood 2014, "Fast
splittable pseudorandom number generators", OOPSLA) adds the odd constant nearest to 2**64 divided by the golden ratio and mixes
with variant 13 of Stafford (2011, "Better bit mixing: improving on MurmurHash3's 64-bit finalizer"). Because the state is mixed
in full between two coordinates, no sum or difference of neighbouring coordinates leads to the same draw.
"""

from __future__ import annotations

import functools
import hashlib
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.words.errors import UsageError

Words = NDArray[np.uint64]

# The constants of SplitMix64, in the order in which they are used.
GOLDEN = 0x9E3779B97F4A7C15
FIRST_SHIFT, FIRST_FACTOR = 30, 0xBF58476D1CE4E5B9
SECOND_SHIFT, SECOND_FACTOR = 27, 0x94D049BB133111EB
LAST_SHIFT = 31

# The same as words, made once.
_SHIFTS = tuple(np.uint64(shift) for shift in (FIRST_SHIFT, SECOND_SHIFT, LAST_SHIFT))
_FACTORS = tuple(np.uint64(factor) for factor in (FIRST_FACTOR, SECOND_FACTOR))

MASK = 2**64 - 1
# Rows that are mixed at a time: two arrays of 128 kilobytes.
BLOCK = 16384
# 52 random bits below the exponent of 1.0 make a number in [1, 2); less ONE_LESS_HALF it is (bits + 1/2) / 2**52, exactly.
DROPPED_BITS = np.uint64(12)
EXPONENT_OF_ONE = np.uint64(0x3FF0000000000000)
ONE_LESS_HALF = 1.0 - 2.0**-53
# The smallest and the largest number that can be drawn.
SMALLEST, LARGEST = 2.0**-53, 1.0 - 2.0**-53


def coordinate(*names: str) -> int:
    """A stable 64-bit number for a sequence of names: the coordinate of whatever bears them.

    Each name is hashed with its length before it, so ``("ab", "c")`` and ``("a", "bc")`` differ.

    Examples
    --------
    >>> coordinate("retailer", "beer") == coordinate("retailer", "beer")
    True
    >>> coordinate("retailer", "beer") == coordinate("retailerb", "eer")
    False
    """
    digest = hashlib.blake2b(digest_size=8)
    for name in names:
        text = name.encode()
        digest.update(len(text).to_bytes(8, "little"))
        digest.update(text)
    return int.from_bytes(digest.digest(), "little")


@functools.lru_cache(maxsize=1024)
def stream_key(name: str) -> int:
    """The coordinate of a stream of draws, such as ``demand``; a stream is never mistaken for an entity of the same name."""
    return coordinate("stream", name)


def row_key(seed: int, run: Any, branch: Any, stream: str, entity: Any) -> Any:
    """The part of a draw's coordinates that stays the same from period to period, absorbed into one 64-bit key per row.

    Parameters
    ----------
    seed : int
        From 0 to 2**64 - 1.
    run : int or array of int
        Number of the replication.
    branch : int or array of int
        0 for the main timeline; another number for each branch that should draw afresh.
    stream : str
        Name of the stream.
    entity : int or array of int
        Coordinate of the row, see `coordinate`.

    Returns
    -------
    uint64, or array of uint64
        One key per row, as `uniform_from_key` takes it.
    """
    if not 0 <= seed <= MASK:
        raise UsageError(f"seed {seed} is not a whole number from 0 to 2**64 - 1")
    if np.ndim(branch):
        return _keys_of_branches(seed, run, np.asarray(branch), stream, entity)
    state = 0
    # What is the same for all rows goes first, in plain integers.
    for common in (seed, int(branch), stream_key(stream)):
        state = mix_integer(state + GOLDEN * (common + 1))
    columns, shape = _words(run, entity)
    return _absorb(np.array([state], dtype=np.uint64), columns, shape).reshape(shape)[()]


def _keys_of_branches(seed: int, run: Any, branch: NDArray[Any], stream: str, entity: Any) -> Any:
    """Keys of rows in several branches, branch by branch: there are few of them."""
    run, branch, entity = np.broadcast_arrays(run, branch, np.asarray(entity, np.uint64))
    keys = np.empty(branch.shape, np.uint64)
    for number in np.unique(branch).tolist():
        own = branch == number
        keys[own] = row_key(seed, run[own], number, stream, entity[own])
    return keys


def uniform_from_key(key: Any, period: Any, number: Any = 0) -> Any:
    """Uniform draws in the open interval (0, 1) for rows whose keys are known.

    Parameters
    ----------
    key : uint64 or array of uint64
        From `row_key`.
    period : int or array of int
        Period of the draw.
    number : int or array of int
        Tells several draws of one row in one period apart.
    """
    if isinstance(period, int) and isinstance(number, int) and isinstance(key, np.ndarray) and key.dtype == np.uint64 and key.ndim == 1:
        # What all rows share is multiplied once, in plain integers.
        shape, state = key.shape, _after(key, [np.uint64(GOLDEN * (shared + 1) & MASK) for shared in (period, number)])
    else:
        (start, *columns), shape = _words(key, period, number)
        state = _absorb(start, columns, shape)
    state >>= DROPPED_BITS
    state |= EXPONENT_OF_ONE
    drawn = state.view(np.float64)
    drawn -= ONE_LESS_HALF
    return drawn.reshape(shape)[()]


def uniform(seed: int, run: Any, branch: int, stream: str, entity: Any, period: Any, number: Any = 0) -> Any:
    """Uniform draws in the open interval (0, 1), one for each row of the broadcast coordinates.

    The draw of a row depends on its own coordinates and on nothing else: alone, in a column, or in any part of a column it has
    the same bits. It is ``uniform_from_key(row_key(seed, run, branch, stream, entity), period, number)``.

    Examples
    --------
    >>> import numpy as np
    >>> column = uniform(1, 0, 0, "demand", np.array([7, 8, 9]), period=1)
    >>> bool(column[1] == uniform(1, 0, 0, "demand", 8, period=1))
    True
    """
    return uniform_from_key(row_key(seed, run, branch, stream, entity), period, number)


def mix_integer(state: int) -> int:
    """Stafford's variant 13 on a plain integer: every input bit changes every output bit with probability one half.

    Examples
    --------
    >>> hex(mix_integer(0x9E3779B97F4A7C15))  # the first output of SplitMix64 with seed 0
    '0xe220a8397b1dcdaf'
    """
    state &= MASK
    state = ((state ^ (state >> FIRST_SHIFT)) * FIRST_FACTOR) & MASK
    state = ((state ^ (state >> SECOND_SHIFT)) * SECOND_FACTOR) & MASK
    return state ^ (state >> LAST_SHIFT)


def _absorb(start: Words, columns: list[Words], shape: tuple[int, ...]) -> Words:
    """The state after each of `columns`: `mix_integer` of ``state + GOLDEN * (column + 1)``; a new flat array.

    It goes block by block, so that the rows stay in the processor's cache from the first step to the last. Arrays wrap at
    2**64 in silence, where NumPy warns for scalars: hence at least one dimension everywhere.
    """
    state = np.empty(math.prod(shape), dtype=np.uint64)
    scratch = np.empty(min(BLOCK, state.size), dtype=np.uint64)
    golden = np.uint64(GOLDEN)
    first, *rest = _flat([start, *columns], shape)
    # A coordinate that all rows share is multiplied once.
    rest = [column * golden + golden if column.size == 1 else column for column in rest]
    for begin in range(0, state.size, BLOCK):
        block = slice(begin, begin + BLOCK)
        now = state[block]
        spare = scratch[: now.size]
        now[...] = first if first.size == 1 else first[block]
        for column in rest:
            if column.size == 1:
                now += column
            else:
                np.multiply(column[block], golden, out=spare)
                spare += golden
                now += spare
            _mix(now, spare)
    return state


def _after(start: Words, steps: list[np.uint64]) -> Words:
    """The state after steps that are the same for all rows; a new array."""
    state = np.empty(len(start), dtype=np.uint64)
    scratch = np.empty(min(BLOCK, len(start)), dtype=np.uint64)
    for begin in range(0, len(start), BLOCK):
        block = slice(begin, begin + BLOCK)
        now = state[block]
        before = start[block]
        for step in steps:
            np.add(before, step, out=now)
            _mix(now, scratch[: now.size])
            before = now
    return state


def _mix(state: Words, spare: Words) -> None:
    """`mix_integer` in place."""
    np.right_shift(state, _SHIFTS[0], out=spare)
    state ^= spare
    state *= _FACTORS[0]
    np.right_shift(state, _SHIFTS[1], out=spare)
    state ^= spare
    state *= _FACTORS[1]
    np.right_shift(state, _SHIFTS[2], out=spare)
    state ^= spare


def _words(*values: Any) -> tuple[list[Words], tuple[int, ...]]:
    """Coordinates as unsigned arrays (negative numbers modulo 2**64), and the shape that they have together."""
    columns: list[Words] = []
    for value in values:
        array = np.asarray(value & MASK, dtype=np.uint64) if isinstance(value, int) else np.asarray(value)
        if array.dtype.kind not in "iub":
            raise TypeError(f"coordinates of a draw are whole numbers, not {array.dtype}")
        columns.append(array.astype(np.uint64, copy=False))
    return columns, np.broadcast_shapes(*(column.shape for column in columns))


def _flat(columns: list[Words], shape: tuple[int, ...]) -> list[Words]:
    """Columns of one value, or of one value for each element of `shape`."""
    return [column.reshape(1) if column.size == 1 else np.broadcast_to(column, shape).reshape(-1) for column in columns]


# Branches of a fork of branch b are numbered from b * FORKS on, so that forks of forks meet no branch again.
FORKS = 1_000_000
LARGEST_BRANCH = 2**63 - 1


def other_branches(first: int, count: int) -> list[int]:
    """Branches that differ from the first, and from those of a fork of a fork.

    Examples
    --------
    >>> other_branches(0, 2), other_branches(2, 2)
    ([1, 2], [2000001, 2000002])
    """
    # Forks of forks of forks of forks leave the whole numbers that a column holds: from there on they are hashed.
    parent = first * FORKS if first * FORKS + count <= LARGEST_BRANCH else mix_integer(first) >> 1
    return [(parent + number) % (LARGEST_BRANCH + 1) for number in range(1, count + 1)]
