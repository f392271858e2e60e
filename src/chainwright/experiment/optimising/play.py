"""Playing the candidates of an optimiser: many of them side by side, on the replications of one stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.optimising.goal import Goal
from chainwright.experiment.optimising.space import Place, Space
from chainwright.experiment.optimising.trials import Outcome, failed
from chainwright.experiment.sweep.evaluate import Evaluator
from chainwright.experiment.sweep.pack import FAILED

Floats = NDArray[np.float64]
# Called with the runs played and the runs there may be in all.
Progress: TypeAlias = Callable[[int, int], None]


class Played:
    """Counts runs for a progress bar, stage by stage.

    Parameters
    ----------
    stages : sequence of int
        The most runs of each stage.
    progress : callable, optional
        Called with the runs done and the runs in all; a stage that needs fewer is done when it ends.
    """

    def __init__(self, stages: Sequence[int], progress: Progress | None) -> None:
        self._stages, self._progress = list(stages), progress
        self._before = self._here = 0

    def add(self, runs: int) -> None:
        """So many runs more of this stage."""
        self._here = min(self._here + runs, self._stages[0])
        self._tell()

    def close(self) -> None:
        """This stage is over."""
        self._before += self._stages.pop(0)
        self._here = 0
        self._stages[:0] = [] if self._stages else [0]
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._before + self._here, self._before + sum(self._stages))


class Stage:
    """Plays places of a space on the same replications.

    Parameters
    ----------
    evaluate : Evaluator
        What plays candidates.
    space : Space
        What places mean.
    goal : Goal
        What outcomes are worth.
    reps : range
        The numbers of the replications.
    played : Played
        What is told of runs.
    """

    def __init__(self, evaluate: Evaluator, space: Space, goal: Goal, reps: range, played: Played) -> None:
        self.reps = reps
        self._evaluate, self._space, self._goal, self._played = evaluate, space, goal, played

    def __call__(self, places: Sequence[Place]) -> list[Outcome]:
        """The outcomes of places; one that fails in any replication has failed."""
        found = self.replications([self._space.candidate(place) for place in places])
        return [failed(one) if isinstance(one, str) else self._goal.outcome(one) for one in found]

    def replications(self, candidates: Sequence[Mapping[str, Any]]) -> list[dict[str, Floats] | str]:
        """Of each candidate its measures, one number per replication; or why it failed."""
        table = self._evaluate(candidates, list(self.reps))
        self._played.add(len(table))
        wrong = table[table["status"] == FAILED].drop_duplicates("candidate").set_index("candidate")["message"]
        measures = {name: table[name].to_numpy(np.float64).reshape(-1, len(self.reps)) for name in self._evaluate.request.measures}
        return [
            str(wrong[number]) if number in wrong.index else {name: values[number] for name, values in measures.items()}
            for number in range(len(candidates))
        ]
