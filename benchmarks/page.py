"""A list through the web page: seconds from the upload until the page shows counts, list and map.

The documents (workbook, one-file map and others) follow while the result is read; their seconds are printed
beside.

``python benchmarks/page.py [--rows 10000]`` starts a server of its own on a free port and stops it again;
``--home http://127.0.0.1:5000 --list FILE`` visits one that runs. ``--job border`` sends 1,000 projects, or
as many as ``--rows`` says, instead of boilers, and asks for the sheet of some. The list is synthetic.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
# Per job: the page, the kind of list that is made up, and its rows unless told.
JOBS = {"heating": ("/heating", "boiler_list", 10_000), "border": ("/border", "project_list", 1_000)}
SHEETS = 5
TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Visitor:
    """A browser without a screen: keeps cookies, knows the page's token."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        return self.fetch(path).decode()

    def fetch(self, path: str) -> bytes:
        with self._opener.open(self.home + path, timeout=60) as answer:
            content: bytes = answer.read()
        return content

    def wait_for_server(self) -> None:
        for _ in range(240):
            try:
                self.get("/healthz")
            except (URLError, ConnectionError):
                time.sleep(0.25)
            else:
                return
        raise SystemExit("the server did not answer within a minute")

    def upload(self, listing: Path, page: str) -> dict[str, str]:
        """Send the list as the form of a page does; return what the server answers."""
        token = TOKEN.search(self.get(page))
        if token is None:
            raise SystemExit("the page holds no token")
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="list"; filename="{listing.name}"\r\n\r\n'
        body = head.encode() + listing.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "X-CSRFToken": token[1],
            "Origin": self.home,
            "Accept": "application/json",
        }
        with self._opener.open(Request(f"{self.home}{page}/screenings", body, headers), timeout=60) as answer:
            started: dict[str, str] = json.loads(answer.read())
        return started

    def wait_for(self, started: dict[str, str], *, files: bool) -> None:
        """Ask for progress as the page does until the result can be read or, with ``files``, all is there."""
        while True:
            progress = json.loads(self.get(started["progress"]))
            if progress.get("state") == "done" or (progress.get("readable") and not files):
                return
            if progress.get("state") == "failed":
                raise SystemExit(f"the screening failed: {progress}")
            time.sleep(0.1)


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a free port over the layers that are built, with a folder of its own for screenings."""
    from geoaq.settings import data_dir

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "layers").symlink_to((data_dir() / "layers").resolve())
        process = subprocess.Popen(
            [sys.executable, "-m", "geoaq", "serve", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"GEOAQ_DATA": name, "GEOAQ_FIRES_DEMONSTRATION": "off"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def measure(home: str, listing: Path, job: str) -> None:
    """Upload once and print the seconds until the result is shown, and until every file is ready."""
    visitor = Visitor(home)
    visitor.wait_for_server()
    address, *_ = JOBS[job]
    visitor.get(address)
    start = time.perf_counter()
    started = visitor.upload(listing, address)
    sent = time.perf_counter()
    visitor.wait_for(started, files=False)
    readable = time.perf_counter()
    page = f"/screenings/{started['id']}"
    visitor.get(page)
    visitor.get(f"{page}/screening.json")
    rows = json.loads(visitor.get(f"{page}/subjects.json"))
    visitor.get(f"{page}/points.json")
    shown = time.perf_counter()
    visitor.wait_for(started, files=True)
    ready = time.perf_counter()
    print(
        f"{listing.stat().st_size / 1e6:.1f} MB sent in {sent - start:.2f} s, "
        f"tables readable after {readable - sent:.2f} s, "
        f"counts, list and map of {rows['total']} subjects shown in {shown - readable:.2f} s"
    )
    print(f"result shown: {shown - start:.2f} s; every file ready: {ready - start:.2f} s")
    if job == "border":
        measure_sheets(visitor, page, [row["key"] for row in rows["rows"][:SHEETS]])


def measure_sheets(visitor: Visitor, page: str, keys: list[str]) -> None:
    """Print the seconds from asking for a sheet until it is there, one project after the other."""
    for kind in ("pdf", "html", "json"):
        seconds = []
        for key in keys:
            start = time.perf_counter()
            visitor.fetch(f"{page}/subjects/{key}/sheet.{kind}")
            seconds.append(time.perf_counter() - start)
        print(f"sheet as {kind}: median {sorted(seconds)[len(seconds) // 2]:.2f} s of {len(keys)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a synthetic list through the web page.")
    parser.add_argument("--job", choices=sorted(JOBS), default="heating")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--home", help="visit this server instead of starting one")
    parser.add_argument("--list", type=Path, help="send this list instead of a synthetic one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        listing = options.list or Path(name) / "synthetic.xlsx"
        if options.list is None:
            _, product, usual = JOBS[options.job]
            command = [sys.executable, "-m", "geoaq", "sample", str(listing), "--product", product]
            command += ["--rows", str(options.rows or usual)]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if options.home:
            measure(options.home, listing, options.job)
        else:
            with server() as home:
                measure(home, listing, options.job)


if __name__ == "__main__":
    main()
