"""Changes in mid-run one after the other: what is said and what holds after each, so that one more need not work out those before."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chainwright.network.blueprint import Blueprint
from chainwright.scenario.change.changes import intervened
from chainwright.scenario.documents import Document
from chainwright.scenario.scenario import Scenario


@dataclass(frozen=True)
class Stage:
    """What a scenario says from some period on.

    Parameters
    ----------
    name : str
        Name of the scenario.
    first : Blueprint
        What holds at the start, from which no change may part too far.
    document : Document
        What is said now.
    blueprint : Blueprint
        The same as flat columns.

    Examples
    --------
    >>> import chainwright as cw
    >>> before = first_stage(cw.load("beer_game"))
    >>> after = before.after({"disruptions": [{"kind": "closure", "target": {"enterprise": "brewery"}, "start": 5, "duration": 2}]})
    >>> len(before.disruptions), len(after.disruptions)
    (0, 1)
    """

    name: str
    first: Blueprint
    document: Document
    blueprint: Blueprint

    @property
    def disruptions(self) -> list[dict[str, Any]]:
        """The disruptions that are known now: a copy."""
        return copy.deepcopy(list(self.document.data.get("disruptions") or []))

    def after(self, settings: Mapping[str, Any]) -> Stage:
        """What holds after one more change in mid-run.

        Raises
        ------
        ScenarioError, UsageError
            When the settings have mistakes, or would change what cannot change during a run.
        """
        document, blueprint = intervened(self.document, self.name, self.first, settings)
        assert blueprint is not None
        return Stage(self.name, self.first, document, blueprint)


def first_stage(scenario: Scenario) -> Stage:
    """What holds before any change in mid-run."""
    blueprint = scenario.blueprint()  # which makes the network of a population known to the document
    return Stage(scenario.name, blueprint, scenario._document, blueprint)
