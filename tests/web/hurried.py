"""``geoaq`` that asks as often as ever and waits for nothing in between."""

from __future__ import annotations

import sys

import stamina

from geoaq.cli import main

if __name__ == "__main__":
    stamina.set_testing(True, attempts=1_000, cap=True)
    sys.exit(main())
