"""Where the program begins: whoever stops it while it is still being loaded sees no traceback."""

from __future__ import annotations

import sys

from chainwright.app.exit_codes import INTERRUPTED


def main() -> None:
    """Load the command line and run it: what ``chainwright`` in a terminal does."""
    try:
        from chainwright.app.cli import main as command_line
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    command_line()
