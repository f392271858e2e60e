"""A supply chain as a Mesa model: one run of a scenario, stepped period by period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any, NoReturn

import mesa
import networkx

from chainwright.agents import space
from chainwright.agents.batches import iteration_of_batch
from chainwright.agents.enterprise import Enterprise
from chainwright.agents.reporters import make_collector
from chainwright.agents.roster import CLOSED, Roster
from chainwright.network.blueprint import Blueprint
from chainwright.network.takeovers import seats_together
from chainwright.scenario import Scenario, load
from chainwright.scenario.change.left_behind import warn
from chainwright.state.streams import row_key
from chainwright.words.errors import UsageError
from chainwright.words.requests import LARGEST_SEED, whole_number
from chainwright.world import World


class SupplyChain(mesa.Model):  # type: ignore[misc]
    """One run of a scenario as a `mesa.Model`: ``step()`` is one period.

    It is bit for bit the same as the run of this number in `run`, which carries many runs at once.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped one, or the path of a file.
    seed : int, optional
        Seed of all draws of the world; else `rng`, where that is a whole number, else the scenario's own.
    run : int, optional
        Number of the replication; 0 by default, and in `mesa.batch_run`, where neither seed nor rng is given, that of the iteration.
    agents : mapping, optional
        Name of an enterprise, a tag, a role or ``default`` to an agent class, or to the name of a registered one; beside those that
        the scenario names.
    interventions : iterable of (period, {path: value})
        Changes in mid-run, beside those of the scenario.
    collect : bool or mapping
        What `datacollector` collects at the end of every period: readable sums of the network, with the name, orders, stock, backorder and
        demand of each enterprise where they are twelve at the most; nothing (False, which costs nothing); or Mesa's keyword arguments
        such as ``{"agent_reporters": {"Stock": "on_hand"}}`` in their place.
    rng : int, optional
        Seed of Mesa's own generators ``model.random`` and ``model.rng``; by default it follows from seed and run.

    Raises
    ------
    UsageError, ScenarioError
        When the request or the scenario has mistakes.

    Examples
    --------
    >>> import chainwright as cw
    >>> model = cw.SupplyChain("beer_game", seed=7)
    >>> for _ in range(3):
    ...     model.step()
    >>> model.enterprise("retailer").on_hand, len(model.agents)
    (12.0, 6)
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str] = "beer_game",
        *,
        seed: int | None = None,
        run: int | None = None,
        agents: Mapping[str, Any] | None = None,
        interventions: Iterable[tuple[int, Mapping[str, Any]]] = (),
        collect: bool | Mapping[str, Any] = True,
        rng: int | None = None,
    ) -> None:
        chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
        blueprint = chosen.blueprint()
        warn(chosen.remarks)
        said = seed if seed is not None else rng
        used = chosen.seed if said is None else whole_number(said, "seed" if seed is not None else "rng", 0, LARGEST_SEED)
        # Replications of Mesa's batch_run differ as those of any model of Mesa do, and are those of `chainwright.run`.
        number = whole_number(run, "run", 0) if run is not None else iteration_of_batch() if said is None else 0
        first = rng_of_run(used, number) if rng is None else whole_number(rng, "rng", 0, LARGEST_SEED)
        super().__init__(rng=first)
        self._begin(chosen, first)
        self.roster = roster_of(blueprint, seats_together(chosen.agents, agents))
        self.roster.models[0] = self
        self.place = 0
        self.horizon = chosen.horizon
        self._leads = True
        self._world: World | None = None
        changes = dict(chosen.stages(tuple(interventions)))
        self._world = World(blueprint, [number], used, changes=changes, agents=self.roster)
        self.datacollector = self._collector = make_collector(self, collect)
        self.collects = collect is not False

    def __repr__(self) -> str:
        kind = type(self).__name__
        if not hasattr(self, "roster") or (self._world is None and self.roster.world is None):
            return f"<{kind}>"
        return f"<{kind} of {self.roster.blueprint.name}, run {self.run_number}: period {self.period} of {self.horizon}>"

    def _begin(self, source: Scenario | None, rng: int) -> None:
        """Nothing is made, nobody collects."""
        self._source = source
        self._first_rng = rng
        self._space: Any = None
        self.makes_grid = False
        self.collects = False
        # Agents that are no enterprises, made by a user's own model.
        self._others = 0
        self._in_order = True

    @classmethod
    def _of_run(cls, roster: Roster, place: int) -> SupplyChain:
        """A model for the agents of one run of a world that somebody else steps."""
        world = roster.world
        model = cls.__new__(cls)
        seed = rng_of_run(world.seed, int(world.runs.number[place]), int(world.runs.branch[place]))
        mesa.Model.__init__(model, rng=seed)
        model._begin(None, seed)
        model.roster = roster
        model.place = place
        model.horizon = roster.blueprint.horizon
        model._leads = False
        model._world = world
        model.datacollector = model._collector = make_collector(model, False)
        return model

    # --- stepping --------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Play one period and collect; ``running`` becomes False with the last period of the scenario's horizon.

        A subclass with a `step` and a data collector of its own collects by itself, as Mesa's models do.
        """
        if not self._leads:
            raise UsageError("this model is a run among others, which are stepped together; make a SupplyChain to step one alone")
        self.world.step()
        self.running = self.period < self.horizon
        if self.collects and (self.datacollector is self._collector or type(self).step is SupplyChain.step):
            self.datacollector.collect(self)

    def _wrapped_step(self, *args: Any, **kwargs: Any) -> None:
        """What Mesa calls in place of `step`, to count."""
        self.world.refuse_in_midst()
        steps = getattr(self, "steps", None)
        super()._wrapped_step(*args, **kwargs)
        # From Mesa 3.5 on, a step that has failed once is not due again.
        if steps is not None and self.steps == steps:
            self._do_step()

    def begin_random(self) -> None:
        """Let Mesa's generators begin anew, as when the model was made."""
        fresh = mesa.Model(rng=self._first_rng)
        self.random.setstate(fresh.random.getstate())
        self.rng.bit_generator.state = fresh.rng.bit_generator.state

    @property
    def period(self) -> int:
        """The current period, counted from 1 (0 before the first)."""
        return int(self.world.period)

    @property
    def world(self) -> World:
        """The world that the agents are views of."""
        world = self._world if self._world is not None else self.roster.world
        if world is None:
            raise UsageError(CLOSED)
        return world

    @property
    def run_number(self) -> int:
        """Number of the replication."""
        return int(self.world.runs.number[self.place])

    @property
    def played_scenario(self) -> Scenario:
        """The scenario that is played."""
        if self._source is None:
            raise UsageError("a run among others has no scenario of its own; the result of the runs has it")
        return self._source

    @property
    def scenario(self) -> Any:
        # Newer versions of Mesa keep a thing of their own by this name, which SolaraViz would hand to a new model in place of ours.
        raise AttributeError("what a supply chain plays is its `played_scenario`; Mesa means something else by `scenario`")

    @scenario.setter
    def scenario(self, given: Any) -> None:
        if isinstance(given, Scenario):
            raise UsageError("a model plays one scenario; make a new SupplyChain for another")

    # --- agents ----------------------------------------------------------------------------------------------

    def enterprise(self, name: str) -> Enterprise:
        """The agent of an enterprise, made when it is first asked for.

        Raises
        ------
        UsageError
            When there is no such enterprise.
        """
        self.world  # noqa: B018  (a closed model says so)
        return self.roster.agent(self.roster.row_of(name, self.place))

    def make_agents(self) -> None:
        """Make the agents of all enterprises, as looking at `agents` does; a million of them take a minute."""
        self.world  # noqa: B018
        self.roster.make_all(self.place)
        if not self._in_order:
            self._sort_agents()

    def register_agent(self, agent: Any) -> None:
        """Take in an agent that is being made; Mesa calls this."""
        super().register_agent(agent)
        self._in_order = False
        if not isinstance(agent, Enterprise):
            # Numbered after the enterprises, which bear their places in the scenario.
            self._others += 1
            agent.unique_id = self.roster.size() + self._others
            self._forget_counter()

    def _sort_agents(self) -> None:
        """Put the agents into the order of the scenario, whichever was made first; those that are no enterprises come last."""
        self._in_order = True
        for agents in (self._all_agents, *self._agents_by_type.values()):
            agents.sort("unique_id", ascending=True, inplace=True)

    def _forget_counter(self) -> None:
        """Up to Mesa 3.3 the class of agents holds a counter for each model, which would keep the model alive."""
        counters = getattr(mesa.Agent, "_ids", None)
        if isinstance(counters, dict):
            counters.pop(self, None)

    @property
    def agents(self) -> Any:
        """All enterprises as a Mesa AgentSet; the agents are made when this is first looked at."""
        self.make_agents()
        return self._all_agents

    @agents.setter
    def agents(self, given: Any) -> None:
        raise AttributeError("the agents of a supply chain are its enterprises; give classes by agents={name: class} when it is made")

    @property
    def agents_by_type(self) -> Any:
        """The enterprises by class, each an AgentSet."""
        self.make_agents()
        return self._agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of the enterprises."""
        return list(self.agents_by_type)

    # --- network ---------------------------------------------------------------------------------------------

    @property
    def graph(self) -> networkx.MultiDiGraph[str]:
        """The supply graph: enterprises as nodes, lanes as edges from seller to buyer."""
        return self.played_scenario.graph()

    @property
    def grid(self) -> Any:
        """The network as a Mesa space: one cell per enterprise, in which its agent stands; made when it is first looked at.

        Examples
        --------
        >>> import chainwright as cw
        >>> model = cw.SupplyChain("beer_game")
        >>> [agent.name for agent in model.grid["wholesaler"].neighborhood.agents]
        ['distributor', 'retailer']
        """
        if self._space is None:
            self.world  # noqa: B018
            self.makes_grid = True
            try:
                self._space = space.make_space(self)
            finally:
                self.makes_grid = False
        return self._space

    # --- the end ---------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Give the world and the agents back; the collected data stay.

        Examples
        --------
        >>> import chainwright as cw
        >>> with cw.SupplyChain("beer_game") as model:
        ...     model.step()
        >>> len(model.datacollector.get_model_vars_dataframe())
        1
        >>> model.step()
        Traceback (most recent call last):
        ...
        chainwright.words.errors.UsageError: the model is closed; make a new SupplyChain
        """
        self._forget_counter()
        self.running = False
        if self._space is not None:
            self._space.close()
            self._space = None
        self._agents_by_type.clear()
        for agent in list(self._all_agents):
            self._all_agents.discard(agent)
        if isinstance(getattr(self, "_agents", None), dict):
            self._agents.clear()
        world, self._world = self._world, None
        if world is not None and self._leads:
            self.roster.close()

    def __enter__(self) -> SupplyChain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise UsageError(
            "a model is neither pickled nor copied: its agents and columns hang together; "
            "make a SupplyChain of the same scenario, seed and run, or go back in time by model.world.snapshot() and restore()"
        )


def rng_of_run(seed: int, run: int, branch: int = 0) -> int:
    """Seed of Mesa's own generators for one run: the same alone and in any company."""
    return int(row_key(seed, run, branch, "mesa", 0)) >> 1


def roster_of(blueprint: Blueprint, agents: Mapping[str, Any] | None = None, roster: type[Roster] = Roster) -> Roster:
    """The agents of a world that is to be built, each run of it with a model of its own.

    Parameters
    ----------
    blueprint : Blueprint
        The scenario.
    agents : mapping, optional
        Who takes over: name of an enterprise, a tag, a role or ``default`` to an agent class or the name of a registered one.
    roster : type, optional
        The class of the roster.

    Raises
    ------
    UsageError
        With everything that is wrong about the agents.

    Examples
    --------
    >>> import chainwright as cw
    >>> class Calm(cw.Distributor):
    ...     def place_orders(self, item):
    ...         return item.demand
    >>> blueprint = cw.load("beer_game").blueprint()
    >>> world = cw.World(blueprint, range(3), agents=roster_of(blueprint, {"wholesaler": Calm}))
    >>> world.step()
    """
    return roster(blueprint, agents or {}, SupplyChain._of_run)
