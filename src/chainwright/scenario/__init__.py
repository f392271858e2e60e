"""Scenarios: files and documents that say what is simulated, checked, changed and resolved to columns."""

from chainwright.scenario.paths import parse_setting, parse_value
from chainwright.scenario.scenario import Scenario
from chainwright.scenario.shipped import load, names

__all__ = ["Scenario", "load", "names", "parse_setting", "parse_value"]
