"""Reads the words of a cell: fuel, status, purpose … as one value of a vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoaq.io.cells.text import is_blank, tidy

_DENIED = re.compile(r"(?:未|不|非|没|没有|拟|待|将|计划|准备|即将|预计|申请)(?:被|能|进行|实施|完成)?$")
_SEEN = "\x00"


@dataclass(frozen=True)
class Word:
    """The value that a cell names (``""`` none); certainty: ``blank``, ``sure``, ``mixed`` or ``unknown``."""

    value: str
    certainty: str


class Vocabulary:
    """Words of one kind of column, longest first.

    Parameters
    ----------
    words
        Value → words; the order of the values is their precedence where a cell names several.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._order = list(words)
        self._exact = {_plain(word): value for value, entries in words.items() for word in (value, *entries)}
        # A single letter or digit counts only as the whole cell.
        self._inside = sorted(
            (w for w in self._exact if len(w) > 1 or not w.isascii()), key=len, reverse=True
        )

    def read(self, text: str) -> Word:
        """Return what a cell says.

        Examples
        --------
        >>> fuels = Vocabulary({"coal": ["煤"], "gas": ["煤气", "天然气"]})
        >>> fuels.read("焦炉煤气").value, fuels.read("煤、天然气"), fuels.read("草").certainty
        ('gas', Word(value='coal', certainty='mixed'), 'unknown')
        """
        plain = _plain(text)
        if plain in self._exact:
            return Word(self._exact[plain], "sure")
        if is_blank(text):
            return Word("", "blank")
        found: set[str] = set()
        for word in self._inside:
            at = plain.find(word)
            while at >= 0:
                if not _DENIED.search(plain[:at]):
                    found.add(self._exact[word])
                plain = plain[:at] + _SEEN * len(word) + plain[at + len(word) :]
                at = plain.find(word)
        if not found:
            return Word("", "unknown")
        value = min(found, key=self._order.index)
        return Word(value, "sure" if len(found) == 1 else "mixed")


def _plain(text: str) -> str:
    return tidy(text).lower().replace(" ", "")
