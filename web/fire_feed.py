"""While the server runs: the demonstration of a new installation, detections from FIRMS, and judging anew.

All are commands in a process of their own. What came of fetching is noted beside the store and told at
``/fires/feed``. Where there is no way out nothing else stops, and the log takes a line when that begins and
one when it ends.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify

from geoaq.flows.fires.demonstration import Demonstration, demonstration
from geoaq.flows.fires.fetching import PRODUCTS
from geoaq.store.fires.feed_log import FeedLog, Noted
from geoaq.store.place import read_json
from web.errors import sentence
from web.language import beijing, reader, text
from web.processes import kill, start_process, tail_of
from web.rooms import rooms
from web.settings import Settings
from web.views import catalog

# What a fetch needs beside what every job gets: the key, the database, the land cover, and the way out.
_PASSED_ON = (
    "GEOAQ_FIRMS_KEY", "GEOAQ_FIRMS_URL", "GEOAQ_DATABASE_URL", "GEOAQ_LAND_COVER",
    "GEOAQ_LAND_COVER_LEGEND", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy",
    "all_proxy", "no_proxy",
)  # fmt: skip
_ATTEMPTS = 2
# Exit codes of `geoaq fires pull` that mean: it ended as it was meant to, and the notes say what came.
_ORDERLY = {0, 2, 3}


class FireFeed:
    """What goes on beside the requests; nothing does until `start`.

    Parameters
    ----------
    settings
        How often, and whether the demonstration is shown.
    logger
        Told when fetching begins to fail, and when it works again.
    """

    def __init__(self, settings: Settings, logger: logging.Logger) -> None:
        self._settings, self._logger = settings, logger
        self._closing = threading.Event()
        self._stirred, self._stale = threading.Event(), threading.Event()
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        #: What fails (``demonstration``, ``pull``, ``judge``), and the code or the words of why.
        self.failing: dict[str, str] = {}
        #: A fetch is under way.
        self.pulling = False

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._work, name="fire feed", daemon=True)
        self._thread.start()

    def judge_soon(self) -> None:
        """Ask for judging: a zone, a permit or a decision has changed what fires are judged by."""
        self._stale.set()
        self._stirred.set()

    def close(self) -> None:
        """End what is under way, and wait for it; the store is whole however that ends."""
        self._closing.set()
        self._stirred.set()
        with self._guard:
            if self._process is not None:
                kill(self._process)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        try:
            if self._settings.fires_demonstration:
                self._tell("demonstration", self._run(("fires", "demonstration", "--unless-own")))
            minutes, due = self._settings.fires_pull_minutes, time.monotonic()
            while not self._closing.is_set():
                self._stirred.clear()
                if self._stale.is_set():
                    self._stale.clear()
                    self._tell("judge", self._run(("fires", "judge")))
                elif minutes and time.monotonic() >= due:
                    self._pull()
                    due = time.monotonic() + 60 * minutes
                else:
                    self._stirred.wait(due - time.monotonic() if minutes else None)
        except Exception:
            self.pulling = False
            self._logger.exception("the work on fires beside the requests has ended; the server goes on")

    def _pull(self) -> None:
        self.pulling = True
        said = self._run(("fires", "pull", f"--attempts={_ATTEMPTS}"))
        self.pulling = False
        self._tell("pull", said or _worst(FeedLog(self._settings.data).read()))

    def _run(self, arguments: Sequence[str]) -> str:
        """Run a command; return what went wrong with the process itself, ``""`` when nothing did."""
        room = self._settings.data.absolute() / "cache" / "feed"
        room.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=room) as name:
            place = Path(name)
            scratch = place / "tmp"
            scratch.mkdir()
            with (place / "log.txt").open("wb") as log, self._guard:
                if self._closing.is_set():
                    return ""
                words = [*arguments, f"--progress-file={place / 'progress.json'}"]
                process = self._process = start_process(
                    self._settings, words, folder=place, scratch=scratch, log=log, also=_PASSED_ON
                )
            try:
                status = process.wait(timeout=self._settings.job_wall_s)
            except subprocess.TimeoutExpired:
                status = -1
            finally:
                kill(process)
                process.wait()
                with self._guard:
                    self._process = None
            if self._closing.is_set() or status == 0:
                return ""
            word = read_json(place / "error.json")
            if word is not None:
                return str(word.get("code"))
            if status in _ORDERLY and arguments[1] == "pull":
                return ""
            return f"status {status}: {tail_of(place / 'log.txt').strip()}"

    def _tell(self, what: str, problem: str) -> None:
        """Say once that something fails, and once that it does no more."""
        known = what in self.failing
        if problem:
            self.failing[what] = problem
            if not known:
                self._logger.warning("fires, %s: %s", what, problem)
        elif known:
            del self.failing[what]
            self._logger.warning("fires, %s: works again", what)


def make() -> Blueprint:
    """Return the endpoint."""
    blueprint = Blueprint("fire_feed", __name__)
    blueprint.add_url_rule("/fires/feed", "state", state)
    return blueprint


def state() -> Response:
    """Tell when detections last came, what is missing, and whether the demonstration is what is shown."""
    held = rooms()
    notes = FeedLog(held.settings.data).read()
    sensors = [_sensor(name, notes.get(name, Noted())) for name in PRODUCTS]
    succeeded = max((one.succeeded for one in notes.values() if one.succeeded is not None), default=None)
    tried = max((one.tried for one in notes.values() if one.tried is not None), default=None)
    word = _state(notes, succeeded, tried, minutes=held.settings.fires_pull_minutes)
    missing = [one["name"] for one in sensors if one["problem"] is not None]
    told = {"at": _minute(succeeded), "tried": _minute(tried), "sensors": text("feed.comma").join(missing)}
    response = jsonify(
        state=word,
        text=text(f"feed.state_{word}", **told),
        every_minutes=held.settings.fires_pull_minutes,
        under_way=_running().pulling,
        last_success=_iso(succeeded),
        last_try=_iso(tried),
        sensors=sensors,
        acknowledgement=text("feed.thanks"),
        demonstration=demonstration_told() if demonstration_shown() else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def failure_told(*, own: bool) -> str:
    """Return what a map says of what fails beside the requests, in the reader's language; ``""``: nothing.

    Parameters
    ----------
    own
        The office has detections of its own: then the demonstration is no matter any more.
    """
    failing = dict(_running().failing)
    words = ("judge",) if own else ("demonstration", "judge")
    return " ".join(
        text(f"feed.{what}_failed", problem=sentence(failing[what], {}).rstrip("。."))
        for what in words
        if what in failing
    )


def judge_soon() -> None:
    """Ask the running server to judge anew."""
    _running().judge_soon()


def _running() -> FireFeed:
    return cast("FireFeed", current_app.extensions["geoaq_fire_feed"])


def demonstration_shown() -> bool:
    """Say whether the demonstration is what the pages show."""
    return rooms().fires.demonstration


def demonstration_told() -> dict[str, str]:
    """Return what a page says of the demonstration, in the reader's language."""
    said, lang = _demonstration(catalog().data_dir), reader()
    return {
        "title": said.title[lang],
        "note": said.note[lang],
        "source": said.source,
        "source_url": said.source_url,
        "licence": said.licence,
        "attribution": said.attribution,
        "acknowledgement": said.acknowledgement,
    }


