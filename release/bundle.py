"""Make the offline bundle: ``dist/geoaq-<version>-offline.tar.gz``.

In it: a wheel of geoaq (pages, front-end parts and layer files inside), the built layers, every run-time part
as a wheel with its hash, pip itself, and ``install.py``. The same tree and lock make the same file: names
sorted, owners and times fixed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
EPOCH = 1_767_225_600  # 2026-01-01: the time that every file in the bundle carries
# a wheel without these would install and serve pages that do not work
MUST_BE_INSIDE = (
    "web/static/vendor/manifest.json",
    "web/static/vendor/print/",
    "web/static/geoaq/",
    "web/templates/",
    "layers/policy/",
    "layers/map/",
)


def run(*command: str, **variables: str) -> None:
    """Run one command in the checkout; stop with its exit code when it fails."""
    done = subprocess.run(command, check=False, cwd=ROOT, env=os.environ | variables)
    if done.returncode:
        raise SystemExit(done.returncode)


def sha256(path: Path) -> str:
    """Return the sha-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lock_entries(name: str) -> list[str]:
    """Return the entries of a lock file: requirement and hashes, comments left out."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "requirements" / name).read_text("utf-8"))
    return [entry.strip() for entry in re.split(r"\n(?=[a-zA-Z0-9])", text) if entry.strip()]


def fill_wheels(wheels: Path, version: str) -> list[str]:
    """Fetch the run-time wheels and pip, build geoaq's own; return the entries of the bundle's lock."""
    pip = next(entry for entry in lock_entries("dev.txt") if entry.startswith("pip=="))
    entries = [*lock_entries("run.txt"), pip]
    wheels.mkdir(parents=True, exist_ok=True)
    wanted = wheels.with_name("wanted.txt")
    wanted.write_text("\n".join(entries) + "\n", "utf-8")
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(
        *command, "download", "--quiet", "--require-hashes", "--only-binary=:all:", "--no-deps",
        "--requirement", str(wanted), "--dest", str(wheels),
    )  # fmt: skip
    wanted.unlink()
    for old in wheels.glob("geoaq-*.whl"):
        old.unlink()
    run(
        *command, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), ".",
        SOURCE_DATE_EPOCH=str(EPOCH),
    )  # fmt: skip
    (own,) = wheels.glob(f"geoaq-{version}-*.whl")
    check_wheel(own)
    names = {re.sub(r"[-_.]+", "-", entry.split("==")[0]).lower() for entry in entries} | {"geoaq"}
    for wheel in wheels.glob("*.whl"):
        if re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower() not in names:
            wheel.unlink()
    return [*entries, f"geoaq=={version} --hash=sha256:{sha256(own)}"]


def check_wheel(wheel: Path) -> None:
    """Stop when the wheel lacks pages, front-end parts or layer files."""
    inside = zipfile.ZipFile(wheel).namelist()
    missing = [part for part in MUST_BE_INSIDE if not any(name.startswith(part) for name in inside)]
    if missing:
        raise SystemExit(
            f"{wheel.name} lacks {', '.join(missing)}; run `make run` once, then `make dist` again"
        )


def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Take owner, time and odd modes from a member."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = EPOCH
    info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
    return info


def pack(folder: Path, target: Path) -> None:
    """Write the folder as a gzipped tar, members in order of their names."""
    partial = target.with_suffix(".part")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", 1, raw, mtime=EPOCH) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(folder.rglob("*")):
            tar.add(
                path, f"{folder.name}/{path.relative_to(folder).as_posix()}", recursive=False, filter=plain
            )
    partial.replace(target)


def main() -> None:
    """Lay the bundle out under ``dist/``, then pack it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    stage = DIST / f"geoaq-{version}-offline"
    for old in ("data", "install.py"):
        shutil.rmtree(stage / old, ignore_errors=True)
    print("1/3 wheels", flush=True)
    entries = fill_wheels(stage / "wheels", version)
    (stage / "requirements.txt").write_text("\n".join(entries) + "\n", "utf-8")
    print("2/3 layers", flush=True)
    run(sys.executable, "-m", "geoaq", "layers", "build", GEOAQ_DATA=str(stage / "data"))
    shutil.copyfile(ROOT / "release" / "install.py", stage / "install.py")
    made_for = {
        "version": version,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": platform.system(),
        "machine": platform.machine(),
    }
    (stage / "bundle.json").write_text(json.dumps(made_for, indent=1) + "\n", "utf-8")
    print("3/3 packing", flush=True)
    target = DIST / f"{stage.name}.tar.gz"
    pack(stage, target)
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1e6:.0f} MB  sha256 {sha256(target)}")


if __name__ == "__main__":
    main()
