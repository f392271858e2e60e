"""What Mesa offers every agent and an enterprise answers in its own way: it has one cell, and is neither added nor removed."""

from __future__ import annotations

from itertools import repeat
from typing import Any, ClassVar, NoReturn

from mesa.discrete_space import FixedAgent

from chainwright.words.errors import UsageError

CHANGED = "an intervention or a disruption changes what they do, agents={name: class} says who they are"


class _NoCounter:
    """Stands where Mesa up to 3.3 counts the agents of each model, in a table that keeps every model alive.

    Enterprises need no counting: their unique_id is their place in the scenario.
    """

    def __getitem__(self, model: Any) -> Any:
        return repeat(0)


class MesaAgent(FixedAgent):  # type: ignore[misc]
    """An agent of Mesa that belongs to its model for good."""

    _ids: ClassVar[Any] = _NoCounter()
    _mesa_cell: Any = None

    @property
    def cell(self) -> Any:
        """The cell of the model's ``grid`` in which the enterprise stands; the grid is made when it is first looked at."""
        # While the grid is being made, agents have no cell yet.
        if self._mesa_cell is None and not self.model.makes_grid:
            self.model.grid  # noqa: B018
        return self._mesa_cell

    @cell.setter
    def cell(self, cell: Any) -> None:
        if self._mesa_cell is not None or not self.model.makes_grid:
            raise UsageError(f"{self!r} stands where its scenario puts it and cannot be moved")
        self._mesa_cell = cell
        cell.add_agent(self)

    def remove(self) -> NoReturn:
        """An enterprise is not removed: it is a part of its scenario."""
        raise UsageError(f"{self!r} cannot be removed: the enterprises of a supply chain are those of its scenario; {CHANGED}")

    @classmethod
    def create_agents(cls, model: Any, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Enterprises are not created: they come with their scenario."""
        raise UsageError(f"{cls.__name__}.create_agents: the enterprises of a supply chain are those of its scenario; {CHANGED}")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise UsageError(f"{self!r} is neither pickled nor copied: it is a part of its model; remember its name, or numbers that it shows")
