"""A folder that appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoaq.errors import InputError

# The step of a progress file from which on every table of a staged screening is whole and stays as it is:
# what is still written after it are the documents (`geoaq.store.screenings.DOCUMENTS`).
TABLES_ARE_WHOLE = "documents"


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a fresh folder beside ``out`` to fill, and rename it into place when the block ends well.

    When the block raises, or the process is interrupted, the staging folder is removed and ``out`` does not
    exist. Files are flushed to disk before the rename, so a power cut cannot leave an empty name.

    Raises
    ------
    InputError
        ``out_exists``: a screening is immutable, an existing folder is never written over.
    """
    out = out.absolute()
    if out.exists():
        raise InputError("out_exists", path=out.name)
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = out.parent / f".{out.name}.{secrets.token_hex(8)}"
    staging.mkdir()
    try:
        yield staging
        for path in [*staging.rglob("*"), staging]:
            _flush(path)
        staging.rename(out)
        _flush(out.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def staged_folder(out: Path) -> Path | None:
    """Return where the files of ``out`` lie now: where they are staged, or under their name; else None.

    The looks follow the way that the folder goes, so that it is not missed while it is renamed.
    """
    for path in out.parent.glob(f".{out.name}.*"):
        if path.is_dir():
            return path
    return out if out.is_dir() else None


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
