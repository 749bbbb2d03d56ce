"""numba, and where its machine code is kept.

Import this module on use only: it brings numba along (half a second in a cold process, several where the code
is made for the first time). Machine code is kept under ``NUMBA_CACHE_DIR``, else under ``cache/numba`` of the
data folder, in a folder named by the hash of the sources (numba alone would not see a constant change in
another file). Where that cannot be written, code is made anew in each process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from geoaq.settings import data_dir

_SOURCES = ("ellipsoid", "compiler", "grid", "loops", "line_lists", "line_loops")
_Function = TypeVar("_Function", bound=Callable[..., Any])


def cache_folder() -> Path | None:
    """Return the folder for machine code, made if need be, or None where nothing can be written."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or data_dir() / "cache" / "numba") / _version()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _version() -> str:
    digest = hashlib.sha256()
    for name in _SOURCES:
        spec = find_spec(f"geoaq.geodesy.{name}")
        source = getattr(spec.loader, "get_source", lambda _: None)(spec.name) if spec else None
        digest.update((source or "").encode())
    return digest.hexdigest()[:16]


_FOLDER = cache_folder()
if _FOLDER is not None:
    vars(numba.config)["CACHE_DIR"] = str(_FOLDER)
_njit = numba.njit(cache=_FOLDER is not None, error_model="numpy", fastmath={"contract"})


def compiled(function: _Function) -> _Function:
    """Compile a function on its first call, with IEEE arithmetic but for fused multiply-add."""
    return cast("_Function", _njit(function))
