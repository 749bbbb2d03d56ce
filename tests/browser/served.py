"""The real server on a free port, and a browser that notes everything that goes wrong on a page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDE = {"width": 1440, "height": 900}
CALLED_OFF = "net::ERR_ABORTED"
# said of a page on a machine so busy that its script starts seconds after it was fetched
LATE = "was preloaded using link preload but not used within a few seconds"
WATCH_POLICY = "document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"


@contextmanager
def serving(data: Path, *, demonstration: bool = False) -> Iterator[str]:
    """Run ``geoaq serve`` on a free port with ``data`` as its state; give its address.

    With ``demonstration`` the server shows the three days of fires that a new installation has.
    """
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "geoaq", "serve", "--port", str(port)]
    shown = "on" if demonstration else "off"
    environ = os.environ | {"GEOAQ_DATA": str(data), "GEOAQ_FIRES_DEMONSTRATION": shown}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            server.communicate(timeout=120)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            if time.monotonic() > end or server.poll() is not None:
                raise
            time.sleep(0.1)


def watched(page: Any, address: str, complaints: list[str]) -> Any:
    """Note every request elsewhere, every failed one, every script error and every breach of the policy.

    What is still on its way when the page is left for the next one has not failed: the browser calls it off.
    What was fetched ahead and is used late has not failed either.
    """

    def request(asked: Any) -> None:
        if not asked.url.startswith((f"{address}/", "blob:", "data:")):
            complaints.append(f"outside: {asked.url}")

    page.on("request", request)

    def failed(asked: Any) -> None:
        if asked.failure != CALLED_OFF:
            complaints.append(f"failed: {asked.url} {asked.failure}")

    page.on("requestfailed", failed)
    page.on("response", lambda got: got.status >= 400 and complaints.append(f"{got.status}: {got.url}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))

    def said(line: Any) -> None:
        if line.type in {"error", "warning"} and LATE not in line.text:
            complaints.append(f"{line.type}: {line.text}")

    page.on("console", said)
    page.add_init_script(WATCH_POLICY)
    return page


def until(page: Any, condition: str) -> None:
    """Wait until a condition of the page holds; asked from outside, as the page's policy allows no eval."""
    for _ in range(600):
        if page.evaluate(f"() => Boolean({condition})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def screen_through_the_page(page: Any, address: str, path: Path, *, files: bool = True) -> None:
    """Upload a list on the page of the heating job; wait for its map and, with ``files``, for every file."""
    page.goto(f"{address}/heating")
    page.set_input_files("#upload-file", str(path))
    page.fill("input[name=as_of]", "2026-11-21")
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("body[data-state=ready]", timeout=120_000)
    page.wait_for_selector("#list tbody tr")
    if files:
        page.wait_for_selector("#list .files > a[download]", timeout=120_000)


def screen_one_project(page: Any, address: str) -> None:
    """Fill in the form of one project near a province line and wait until its card is open."""
    page.goto(f"{address}/border")
    page.fill("[name='project.name']", "示例熟料线")
    page.fill("[name='project.lonlat']", "119°37′12″E 31°03′00″N")
    page.select_option("[name='project.datum']", "CGCS2000")
    page.fill("[name='project.industry']", "C3011 水泥制造")
    page.select_option("[name='project.industry_edition']", "2017")
    page.select_option("[name='project.nature']", "new")
    page.select_option("[name='project.eia_kind']", "report_book")
    page.fill("[name='project.stack']", "80")
    page.click("#project-form button[type=submit]")
    page.wait_for_selector("body[data-state=ready]", timeout=120_000)
    page.wait_for_selector("#why .limb")
    page.wait_for_selector("#list .files > a[download]", timeout=120_000)


def seen_state(page: Any) -> object:
    """Return what a link is to bring back: layers, filter, chosen subject and zoom."""
    return page.evaluate(
        """() => [room.layers.map(one => [one.spec.id, one.visible, one.opacity]), room.filter, room.selected,
        room.folded, map.getZoom()]"""
    )
