"""Files to take along: all tables, a replay, and the scenario with what was done by hand."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from chainwright.app.visualiser.replications import Repeat, with_interventions
from chainwright.experiment.result import MANIFEST
from chainwright.experiment.run import run
from chainwright.experiment.timeline.inspector import inspect_many
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.report.screen.replay import replay_html
from chainwright.report.spreadsheets import for_spreadsheets
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError

Progress = Callable[[int, int], None]
# What is recorded of every item in every period, where that makes no more rows than this.
RECORDED = ("demand", "orders", "received", "shipped", "on_hand", "backorder", "forecast", "inventory_position")
MOST_ROWS = 2_000_000
PROGRAM = "again.py"
SCENARIO = "scenario.yaml"
_UNSAFE = re.compile(r"[^\w.()-]+")


def file_packet(name: str, ending: str, kind: str, content: bytes) -> dict[str, Any]:
    """The packet of a file for the reader to keep.

    Examples
    --------
    >>> file_packet("../My chain", "yaml", "text/yaml", b"x")["name"]
    'My_chain.yaml'
    """
    safe = _UNSAFE.sub("_", name).strip("._") or "chainwright"
    return {"kind": "file", "name": f"{safe}.{ending}", "type": kind, "base64": base64.b64encode(content).decode()}


def scenario_file(one: Repeat) -> bytes:
    """The scenario as a file that does by itself what was done by hand, and draws as the page does.

    Raises
    ------
    UsageError
        When it is too long for one file.
    """
    scenario = _alone(one)
    if one.seed != scenario.seed:
        scenario = scenario.with_({"seed": one.seed})
    return with_interventions(scenario, one.interventions).to_yaml().encode()


def _alone(one: Repeat) -> Scenario:
    """The scenario as it can stand in a file of its own.

    Where it is a variant, or something was done by hand, it is without the variants, which may have no use for it: a policy of theirs
    lacks a parameter that was changed, or changes what is there no more.
    """
    return one.scenario.with_({"variants": {}}) if one.scenario.variants and (one.interventions or one.scenario.settings) else one.scenario


def tables(one: Repeat, program: str, progress: Progress, beside: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A packed folder of CSV tables: those of `cw.run` with the same interventions, the scenario, and the program that made them."""
    items = len(one.scenario.blueprint().tables["items"]["enterprise"])
    recorded = RECORDED if items * one.periods <= MOST_ROWS else ()
    result = run(one.scenario, [one.run], one.seed, one.periods, recorded, one.interventions, on_time=True, progress=progress)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, table in result.tables.items():
            folder.writestr(f"{name}.csv", for_spreadsheets(table).to_csv(index=False, lineterminator="\n"))
        folder.writestr(MANIFEST, json.dumps(result.manifest, indent=2, default=str, ensure_ascii=False) + "\n")
        folder.writestr(PROGRAM, program)
        # What the program reads that is on no shelf and no disk.
        for name, text in beside.items():
            folder.writestr(name, text)
        # Where it is too long for one file, the program says where it comes from; and a reader's own file may have this name already.
        if SCENARIO not in {name.casefold() for name in beside}:
            with contextlib.suppress(UsageError):
                folder.writestr(SCENARIO, _alone(one).to_yaml())
    return packed.getvalue()


def replay(timeline: Timeline, progress: Progress) -> bytes:
    """A replay of a whole timeline, which is closed afterwards."""
    told = 0

    def inspect(timeline: Timeline, names: Sequence[str], period: int) -> Mapping[str, Any]:
        """Most of the work: told as well, and ended where nobody waits for it any more."""
        nonlocal told
        told += 1
        progress(timeline.horizon + min(told, timeline.horizon), 2 * timeline.horizon)
        return inspect_many(timeline, names, period, acting=False)

    try:
        while timeline.played < timeline.horizon:
            timeline.play()
            progress(timeline.played, 2 * timeline.horizon)
        return replay_html(timeline, inspect=inspect).encode()
    finally:
        timeline.close()
