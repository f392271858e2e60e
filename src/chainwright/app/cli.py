"""The command line: ``chainwright app | run | compare | sweep | select | optimise | calibrate | warm-up | replay | list | check | new | ...``."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from chainwright.app import user_files
from chainwright.app.commands import app as visualise
from chainwright.app.commands import calibrate, check, compare, import_, new, optimise, replay, run, schema, select, sweep, warm_up
from chainwright.app.commands import list as shelf
from chainwright.app.console import tell, told_once
from chainwright.app.stopping import stoppable
from chainwright.words.errors import ChainwrightError, ScenarioError, UsageError
from chainwright.words.file_names import too_long

FAILED, WRONG = 1, 2

app = typer.Typer(
    name="chainwright",
    help="Simulate supply chains: many enterprises that buy, make, move and sell over a network.",
    epilog="Example: chainwright run beer_game --runs 100",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
app.command("run", epilog=run.EXAMPLE)(stoppable(run.run))
app.command("compare", epilog=compare.EXAMPLE)(stoppable(compare.compare))
app.command("sweep", epilog=sweep.EXAMPLE)(stoppable(sweep.sweep))
app.command("select", epilog=select.EXAMPLE)(stoppable(select.select))
app.command("optimise", epilog=optimise.EXAMPLE)(stoppable(optimise.optimise))
app.command("calibrate", epilog=calibrate.EXAMPLE)(stoppable(calibrate.calibrate))
app.command("warm-up", epilog=warm_up.EXAMPLE)(stoppable(warm_up.warm_up))
app.command("app", epilog=visualise.EXAMPLE)(stoppable(visualise.app))
app.command("replay", epilog=replay.EXAMPLE)(stoppable(replay.replay))
app.command("list", epilog=shelf.EXAMPLE)(stoppable(shelf.shipped))
app.command("check", epilog=check.EXAMPLE)(stoppable(check.check))
app.command("new", epilog=new.EXAMPLE)(stoppable(new.new))
app.command("import", epilog=import_.EXAMPLE)(stoppable(import_.import_))
app.command("schema", epilog=schema.EXAMPLE)(stoppable(schema.schema))


def _version(wanted: bool) -> None:
    if wanted:
        from chainwright._version import __version__

        print(f"chainwright {__version__}")
        raise typer.Exit


@app.callback()
def chainwright(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)] = False,
) -> None:
    """Simulate supply chains: many enterprises that buy, make, move and sell over a network."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with 0 for success, 1 where the work failed, 2 for wrong usage or a bad file.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind ``chainwright``; the arguments of the process otherwise.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with told_once():
            app(args=given, prog_name="chainwright", obj=given)
    except ScenarioError as error:
        count = len(error.mistakes)
        tell(str(error), f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was run.")
        sys.exit(WRONG)
    except UsageError as error:
        tell(str(error))
        sys.exit(WRONG)
    except ChainwrightError as error:
        tell(str(error))
        sys.exit(FAILED)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG and (wrong := too_long(error.filename or "")):
            tell(wrong)
            sys.exit(WRONG)
        tell(f"{error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(FAILED)
    except MemoryError:
        tell("There is not enough memory for this many runs, periods or enterprises.")
        sys.exit(FAILED)
    except Exception as error:
        # A policy or an agent of the user's own has failed; what fails by itself is ours, and is shown as it is.
        if not (said := user_files.told(error)):
            raise
        tell(said)
        sys.exit(FAILED)
