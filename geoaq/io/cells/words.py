"""Reads the words of a cell: fuel, status, purpose … as one value of a vocabulary."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from geoaq.io.cells.text import is_blank, tidy

_DENIED = re.compile(r"(?:未|不|非|没|没有|拟|待|将|计划|准备|即将|预计|申请)(?:被|能|进行|实施|全部|完成)?$")
# Values that a cell names only if they have come about, and among them those that end a boiler or a unit.
_COME_ABOUT = frozenset({"operating", "standby", "stopped", "demolished", "clean_energy", "flue_cut"})
_ENDS = frozenset({"stopped", "demolished", "clean_energy", "flue_cut"})
_ELIMINATES = frozenset({"demolished", "clean_energy", "flue_cut"})
_CLAUSE = re.compile(r"[,。;()]")
_SENTENCE = re.compile(r"[。;]")
_PLAN = re.compile(r"计划|(?<!模)拟|即?将|(?<![招接])待(?!机)|预计|尚未|准备|申请|争取|力争")
_DUTY = re.compile(
    r"(?<![供反响对相适])应(?!急)|需(?!求)|须|要求|责令|(?<![目此日先提])前|年底|年内|正在|部分|基本|逐步|分批|建议|同意"
    r"|暂不|暂缓|无法"
)
_NEGATION = re.compile(r"未|没|不|无法")
_YEAR = re.compile(r"\d{4}年|\d{4}[./-]\d")
_DATED = re.compile(
    r"^经?[于在]?(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:[年月]?底|初|上半年|下半年)?[之以]?[前内]?"
)
_OUTRIGHT = re.compile(r"(?:经|全部|完成|整体|自行|提前|依法)*")
_OPEN = re.compile(r"未完成|未实施|未落实|否")
_NOT_YET = re.compile(
    r"(?:工作|任务|改造)?(?:计划|方案|项目|工程|任务|名单|清单|范围|对象|中(?!心)|尚?未|没|待|不|推进|进行)"
)
_SEEN = "\x00"


@dataclass(frozen=True)
class Word:
    """The value that a cell names (``""`` none) and how sure that is.

    ``certainty`` is ``blank``; ``sure``; ``mixed`` (several values); ``denied`` (only as a plan, a duty or in
    the negative); or ``unknown``.
    """

    value: str
    certainty: str


class Vocabulary:
    """Words of one kind of column, longest first.

    A status and evidence of elimination are named only by what has come about: a plan (计划2027年拆除), a
    duty (应拆除), a time limit (2026年底前拆除), and for elimination a bare year (2027年拆除) are none; 已
    before the word says that it is done.

    Parameters
    ----------
    words
        Value → words; the order of the values is their precedence where a cell names several.
    silent
        Words that are known and name no value.
    letters
        A single Chinese character counts inside a longer text too (煤 in 二类煤); else only as a whole cell.
    """

    def __init__(
        self, words: Mapping[str, Sequence[str]], *, silent: Collection[str] = (), letters: bool = True
    ) -> None:
        self._order = list(words)
        self._exact = {_plain(word): value for value, entries in words.items() for word in (value, *entries)}
        self._exact |= {_plain(word): "" for word in silent}
        # A single letter or digit counts only as the whole cell.
        self._inside = sorted(
            (w for w in self._exact if len(w) > 1 or (letters and not w.isascii())), key=len, reverse=True
        )

    def read(self, text: str) -> Word:
        """Return what a cell says.

        Examples
        --------
        >>> fuels = Vocabulary({"coal": ["煤"], "gas": ["煤气", "天然气"]})
        >>> fuels.read("焦炉煤气").value, fuels.read("煤、天然气"), fuels.read("草").certainty
        ('gas', Word(value='coal', certainty='mixed'), 'unknown')
        """
        whole = self.read_whole(text)
        if whole.certainty != "unknown":
            return whole
        plain = rest = _plain(text)
        found: set[str] = set()
        seen = False
        for word in self._inside:
            at = rest.find(word)
            while at >= 0:
                seen = True
                before = plain[:at] + ("已" if word.startswith("已") else "")
                if not _is_denied(self._exact[word], before, plain[at + len(word) :]):
                    found.add(self._exact[word])
                rest = rest[:at] + _SEEN * len(word) + rest[at + len(word) :]
                at = rest.find(word)
        values = found - {""}
        if not values:
            return Word("", "sure" if found else "denied" if seen else "unknown")
        return Word(min(values, key=self._order.index), "sure" if len(values) == 1 else "mixed")

    def read_whole(self, text: str) -> Word:
        """Return what a cell says where the whole of it is one word; any other text is ``unknown``."""
        plain = _plain(text)
        if plain in self._exact:
            return Word(self._exact[plain], "sure")
        return Word("", "blank" if is_blank(text) else "unknown")


def _is_denied(value: str, before: str, after: str) -> bool:
    """Say whether a word is only planned, asked for or negated by what stands around it."""
    if value not in _COME_ABOUT:
        # What is planned may well be called so: 拟新建, 计划扩建.
        return value not in {"planned", "relocating", "altering"} and _DENIED.search(before) is not None
    if _DENIED.search(before):
        return True
    clause = _CLAUSE.split(before)[-1]
    if value not in _ENDS:
        return _PLAN.search(clause) is not None
    # A plan for elimination reaches over commas: 计划于2026年底，拆除.
    eliminates = value in _ELIMINATES
    reach = _SENTENCE.split(before)[-1] if eliminates else clause
    _head, done, tail = reach.rpartition("已")
    if done:
        tail = _DATED.sub("", tail, count=1)
    if _PLAN.search(tail) or _DUTY.search(tail) or _NEGATION.search(_CLAUSE.split(tail)[-1]):
        return True
    if not eliminates:
        return False
    if _NOT_YET.match(after):
        return True
    if done and _OUTRIGHT.fullmatch(tail):
        return False
    rest = _SENTENCE.split(after)[0]
    return any(sign.search(tail + " " + rest) for sign in (_YEAR, _PLAN, _DUTY, _OPEN))


def _plain(text: str) -> str:
    return tidy(text).lower().replace(" ", "")
