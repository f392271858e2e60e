"""The immutable Scenario: a valid document, what can be read from it, and the new scenarios that changes of it make."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainwright.network.blueprint import Blueprint
from chainwright.scenario import keys
from chainwright.scenario.change.changes import Changed, Intervention, changed, flowing, mistakes_of_interventions, mistakes_of_variants, stages
from chainwright.scenario.change.left_behind import Left, left_behind, remarks_on
from chainwright.scenario.check.all_mistakes import check
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.read.from_python import check_plain
from chainwright.scenario.read.scalars import canonical, joined_text
from chainwright.scenario.read.series import with_series
from chainwright.scenario.read.yaml_file import Document, read_document
from chainwright.scenario.resolve.document import resolve
from chainwright.scenario.resolve.events import never_happening
from chainwright.scenario.resolve.generated import Grown, digests, files_of, grown
from chainwright.scenario.write.population_as_entries import written_out
from chainwright.scenario.write.saving import save_document
from chainwright.scenario.write.yaml_text import write_document
from chainwright.words.calendar import Calendar, calendar_of, days_of_period
from chainwright.words.errors import ScenarioError, UsageError, suggestion

if TYPE_CHECKING:
    import networkx


class Scenario:
    """A supply chain ready to run; it never changes: `with_` and `variant` answer new ones.

    Scenarios come from `load`, `Scenario.read`, `Scenario.from_document` and `Scenario.from_graph`; each of them checks what it
    is given and raises a ScenarioError that tells every mistake.

    Examples
    --------
    >>> from chainwright.scenario.starter import starter
    >>> scenario = Scenario.from_text(starter("Two shops"))
    >>> scenario.title, scenario.horizon
    ('Two shops', 52)
    >>> scenario.with_({"horizon": 10}).horizon
    10
    """

    __slots__ = ("_blueprint", "_document", "_hash", "_left", "_name", "_settings")

    _document: Document
    _name: str
    _settings: tuple[tuple[str, Any], ...]
    _blueprint: Blueprint | None
    _hash: str | None
    _left: Left

    def __init__(
        self, document: Document, name: str, settings: Iterable[tuple[str, Any]] = (), left: Left | None = None, blueprint: Blueprint | None = None
    ) -> None:
        """Hold a document that is already checked; scenarios are made by the class methods, which check."""
        held = {"_document": document, "_name": name, "_settings": tuple(settings), "_left": left or {}, "_blueprint": blueprint, "_hash": None}
        for key, value in held.items():
            object.__setattr__(self, key, value)

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError(f"a scenario never changes; scenario.with_({{path: value}}) answers a new one (tried to set {key!r})")

    def __delattr__(self, key: str) -> None:
        raise AttributeError(f"a scenario never changes (tried to delete {key!r})")

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies, and what is sent to another process, are made anew: setting attributes is refused."""
        # A generated network is made again where it is needed.
        return Scenario, (dataclasses.replace(self._document, grown=None), self._name, self._settings, self._left)

    # --- where scenarios come from ---------------------------------------------------------------------------

    @classmethod
    def read(cls, path: str | Path, name: str | None = None, settings: Mapping[str, Any] | None = None) -> Scenario:
        """Read a scenario file and the tables beside it.

        Parameters
        ----------
        path : str or Path
            The file.
        name : str, optional
            What the scenario was called when it was saved; the name of the file by default.
        settings : mapping, optional
            What had been set when it was saved. It stands in the file; this only remembers it.

        Raises
        ------
        ScenarioError
            With all mistakes of the file, each with its line and column.
        """
        read = cls._checked(read_document(Path(path)), name or Path(path).stem)
        return cls(read._document, read._name, (settings or {}).items())

    @classmethod
    def from_text(cls, text: str, name: str = "scenario", folder: str | Path = ".") -> Scenario:
        """Read a scenario from a text; tables are looked for in the folder."""
        return cls._checked(read_document(Path(folder) / f"{name}.yaml", text), name)

    @classmethod
    def from_read(cls, document: Document, name: str = "scenario") -> Scenario:
        """Make a scenario of a file or a text that was read already, with the places of its values."""
        return cls._checked(document, name)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], name: str = "scenario", folder: str | Path = ".") -> Scenario:
        """Make a scenario of plain dictionaries and lists, as `document` gives them."""
        check_plain(document)
        return cls._checked(Document(copy.deepcopy(dict(document)), folder=Path(folder)), name)

    @classmethod
    def from_graph(cls, graph: networkx.Graph[Any], name: str = "graph", **options: Any) -> Scenario:
        """Make a scenario of a NetworkX graph, whose edges run from sellers to buyers.

        A graph that `graph` answered gives the scenario back; for others the options fill in what nodes and edges do not say
        (see `chainwright.network.graph.from_graph`).

        Examples
        --------
        >>> import networkx
        >>> tree = networkx.balanced_tree(2, 2, create_using=networkx.DiGraph)
        >>> order = {"place_orders": {"default": {"policy": "base_stock", "level": 20}}}
        >>> Scenario.from_graph(tree, demand=4, item={"on_hand": 20}, policies=order)
        Scenario('graph', 7 enterprises, 6 lanes, 1 product)
        """
        from chainwright.network.graph import from_graph  # with NetworkX, which only graphs need

        return cls.from_document(from_graph(graph, **options), name)

    @classmethod
    def _checked(cls, document: Document, name: str) -> Scenario:
        document = expand_tables(document)
        document = with_series(check(document))
        blueprint = flowing(document, name)
        mistakes = mistakes_of_interventions(document, name)
        mistakes += mistakes_of_variants(document, interventions=not mistakes)  # a variant has the same ones, told once
        if mistakes:
            raise ScenarioError(mistakes)
        return cls(document, name, blueprint=blueprint)

    # --- what it says ------------------------------------------------------------------------------------------

    @property
    def document(self) -> dict[str, Any]:
        """What the scenario says, as plain dictionaries and lists: a copy, with tables and series read in."""
        return copy.deepcopy(self._document.data)

    @property
    def name(self) -> str:
        """Name of the file without its suffix; a variant's name is joined to it."""
        return self._name

    @property
    def title(self) -> str:
        """The title, or the name where there is none."""
        return str(self._document.data.get("title") or self._name)

    @property
    def description(self) -> str:
        """What the scenario shows and what it assumes."""
        return joined_text(self._document.data.get("description"), "\n\n")

    @property
    def source(self) -> str:
        """Where the scenario comes from: a paper, a book, a firm."""
        return joined_text(self._document.data.get("source"), "; ")

    @property
    def settings(self) -> dict[str, Any]:
        """What was set by `with_` and `variant` since the scenario was loaded; the last value where a path was set twice."""
        return copy.deepcopy(dict(self._settings))

    @property
    def horizon(self) -> int:
        """Number of periods of a run."""
        return int(self._document.data["horizon"])

    @property
    def warm_up(self) -> int:
        """Periods at the start that metrics leave out."""
        return int(self._document.data.get("warm_up") or 0)

    @property
    def seed(self) -> int:
        """Seed of the random draws, where a run is given no other."""
        seed = self._document.data.get("seed")
        return 1 if seed is None else int(seed)

    @property
    def period_days(self) -> float:
        """Length of a period in days."""
        return days_of_period(self._document.data.get("period"))

    @property
    def calendar(self) -> Calendar | None:
        """The days on which periods begin, where the file says ``start``; None where it does not."""
        return calendar_of(self._document.data.get("start"), self._document.data.get("period"))

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants."""
        return tuple(keys.parts(self._document.data, "variants"))

    @property
    def agents(self) -> dict[str, str]:
        """Name of a registered agent by the enterprise, role or tag that it decides for."""
        return dict(keys.parts(self._document.data, "agents"))

    @property
    def counts(self) -> dict[str, int]:
        """How many enterprises, lanes and products there are."""
        if keys.populated(self._document.data):
            tables = self._grown().population.tables
            columns = {"enterprises": "name", "lanes": "seller", "products": "name"}
            return {section: len(tables[section][column]) for section, column in columns.items()}
        return {section: len(keys.parts(self._document.data, section)) for section in ("enterprises", "lanes", "products")}

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was assumed of the tables and series that the scenario was read from, one sentence each; nothing where no file was in doubt."""
        return (*self._document.told, *never_happening(self._document.data))

    @property
    def derived(self) -> tuple[str, ...]:
        """What was assumed of tables and series, and what nobody said of a population and was worked out, one sentence each."""
        return (*self.assumed, *(self._grown().population.derived if keys.populated(self._document.data) else ()))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What can run and is perhaps not meant, one sentence each: delays that were set without what is on its way at the start.

        Examples
        --------
        >>> import chainwright as cw
        >>> scenario = cw.load("beer_game").with_({"lanes.wholesaler>retailer.in_transit": [4, 4]})  # the others are steady
        >>> scenario.with_({"lanes.*.transport_time": 3}).remarks[0].partition(", but")[0]
        'lanes.wholesaler>retailer: transport_time changes'
        """
        return tuple(remarks_on(self._left, self._document.data).values())

    @property
    def hash(self) -> str:
        """A SHA-256 of all that the scenario says, tables, series and files of a population included; the same on every machine.

        The order of keys and whether a whole number is written ``1`` or ``1.0`` make no difference.
        """
        if self._hash is None:
            text = json.dumps(canonical(self._said()), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
            object.__setattr__(self, "_hash", hashlib.sha256(text.encode()).hexdigest())
        assert self._hash is not None
        return self._hash

    def _said(self) -> dict[str, Any]:
        """What the scenario says, with what stands in the files of its population in place of their names."""
        data, document = self._document.data, self._document
        if not keys.populated(data) or not files_of(data["population"]):
            return data
        files = document.grown.files if document.grown is not None else digests(data["population"], document.folder)
        return {**data, "population": {**data["population"], **files}}

    def _grown(self) -> Grown:
        """The network of the population, which is made where it is not yet."""
        found = self._document.grown
        if found is None:
            found = grown(self._document.data["population"], self._document.folder)
            assert found is not None
            object.__setattr__(self, "_document", dataclasses.replace(self._document, grown=found))
        return found

    # --- what can be made of it --------------------------------------------------------------------------------

    def with_(self, settings: Mapping[str, Any]) -> Scenario:
        """The scenario with some values changed.

        Parameters
        ----------
        settings : mapping
            Value by dotted path, applied in order; ``*`` stands for every name or number, a lane is given by its number counted
            from 0 or as ``seller>buyer``. Setting the name of a policy drops the parameters of the one before.

        Raises
        ------
        ScenarioError
            When a path is unknown or matches nothing, or when the scenario would have mistakes; the paths are their places.

        Examples
        --------
        >>> from chainwright.scenario.starter import starter
        >>> scenario = Scenario.from_text(starter())
        >>> slow = scenario.with_({"lanes.*.transport_time": 3, "policies.place_orders.default.level": 60})
        >>> [lane["transport_time"] for lane in slow.document["lanes"]]
        [3, 3]
        """
        return self._with(settings, self._name)

    def _with(self, settings: Mapping[str, Any], name: str) -> Scenario:
        change: Changed = changed(self._document, settings)
        document = with_series(change.document)
        try:
            blueprint = flowing(document, name)
            mistakes = mistakes_of_interventions(document, name)
        except ScenarioError as error:
            mistakes = error.mistakes
        if mistakes:
            raise ScenarioError([change.blame(mistake) for mistake in mistakes])
        left = left_behind(self._document.data, document.data, self._left)
        return Scenario(document, name, (*self._settings, *copy.deepcopy(dict(settings)).items()), left, blueprint)

    def variant(self, name: str) -> Scenario:
        """One of the scenario's variants.

        Raises
        ------
        UsageError
            When there is no such variant.
        """
        variants = keys.parts(self._document.data, "variants")
        if name not in variants:
            raise UsageError(f"scenario {self._name!r} has no variant {name!r}{suggestion(name, variants)}")
        return self._with(variants[name] or {}, f"{self._name}-{name}")

    def graph(self) -> networkx.MultiDiGraph[str]:
        """The network: enterprises as nodes, lanes as edges from seller to buyer, with all that is said of them as attributes."""
        from chainwright.network.graph import to_graph

        if keys.populated(self._document.data):
            return to_graph(written_out(self._document.data, self.blueprint()))
        return to_graph(self._document.data)

    def blueprint(self) -> Blueprint:
        """The scenario as flat columns, from which a world is built; worked out once."""
        if self._blueprint is None:
            network = self._grown() if keys.populated(self._document.data) else None
            object.__setattr__(self, "_blueprint", resolve(self._document.data, self._name, network))
        assert self._blueprint is not None
        return self._blueprint

    def stages(self, interventions: Iterable[Intervention] = ()) -> tuple[tuple[int, Blueprint], ...]:
        """The blueprints that hold from the periods of interventions on, each with all interventions up to its period.

        Parameters
        ----------
        interventions : iterable of (period, {path: value}), optional
            More interventions than the scenario's own; within a period they come after those.

        Returns
        -------
        tuple of (period, Blueprint)
            In the order of periods, one for each period in which something is changed; rows are those of `blueprint`.

        Raises
        ------
        ScenarioError
            When an intervention would change what cannot change during a run: who is there, initial states, a delay from or to 0.
        """
        first = self.blueprint()  # which makes the network of a population known to the document
        return stages(self._document, self._name, first, tuple(interventions))

    def to_yaml(self) -> str:
        """The scenario as the text of one scenario file, tables and series written out in it; see `save` for large ones.

        Files that a population reads are named, not written out.
        """
        return write_document(self._document.data)

    def save(self, path: str | Path) -> Path:
        """Write the scenario as a scenario file that can be read again, whole or not at all.

        Lists of more than 1,000 entries are written as CSV tables, in a folder beside the file; files that a population reads
        are copied there.

        Raises
        ------
        UsageError
            When the file cannot be written, or what is no table is too long for a scenario file.
        """
        data, folder = self._document.data, self._document.folder
        files = {name: folder / file for name, file in files_of(data.get("population")).items()}
        return save_document(data, Path(path), self.hash, files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        data = self._document.data
        if keys.populated(data) and self._document.grown is None:
            return f"Scenario({self.title!r}, population of {data['population']['generator']})"
        words = [f"{count:,} {section[:-1] if count == 1 else section}" for section, count in self.counts.items()]
        return f"Scenario({self.title!r}, {', '.join(words)})"
