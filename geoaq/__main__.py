"""Run the command line: ``python -m geoaq``."""

import os
import sys

from geoaq.cli import main

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # All is written and closed. Threads of native libraries that are still starting may abort the process
    # while the interpreter is taken down, which would turn a good answer into a crash.
    os._exit(code)
