"""``chainwright app``: watch, inspect, disrupt, rewind and compare in the browser, on this machine and offline."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.console import progress, say, tell
from chainwright.app.options import Options, split_variant
from chainwright.app.stopping import keeping
from chainwright.words.errors import UsageError

EXAMPLE = "Example: chainwright app beer_game --seed 7"
LARGEST_PORT = 65_535
WHAT = "A shipped scenario, the path of a file, SCENARIO:VARIANT, or a link that was shared (in quotes)."


def app(
    scenario: Annotated[str | None, typer.Argument(help=WHAT, show_default=False)] = None,
    variant: Annotated[str | None, typer.Option(help="One of the scenario's variants.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws (default: the scenario's own).", show_default=False)] = None,
    run: Annotated[int, typer.Option(help="Number of the replication.")] = 0,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the page, 0 for any (default: a free one from 8765 on).", show_default=False)] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
) -> None:
    """Open the visualiser in the browser, at the gallery, a scenario, or a run that somebody shared as a link.

    It answers on this machine only (127.0.0.1), and needs no net.
    """
    keeping("the visualiser had not started yet")
    from chainwright.app.visualiser.serving import server

    options = Options()
    options.least("--seed", seed, 0)
    options.least("--run", run, 0)
    if port is not None and not 0 <= port <= LARGEST_PORT:
        options.mistakes.append(f"--port: expected a number from 0 (any that is free) to {LARGEST_PORT:,}, not {port}")
    changes = options.settings("--set", settings or [])
    link = None if scenario is None else _fragment(scenario)
    if scenario is None or link is not None:
        for option, said in (("--variant", variant), ("--seed", seed), ("--set", settings), ("--run", run or None)):
            if said is not None and said != []:
                instead = f"of which scenario? Name one: chainwright app beer_game {option} ..." if link is None else "the link says that already"
                options.mistakes.append(f"{option}: {instead}")
    options.refuse()
    if lack := server.missing():
        raise UsageError(lack)
    user_files.import_files(files or [])
    with progress("Starting the visualiser" if scenario is None else "Reading the link" if link is not None else f"Reading {scenario}") as bar:
        given = None
        if link is not None:
            _try(link)
        elif scenario is not None:
            given = _given(options, scenario, variant, changes, seed, run)
        bar.stage("Starting the visualiser")
        chosen = server.free_port(port)
        if port and chosen != port:
            tell(f"note: port {port} is taken; the page is at port {chosen}")
        address = f"http://{server.HOST}:{chosen}/"
        _register(given, address)

    page = address if link is None else f"{address}#{link}"

    def up() -> None:
        say(f"The visualiser is at {page} (Ctrl-C ends it)")
        if not no_open:
            _browse(page)

    ended = True
    with contextlib.suppress(KeyboardInterrupt):
        ended = server.serve(port=chosen, up=up)
    say("The visualiser has ended.")
    if ended is False:
        server.break_off()


def _fragment(text: str) -> str | None:
    """The fragment of a link; None for a name or a path, which take no time to be told apart."""
    if "#" not in text and "." not in text and "://" not in text:
        return None
    from chainwright.app.visualiser.sharing.sent_links import fragment_of

    return fragment_of(text)


def _try(link: str) -> None:
    from chainwright.app.visualiser.serving.limits import Limits
    from chainwright.app.visualiser.sharing.sent_links import try_link

    try_link(link, Limits())


def _given(options: Options, text: str, variant: str | None, changes: dict[str, Any], seed: int | None, run: int) -> Any:
    """The scenario of the command line, which must not be too large to be drawn."""
    from chainwright.app.visualiser.serving.limits import Limits
    from chainwright.app.visualiser.sources import Given, Sources
    from chainwright.scenario import names

    name, joined = split_variant(text)
    if joined is not None and variant is not None:
        options.mistakes.append(f"--variant: {text} names a variant already")
    chosen = variant if joined is None else joined
    if name in names() and not changes:
        # Its size is looked at before its network is made.
        made = Sources(Limits()).find(name, chosen).scenario
    else:
        made = options.scenario(name, chosen, changes)
    options.refuse()
    given = Given(made, name, chosen, changes, seed, run)
    Sources(Limits(), given).begin()  # refuses what is too large
    return given


def _register(given: Any, address: str) -> None:
    from chainwright.app.visualiser.serving.limits import Limits
    from chainwright.app.visualiser.serving.served_pages import new_pages, serve_with

    serve_with(new_pages(Limits(), given, address))


def _browse(address: str) -> None:
    """Open the page, as far as there is a browser; whatever that browser writes is its own affair."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)
