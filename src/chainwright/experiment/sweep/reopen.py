"""Reading a sweep back from its folder: its table, and all that was asked; of one that is not finished what there is."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from chainwright.experiment.designs.design import Design
from chainwright.experiment.designs.factor import factor_of_facts
from chainwright.experiment.sweep import parts
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.progress import ID, SweepProgress
from chainwright.experiment.sweep.store import DESIGN, KIND, MANIFEST, PARTS, SCENARIO, TABLE, read_manifest
from chainwright.experiment.sweep.table import Sweep, SweepTable
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError
from chainwright.words.file_names import refuse_long


def read_sweep(folder: str | PathLike[str]) -> SweepTable:
    """Read the table of a sweep from its folder.

    Parameters
    ----------
    folder : str or path
        Where `chainwright.sweep` wrote it. A sweep that is not finished has the rows of its finished packs.

    Returns
    -------
    SweepTable

    Raises
    ------
    UsageError
        When there is no sweep, or a file of it is damaged.

    Examples
    --------
    >>> import tempfile
    >>> import chainwright as cw
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = cw.sweep("beer_game", {"horizon": [10, 20]}, measures=["total_cost"], out=folder, engine="serial")
    ...     read_sweep(folder).equals(made)
    True
    """
    place = Path(folder)
    refuse_long(place)
    manifest = read_manifest(place)
    if manifest is None or manifest.get("kind") != KIND:
        raise UsageError(f"{place}: holds no sweep; expected the folder that was named by out=")
    try:
        record, points = _record(place, manifest)
        if (place / TABLE).exists():
            return SweepTable(parts.read_table(place / TABLE), sweep=record)
        tally = SweepProgress(list({point.key: point for point in points}.values()), (), record.measures)
        found = [parts.read_part(path, record.measures) for path in parts.in_order(place / PARTS)]
    except parts.Damaged as error:
        raise UsageError(f"{place}: is damaged ({error}); sweeping into it once more mends it") from None
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{place / MANIFEST}: is damaged ({type(error).__name__}: {error})") from None
    tally.recall(found, again=False)
    tally.reps = tuple(sorted({rep for part in found for rep in part["rep"].tolist()}))
    return SweepTable(tally.table([point.key for point in points], record.design.points), sweep=record)


def _record(folder: Path, manifest: dict[str, Any]) -> tuple[Sweep, list[Point]]:
    """What was asked, and the points of the design."""
    stored = parts.read_table(folder / DESIGN)
    said = manifest["design"]
    factors = tuple(factor_of_facts(facts) for facts in said["factors"])
    names = [factor.name for factor in factors]
    design = Design(said["kind"], factors, stored[names], said["facts"])
    points = [
        Point(number, dict(zip(names, values, strict=True)), **json.loads(settings))
        for number, settings, *values in zip(stored[ID].tolist(), stored["settings"], *(stored[name].tolist() for name in names), strict=True)
    ]
    scenario = Scenario.read(folder / SCENARIO, manifest["scenario"], manifest["settings"])
    record = Sweep(
        scenario, design, tuple(manifest["measures"]), manifest["seed"], manifest["periods"], manifest["common"], str(folder), {}, manifest
    )
    return record, points
