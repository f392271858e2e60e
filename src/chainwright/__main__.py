"""The command line as ``python -m chainwright``."""

from chainwright.app.cli import main

if __name__ == "__main__":
    main()
