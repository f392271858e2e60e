"""SQL over a sweep, its folder or its table, by DuckDB."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from chainwright.experiment.sweep import parts
from chainwright.experiment.sweep.progress import FACTS, ID
from chainwright.experiment.sweep.store import DESIGN, PARTS, read_manifest
from chainwright.words.errors import UsageError

# Of several rows of one run the one that is done counts, else that of the last attempt; the name of its file ends in the number.
_RUNS = """
create view runs as
select design.{id}, {factors}{facts}{measures}
from design join (
    select * from read_parquet({files}, filename = 'part_file', union_by_name = true)
    qualify row_number() over (
        partition by point, rep
        order by (status = 'done') desc, coalesce(try_cast(regexp_extract(part_file, '-(\\d+)\\.parquet$', 1) as integer), 0) desc, part_file desc
    ) = 1
) as part using (point)
"""


def query(source: str | PathLike[str] | pd.DataFrame, sql: str) -> pd.DataFrame:
    """Ask a sweep in SQL.

    Parameters
    ----------
    source : str, path or DataFrame
        The folder of a sweep, finished or not, with the views ``runs`` (one row for each point and replication that is done: the
        design, the replication and the measures) and ``design``; or a table, whose rows are called ``runs`` as well. ``sweep`` is
        another name of them.
    sql : str
        One query of DuckDB; a dotted name stands in double quotes.

    Returns
    -------
    DataFrame

    Raises
    ------
    UsageError
        When DuckDB is missing, there is no sweep in the folder, or DuckDB does not understand the query.

    Examples
    --------
    >>> query(pd.DataFrame({"rep": [0, 1], "total_cost": [3.0, 5.0]}), "select avg(total_cost) as mean from sweep")
       mean
    0   4.0
    """
    try:
        import duckdb
    except ImportError:
        raise UsageError("SQL needs the extra results: pip install 'chainwright[results]'") from None
    with duckdb.connect(":memory:") as connection:
        if isinstance(source, pd.DataFrame):
            connection.register("runs", parts.storable(pd.DataFrame(source))[0])
        else:
            _views(connection, Path(source))
        # By one name or the other, of a folder and of a table alike.
        connection.execute("create view sweep as select * from runs")
        try:
            found: pd.DataFrame | None = connection.sql(sql).df() if sql.strip() else None
        except (duckdb.Error, AttributeError) as error:
            # A statement that answers nothing gives None in place of a relation.
            said = "it answers no rows" if isinstance(error, AttributeError) else str(error).split("\n\nLINE")[0]
            there = "; the rows are called runs" if isinstance(error, duckdb.CatalogException) else ""
            raise UsageError(f"SQL: {' '.join(said.split())}{there}") from None
    if found is None:
        raise UsageError("SQL: the query is empty; try: select * from runs limit 10")
    return found


def _views(connection: Any, folder: Path) -> None:
    manifest = read_manifest(folder)
    files = [str(path) for path in parts.in_order(folder / PARTS)]
    if manifest is None or manifest.get("kind") != "sweep":
        raise UsageError(f"{folder}: holds no sweep")
    if not files:
        raise UsageError(f"{folder}: holds no finished part of its sweep yet")
    factors = [factor["name"] for factor in manifest["design"]["factors"]]
    connection.execute(f"create view design as select * from read_parquet({_text(str(folder / DESIGN))})")
    said = _RUNS.format(
        id=ID,
        factors="".join(f"design.{_name(name)}, " for name in factors),
        facts=", ".join(f"part.{name}" for name in FACTS),
        measures="".join(f", part.{_name(name)}" for name in manifest["measures"]),
        files=f"[{', '.join(map(_text, files))}]",
    )
    import duckdb

    try:
        connection.execute(said)
    except duckdb.Error as error:
        raise UsageError(f"{folder}: cannot be read ({' '.join(str(error).split())[:300]})") from None


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
