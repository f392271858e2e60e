"""What ``chainwright sweep`` answers: a table of points, what failed, JSON, and what a dry run says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chainwright.app.console import plain, say, say_table, tell

# Points that have a line each; of more the best are shown.
MOST_POINTS = 24
# Measures beside each other, and factors.
MOST_MEASURES, MOST_NAMED, MOST_FACTORS = 3, 5, 5
MOST_MESSAGES = 5
# Half widths below this share of the mean are rounding.
SMALLEST = 1e-9
# Up to this many points are printed as JSON.
MOST_RECORDS = 5000


def finish(table: Any, arguments: list[str], *, report: bool) -> Path | None:
    """Say in the manifest which command it was, and draw the report; answers its path."""
    from chainwright.experiment.sweep.store import MANIFEST, REPORT
    from chainwright.report.files import write_text

    folder, manifest = Path(table.record.folder), table.record.manifest
    manifest["arguments"] = arguments
    write_text(folder / MANIFEST, json.dumps(plain(manifest), indent=2, ensure_ascii=False) + "\n")
    return Path(table.report(folder / REPORT)) if report else None


def notes(table: Any) -> list[str]:
    """What the design was made with other than as asked."""
    return [f"note: {one}" for one in table.record.design.facts.get("notes", ())]


def say_sweep(table: Any, report: Path | None) -> None:
    """Write the table of points, what stands out, and where everything is."""
    from chainwright.experiment.sweep.store import CSV, TABLE
    from chainwright.report.sweeps.story import Story

    story = Story(table)
    folder = Path(table.record.folder)
    tables = [folder / name for name in (TABLE, CSV) if (folder / name).exists()]
    if story.known:
        _points(story, tables[-1])
    for sentence in story.sentences() if story.known else []:
        say(f"- {sentence}")
    say(f"Table:  {', '.join(map(str, tables))}")
    if report is not None:
        say(f"Report: {report}")


def tell_failures(table: Any) -> bool:
    """Say on standard error what failed; whether everything did."""
    from chainwright.report.numerals import plural

    failed = table.failures
    if failed.empty:
        return False
    points = failed["design_id"].nunique()
    tell(f"FAILED: {len(failed):,} of {plural(len(table), 'run')}, at {points:,} of {plural(table['design_id'].nunique(), 'point')}")
    groups = failed.groupby("message", sort=False)["design_id"].agg(["size", "first"])
    for message, one in list(groups.iterrows())[:MOST_MESSAGES]:
        tell(f"  point {one['first']}: {message} ({plural(int(one['size']), 'run')})")
    if len(groups) > MOST_MESSAGES:
        tell(f"  and {plural(len(groups) - MOST_MESSAGES, 'other message')}")
    tell("They are rows of the table with their messages; with --retry-failed the same command tries them again.")
    return len(failed) == len(table)


def facts(table: Any, report: Path | None) -> dict[str, Any]:
    """The sweep as JSON can hold it; of very many points the table is to be read."""
    from chainwright.experiment.sweep.store import CSV, TABLE
    from chainwright.report.result_name import full_title

    record, folder = table.record, Path(table.record.folder)
    points = table.by_point()
    groups = table.failures.groupby("message", sort=False)["design_id"].agg(["size", lambda ids: sorted(set(ids.tolist()))])
    return {
        "scenario": record.scenario.name,
        "title": full_title(record.scenario),
        "settings": record.scenario.settings,
        "scenario_hash": record.scenario.hash,
        "version": record.manifest["chainwright"],
        "design": {"kind": record.design.kind, "points": len(record.design), "factors": list(record.factors)},
        "reps": record.manifest["reps"],
        "seed": record.seed,
        "periods": record.periods,
        "common": record.common,
        "engine": record.manifest["engine"],
        "measures": list(record.measures),
        "runs": len(table),
        "failed": len(table.failures),
        "failures": [{"message": message, "runs": count, "points": places} for message, count, places in groups.itertuples(name=None)],
        "wall_seconds": record.manifest["wall_seconds"],
        "points": None if len(points) > MOST_RECORDS else points.to_dict("records"),
        "folder": str(folder),
        "table": str(folder / TABLE),
        "csv": str(folder / CSV) if (folder / CSV).exists() else None,
        "report": None if report is None else str(report),
    }


def dry_facts(found: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a sweep would be, as JSON can hold it."""
    return {
        "scenario": arguments["scenario"].name,
        "points": found.points,
        "design_rows": found.rows,
        "notes": list(found.notes),
        "runs": found.runs,
        "most_runs": found.most,
        "known_runs": found.known,
        "packs": found.packs,
        "engine": str(arguments["engine"]),
        "workers": found.workers,
        "seconds": found.seconds,
        "bytes": found.size,
        "folder": str(arguments["out"]),
    }


