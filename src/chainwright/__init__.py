"""chainwright: enterprises that buy, make, move and sell over a supply network, each with its own inside and its own partners."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from chainwright._version import __version__

if TYPE_CHECKING:
    from chainwright.agents.decisions import columnar
    from chainwright.agents.enterprise import Customer, Distributor, Enterprise, Manufacturer, Retailer, Supplier
    from chainwright.agents.model import SupplyChain
    from chainwright.agents.proof.check import check
    from chainwright.experiment.calibrating.calibrate import calibrate
    from chainwright.experiment.calibrating.result import Calibration
    from chainwright.experiment.compare import Comparison, compare
    from chainwright.experiment.designs.design_file import read_design
    from chainwright.experiment.designs.factor_forms import between
    from chainwright.experiment.designs.making import make_design
    from chainwright.experiment.optimising.optimise import optimise
    from chainwright.experiment.optimising.result import Optimisation
    from chainwright.experiment.result import Result
    from chainwright.experiment.run import run
    from chainwright.experiment.selecting.selection import Selection, select_best
    from chainwright.experiment.statistics import differences
    from chainwright.experiment.sweep.reopen import read_sweep
    from chainwright.experiment.sweep.sweep import sweep
    from chainwright.experiment.sweep.table import SweepTable
    from chainwright.experiment.sweep.until import Until
    from chainwright.experiment.timeline.timeline import Timeline
    from chainwright.experiment.warm_up.warm_up import WarmUp, warm_up
    from chainwright.network.graph_files import read_graph, read_graphml, write_graph, write_graphml
    from chainwright.phases.period import PERIOD
    from chainwright.policies import Memory, Policy, parameter, register
    from chainwright.scenario import Scenario, load
    from chainwright.scenario.from_firm_list import read_edges
    from chainwright.words.errors import (
        ChainwrightError,
        CheckFailed,
        DiskFailed,
        InvariantError,
        Mistake,
        Place,
        ScenarioError,
        UsageError,
        VisibilityError,
    )
    from chainwright.world import World

# Where each public name lives; it is imported when it is first asked for, so that the command line starts at once.
_HOMES = {
    "check": "agents.proof.check",
    "read_edges": "scenario.from_firm_list",
    "columnar": "agents.decisions",
    **dict.fromkeys(("Customer", "Distributor", "Enterprise", "Manufacturer", "Retailer", "Supplier"), "agents.enterprise"),
    "SupplyChain": "agents.model",
    **dict.fromkeys(("Comparison", "compare"), "experiment.compare"),
    "Timeline": "experiment.timeline.timeline",
    "Calibration": "experiment.calibrating.result",
    "calibrate": "experiment.calibrating.calibrate",
    "Optimisation": "experiment.optimising.result",
    "optimise": "experiment.optimising.optimise",
    "Result": "experiment.result",
    "run": "experiment.run",
    **dict.fromkeys(("Selection", "select_best"), "experiment.selecting.selection"),
    "differences": "experiment.statistics",
    **dict.fromkeys(("WarmUp", "warm_up"), "experiment.warm_up.warm_up"),
    "between": "experiment.designs.factor_forms",
    "make_design": "experiment.designs.making",
    "read_design": "experiment.designs.design_file",
    "read_sweep": "experiment.sweep.reopen",
    "sweep": "experiment.sweep.sweep",
    "SweepTable": "experiment.sweep.table",
    "Until": "experiment.sweep.until",
    **dict.fromkeys(("Memory", "Policy", "parameter", "register"), "policies"),
    **dict.fromkeys(("Scenario", "load"), "scenario"),
    **dict.fromkeys(
        ("ChainwrightError", "CheckFailed", "DiskFailed", "InvariantError", "Mistake", "Place", "ScenarioError", "UsageError", "VisibilityError"),
        "words.errors",
    ),
    "World": "world",
    "PERIOD": "phases.period",
    **dict.fromkeys(("read_graph", "read_graphml", "write_graph", "write_graphml"), "network.graph_files"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'chainwright' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"chainwright.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


__all__ = [
    "PERIOD",
    "Calibration",
    "ChainwrightError",
    "CheckFailed",
    "Comparison",
    "Customer",
    "DiskFailed",
    "Distributor",
    "Enterprise",
    "InvariantError",
    "Manufacturer",
    "Memory",
    "Mistake",
    "Optimisation",
    "Place",
    "Policy",
    "Result",
    "Retailer",
    "Scenario",
    "ScenarioError",
    "Selection",
    "Supplier",
    "SupplyChain",
    "SweepTable",
    "Timeline",
    "Until",
    "UsageError",
    "VisibilityError",
    "WarmUp",
    "World",
    "__version__",
    "between",
    "calibrate",
    "check",
    "columnar",
    "compare",
    "differences",
    "load",
    "make_design",
    "optimise",
    "parameter",
    "read_design",
    "read_edges",
    "read_graph",
    "read_graphml",
    "read_sweep",
    "register",
    "run",
    "select_best",
    "sweep",
    "warm_up",
    "write_graph",
    "write_graphml",
]
