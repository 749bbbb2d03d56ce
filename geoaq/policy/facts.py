"""What is known of the subjects, by column: words as codes, numbers, three-valued truths, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import UNKNOWN, Tri

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
if TYPE_CHECKING:
    Words: TypeAlias = pd.Categorical[str]
else:
    Words = pd.Categorical


def categorical(codes: npt.NDArray[Any], words: Sequence[str]) -> Words:
    """Return codes with their words; no code is checked, so none may be out of range."""
    return pd.Categorical.from_codes(codes, pd.Index(list(words), dtype=object), validate=False)


class Reasons:
    """A growing list of reasons, each known by its number; 0 is none. Joined reasons keep their order."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._code: dict[str, int] = {"": 0}

    def code(self, text: str) -> int:
        """Return the number of a reason."""
        if text not in self._code:
            self._code[text] = len(self.texts)
            self.texts.append(text)
        return self._code[text]

    def codes(self, texts: list[str]) -> Codes:
        """Return the numbers of many reasons."""
        return np.array([self.code(text) for text in texts], np.int32)

    def join(self, first: Codes, second: Codes) -> Codes:
        """Return, position by position, the number of both reasons joined by ';' without repeats."""
        if not second.any():
            return first
        if not first.any():
            return second
        size = len(self.texts)
        found, pairs = pd.factorize(first.astype(np.int64) * size + second)
        both = [self._joined(self.texts[pair // size], self.texts[pair % size]) for pair in pairs.tolist()]
        return self.codes(both)[found]

    @staticmethod
    def _joined(first: str, second: str) -> str:
        parts = dict.fromkeys([*first.split(";"), *second.split(";")])
        return ";".join(part for part in parts if part)


class Facts:
    """One array for each fact, all of one length, read once in the form that conditions need.

    Parameters
    ----------
    arrays
        Columns by name: arrays, series or categoricals. A fact that is not there is unknown of every subject.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._arrays = arrays
        self.n = len(next(iter(arrays.values()))) if arrays else 0
        self._words: dict[str, tuple[Codes, list[str]]] = {}
        self._places: tuple[Codes, list[tuple[str, str, str]]] | None = None
        self.reasons = Reasons()

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def words(self, name: str) -> tuple[Codes, list[str]]:
        """Return a column of words as codes into a list of its values; blank and absent are ``''``."""
        if name not in self._words:
            self._words[name] = self._factorised(name)
        return self._words[name]

    def _factorised(self, name: str) -> tuple[Codes, list[str]]:
        if name not in self._arrays:
            return np.zeros(self.n, np.int32), [""]
        column = self._arrays[name]
        column = column.array if isinstance(column, pd.Series) else column
        if isinstance(column, pd.Categorical):
            codes, values = np.asarray(column.codes, np.int32), [str(v) for v in column.categories]
        else:
            found, uniques = pd.factorize(np.asarray(column, dtype=object))
            codes, values = found.astype(np.int32), [str(value) for value in uniques]
        if (codes < 0).any():
            codes = np.where(codes < 0, len(values), codes).astype(np.int32)
            values.append("")
        return codes, values

    def numbers(self, name: str) -> Floats:
        """Return a column of numbers; absent is not-a-number."""
        if name not in self._arrays:
            return np.full(self.n, np.nan)
        return np.asarray(self._arrays[name], np.float64)

    def tri(self, name: str) -> Tri:
        """Return a column in three-valued logic; absent is UNKNOWN."""
        if name not in self._arrays:
            return np.full(self.n, UNKNOWN, np.int8)
        return np.asarray(self._arrays[name], np.int8)

    def flags(self, name: str) -> npt.NDArray[np.bool_]:
        """Return a column of yes and no; absent is no."""
        if name not in self._arrays:
            return np.zeros(self.n, np.bool_)
        return np.asarray(self._arrays[name], np.bool_)

    def places(self) -> tuple[Codes, list[tuple[str, str, str]]]:
        """Return codes into the distinct (adcode, alternatives, boundary_reason) of the subjects."""
        if self._places is None:
            columns = [self.words(name) for name in ("adcode", "alternatives", "boundary_reason")]
            keys = np.zeros(self.n, np.int64)
            for codes, values in columns:
                keys = keys * len(values) + codes
            found, uniques = pd.factorize(keys)
            combos = []
            for key in uniques.tolist():
                parts: list[str] = []
                for _, values in reversed(columns):
                    key, rest = divmod(key, len(values))
                    parts.append(values[rest])
                combos.append((parts[2], parts[1], parts[0]))
            self._places = found.astype(np.int32), combos
        return self._places