def say_dry(said: dict[str, Any]) -> None:
    """Write what a sweep would be."""
    from chainwright.report.numerals import plural

    most, known = said["most_runs"], said["known_runs"]
    runs = plural(said["runs"], "run") if most is None else f"{said['runs']:,} to {most:,} runs, as the rule for replications decides"
    before = f", {known:,} of them in {said['folder']} already" if known else ""
    hands = "this process" if said["workers"] == 1 else f"{said['workers']:,} workers"
    left = most is None and known == said["runs"]
    twice = said["design_rows"] - said["points"]
    points = plural(said["points"], "point") + (f" and {twice:,} that repeat one of them" if twice else "")
    say(f"{said['scenario']}: {points}; {runs}{before}")
    say(*(f"note: {one}" for one in said["notes"]))
    if not left:
        least = "at least " if most is not None else ""
        say(f"{plural(said['packs'], 'pack')} for {hands}, {least}about {duration(said['seconds'])} by a rule of thumb")
    say(f"up to about {size(said['bytes'])} in {said['folder']}")
    say("Dry run: nothing was run or written.")


def duration(seconds: float) -> str:
    """A rough time in words.

    Examples
    --------
    >>> duration(0.2), duration(42.0), duration(4000.0), duration(400000.0)
    ('a second', '42 seconds', '67 minutes', '4.6 days')
    """
    if seconds < 1.5:
        return "a second"
    for name, length, most in (("seconds", 1.0, 100), ("minutes", 60.0, 100), ("hours", 3600.0, 72)):
        if seconds / length < most:
            count = seconds / length
            return f"{count:.0f} {name}" if count >= 10 or name == "seconds" else f"{count:.1f} {name}"
    return f"{seconds / 86400:.1f} days"


def size(count: float) -> str:
    """A number of bytes in words.

    Examples
    --------
    >>> size(900), size(180_000), size(2.5e9)
    ('1 kB', '180 kB', '2.5 GB')
    """
    for name, length in (("GB", 1e9), ("MB", 1e6)):
        if count >= length:
            return f"{count / length:.1f} {name}"
    return f"{max(1.0, count / 1e3):.0f} kB"


def _points(story: Any, table: Path) -> None:
    """The table of points: all in the order of the design, or the best of many."""
    from chainwright.report.numerals import plural
    from chainwright.report.result_name import changes, full_title
    from chainwright.report.sweeps.story import design_words
    from chainwright.report.sweeps.words import metric_of, value_text
    from chainwright.report.tables import unit_of

    reading, record = story.reading, story.table.record
    ranked = story.points
    few = len(ranked) <= MOST_POINTS
    rows = ranked.sort_values("design_id") if few else ranked.head(MOST_POINTS)
    factors = reading.varied[:MOST_FACTORS]
    # Who names a few measures wants to see them.
    named = len(record.measures) <= MOST_NAMED
    measures = story.measures if named else story.measures[: MOST_MEASURES if len(factors) < 4 else MOST_MEASURES - 1]
    failing = bool((rows["failed"] > 0).any())
    columns = [[str(int(identity)) for identity in rows["design_id"]]]
    places = [story.place(identity) for identity in rows["design_id"]]
    columns += [[value_text(one.values[at]) for at in places] for one in factors]
    columns += [_means(name, rows) for name in measures]
    columns += [[str(int(count)) for count in rows["failed"]]] if failing else []
    head = ["point", *[one.label for one in factors], *[reading.names.measure(name) for name in measures], *(["failed"] if failing else [])]
    units = ["", *["" for _ in factors], *[unit_of(metric_of(name)) for name in measures], *(["runs"] if failing else [])]
    body = [list(cells) for cells in zip(*columns, strict=True)]
    runs = story.table.groupby("design_id")["rep"].nunique()
    each = plural(int(runs.max()), "replication") if runs.min() == runs.max() else f"{runs.min():,} to {runs.max():,} replications"
    title = f"{full_title(record.scenario)}: {plural(len(ranked), 'point')} ({design_words(record.design)}), {each} each, seed {record.seed}"
    changed = changes(record.scenario)
    under = [f"changed: {', '.join(changed)}"] if changed else []
    left_out = len(reading.varied) - len(factors)
    under += [f"{plural(left_out, 'factor')} more in the table on disk"] if left_out else []
    if not few:
        word = {True: "lowest", False: "highest", None: "highest"}[story.less]
        under.append(f"the {len(rows)} points with the {word} {reading.label}")
    notes = [f"and {len(ranked) - len(rows):,} more in {table}"] if not few else []
    if any("±" in cell for column in columns for cell in column):
        notes.append("± is half the 95 % interval of a mean (Student's t), of shares in points of a hundred")
    say_table(title, head, body, words=1 + len(factors), units=units, under=under, note="\n".join(notes))


def _means(name: str, rows: Any) -> list[str]:
    """The means of a measure with half the width of their intervals, where any is known."""
    from chainwright.report.numerals import number
    from chainwright.report.sweeps.words import is_share, metric_of
    from chainwright.report.tables import shown

    means, halves = rows[name].tolist(), rows[f"{name}_half_width"].tolist()
    told = [shown(metric_of(name), mean, 4) for mean in means]
    # What is smaller is the rounding of a mean.
    if not any(half > SMALLEST * abs(mean) for mean, half in zip(means, halves, strict=True)):
        return told
    scale = 100.0 if is_share(name) else 1.0
    return [
        f"{text} ± {number(0.0 if half <= SMALLEST * abs(mean) else scale * half, 2, keep=True)}" if half == half else text
        for text, mean, half in zip(told, means, halves, strict=True)
    ]
