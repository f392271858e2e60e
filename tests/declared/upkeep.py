"""A subject of the tests' own, declared from outside: machines that wear with what is shipped, break, and come back repaired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint
from chainwright.network.trading import trades_where
from chainwright.phases.ground import hold
from chainwright.phases.period import Phase, declare_phase
from chainwright.state.totals import sum_by
from chainwright.words.declarations import By, Feature, Ring, Subject, TableShape
from chainwright.words.schema import Column
from chainwright.words.subjects import declare
from tests.declared.undone import undone

# A machine that has shipped so much breaks, and is away for so many periods.
BREAKS, AWAY = 20.0, 3

MACHINES = TableShape(
    "machines", "machine", "One row per machine.", keys={"item": "items", "run": "runs"}, identity=("item", "label"),
    order=(By("place", "item"), By("text", "label")), named=("item", "label"), owner={"": "item.enterprise"}, together="item",
)  # fmt: skip
COLUMNS = (
    Column("machines", "item", "int32", "row of items", None, "key", "own", "What it works for"),
    Column("machines", "label", "str", "-", "", "key", "own", "What it is called"),
    Column("machines", "run", "int32", "row of runs", None, "key", "own", "The run that it belongs to"),
    Column("machines", "rate", "float64", "-", 0.0, "input", "own", "How fast it wears", minimum=0.0),
    Column("machines", "wear", "float64", "-", 0.0, "state", "own", "How worn it is", initial=True, feature="upkeep"),
    Column("machines", "repaired", "float64", "-", 0.0, "state", "own", "Whether it came back this period", feature="upkeep", cleared=True),
    Column("items", "broken", "float64", "machines", 0.0, "state", "own", "Machines that are away", feature="upkeep"),
)


class Upkeep:
    """What the subject keeps between phases: how often each machine has broken."""

    def __init__(self, world: Any, points: Any) -> None:
        self.times = np.zeros(world.machines.rows, np.int64)
        self.changes = 0

    def changed(self, world: Any, points: Any) -> None:
        """Count the changes in mid-run."""
        self.changes += 1

    def keep(self) -> dict[str, Any]:
        """The counts."""
        return {"times": self.times.copy()}

    def restore(self, world: Any, kept: Mapping[str, Any], sources: Mapping[str, Any]) -> None:
        """The counts of the machines that ours come from."""
        self.times = kept["times"][sources["machines"]]


def wear_out(world: Any) -> None:
    """Machines come back, wear with what their item ships, and break."""
    machines = world.machines
    machines.repaired[...] = world.repairs.due(world.period)
    world.repairs.clear(world.period)
    away = world.repairs.later(world.period) > 0.0
    machines.wear += np.where(away, 0.0, machines.rate * world.items.shipped[machines.item])
    breaks = (machines.wear >= BREAKS) & ~away
    world.upkeep.times += breaks
    machines.wear[breaks] = 0.0
    world.repairs.add(world.period + AWAY, breaks.astype(np.float64))
    world.items.broken[...] = sum_by(machines.item, (world.repairs.later(world.period) > 0.0).astype(np.float64), world.items.rows)
    world.trade_anew()


def somebody_works(world: Any) -> Any:
    """Orders are taken by sellers who have a machine at work; others have none or both away."""
    away, all_of_them = world.items.broken, np.bincount(world.machines.item, minlength=world.items.rows)
    return ((away < all_of_them) | (all_of_them == 0))[world.lanes.seller]


def wears(blueprint: Any) -> bool:
    """Whether some machine wears."""
    return bool(np.asarray(blueprint.tables.get("machines", {}).get("rate", ())).any())


UPKEEP = Subject(
    "upkeep", "Machines that wear, break and come back.", tables=(MACHINES,), columns=COLUMNS,
    features=(Feature("upkeep", "where machines wear", wears),),
    rings=(Ring("repairs", "machines", "machines under repair", lambda blueprint: AWAY, feature="upkeep"),),
)  # fmt: skip


@contextmanager
def declared() -> Iterator[None]:
    """The subject is declared, and gone again afterwards, so that no other test meets it."""
    with undone():
        declare(UPKEEP)
        declare_phase(Phase("wear_out", "machines wear, break and come back", wear_out, feature="upkeep", after="fulfil"))
        hold("upkeep", "upkeep", Upkeep)
        trades_where("upkeep", "upkeep", somebody_works)
        yield


def with_machines(blueprint: Blueprint, rate: float) -> Blueprint:
    """A blueprint with two machines, in no order, for each item that is not a customer's."""
    roles = blueprint.tables["enterprises"]["role"][blueprint.tables["items"]["enterprise"]]
    own = np.flatnonzero(roles != "customer").astype(np.int32)[::-1]
    item = np.concatenate([own, own])
    label = np.array(["saw"] * len(own) + ["lathe"] * len(own), object)
    speed = np.where(label == "saw", rate, 2.0 * rate)
    return replace(blueprint, tables={**blueprint.tables, "machines": {"item": item, "label": label, "rate": speed}})
