"""What a user asks of a command, read and checked, all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainwright.app.console import tell
from chainwright.words.errors import ChainwrightError, ScenarioError, UsageError
from chainwright.words.file_names import too_long
from chainwright.words.replacing import unwritable

if TYPE_CHECKING:
    from chainwright.report.files import Kind


class Options:
    """Collects what is wrong with the options of a command, and refuses all of it in one answer."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.counted = False

    def least(self, option: str, value: int | None, minimum: int) -> None:
        """A whole number that must not be below a minimum."""
        if value is not None and value < minimum:
            self.mistakes.append(f"{option}: expected a whole number of at least {minimum}, not {value}")

    def settings(self, option: str, texts: list[str]) -> dict[str, Any]:
        """The values by path of ``KEY=VALUE`` options, in the order given."""
        from chainwright.scenario.paths import parse_setting

        found: dict[str, Any] = {}
        for text in texts:
            try:
                path, value = parse_setting(text)
            except ChainwrightError as error:
                self.mistakes.append(f"{option}: {error}")
            else:
                found[path] = value
        return found

    def agents(self, option: str, texts: list[str]) -> dict[str, str]:
        """The registered agent classes by seat of ``SEAT=CLASS`` options; whether there are such is seen when the world is built."""
        found: dict[str, str] = {}
        for text in texts:
            seat, sign, name = (part.strip() for part in text.partition("="))
            if not (seat and sign and name):
                self.mistakes.append(f"{option}: expected SEAT=CLASS, such as wholesaler=Panicker, not {text!r}")
            found[seat] = name
        return found

    def columns(self, text: str) -> list[str]:
        """The columns of ``--record a,b``."""
        from chainwright.words.recordable import cannot_record

        wanted = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
        self.mistakes += [f"--record: {told}" for told in cannot_record(wanted)]
        return wanted

    def scenario(self, name: str, variant: str | None = None, settings: dict[str, Any] | None = None) -> Any:
        """A scenario by its name or path, as a variant and with settings, or None where it cannot be loaded."""
        import chainwright

        made = self._tried(lambda: chainwright.load(name), beside=file_of(name))
        if made is None:
            return None
        tell(*[f"note: {one}" for one in made.assumed])
        varied = made if variant is None else self._tried(lambda: made.variant(variant))
        # Settings are tried even where there is no such variant, so that their mistakes are told in the same answer.
        base = made if varied is None else varied
        changed = self._tried(lambda: base.with_(settings)) if settings else base
        return None if varied is None else changed

    def _tried(self, make: Callable[[], Any], beside: str = "") -> Any:
        """What is made, or None where that is a mistake of the user, which is noted, with a file that was perhaps meant."""
        try:
            return make()
        except ScenarioError as error:
            self.mistakes += [str(mistake) for mistake in error.mistakes]
            self.counted = True
        except ChainwrightError as error:
            lines = str(error).splitlines()
            self.mistakes += [f"{lines[0].partition(';')[0]}; did you mean {beside}?"] if beside else lines
        return None

    def folder(self, option: str, text: str | None) -> Path | None:
        """A folder that is there, or can be made, and can be written to; None where none is asked for."""
        if text is None:
            return None
        if not text.strip():
            self.mistakes.append(f"{option}: expected the name of a folder, not an empty text")
            return None
        if wrong := too_long(text):
            self.mistakes.append(f"{option}: {wrong}")
            return None
        path = there = Path(text)
        while not there.exists() and there != there.parent:
            there = there.parent
        if not there.is_dir():
            self.mistakes.append(f"{option}: {there} is not a folder")
        elif not os.access(there, os.W_OK | os.X_OK):
            self.mistakes.append(f"{option}: {there} cannot be written to")
        return path

    def refuse(self) -> None:
        """Raise everything that is wrong, if anything is."""
        if not self.mistakes:
            return
        # Two sides of a comparison may be one file.
        lines = list(dict.fromkeys(self.mistakes))
        count = len(lines)
        if count > 1 or self.counted:
            lines.append(f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was run.")
        raise UsageError("\n".join(lines))


def try_folder(option: str, path: Path, kind: Kind | None = None) -> None:
    """Find out before any work whether a folder can be made, and takes results of a kind; what was made for that is taken away again."""
    from chainwright.report.files import missing_folders, refuse_other, remove_empty

    made = missing_folders(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(f"{option}: {path} cannot be made", error) from error
    finally:
        remove_empty(made)
    if kind is not None:
        refuse_other(path, kind)


def file_of(name: str) -> str:
    """The scenario file here that somebody meant who left out its suffix; empty where there is none.

    Examples
    --------
    >>> file_of("there_is_no_such_file")
    ''
    """
    if too_long(f"{name}.yaml"):
        return ""
    return next((f"{name}{suffix}" for suffix in (".yaml", ".yml") if name and Path(f"{name}{suffix}").is_file()), "")


def split_variant(text: str) -> tuple[str, str | None]:
    """Scenario and variant of ``scenario:variant``; a path with a colon that is a file stays whole.

    Examples
    --------
    >>> split_variant("beer_game:pass_on"), split_variant("beer_game")
    (('beer_game', 'pass_on'), ('beer_game', None))
    """
    name, colon, variant = text.rpartition(":")
    if not colon or not name or not variant or "/" in variant or "\\" in variant or too_long(text) or Path(text).is_file():
        return text, None
    return name, variant
