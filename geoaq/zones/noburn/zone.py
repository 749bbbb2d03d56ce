"""What a zone is: its outline, the text that makes it, its class, and when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import shapely

#: 秸秆禁烧区 and 高污染燃料禁燃区, and what distances are kept from.
ZONES = ("straw", "fuel")
FEATURES = ("airport", "motorway", "railway", "road")
#: 禁烧区 and 限烧区; the classes of fuels of 国环规大气〔2017〕2号.
CLASSES = {"straw": ("ban", "limit"), "fuel": ("I", "II", "III")}
#: Whence the ban comes: the whole province, a key region, a local notice; none: nobody cited a text.
BASES = ("province", "key_region", "local_notice", "none")


@dataclass(frozen=True)
class Text:
    """The text that makes a zone.

    Parameters
    ----------
    basis
        One of `BASES`.
    title, number, issuer, day, article, quote
        As printed; ``day`` is that of issue (YYYY-MM-DD). A notice may have no number.
    """

    basis: str = "none"
    title: str = ""
    number: str = ""
    issuer: str = ""
    day: str = ""
    article: str = ""
    quote: str = ""

    @property
    def cited(self) -> bool:
        """Say whether a text is named well enough to be looked up: title, issuer and day."""
        return self.basis != "none" and all((self.title, self.issuer, self.day))


@dataclass(frozen=True)
class Zone:
    """One version of a zone, or of what a distance is kept from.

    Parameters
    ----------
    id, version
        Its identity, and which of its versions this is.
    kind
        One of `ZONES` or `FEATURES`.
    class_
        Of `CLASSES`; ``""`` for what distances are kept from.
    name
        As its people call it.
    text
        The text that makes it.
    first, last
        The days (Beijing) on which this version holds, both included; None: no end.
    seasons
        Month-days ``(10-01, 11-30)``, both included, over New Year where the first is later; none: all year.
    hours
        Times of day in Beijing ``(06:00, 20:00)``, both minutes included, over midnight where the first is
        later; none: day and night.
    complete_for
        Codes of areas for which its text lists every zone there is: outside all of them nothing is banned.
    radius_km
        The distance that the text states; None: that of the policy.
    shape
        WGS 84, valid.
    """

    id: str
    version: int
    kind: str
    class_: str
    name: str
    text: Text
    first: date
    last: date | None
    shape: shapely.Geometry
    seasons: tuple[tuple[str, str], ...] = ()
    hours: tuple[tuple[str, str], ...] = ()
    complete_for: tuple[str, ...] = ()
    radius_km: float | None = None

    @property
    def begins(self) -> date:
        """Return the day from which on it may be held against anyone: none before its text was issued."""
        issued = date.fromisoformat(self.text.day) if self.text.day else self.first
        return max(self.first, issued)
