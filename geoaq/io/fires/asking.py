"""Asks a feed over the network: again where that may help, and never with its key in a log or an error."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.request import getproxies, proxy_bypass

import httpx
import stamina

from geoaq.errors import LimitError, NotReadyError
from geoaq.io.fires.answers import AgainError, check_table, refuse

# Stands for the key in every address that anybody may see; the transport alone puts the key in.
PLACEHOLDER = "map.key"
_BLOCK = 65_536
_SHORT = 4096

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait, how often to ask again, and how much to take.

    Parameters
    ----------
    attempts, wait_first_s, wait_max_s
        Attempts at one request; the wait before the second, doubled with each (and a random part as long).
    connect_s, read_s
        Longest silence while connecting, and between two pieces of an answer.
    whole_s
        Longest time of one answer.
    largest_mb
        Largest answer.
    spare
        Transactions of the quota that are left for others.
    """

    attempts: int = 5
    wait_first_s: float = 2.0
    wait_max_s: float = 60.0
    connect_s: float = 15.0
    read_s: float = 60.0
    whole_s: float = 900.0
    largest_mb: int = 4096
    spare: int = 50


DEFAULT_PATIENCE = Patience()


class _Keyed(httpx.BaseTransport):
    """Puts the key into an address on its way out, so that no log and no error ever holds it."""

    def __init__(self, inner: httpx.BaseTransport, key: str) -> None:
        self._inner = inner
        self._key = key.encode()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raw = request.url.raw_path.replace(PLACEHOLDER.encode(), self._key)
        address = request.url.copy_with(raw_path=raw)
        return self._inner.handle_request(
            httpx.Request(request.method, address, headers=request.headers, extensions=request.extensions)
        )

    def close(self) -> None:
        self._inner.close()


class Asking:
    """Asks one server.

    Parameters
    ----------
    address
        Where it is, without a path.
    key
        What takes the place of `PLACEHOLDER` in a path, ``""`` for none.
    clock
        Seconds of a clock that never goes back.
    patience
        How long to wait.
    """

    def __init__(self, address: str, key: str, clock: Callable[[], float], patience: Patience) -> None:
        self._key = key
        self._clock = clock
        self._patience = patience
        host = httpx.URL(address)
        proxy = None if proxy_bypass(host.host) else getproxies().get(host.scheme)
        self._client = httpx.Client(
            base_url=address,
            timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
            transport=_Keyed(httpx.HTTPTransport(proxy=proxy), key),
            headers={"user-agent": "geoaq"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def address(self, path: str) -> str:
        """Return the whole address of a path, without the key."""
        return str(self._client.base_url.join(path))

    def table(self, path: str, target: Path) -> tuple[str, int]:
        """Write a whole table to a file, and return its SHA-256 and its bytes.

        The file is written aside and renamed: what was there before stays until then.

        Raises
        ------
        InputError
            A refusal.
        NotReadyError
            ``firms_quota``; ``firms_unreachable``: no whole table in all attempts.
        LimitError
            Larger than is allowed.
        """
        part = target.with_name(target.name + ".part")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            found = self._asked(lambda: self._once(path, part))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return found

    def words(self, path: str) -> str:
        """Return a short answer.

        Raises
        ------
        InputError, NotReadyError
            As `table`.
        """
        return self._asked(lambda: self._short(path))

    def _asked(self, ask: Callable[[], T]) -> T:
        """Return the answer of one of several attempts."""
        patience = self._patience
        try:
            for attempt in stamina.retry_context(
                on=self._another,
                attempts=patience.attempts,
                timeout=None,
                wait_initial=patience.wait_first_s,
                wait_max=patience.wait_max_s,
                wait_jitter=patience.wait_first_s,
            ):
                with attempt:
                    found = ask()
        except (httpx.TransportError, AgainError) as error:
            problem = error.problem if isinstance(error, AgainError) else type(error).__name__
            raise NotReadyError("firms_unreachable", attempts=patience.attempts, problem=problem) from error
        return found

    def _another(self, error: Exception) -> bool | float:
        """Say whether another attempt may help, or after how many seconds the server wants it."""
        if isinstance(error, AgainError):
            return True if error.wait_s is None else min(error.wait_s, self._patience.wait_max_s)
        return isinstance(error, httpx.TransportError)

    def _once(self, path: str, part: Path) -> tuple[str, int]:
        """Write one answer into a file and check that it is a whole table."""
        digest, size, started = hashlib.sha256(), 0, self._clock()
        with self._client.stream("GET", path) as response, part.open("wb") as file:
            self._check_status(response)
            for block in response.iter_bytes(_BLOCK):
                size += len(block)
                if size > self._patience.largest_mb * 1024 * 1024:
                    limit = self._patience.largest_mb
                    raise LimitError("file_too_large", size_mb=size // 1024**2, limit_mb=limit)
                if self._clock() - started > self._patience.whole_s:
                    raise AgainError("the answer takes too long")
                digest.update(block)
                file.write(block)
        check_table(part, self._key)
        return digest.hexdigest(), size

    def _short(self, path: str) -> str:
        with self._client.stream("GET", path) as response:
            self._check_status(response)
            return next(response.iter_bytes(_SHORT), b"").decode("utf-8", "replace")

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            return
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wait = response.headers.get("retry-after", "")
            raise AgainError(f"status {status}", float(wait) if wait.isdecimal() else None)
        text = next(response.iter_bytes(_SHORT), b"").decode("utf-8", "replace")
        refuse(f"{status} {text}", self._key)
