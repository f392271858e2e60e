"""chainwright: enterprises that buy, make, move and sell over a supply network, each with its own inside and its own partners."""

from chainwright._version import __version__
from chainwright.experiment.compare import Comparison, compare
from chainwright.experiment.result import Result
from chainwright.experiment.run import run
from chainwright.phases.period import PERIOD
from chainwright.policies import Memory, Policy, parameter, register
from chainwright.scenario import Scenario, load
from chainwright.words.errors import ChainwrightError, InvariantError, Mistake, Place, ScenarioError, UsageError, VisibilityError
from chainwright.world import World

__all__ = [
    "PERIOD",
    "ChainwrightError",
    "Comparison",
    "InvariantError",
    "Memory",
    "Mistake",
    "Place",
    "Policy",
    "Result",
    "Scenario",
    "ScenarioError",
    "UsageError",
    "VisibilityError",
    "World",
    "__version__",
    "compare",
    "load",
    "parameter",
    "register",
    "run",
]
