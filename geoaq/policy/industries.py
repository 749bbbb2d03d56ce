"""Lists of industries by their GB/T 4754 codes, and how the code of a project falls against one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.verdicts import Verdict
from geoaq.policy.vocabulary import Strict

EDITIONS = ("2017", "2011")
# How sure a list is of an entry: seen in a public source, general knowledge, code not found in a table.
Evidence = Literal["seen", "known", "code_unchecked"]
# From the best match to none: an entry that a code meets exactly wins over one narrower than the code.
_RANKS = ("exact", "wider", "process", "incomplete", "flagged", "absent", "unknown")
_FALLS: dict[str, Verdict] = {
    "exact": (TRUE, ""),
    "wider": (UNKNOWN, "industry_wider"),
    "process": (UNKNOWN, "industry_process"),
    "incomplete": (UNKNOWN, "industry_incomplete"),
    "flagged": (FALSE, "industry_flagged"),
    "absent": (FALSE, ""),
    "unknown": (UNKNOWN, "unknown_industry"),
}


class Entry(Strict):
    """One industry of a list; a code covers every code that it begins.

    ``exact`` are classes that are the industry; ``wider`` classes hold others too, unless what the row says
    contains a word of ``confirmed_by``; a word of ``doubted_by`` makes an exact class a wider one.
    ``process`` are divisions in which a process, not an industry, may occur. Codes of the edition of 2011 are
    those of 2017 unless stated.
    """

    name: str
    no: int | None = None
    evidence: Evidence
    exact: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    exact_2011: tuple[str, ...] | None = None
    wider_2011: tuple[str, ...] | None = None
    confirmed_by: tuple[str, ...] = ()
    doubted_by: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _some_code(self) -> Self:
        if not (self.exact or self.wider or self.process):
            raise ValueError("an industry without a code")
        return self

    def codes(self, edition: str) -> Iterator[tuple[str, str]]:
        """Yield how a code meets the entry, and the code, in an edition."""
        old = edition == "2011"
        exact = self.exact if not old or self.exact_2011 is None else self.exact_2011
        wider = self.wider if not old or self.wider_2011 is None else self.wider_2011
        yield from (("exact", code) for code in exact)
        yield from (("wider", code) for code in wider)
        yield from (("process", code) for code in self.process)

    def rank(self, code: str, edition: str, words: str) -> str:
        """Return how a code meets the entry; ``words`` is what the row says of the project."""
        doubted = any(word in words for word in self.doubted_by)
        confirmed = not doubted and any(word in words for word in self.confirmed_by)
        found = [how for how, listed in self.codes(edition) if code.startswith(listed)]
        if not found:
            part = any(listed.startswith(code) for _, listed in self.codes(edition))
            return "incomplete" if part and len(code) < 4 else "absent"
        best = min(found, key=_RANKS.index)
        if best == "exact" and doubted:
            return "wider"
        return "exact" if best == "wider" and confirmed else best


class IndustryList(Strict):
    """A list of industries: where it is printed, its entries, and what is left out though often consulted.

    ``flagged`` are codes of the edition of 2017 and ``flagged_2011`` of that of 2011; whatever its code, a
    row with a word of ``flagged_words`` is flagged too.
    """

    id: str
    title: str
    number: str = ""
    evidence: Evidence
    note: str = ""
    entries: tuple[Entry, ...] = Field(min_length=1)
    flagged: tuple[str, ...] = ()
    flagged_2011: tuple[str, ...] = ()
    flagged_words: tuple[str, ...] = ()
    process_words: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Return every word that the list looks for in what a row says."""
        said = (
            *self.process_words,
            *self.flagged_words,
            *(w for e in self.entries for w in (*e.confirmed_by, *e.doubted_by)),
        )
        return tuple(dict.fromkeys(said))

    def matching(self, code: str, edition: str) -> tuple[Entry, ...]:
        """Return the entries that a code meets, in either edition where none is stated."""
        asked = (edition,) if edition in EDITIONS else EDITIONS
        return tuple(
            entry
            for entry in self.entries
            if code and any(code.startswith(listed) for one in asked for _, listed in entry.codes(one))
        )


class Industries(Strict):
    """The lists by name, and the classes of the divisions in which they have entries, by edition."""

    lists: dict[str, IndustryList]
    classes: dict[str, dict[str, tuple[str, ...]]]

    def known(self, code: str, edition: str) -> bool:
        """Say whether a code can be one of GB/T 4754: a division, and a class where classes are listed."""
        if not code.isdecimal() or not 2 <= len(code) <= 4 or not 1 <= int(code[:2]) <= 97:
            return False
        listed = self.classes[edition].get(code[:2])
        return listed is None or any(one.startswith(code) for one in listed)

    def by_division(self, code: str, edition: str) -> bool:
        """Say whether of a code that can be one of GB/T 4754 only the division was checked, not the class."""
        asked = (edition,) if edition in EDITIONS else EDITIONS
        classed = any(code[:2] in self.classes[one] for one in asked)
        return len(code) > 2 and not classed and any(self.known(code, one) for one in asked)

    def verdict(self, name: str, code: str, edition: str, words: str) -> Verdict:
        """Judge a code against a list.

        Parameters
        ----------
        name
            The list.
        code, edition
            As the row states them; the edition is ``2017``, ``2011`` or ``''``.
        words
            What the row says of the industry and the project.

        Returns
        -------
        tuple of int and str
            Truth and reason. Without an edition a code is judged in both: where they differ, it is unknown.
        """
        listed = self.lists[name]
        if not code:
            return UNKNOWN, "missing_attribute:industry_code"
        asked = (edition,) if edition in EDITIONS else EDITIONS
        ranks = [self._rank(listed, code, one, words) for one in asked if self.known(code, one)]
        found = {_FALLS[rank] for rank in ranks}
        if not found:
            return _FALLS["unknown"]
        if len({truth for truth, _ in found}) > 1:
            return UNKNOWN, "missing_attribute:industry_edition"
        return _FALLS[min(ranks, key=_RANKS.index)]

    def _rank(self, listed: IndustryList, code: str, edition: str, words: str) -> str:
        best = min((entry.rank(code, edition, words) for entry in listed.entries), key=_RANKS.index)
        if best == "absent" and any(word in words for word in listed.process_words):
            return "process"
        flagged = code.startswith(listed.flagged if edition == "2017" else listed.flagged_2011)
        flagged |= any(word in words for word in listed.flagged_words)
        return "flagged" if best == "absent" and flagged else best
