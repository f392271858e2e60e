"""A feature that is on and that nobody needs changes no result: a neighbour in the union may need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import chainwright as cw
from chainwright.network.features import needed_features
from chainwright.scenario.shipped import names
from chainwright.words import subjects
from chainwright.words.errors import UsageError
from chainwright.words.subjects import FEATURES, SCHEMA, SHAPES
from tests.shipped import shipped

PERIODS = 8


def played(scenario: cw.Scenario) -> Iterator[tuple[str, bytes]]:
    """Every column of a world after some periods."""
    world = cw.World(scenario.blueprint(), range(2), changes=dict(scenario.stages()))
    world.step(PERIODS)
    for name in SHAPES:
        for column in SCHEMA.table(name):
            if column.dtype != "str":
                yield f"{name}.{column.name}", np.ascontiguousarray(getattr(world, name)[column.name]).tobytes()


@pytest.mark.parametrize("name", names())
def test_a_feature_that_nobody_needs_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = shipped(name)
    expected = dict(played(scenario))
    needed = needed_features(one for one in (scenario.blueprint(), *(later for _, later in scenario.stages())))
    for feature in FEATURES.keys() - needed:
        with monkeypatch.context() as forced:
            forced.setitem(subjects._features, feature, replace(FEATURES[feature], needed=lambda blueprint: True))
            found = dict(played(scenario))
        # What was asked for is a column of its own, which stands nowhere else.
        own = {f"items.{feature}"} if FEATURES[feature].asked else set()
        assert {column for column, held in found.items() if held != expected[column]} <= own, feature


def test_what_is_no_feature_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="'end_demad' is nothing that a world can be asked to keep; did you mean 'end_demand'"):
        cw.World(shipped("beer_game").blueprint(), wanted=("end_demad",))
