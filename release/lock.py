"""Write ``requirements/{dev,build,run}.txt`` anew: every part pinned, with the hashes of all its files.

``dev`` is resolved first and binds the other two, so that one environment can hold them all. No index, mirror
or local folder is written into the files: whoever installs uses the index that their own machine knows.
Versions that are locked stay; ``--upgrade`` takes the newest of everything.
"""

from __future__ import annotations

import subprocess
import sys
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


if __name__ == "__main__":
    main()
