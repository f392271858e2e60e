"""The world against the oracle on random networks: recipes, cycles, lots, drawn times, losses and events in any mixture."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

import chainwright as cw
from tests.oracle.oracle import Oracle
from tests.oracle.test_oracle import differences, rows_of_world
from tests.world.networks import documents


@given(documents())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_world_plays_random_networks_as_the_oracle(document: dict[str, Any]) -> None:
    blueprint = cw.Scenario.from_document(document).blueprint()
    world = cw.World(blueprint, runs=[4], seed=11)
    oracle = Oracle(blueprint, seed=11, run=4)
    rows = rows_of_world(world, oracle, 4)
    for _ in range(blueprint.horizon):
        world.step()
        oracle.step()
        found = differences(world, rows)
        assert not found, "\n".join(found[:20])
