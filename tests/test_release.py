"""The release: the wheel is whole, the bundle the same each time, the installer refuses the wrong Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import bundle, install

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_every_file_of_program_pages_and_layers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-index"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), "."]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    listing = subprocess.run(
        ["git", "ls-files", "-z", "geoaq", "web", "layers"], cwd=ROOT, capture_output=True, check=True
    )
    tracked = {name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).exists()}
    assert tracked - inside == set()
    assert not any(name.startswith(("tests/", "benchmarks/", "release/")) for name in inside)


def test_the_same_folder_packs_to_the_same_bytes_whenever_it_was_written(tmp_path: Path) -> None:
    made = []
    for turn, names in enumerate((["b.txt", "a.txt"], ["a.txt", "b.txt"])):
        folder = tmp_path / str(turn) / "bundle"
        (folder / "inner").mkdir(parents=True)
        for name in names:
            (folder / "inner" / name).write_text(name, "utf-8")
            os.utime(folder / "inner" / name, (turn * 1000 + 1, turn * 1000 + 1))
        target = tmp_path / f"{turn}.tar.gz"
        bundle.pack(folder, target)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_the_lock_of_the_bundle_is_read_entry_by_entry() -> None:
    entries = bundle.lock_entries("run.txt")
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert any(entry.startswith("flask==") for entry in entries)


@pytest.mark.parametrize(
    ("lock", "extras"), [("run.txt", ()), ("build.txt", ("build",)), ("dev.txt", ("build", "dev"))]
)
def test_every_part_that_the_project_names_is_locked_at_a_version_it_accepts(
    lock: str, extras: tuple[str, ...]
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [
        *project["dependencies"],
        *(one for extra in extras for one in project["optional-dependencies"][extra]),
    ]
    locked = {entry.split("==")[0]: entry.split()[0].split("==")[1] for entry in bundle.lock_entries(lock)}
    wrong = []
    for requirement in map(Requirement, named):
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version):
            wrong.append(f"{requirement}: locked {version}; run `make lock`")
    assert wrong == []


def test_every_package_of_data_is_locked_at_its_version() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["data"]
    locked = {canonicalize_name(entry.split("==")[0]): entry for entry in bundle.lock_entries("data.txt")}
    wanted = {canonicalize_name(one.name): one for one in map(Requirement, named)}
    assert set(locked) == set(wanted)
    for name, one in wanted.items():
        assert one.specifier.contains(locked[name].split()[0].split("==")[1])


def test_the_installer_says_which_python_the_bundle_was_made_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_for = {"version": "0", "python": "3.0", "system": "Elsewhere", "machine": "abacus"}
    (tmp_path / "bundle.json").write_text(json.dumps(made_for), "utf-8")
    monkeypatch.setattr(install, "BUNDLE", tmp_path)
    with pytest.raises(SystemExit, match=r"made for python 3\.0 .*machine abacus"):
        install.refuse_other_machines()
