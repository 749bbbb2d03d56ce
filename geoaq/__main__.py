"""Run the command line: ``python -m geoaq``."""

import sys

from geoaq.cli import main

if __name__ == "__main__":
    sys.exit(main())
