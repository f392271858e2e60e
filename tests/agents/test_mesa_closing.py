"""A model gives its world back when it is closed, says so to whoever goes on using it, and is not copied by chance."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from typing import Any

import mesa
import pytest

import chainwright as cw
from chainwright.words.errors import UsageError
from chainwright.world import World
from tests.agents.classes import Panicker, Weather


def test_closing_gives_the_world_back_though_the_model_stays() -> None:
    model = cw.SupplyChain("beer_game", agents={"wholesaler": Panicker})
    for _ in range(3):
        model.step()
    kept = model.enterprise("retailer")
    assert len(list(model.grid["retailer"].neighborhood.agents)) == 2
    kept.items["beer"].to_buyers  # noqa: B018
    world, agent = weakref.ref(model.world), weakref.ref(model.enterprise("wholesaler"))
    collected = model.datacollector.get_model_vars_dataframe()
    model.close()
    gc.collect()
    assert world() is None
    assert agent() is None
    assert model.datacollector.get_model_vars_dataframe().equals(collected)
    assert model.running is False
    model.close()
    for use in (
        model.step,
        lambda: model.agents,
        lambda: model.agents_by_type,
        lambda: model.grid,
        lambda: model.period,
        lambda: model.enterprise("retailer"),
        lambda: model.world,
        lambda: kept.on_hand,
        lambda: kept.name,
        lambda: kept.items,
        lambda: kept.sellers,
        lambda: kept.ledger,
        lambda: kept.messages,
        lambda: kept.policy("place_orders"),
    ):
        with pytest.raises(UsageError, match="the model is closed; make a new SupplyChain"):
            use()


@pytest.mark.slow
@pytest.mark.parametrize("closed", [True, False])
def test_many_models_do_not_fill_the_memory(closed: bool) -> None:
    def use() -> None:
        model = cw.SupplyChain("beer_game", agents={"wholesaler": Panicker})
        Weather(model)
        model.step()
        assert len(model.grid.agents) == 6
        if closed:
            # Mesa remembers cells whose neighbours were asked for, whosever they are; closing empties them.
            assert len(list(model.grid["retailer"].neighborhood.agents)) == 2
            model.close()

    def alive() -> int:
        gc.collect()
        return sum(isinstance(one, World | cw.SupplyChain | mesa.Agent) for one in gc.get_objects())

    use()
    before = alive()
    for _ in range(50):
        use()
    assert alive() == before


def test_a_model_closes_at_the_end_of_a_with_block() -> None:
    with cw.SupplyChain("beer_game") as model:
        model.step()
    with pytest.raises(UsageError, match="the model is closed"):
        model.step()


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_model_is_not_copied_by_chance(copied: Any) -> None:
    model = cw.SupplyChain("beer_game")
    with pytest.raises(UsageError, match="a model is neither pickled nor copied"):
        copied(model)
    with pytest.raises(UsageError, match="neither pickled nor copied"):
        copied(model.enterprise("retailer"))
