"""Accept a release: the bundle without a network, then full scale; writes ``benchmarks/results/<day>-….md``.

Needs root (a network namespace with loopback alone) and the bundle of ``make dist``. ``--brief`` leaves the
full-scale measurements out and writes no report.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
# what runs at full scale, in this order; each prints its own table and checks its results first
FULL_SCALE = ["--points", "100000", "1000000", "5000000", "--adversarial", "200000"]
MEASUREMENTS = (
    ("Distances: the kernel beside exact and inexact ways", ["benchmarks/heating.py", *FULL_SCALE]),
    (
        "Distances to province lines: the kernel beside exact and inexact ways",
        ["benchmarks/border.py", "--points", "100000", "1000000"],
    ),
    ("The whole command on a list of a million rows", ["benchmarks/screening.py"]),
    ("Ten thousand boilers through the web page", ["benchmarks/page.py", "--rows", "10000"]),
    (
        "A thousand projects through the web page, and their sheets",
        ["benchmarks/page.py", "--job", "border", "--rows", "1000"],
    ),
    ("Every layer made twice", ["-m", "pytest", "-q", "tests/test_build.py", "-k", "same_bytes"]),
    (
        "Intake and judging of fires in any order, and killed at every moment",
        [
            "-m",
            "pytest",
            "-q",
            "tests/store/fires/test_faults.py",
            "tests/flows/fires/test_judging.py",
            "tests/flows/fires/test_judging_faults.py",
        ],
    ),
    (
        "Fires in simulated scenes: physics, at full size",
        ["-m", "pytest", "-q", "tests/fires/simulate"],
    ),
    ("Fires in simulated scenes: the tables", ["benchmarks/detection_physics.py"]),
)


def told(*command: str) -> str:
    """Run a command in the checkout, show what it prints, and return it; stop when it fails."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in process.stdout or ():
        print(line, end="", flush=True)
        lines.append(line)
    if process.wait():
        raise SystemExit(f"{' '.join(command[1:])} ended with {process.returncode}")
    return "".join(lines)


def machine() -> str:
    """Return processor, cores, memory and Python in one line, without the name of the machine."""
    info = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.search(r"model name\s*:\s*(.*)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def git(*arguments: str) -> str:
    """Return what git prints, stripped; empty where this is no checkout."""
    done = subprocess.run(["git", *arguments], check=False, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def offline_part(bundle: Path, steps: str) -> str:
    """Return the part of the report about the bundle."""
    size, digest = bundle.stat().st_size / 1e6, hashlib.sha256(bundle.read_bytes()).hexdigest()
    return (
        "## Without a network\n\nIn a network namespace that has loopback alone, from "
        f"`{bundle.name}` ({size:.0f} MB, sha256 `{digest}`):\n\n```\n{steps}```"
    )


def main() -> None:
    """Run the steps and write the report."""
    parser = argparse.ArgumentParser(description="Accept a release; see `make help`.")
    parser.add_argument(
        "--brief", action="store_true", help="without the full-scale measurements and the report"
    )
    brief = parser.parse_args().brief
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    bundle = ROOT / "dist" / f"geoaq-{version}-offline.tar.gz"
    if not bundle.exists():
        raise SystemExit("no bundle: run `make dist` first")
    started = time.perf_counter()
    offline = told("unshare", "--net", sys.executable, "release/offline.py", str(bundle))
    if brief:
        return
    changed = " with changes" if git("status", "--porcelain") else ""
    commit = git("rev-parse", "--short", "HEAD") + changed
    os.environ["GEOAQ_TEST_EVERY_MOMENT"] = "1"
    os.environ["GEOAQ_TEST_FULL_SIZE"] = "1"
    parts = [
        f"# Acceptance of geoaq {version}, {datetime.now(UTC):%Y-%m-%d}",
        f"Commit {commit}. {machine()}. One run on a shared machine: read the ratios.",
        offline_part(bundle, offline),
    ]
    for title, command in MEASUREMENTS:
        output = told(sys.executable, *command)
        parts.append(f"## {title}\n\n`python {' '.join(command)}`\n\n```\n{output}```")
    parts.append(f"All steps: {time.perf_counter() - started:.0f} s.")
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-acceptance.md"
    report.write_text("\n\n".join(parts) + "\n", "utf-8")
    print(f"report: {report.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
