"""Who says that its answer lasts is asked once; everybody else in every period."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.policies import base
from chainwright.policies.trade.sellers import FixedShares

ASKED: list[int] = []


@dataclasses.dataclass(frozen=True)
class Noting(FixedShares):
    """Fixed shares by a class that is made from one whose answer lasts, and does not say so for itself."""

    name = "noting"

    def __call__(self, view: Any) -> Any:
        ASKED.append(view.period)
        return super().__call__(view)


@dataclasses.dataclass(frozen=True)
class NotingOnce(Noting):
    """The same, said to last."""

    name = "noting_once"
    lasting = True


@pytest.fixture(autouse=True)
def noting() -> Iterator[None]:
    for policy in (Noting, NotingOnce):
        base.register(policy)
    ASKED.clear()
    yield
    for policy in (Noting, NotingOnce):
        base._REGISTRY["sellers"].pop(policy.name)


def world(policy: str, **said: Any) -> Any:
    """A buyer between two sellers, its customer, and perhaps a change in period 4."""
    document = {
        "chainwright": 1,
        "title": "Two sellers",
        "period": "day",
        "horizon": 8,
        "products": {"bolt": {}},
        "enterprises": {
            "town": {"role": "customer", "items": {"bolt": {"demand": {"policy": "constant", "value": 6}}}},
            "shop": {"role": "retailer", "items": {"bolt": {"on_hand": 20}}},
            "near": {"role": "supplier", "items": {"bolt": {"unlimited": True}}},
            "far": {"role": "supplier", "items": {"bolt": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "shop", "buyer": "town", "product": "bolt"},
            {"seller": "near", "buyer": "shop", "product": "bolt", "transport_time": 1, "share": 0.75},
            {"seller": "far", "buyer": "shop", "product": "bolt", "transport_time": 1, "share": 0.25},
        ],
        "policies": {"place_orders": {"default": {"policy": "base_stock", "level": 20}}, "choose_sellers": {"default": {"policy": policy}}},
        **said,
    }
    scenario = cw.Scenario.from_document(document)
    return cw.World(scenario.blueprint(), changes=dict(scenario.stages()))


def split(played: Any) -> list[float]:
    """What went to each seller in the last period, the far one first."""
    names = played.enterprises.name[played.items.enterprise[played.lanes.seller]]
    return [float(played.lanes.ordered[names == name].sum()) for name in ("far", "near")]


def test_an_answer_lasts_only_where_its_own_class_says_so() -> None:
    every, once = world("noting"), world("noting_once")
    every.step(5)
    asked_each_period, ASKED[:] = sorted(set(ASKED)), []
    once.step(5)
    assert asked_each_period == [1, 2, 3, 4, 5]
    assert sorted(set(ASKED)) == [1]
    assert np.array_equal(every.lanes.ordered, once.lanes.ordered)
    assert split(once) == [1.5, 4.5]


def test_a_change_of_an_input_asks_again() -> None:
    played = world("noting_once", interventions=[{"period": 4, "set": {"lanes.far>shop.share": 0.5, "lanes.near>shop.share": 0.5}}])
    played.step(5)
    assert sorted(set(ASKED)) == [1, 4]
    assert split(played) == [3.0, 3.0]


def test_a_pause_of_orders_asks_while_it_lasts() -> None:
    pause = {"kind": "order_pause", "target": {"seller": "near", "buyer": "shop"}, "start": 3, "duration": 2}
    played = world("noting_once", disruptions=[pause])
    played.step(4)
    assert split(played) == [6.0, 0.0]
    played.step(1)
    assert split(played)[1] == pytest.approx(3 * split(played)[0])
    assert sorted(set(ASKED)) == [1, 3, 4]
