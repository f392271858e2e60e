"""Which iteration of Mesa's batch_run a model is made for: Mesa hands a model its parameters, and not the number of the replication."""

from __future__ import annotations

import sys
from types import FrameType

# Where Mesa makes the models of a batch, and what it calls the number there (3.3 to 3.5).
MODULE, NUMBER = "mesa.batchrunner", "iteration"


def iteration_of_batch() -> int:
    """The number of the replication within `mesa.batch_run`, counted from 0; 0 where no batch is run.

    A model that is given no seed takes it for its run, so that replications differ, and are those of `chainwright.run`.

    Examples
    --------
    >>> iteration_of_batch()
    0
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == MODULE:
            number = frame.f_locals.get(NUMBER)
            return number if isinstance(number, int) else 0
        frame = frame.f_back
    return 0
