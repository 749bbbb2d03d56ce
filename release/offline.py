"""Install the bundle and use it where there is no network; run by ``accept.py`` in a namespace of its own.

Prints one line a step: what was done and the seconds that it took. Stops with a sentence at the first step
that does not hold.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

PORT = 5071
HOME = f"http://127.0.0.1:{PORT}"
REFERENCE = re.compile(r"""(?:src|href)=["']([^"'#]+)""")
SHEET_REFERENCE = re.compile(r"""url\(["']?([^"')]+)""")


def require(holds: bool, sentence: str) -> None:
    """Stop with the sentence when something does not hold."""
    if not holds:
        raise SystemExit(f"not accepted: {sentence}")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the name of a step and its seconds."""
    started = time.perf_counter()
    yield
    print(f"{name}: {time.perf_counter() - started:.1f} s", flush=True)


def close_the_network() -> None:
    """Bring loopback up and see that it is the only way anywhere."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lines = Path("/proc/net/dev").read_text("utf-8").splitlines()[2:]
    devices = [line.split(":")[0].strip() for line in lines]
    require(devices == ["lo"], f"the namespace has other devices than loopback: {devices}")


def get(address: str) -> tuple[str, str]:
    """Return content type and text of an address on this machine."""
    with urlopen(address, timeout=30) as answer:  # noqa: S310 - always HOME
        return answer.headers.get("Content-Type", ""), answer.read().decode("utf-8", "replace")


def wait_for_server(server: subprocess.Popen[bytes]) -> None:
    """Ask ``/healthz`` until it answers, for a minute at most."""
    for _ in range(240):
        require(server.poll() is None, "the server ended by itself")
        try:
            get(f"{HOME}/healthz")
        except (URLError, ConnectionError):
            time.sleep(0.25)
        else:
            return
    raise SystemExit("not accepted: the server did not answer within a minute")


def walk(start: str) -> int:
    """Fetch a page and everything that it and its style sheets refer to; return how many parts."""
    kind, text = get(urljoin(HOME, start))
    require("<html" in text and kind.startswith("text/html"), f"{start} is no page")
    waiting = [urljoin(HOME + start, name) for name in REFERENCE.findall(text)]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        outside = urlsplit(address).netloc != urlsplit(HOME).netloc
        if address in seen or (outside and address.startswith("data:")):
            continue
        require(not outside, f"{start} refers to {address}")
        seen.add(address)
        kind, text = get(address)
        if kind.startswith("text/css"):
            names = [name for name in SHEET_REFERENCE.findall(text) if not name.startswith(("data:", "#"))]
            waiting += [urljoin(address, name) for name in names]
    return len(seen)


def screen(command: str, folder: Path) -> None:
    """Screen a synthetic list and see that its counts add up and its files are there."""
    listing, out = folder / "list.xlsx", folder / "screening"
    subprocess.run([command, "sample", str(listing), "--rows", "200"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [command, "screen", "boilers", str(listing), "--out", str(out)], check=True, stdout=subprocess.DEVNULL
    )
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    require(bool(summary), "summary.json is empty")
    names = {path.name for path in out.iterdir()}
    wanted = {"findings.csv", "findings.xlsx", "findings.parquet", "issues.csv", "map.html"}
    require(wanted <= names, f"the screening lacks {sorted(wanted - names)}")


def main(bundle: Path) -> None:
    """Install, serve, walk the pages, screen a list."""
    close_the_network()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with step("bundle unpacked"), tarfile.open(bundle) as tar:
            tar.extractall(place, filter="data")
        (unpacked,) = place.iterdir()
        with step("installed from its own wheels, each hash compared"):
            subprocess.run(
                [sys.executable, str(unpacked / "install.py"), "--to", str(place / "geoaq")],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        command = str(place / "geoaq" / "geoaq")
        with step("200 synthetic boilers screened on the command line"):
            screen(command, place)
        with (place / "log").open("wb") as log:
            server = subprocess.Popen(
                [command, "serve", "--port", str(PORT)], stdout=log, stderr=log, cwd=place
            )
        try:
            with step("server started"):
                wait_for_server(server)
            for start in ("/heating", "/screenings"):
                with step(f"{start} fetched"):
                    parts = walk(start)
                print(f"{start} refers to {parts} parts, all from this machine", flush=True)
            visit = Path(__file__).resolve().parent.parent / "benchmarks" / "page.py"
            listing = str(place / "list.xlsx")
            subprocess.run([sys.executable, str(visit), "--home", HOME, "--list", listing], check=True)
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
