"""One thread for every library, so that the ways of one run are compared fairly. To be imported first.

Libraries read these settings when they are loaded; what the caller has set stays.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
