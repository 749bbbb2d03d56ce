"""Runs in a process of its own: lets children judge a store and ends each at another moment.

``dying_judge.py MODE FOLDER``, modes and addresses as in ``tests.store.fires.dying``: a child judges what is
in ``FOLDER/n``, a copy of ``FOLDER/base``, in chunks of some days. Every eighth moment is tried, or each with
``GEOAQ_TEST_EVERY_MOMENT=1``, which takes ten minutes.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from geoaq.errors import LimitError
from geoaq.store.fires.store import FireStore
from tests.flows.fires.book import judged
from tests.store.fires import rows as made
from tests.store.fires.dying import DONE, NO_ROOM, Moments, moments_apart, one_after_the_other
from tests.store.fires.rows import about, fires


def work(folder: Path, url: str | None, mode: str, n: int) -> NoReturn:
    """Do what a child does, and end."""
    try:
        Moments(folder, mode, n)
        with FireStore(folder, url) as store:
            judged(store, rows_at_once=3)
    except LimitError:
        os._exit(NO_ROOM)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(DONE)


if __name__ == "__main__":
    # What is compiled and read once is the children's too.
    with TemporaryDirectory() as name, FireStore(Path(name)) as warm:
        warm.ingest(made.given(fires({"scan_km": 0.4, "track_km": 0.4})), **about("a"))
        judged(warm)
    one_after_the_other(sys.argv[1], Path(sys.argv[2]), work, moments_apart(8))
