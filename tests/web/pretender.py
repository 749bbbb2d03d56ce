"""A command with the arguments of ``geoaq screen boilers`` that does what the first word of the list says."""

import json
import os
import shutil
import sys
import time
from pathlib import Path


def main() -> None:
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    options = dict(word[2:].partition("=")[::2] for word in sys.argv[1:] if word.startswith("--"))
    out, progress = Path(options["out"]), Path(options["progress-file"])
    deed, *more = Path(arguments[2]).read_text("utf-8").split()

    progress.write_text(json.dumps({"step": "reading", "done": 1, "total": 4}), "utf-8")
    half = out.with_name(f".{out.name}.half")
    half.mkdir()
    (half / "findings.csv").write_text("half", "utf-8")
    if deed in {"tables", "torn"}:  # whole tables of the folder named; the documents wait for a file named go
        shutil.copytree(more[0], half, dirs_exist_ok=True)
        write_documents(progress)
    if deed == "mend":
        word = {
            "code": "bad_option",
            "params": {"option": "--datum", "value": "<b>54</b>", "expected": "WGS84"},
        }
        progress.with_name("error.json").write_text(json.dumps(word), "utf-8")
        sys.exit(2)
    if deed in {"crash", "torn"}:
        sys.exit("something broke")
    if deed == "memory":
        sys.exit(len([bytearray(2**26) for _ in range(10_000)]))
    if deed == "spin":
        while True:
            pass
    if deed == "sleep":
        if os.fork() == 0:
            time.sleep(600)
        time.sleep(600)
    if deed == "flood":
        flood(half / "flood")
    if deed in {"empty", "tables"}:
        half.rename(out)
        sys.exit(0)
    told = {"arguments": sys.argv[1:], "environ": sorted(os.environ)}
    (half / "summary.json").write_text(json.dumps(told), "utf-8")
    half.rename(out)


def flood(path: Path) -> None:
    with path.open("wb") as file:
        while True:
            file.write(bytes(2**20))


def write_documents(progress: Path) -> None:
    fresh = progress.with_suffix(".new")
    fresh.write_text(json.dumps({"step": "documents", "done": 1, "total": 4}), "utf-8")
    fresh.replace(progress)
    while not progress.with_name("go").exists():
        time.sleep(0.02)


if __name__ == "__main__":
    main()
