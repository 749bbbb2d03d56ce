"""Cell text without its accidents: full-width characters, ideographic spaces, signs for "nothing"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

# What offices write where there is nothing to write; compared after `tidy`, in lower case.
_BLANK_WORDS = """
    无 / - -- --- — —— – \\ 空 空白 不详 未知 不明 暂无 待定 待补充 未填 ? *
    n/a na nan none null nil #n/a #value! #ref! #div/0!
"""
BLANKS = frozenset({"", *_BLANK_WORDS.split()})
_SPACE = re.compile(r"\s+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}")

T = TypeVar("T")


@dataclass(frozen=True)
class Coded(Generic[T]):
    """A column as its distinct values and, for every row, which of them it holds."""

    codes: npt.NDArray[np.int64]
    distinct: list[T]

    def texts(self, read: Callable[[T], str]) -> pa.Array:
        """Return ``read`` of every row as text, each distinct value read once."""
        return pa.array([read(value) for value in self.distinct], pa.string()).take(pa.array(self.codes))

    def map(self, read: Callable[[T], object]) -> npt.NDArray[np.object_]:
        """Return ``read`` of every row, each distinct value read once."""
        seen = np.empty(len(self.distinct), object)
        for place, value in enumerate(self.distinct):
            seen[place] = read(value)
        return seen[self.codes]


def coded(column: pa.Array) -> Coded[str]:
    """Return the distinct texts of a column and the code of every row."""
    encoded = column.dictionary_encode()
    return Coded(
        encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()
    )


def trimmed(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array without outer spaces (ideographic ones too)."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], pa.string())
    return pc.utf8_trim_whitespace(whole)


def tidy(text: str) -> str:
    """Return text with ordinary digits, letters and brackets (NFKC) and single inner spaces.

    Examples
    --------
    >>> tidy("　ＳＺＬ１０－１．２５　")
    'SZL10-1.25'
    """
    return _SPACE.sub(
        " ", unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u200b", "")
    ).strip()


def is_blank(text: str) -> bool:
    """Say whether a cell stands for nothing: empty, 无, /, -, 不详."""
    return tidy(text).lower() in BLANKS


def read_number(text: str) -> str | None:
    """Return a number's digits as printed, without thousands separators, or None.

    Examples
    --------
    >>> read_number("１,２００.50"), read_number("约12")
    ('1200.50', None)
    """
    plain = tidy(text).replace(" ", "")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if _NUMBER.fullmatch(plain):
        return plain.lstrip("+").rstrip(".")
    return None


def is_scientific(text: str) -> bool:
    """Say whether a cell holds a number in scientific notation, whose last digits a spreadsheet has lost.

    Examples
    --------
    >>> is_scientific("9.13301E+17"), is_scientific("91330421MA28A")
    (True, False)
    """
    return _SCIENTIFIC.fullmatch(tidy(text)) is not None
