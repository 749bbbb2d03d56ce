"""Codes with parameters, and how they become a sentence in the reader's language at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from geoaq.policy.sources import Title
from geoaq.wording import catalogue, say


@dataclass(frozen=True)
class Word:
    """A word of the catalogue, e.g. ``terms.fuel_coal``; one that is not there is shown as it was stated."""

    code: str
    stated: str = ""

    def text(self, lang: str) -> str:
        """Return the word in ``lang``."""
        return say(self.code, lang) if self.code in catalogue() else self.stated or self.code


@dataclass(frozen=True)
class Measure:
    """A number with its unit: ``tph``, ``mw``, ``km``, ``ug_m3``; Chinese text says 万千瓦 and 公里."""

    value: float
    unit: str

    def text(self, lang: str) -> str:
        """Return number and unit in ``lang``; not-a-number is "not stated"."""
        if self.value != self.value:
            return say("terms.not_stated", lang)
        value = self.value / 10 if self.unit == "mw" and lang == "zh" else self.value
        digits = f"{value:.2f}" if self.unit == "km" and value != round(value) else f"{value:.6g}"
        return say(f"terms.unit_{self.unit}", lang, value=digits)


@dataclass(frozen=True)
class Note:
    """One sentence: its code and its values."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text("zh")

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in ``lang``, plain text."""
        return say(self.code, lang, **{name: _text(value, lang) for name, value in self.params.items()})


Value: TypeAlias = Word | Measure | Note | Title | str | int | tuple["Value", ...]


def _text(value: Value, lang: str) -> str:
    if isinstance(value, tuple):
        return ("、" if lang == "zh" else ", ").join(_text(one, lang) for one in value)
    if isinstance(value, Title):
        return value.zh if lang == "zh" else value.en
    return value.text(lang) if isinstance(value, Word | Measure | Note) else str(value)
