"""Scenarios: files and documents that say what is simulated, checked, changed and resolved to columns."""

from chainwright.scenario.json_schema import json_schema
from chainwright.scenario.paths import parse_setting, parse_value
from chainwright.scenario.scenario import Scenario
from chainwright.scenario.shelf import load, names
from chainwright.scenario.starter import starter

__all__ = ["Scenario", "json_schema", "load", "names", "parse_setting", "parse_value", "starter"]
