"""A world is kept, copied and stepped between periods only, and one that an error has stopped goes on from a snapshot only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.network.snapshot import Snapshot
from chainwright.words.errors import UsageError

ASKED: dict[str, Callable[[Any, Snapshot], Any]] = {
    "step": lambda world, kept: world.step(),
    "snapshot": lambda world, kept: world.snapshot(),
    "restore": lambda world, kept: world.restore(kept),
    "fork": lambda world, kept: world.fork(2),
    "copy": lambda world, kept: world.copy(),
}


def world_with(agent_class: type[cw.Enterprise]) -> cw.World:
    blueprint = cw.load("beer_game").blueprint()
    return cw.World(blueprint, agents=roster_of(blueprint, {"wholesaler": agent_class}))


@pytest.mark.parametrize("what", ASKED)
def test_an_agent_does_nothing_with_the_world_that_asks_it(what: str) -> None:
    class Meddling(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            ASKED[what](self.model.world, kept)
            return 4.0

    world = world_with(Meddling)
    kept = world.snapshot()
    with pytest.raises(UsageError, match="period 1 is being played; until it is over nobody can step, keep, copy or rewind the world"):
        world.step()


class Failing(cw.Distributor):
    """Fails once in period 3."""

    failed = False

    def place_orders(self, item: Any) -> Any:
        if item.period == 3 and not Failing.failed:
            Failing.failed = True
            raise ZeroDivisionError
        return item.demand


def test_a_period_that_was_broken_off_is_not_played_on() -> None:
    Failing.failed = True
    straight = world_with(Failing)
    straight.step(6)
    Failing.failed = False
    world = world_with(Failing)
    world.step(2)
    kept = world.snapshot()
    with pytest.raises(ZeroDivisionError):
        world.step()
    for what in ("step", "snapshot", "fork", "copy"):
        with pytest.raises(UsageError, match="period 3 was broken off by an error; go back to a snapshot, or begin anew"):
            ASKED[what](world, kept)
    world.restore(kept)
    world.step(4)
    np.testing.assert_array_equal(world.items.orders, straight.items.orders)


def test_a_model_of_mesa_goes_on_from_a_snapshot_too() -> None:
    Failing.failed = False
    with cw.SupplyChain("beer_game", agents={"wholesaler": Failing}) as model:
        model.step()
        kept = model.world.snapshot()
        model.step()
        with pytest.raises(ZeroDivisionError):
            model.step()
        with pytest.raises(UsageError, match="period 3 was broken off"):
            model.step()
        model.world.restore(kept)
        model.step()
        model.step()
        assert model.period == 3
        model.run_model()
        assert model.period == model.horizon


def test_who_watches_a_world_may_keep_it() -> None:
    world = cw.World(cw.load("beer_game").blueprint())
    kept: list[Snapshot] = []
    world.watch(lambda one: kept.append(one.snapshot()))  # type: ignore[attr-defined]
    world.step(4)
    reached = world.items.on_hand.copy()
    world.restore(kept[1])
    world.step(2)
    np.testing.assert_array_equal(world.items.on_hand, reached)
