"""The places of the cells of a scenario's tables, worked out when somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chainwright.scenario.documents import Path_
from chainwright.words.errors import Place


@dataclass
class TablePlaces(Mapping[Path_, Place]):
    """The places of a file together with those of its tables, which are worked out when they are asked for."""

    base: Mapping[Path_, Place]
    rows: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)

    def __getitem__(self, path: Path_) -> Place:
        found = self.base.get(path) or self.of_cell(path)
        if found is None:
            raise KeyError(path)
        return found

    def of_cell(self, path: Path_) -> Place | None:
        """The place of a row, of a cell in it, or of the cell of a dotted column; None where no table says it."""
        if path in self.rows:
            return Place(*self.rows[path], 1)
        for length in (1, 2):
            row, key = path[:-length], ".".join(str(step) for step in path[-length:])
            if len(path) >= length and row in self.rows:
                file, line = self.rows[row]
                if (file, key) in self.columns:
                    return Place(file, line, self.columns[file, key])
        return None

    def __contains__(self, path: object) -> bool:
        return path in self.base or (isinstance(path, tuple) and self.of_cell(path) is not None)

    def __iter__(self) -> Iterator[Path_]:
        yield from self.base
        yield from self.rows

    def __len__(self) -> int:
        return len(self.base) + len(self.rows)
