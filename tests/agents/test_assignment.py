"""Classes of agents are given seats by name, tag, role or to everybody, in a script or, where they are registered, in a file."""

from __future__ import annotations

import importlib.metadata
from typing import Any

import pytest

import chainwright as cw
from chainwright.agents import registry
from chainwright.words import plugins
from chainwright.words.errors import UsageError
from tests.agents.classes import Panicker


class Idle(cw.Enterprise):
    """Orders nothing."""

    def place_orders(self, item: Any) -> Any:
        return 0.0


class Eager(cw.Enterprise):
    """Orders a hundred."""

    def place_orders(self, item: Any) -> Any:
        return 100.0


def orders(**agents: Any) -> dict[str, float]:
    tagged = cw.load("beer_game").with_({"enterprises.retailer.tags": ["north"], "enterprises.wholesaler.tags": ["north"]})
    with cw.SupplyChain(tagged, agents=agents) as model:
        model.step()
        return {agent.name: agent.orders for agent in model.agents if agent.role not in ("supplier", "customer")}


def test_the_most_special_key_wins() -> None:
    assert orders(default=Eager) == {"retailer": 100, "wholesaler": 100, "distributor": 100, "brewery": 100}
    # An enterprise bears the name of a role: it is meant, as with policies.
    assert orders(default=Eager, distributor=Idle) == {"retailer": 100, "wholesaler": 100, "distributor": 0, "brewery": 100}
    assert orders(default=Eager, north=Idle) == {"retailer": 0, "wholesaler": 0, "distributor": 100, "brewery": 100}
    assert orders(north=Idle, retailer=Eager)["retailer"] == 100


def test_a_role_reaches_all_of_it() -> None:
    found = orders(manufacturer=Eager)
    assert found["brewery"] == 100
    assert found["retailer"] < 100


def test_a_class_of_one_role_given_to_everybody_takes_its_own() -> None:
    with cw.SupplyChain("beer_game", agents={"default": Panicker}) as model:
        assert {agent.name for agent in model.agents if isinstance(agent, Panicker)} == {"wholesaler", "distributor"}


@pytest.mark.parametrize(
    ("agents", "message"),
    [
        ({"wholesalr": Idle}, "agents: no enterprise, tag or role is called 'wholesalr'; did you mean 'wholesaler'?"),
        ({"brewery": Panicker}, "agents of 'brewery': Panicker is a distributor, but brewery is a manufacturer; make it a cw.Manufacturer, or"),
        ({"brewery": "Nobody"}, "agents of 'brewery': no agent called 'Nobody' is registered"),
        ({"brewery": 3}, "agents of 'brewery': expected an agent class (a subclass of Enterprise, Retailer, ...) or its registered name, got 3"),
        ({"brewery": int}, "expected an agent class"),
    ],
)
def test_what_is_wrong_is_told(agents: dict[str, Any], message: str) -> None:
    for attempt in (lambda: cw.SupplyChain("beer_game", agents=agents), lambda: cw.run("beer_game", agents=agents)):
        with pytest.raises(UsageError) as told:
            attempt()
        assert message in str(told.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as told:
        cw.run("beer_game", agents={"nowhere": Idle, "brewery": "Nobody"})
    assert len(str(told.value).splitlines()) == 2


@pytest.fixture
def empty_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_KNOWN", {})
    monkeypatch.setattr(plugins, "_LOADED", set())


@pytest.mark.usefixtures("empty_register")
def test_a_scenario_file_names_a_registered_agent() -> None:
    scenario = cw.load("beer_game").with_({"agents": {"brewery": "Eager"}})
    assert scenario.agents == {"brewery": "Eager"}
    with pytest.raises(UsageError, match="agents of 'brewery': no agent called 'Eager' is registered"):
        cw.run(scenario)
    assert cw.register(Eager) is Eager
    assert cw.register(Eager) is Eager
    result = cw.run(scenario, periods=3, record=["orders"])
    assert (result.panel.query("enterprise == 'brewery'")["orders"] == 100.0).all()
    # What a script says comes before what the file says.
    result = cw.run(scenario, periods=3, record=["orders"], agents={"brewery": Idle})
    assert (result.panel.query("enterprise == 'brewery'")["orders"] == 0.0).all()


@pytest.mark.usefixtures("empty_register")
def test_another_class_of_the_same_name_is_refused() -> None:
    cw.register(Eager)
    other = type("Eager", (cw.Retailer,), {"__module__": "elsewhere"})
    with pytest.raises(UsageError, match="an agent called 'Eager' is already registered"):
        cw.register(other)
    with pytest.raises(UsageError, match="expected a subclass of Policy or an agent class, got 3"):
        cw.register(3)  # type: ignore[type-var]


class Point:
    """An entry point as a package declares it."""

    def __init__(self, name: str, found: Any) -> None:
        self.name = name
        self.found = found
        self.dist = type("Distribution", (), {"name": "chainwright-extras"})()

    def load(self) -> Any:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.mark.usefixtures("empty_register")
def test_an_installed_package_brings_agents_along(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {registry.GROUP: [Point("hasty", Eager)]}
    monkeypatch.setattr(plugins, "entry_points", lambda group: points.get(group, []))
    assert registry.registered_agents() == {"hasty": Eager}
    result = cw.run("beer_game", periods=2, record=["orders"], agents={"brewery": "hasty"})
    assert (result.panel.query("enterprise == 'brewery'")["orders"] == 100.0).all()


@pytest.mark.usefixtures("empty_register")
def test_a_package_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {registry.GROUP: [Point("broken", ImportError("no module named 'x'"))]}
    monkeypatch.setattr(plugins, "entry_points", lambda group: points.get(group, []))
    for _ in range(2):
        with pytest.raises(UsageError, match=r"chainwright-extras brings 'broken' \(chainwright.agents\), which cannot be loaded: ImportError"):
            registry.registered_agents()


def test_a_package_brings_policies_along(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from chainwright.policies import base

    @dataclasses.dataclass(frozen=True)
    class Always(cw.Policy):
        """Orders seven."""

        name = "always_seven"
        family = "orders"
        formula = "O = 7"
        source = "a test"

        def __call__(self, view: Any) -> Any:
            return 0.0 * view.demand + 7.0

    monkeypatch.setattr(plugins, "_LOADED", set())
    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point("seven", Always)] if group == base.GROUP else [])
    monkeypatch.setitem(base._REGISTRY, "orders", dict(base._REGISTRY["orders"]))
    scenario = cw.load("beer_game").with_({"policies.place_orders.brewery": {"policy": "always_seven"}})
    result = cw.run(scenario, periods=2, record=["orders"])
    assert (result.panel.query("enterprise == 'brewery'")["orders"] == 7.0).all()


def test_entry_points_are_read_from_the_installed_packages() -> None:
    assert plugins.entry_points is importlib.metadata.entry_points
