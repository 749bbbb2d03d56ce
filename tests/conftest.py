"""What every test may ask for: the reference texts and data, and a plain word when a machine lacks a part.

A part that is missing (Debian's chromium, the right to make a network namespace, the folder ``shared`` beside
the checkout) skips its tests with the reason on a private machine, and fails them when ``CI`` is set: there
nothing may be left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from geoaq.catalog import Catalog
from geoaq.io.built import LayerSet

ROOT = Path(__file__).resolve().parent.parent
# machine code is made once, whatever folder of state a test names
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(os.environ.get("GEOAQ_DATA") or ROOT / "data") / "cache" / "numba")
)


def in_ci() -> bool:
    """Say whether this run may leave nothing out (environment variable ``CI``)."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def leave_out(reason: str) -> NoReturn:
    """Skip the test with the reason, or fail it in CI."""
    if in_ci():
        pytest.fail(f"{reason} (in CI no test is left out)", pytrace=False)
    pytest.skip(reason)


def shared_folder() -> Path | None:
    """Return the folder of reference texts and data, or None where it is not there."""
    stated = os.environ.get("GEOAQ_SHARED")
    folder = Path(stated) if stated else ROOT.parent / "shared"
    return folder.resolve() if (folder / "policy" / "texts").is_dir() else None


def chromium_program() -> str | None:
    """Return the browser that the page tests drive, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@cache
def netns_allowed() -> bool:
    """Say whether this user may run a program in a network namespace with loopback only."""
    unshare, ip = shutil.which("unshare"), shutil.which("ip")
    if unshare is None or ip is None:
        return False
    trial = subprocess.run([unshare, "--net", ip, "link", "set", "lo", "up"], capture_output=True)
    return trial.returncode == 0


NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "browser": (lambda: chromium_program() is not None, "needs chromium (Debian package chromium)"),
    "netns": (netns_allowed, "needs the right to make a network namespace (root) and Debian's iproute2"),
    "shared": (
        lambda: shared_folder() is not None,
        "needs the folder shared beside the checkout, or GEOAQ_SHARED",
    ),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out the tests whose marker names a part that this machine lacks."""
    for marker, (there, reason) in NEEDS.items():
        if item.get_closest_marker(marker) is not None and not there():
            leave_out(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference texts and data (read only)."""
    folder = shared_folder()
    if folder is None:
        leave_out(NEEDS["shared"][1])
    return folder


@pytest.fixture(scope="session")
def built_layers(root: Path) -> LayerSet:
    """Return the built layers of this checkout, made anew when they are out of date."""
    from geoaq.build import build_layers

    out = Path(os.environ.get("GEOAQ_DATA") or root / "data") / "layers"
    return build_layers(Catalog.load(root / "layers"), out, progress=lambda *_: None)


@pytest.fixture(scope="session")
def county_edges(built_layers: LayerSet) -> Path:
    """Return where the edges of counties are kept; the first test that needs them makes them."""
    return built_layers.path.parent.parent / "cache" / "counties"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser for Playwright's ``executable_path``."""
    program = chromium_program()
    if program is None:
        leave_out(NEEDS["browser"][1])
    return program
