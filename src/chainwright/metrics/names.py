"""Names of the rows of any table: by the columns that its shape says, where a key stands for the name of the row that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.words.subjects import SHAPES

Columns = dict[str, NDArray[Any]]
# Gives the columns of a table by its name: of a world, or of a blueprint.
Tables = Callable[[str], Any]


def column_at(tables: Tables, table: str, path: str, rows: NDArray[Any] | None = None) -> NDArray[Any]:
    """The column that a path of keys leads to, one value per row of a table; of a key at its end the name that it names.

    Parameters
    ----------
    tables : callable
        Gives the columns of a table by its name.
    table, path : str
        Where the path begins, and the path, such as ``seller.product``.
    rows : array of int, optional
        Only of these rows.

    Examples
    --------
    >>> import chainwright as cw
    >>> column_at(cw.load("beer_game").blueprint().tables.__getitem__, "lanes", "seller.enterprise")[:2].tolist()
    ['retailer', 'wholesaler']
    """
    *keys, last = path.split(".")
    for key in keys:
        column = tables(table)[key]
        rows = column if rows is None else column[rows]
        table = SHAPES[table].keys[key]
    column = tables(table)[last] if rows is None else tables(table)[last][rows]
    return column_at(tables, SHAPES[table].keys[last], SHAPES[SHAPES[table].keys[last]].named[0], column) if last in SHAPES[table].keys else column


def paths_of_names(table: str, before: str = "") -> list[str]:
    """The paths of all names that make the name of a row.

    Examples
    --------
    >>> paths_of_names("items"), paths_of_names("recipes")[1:3]
    (['enterprise.name', 'product.name'], ['item.product.name', 'component.enterprise.name'])
    """
    found = []
    for path in SHAPES[table].named:
        *keys, last = path.split(".")
        end = table
        for key in keys:
            end = SHAPES[end].keys[key]
        target = SHAPES[end].keys.get(last)
        found += [f"{before}{path}"] if target is None else paths_of_names(target, f"{before}{path}.")
    return found


def keys_of(table: str) -> dict[str, str]:
    """The keys of a table in results, where nothing else is said: what makes the name of a row, by names that tell them apart.

    Examples
    --------
    >>> keys_of("items")
    {'enterprise': 'enterprise.name', 'product': 'product.name'}
    >>> list(keys_of("recipes"))
    ['enterprise', 'product', 'component_enterprise', 'component_product']
    """
    made: dict[str, str] = {}
    for path in paths_of_names(table):
        words = path.split(".")
        short = words[-2] if words[-1] == "name" and len(words) > 1 else SHAPES[table].one if words[-1] == "name" else words[-1]
        made["_".join([words[0], short]) if short in made else short] = path
    return made


class Names:
    """Names of the rows of a world, in the order of the file, run after run.

    Parameters
    ----------
    world : World
        Whose rows they are.

    Attributes
    ----------
    rows : dict of str to array
        By table its rows in the world, one line per run, in the order of the file.
    runs : array of int
        Numbers of the runs.
    """

    def __init__(self, world: Any) -> None:
        template, layouts = world.template, world.union.layouts
        self._world = world
        self.rows = {name: layouts[name].where(template.place[name]) for name, shape in SHAPES.items() if shape.rows == "same"}
        self.runs = world.runs.number

    def keys(self, table: str, said: Mapping[str, str | Callable[[Any], NDArray[Any]]] | None = None) -> Columns:
        """The run and the keys of each row of a table, those of `keys_of` where no others are said."""
        rows = self.rows[table]
        made: Columns = {"run": np.repeat(self.runs, rows.shape[1])}
        for name, path in (keys_of(table) if said is None else said).items():
            made[name] = (path(self._world) if callable(path) else column_at(self._table, table, path))[rows.ravel()]
        return made

    def _table(self, name: str) -> Any:
        return getattr(self._world, name)

    def frame(self, table: str, keys: Columns, columns: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
        """A table with one row per run and row of the file."""
        rows = self.rows[table].ravel()
        return pd.DataFrame(keys | {name: column[rows] for name, column in columns.items()})

    def panel(self, table: str, columns: Mapping[str, NDArray[Any]], keys: Columns) -> pd.DataFrame:
        """One row per run, period and row of a table: recorded columns, each with one line per period and one column per row."""
        rows = self.rows[table]
        runs, count = rows.shape
        periods = len(next(iter(columns.values())))
        made: Columns = {
            "run": np.repeat(self.runs, periods * count),
            "period": np.tile(np.repeat(np.arange(1, periods + 1), count), runs),
        }
        for name, values in keys.items():
            if name != "run":
                made[name] = np.tile(values[:count], runs * periods)
        made |= {name: values[:, rows.ravel()].reshape(periods, runs, count).transpose(1, 0, 2).ravel() for name, values in columns.items()}
        return pd.DataFrame(made)