@lru_cache(maxsize=2)
def _demonstration(facts: Path) -> Demonstration:
    return demonstration(facts)


def _state(notes: Mapping[str, Noted], succeeded: int | None, tried: int | None, *, minutes: int) -> str:
    """Return the state in one word: off, never, fresh, partly, failed."""
    if tried is None:
        return "never" if minutes else "off"
    failing = [one for one in notes.values() if one.code]
    if not failing:
        return "fresh"
    return "failed" if succeeded is None or len(failing) == len(notes) else "partly"


def _sensor(name: str, noted: Noted) -> dict[str, Any]:
    problem = {"code": noted.code, "text": sentence(noted.code, dict(noted.params))} if noted.code else None
    return {
        "sensor": name,
        "name": text(f"feed.sensor_{name}"),
        "last_success": _iso(noted.succeeded),
        "last_try": _iso(noted.tried),
        "reached": noted.reached or None,
        "way": noted.way or None,
        "problem": problem,
    }


def _worst(notes: Mapping[str, Noted]) -> str:
    """Return the codes of what went wrong, each once; no text of a server reaches the log."""
    return ", ".join(sorted({one.code for one in notes.values() if one.code}))


def _iso(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minute(seconds: int | None) -> str:
    return "" if seconds is None else beijing(datetime.fromtimestamp(seconds, UTC))
