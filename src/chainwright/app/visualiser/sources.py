"""Where the scenarios of a page come from: the shelf, the command line, or an upload; each loaded only once its size is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from chainwright.app.visualiser.serving.limits import Limits, Size, size
from chainwright.app.visualiser.sharing.uploading import check_document, read_upload, with_variant
from chainwright.scenario import Scenario, load, names
from chainwright.scenario import shipped as shelf
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.read.yaml_file import read_document
from chainwright.words.errors import UsageError, suggestion

Kind: TypeAlias = Literal["shipped", "given", "own"]
# How a page calls what is not on the shelf; no name of a shipped scenario has a colon.
GIVEN, OWN = "given:", "own:"
# Of a hash so many digits are told.
DIGITS = 12


@dataclass(frozen=True)
class Given:
    """The scenario that the command line names.

    Parameters
    ----------
    scenario : Scenario
        As it is to be opened, with its variant and what was set.
    text : str
        What was written: a name or a path.
    variant : str or None
        The variant that was asked for.
    settings : mapping
        What was set beside it.
    seed : int or None
        Seed of the draws; the scenario's own otherwise.
    run : int
        Number of the replication.
    """

    scenario: Scenario
    text: str
    variant: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    run: int = 0

    @property
    def shipped(self) -> bool:
        """Whether it is on the shelf, and nothing was set."""
        return self.text in names() and not self.settings


@dataclass(frozen=True)
class Source:
    """A scenario with where it comes from.

    Parameters
    ----------
    kind : {"shipped", "given", "own"}
        From the shelf, from the command line, or uploaded.
    name : str
        Its name on the shelf, or within its kind.
    variant : str or None
        Which variant.
    scenario : Scenario
        What is played.
    digest : str
        Of what is on no shelf, the first digits of its hash: by it a link is known to be of this very file.
    """

    kind: Kind
    name: str
    variant: str | None
    scenario: Scenario
    digest: str = ""

    @property
    def called(self) -> str:
        """How a page calls it when it asks for it, or for another variant of it."""
        return {"shipped": "", "given": GIVEN, "own": OWN}[self.kind] + self.name


class Sources:
    """The scenarios that a page may open.

    Parameters
    ----------
    limits : Limits
        Of the server.
    given : Given, optional
        The one that the command line names.

    Examples
    --------
    >>> sources = Sources(Limits())
    >>> sources.find("beer_game", "pass_on").scenario.name
    'beer_game-pass_on'
    """

    def __init__(self, limits: Limits, given: Given | None = None) -> None:
        self.limits = limits
        self.given = given
        self._own: dict[str, Scenario] = {}

    def begin(self) -> Source | None:
        """What the command line names, as it is to be opened.

        Raises
        ------
        UsageError
            When it is too large.
        """
        if self.given is None:
            return None
        if self.given.shipped:
            check_document(self.given.scenario.document, self.given.scenario.title, self.limits)
            return Source("shipped", self.given.text, self.given.variant, self.given.scenario)
        return self.find(GIVEN + self.given.scenario.name)

    def take(self, file: str, text: str) -> Source:
        """An uploaded file.

        Raises
        ------
        ScenarioError, UsageError
            When it has mistakes, or is too large.
        """
        made = read_upload(file, text, self.limits)
        self._own = {made.name: made}  # of several the last; those before live on in their timelines
        return self.find(OWN + made.name)

    def has(self, called: str, digest: str) -> bool:
        """Whether an uploaded file is here."""
        own = self._own.get(called.removeprefix(OWN))
        return own is not None and own.hash[:DIGITS] == digest

    def text_of(self, source: Source) -> str:
        """An uploaded file as it can be handed on; empty for any other scenario, and for one that is not here any more."""
        own = self._own.get(source.name) if source.kind == "own" else None
        if own is None or own.hash[:DIGITS] != source.digest:
            return ""
        try:
            return own.to_yaml()
        except UsageError:  # too long for one file
            return ""

    def find(self, called: str, variant: str | None = None) -> Source:
        """A scenario by what a page calls it.

        Raises
        ------
        UsageError
            When there is no such scenario or variant, or it is too large.
        """
        if called.startswith(OWN):
            own = self._own.get(called.removeprefix(OWN))
            if own is None:
                raise UsageError("this file is not open any more; upload it again")
            return self._made("own", own.name, variant, own)
        if called.startswith(GIVEN):
            given = self.given
            if given is None or called != GIVEN + given.scenario.name:
                raise UsageError(f"the scenario {called.removeprefix(GIVEN)!r} was named on another command line; start `chainwright app` with it")
            return self._made("given", given.scenario.name, variant, given.scenario)
        if called not in names():
            raise UsageError(f"there is no scenario {called[:60]!r}{suggestion(called[:60], names())}")
        data = expand_tables(read_document(shelf.find(called))).data
        self._check(data, variant)
        return self._made("shipped", called, variant, load(called))

    def _made(self, kind: Kind, name: str, variant: str | None, base: Scenario) -> Source:
        if variant is not None and variant not in base.variants:
            raise UsageError(f"{base.title} has no variant {variant[:60]!r}{suggestion(variant[:60], base.variants)}")
        counted = base if kind == "given" else None
        if kind != "shipped":
            self._check(base.document, variant, counted)
        chosen = base if variant is None else base.variant(variant)
        return Source(kind, name, variant, chosen, {"shipped": "", "given": chosen.hash[:DIGITS], "own": base.hash[:DIGITS]}[kind])

    def _check(self, data: Mapping[str, Any], variant: str | None, counted: Scenario | None = None) -> None:
        """Refuse what is too large, and tell a variant that would do; how large a list of firms is can only be counted."""
        what = str(data.get("title") or "this scenario")
        known = None
        if counted is not None and not math.isfinite(size(data).enterprises):
            known = Size(counted.counts["enterprises"], counted.counts["lanes"])
        try:
            check_document(with_variant(data, variant), what, self.limits, known)
        except UsageError as error:
            fitting = next((name for name in data.get("variants") or {} if self._fits(with_variant(data, name), known)), None)
            raise UsageError(f"{error}; its variant {fitting} would do" if fitting else str(error)) from None

    def _fits(self, data: Mapping[str, Any], known: Size | None) -> bool:
        try:
            check_document(data, "", self.limits, known)
        except UsageError:
            return False
        return True
