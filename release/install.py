"""Install geoaq from this bundle, without a network: ``python3 install.py --to FOLDER``.

Makes a virtual environment in the folder, installs every wheel after comparing its hash, lays the built
layers into the folder's ``data``, and writes the command ``geoaq``. Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent


def refuse_other_machines() -> None:
    """Stop with a sentence when the wheels were not made for this Python."""
    made_for = json.loads((BUNDLE / "bundle.json").read_text("utf-8"))
    here = {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "system": platform.system(),
        "machine": platform.machine(),
    }
    wrong = [
        f"{name} {made_for[name]} (here: {value})" for name, value in here.items() if made_for[name] != value
    ]
    if wrong:
        raise SystemExit(f"this bundle was made for {', '.join(wrong)}; run install.py with that Python")


def install(folder: Path) -> None:
    """Make the environment and install the wheels, pip among them, by their hashes."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)], check=True)
    (pip,) = (BUNDLE / "wheels").glob("pip-*.whl")
    command = [
        str(venv / "bin" / "python"),
        f"{pip}/pip",
        "--isolated",
        "install",
        "--quiet",
        "--no-cache-dir",
    ]
    sources = ["--no-index", "--find-links", str(BUNDLE / "wheels"), "--require-hashes"]
    subprocess.run([*command, *sources, "--requirement", str(BUNDLE / "requirements.txt")], check=True)


def lay_out(folder: Path) -> Path:
    """Copy the built layers and write the command; what a user keeps in ``data`` stays."""
    shutil.copytree(BUNDLE / "data", folder / "data", dirs_exist_ok=True)
    command = folder / "geoaq"
    command.write_text(
        "#!/bin/sh\n"
        f': "${{GEOAQ_DATA:={shlex.quote(str(folder / "data"))}}}"\n'
        "export GEOAQ_DATA\n"
        f'exec {shlex.quote(str(folder / "venv" / "bin" / "geoaq"))} "$@"\n',
        "utf-8",
    )
    command.chmod(0o755)
    return command


def main() -> None:
    """Read where to, then install."""
    parser = argparse.ArgumentParser(description="Install geoaq from this bundle, without a network.")
    parser.add_argument("--to", type=Path, default=Path("geoaq"), metavar="FOLDER", help="default: ./geoaq")
    folder = parser.parse_args().to.expanduser().resolve()
    refuse_other_machines()
    folder.mkdir(parents=True, exist_ok=True)
    install(folder)
    command = lay_out(folder)
    print(f"installed; start it with: {shlex.quote(str(command))} serve")


if __name__ == "__main__":
    main()
