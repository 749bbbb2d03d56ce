"""What of a source is asked for: a span of time, and words by column; all of them must hold.

A column named ``region`` holds six-digit codes (GB/T 2260); there a province or prefecture asks for all
that lies in it: 330000 for all of Zhejiang, 330100 for all of Hangzhou.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError

#: How much one request may ask for.
WORDS_MAX, WORD_LENGTH_MAX = 64, 80
REGION = "region"
_BEIJING = timezone(timedelta(hours=8))
_CODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What is asked for; what is empty asks for all.

    Attributes
    ----------
    since, until
        Seconds since 1970 UTC; from ``since`` on, and before ``until``.
    words
        Columns in alphabetical order, each with the words of which one must stand there, in order.
    """

    since: int | None = None
    until: int | None = None
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def timed(self) -> bool:
        """Say whether time matters."""
        return self.since is not None or self.until is not None


def tables(
    words: Iterable[tuple[str, tuple[str, ...]]], columns: Mapping[str, Sequence[str]]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the rows of the columns that matter, and for each which of its words are asked for.

    Parameters
    ----------
    words
        As in `Filters`.
    columns
        Words by column.

    Returns
    -------
    rows
        Places of the columns in ``columns``, shape (m,).
    asked
        Shape (m, most words of a column).
    """
    asked_of = dict(words)
    names = list(columns)
    rows = np.array([names.index(name) for name in asked_of], np.intp)
    asked = np.zeros((len(rows), max((len(words) for words in columns.values()), default=0) or 1), bool)
    for at, (name, wanted) in enumerate(asked_of.items()):
        fits = _region(wanted) if name == REGION else set(wanted).__contains__
        asked[at, : len(columns[name])] = [fits(word) for word in columns[name]]
    return rows, asked


def parsed(asked: Mapping[str, Sequence[str]], columns: Iterable[str]) -> Filters:
    """Return the filters that the arguments of a request state.

    Parameters
    ----------
    asked
        Values by name: ``from`` and ``to`` (a day, Beijing time, the last one included; or a moment with its
        offset, ISO 8601, the last one not included), and words by column, several joined by commas.
    columns
        The columns of the source.

    Raises
    ------
    InputError
        ``bad_query``: an unknown name, a moment that is none, more than 64 words or one of more than 80
        characters.
    """
    known, words = set(columns), {}
    since = until = None
    for name, values in asked.items():
        text = ",".join(values)
        if name == "from":
            since = _moment(name, text, days=0)
        elif name == "to":
            until = _moment(name, text, days=1)
        elif name in known:
            words[name] = tuple(sorted(set(text[: WORDS_MAX * (WORD_LENGTH_MAX + 1) + 1].split(","))))
        else:
            raise InputError("bad_query", name=name[:40], value=text[:40])
    for name, wanted in words.items():
        if sum(map(len, words.values())) > WORDS_MAX or max(map(len, wanted)) > WORD_LENGTH_MAX:
            raise InputError("bad_query", name=name, value=",".join(wanted)[:40])
    return Filters(since, until, tuple(sorted(words.items())))


def _moment(name: str, text: str, *, days: int) -> int:
    try:
        if len(text) == len("2026-11-21"):
            day = date.fromisoformat(text) + days * _DAY
            moment = datetime(day.year, day.month, day.day, tzinfo=_BEIJING)
        else:
            # an offset's plus sign arrives as a blank
            moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError(text)
        return int(min(max(moment.astimezone(UTC).timestamp(), 0), 2**32 - 1))
    except (ValueError, OverflowError):
        raise InputError("bad_query", name=name, value=text[:40]) from None


def _region(wanted: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a code lies under one of those asked for."""
    prefixes = tuple(
        re.sub(r"(00){1,2}$", "", code) if _CODE.fullmatch(code) else f"{code}\0" for code in wanted
    )
    return lambda code: f"{code}\0".startswith(prefixes)
