"""numba, and where its machine code is kept, for the rooms that have loops of their own.

Import this module on use only: it brings numba along (half a second in a cold process, several where the code
is made for the first time). Machine code is kept under ``NUMBA_CACHE_DIR``, else under ``cache/numba`` of the
data folder, in a folder named by the hash of the sources (numba alone would not see a constant change in
another file). Where that cannot be written, code is made anew in each process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from geoaq.settings import data_dir

Function = TypeVar("Function", bound=Callable[..., Any])


def cache_folder(sources: Sequence[str]) -> Path | None:
    """Return the folder for the machine code of some modules, or None where nothing can be written.

    Parameters
    ----------
    sources
        Dotted names of the modules whose text decides what the code is, beside this one.
    """
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or data_dir() / "cache" / "numba") / _version(sources)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def compiler(sources: Sequence[str]) -> Callable[[Function], Function]:
    """Return what compiles a function on its first call, with IEEE arithmetic but for fused multiply-add."""
    folder = cache_folder(sources)

    def compiled(function: Function) -> Function:
        if folder is not None:
            vars(numba.config)["CACHE_DIR"] = str(folder)  # numba reads it when it decorates
        made = numba.njit(cache=folder is not None, error_model="numpy", fastmath={"contract"})(function)
        return cast("Function", made)

    return compiled


def _version(sources: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in (__name__, *sources):
        spec = find_spec(name)
        source = getattr(spec.loader, "get_source", lambda _: None)(spec.name) if spec else None
        digest.update((source or "").encode())
    return digest.hexdigest()[:16]
