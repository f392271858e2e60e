"""The command line as ``python -m chainwright``."""

from chainwright.app.start import main

if __name__ == "__main__":
    main()
