"""Heights of stacks as reports state them: one number, or a list of outlets of which the highest counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import nan

from geoaq.frames import Severity
from geoaq.io.cells.text import is_blank, tidy

# The highest stacks in service anywhere are about 420 m.
_TALLEST_M = 420.0
_N = r"\d+(?:\.\d+)?"
_NONE = re.compile(
    r"(?:无|不设置?|未设置?|没有|无需设置?)(?:新建|新增)?(?:排气筒|烟囱)|无组织(?:排放)?|不涉及"
)
_ROOF = re.compile(r"楼顶|屋顶|屋面|楼面|房顶")
_BOUND = re.compile(r"[<>≤≥≦≧]|以下|以上|不足|不低于|不小于|不高于|不超过|不大于|至少|小于|大于")
_EXISTING = re.compile(r"依托|利用|利旧|现有|原有|已建|已有|既有")
_ABOUT = re.compile(r"大?约|左右|近")
_APART = re.compile(r"[;,、/+\n]|和|及")
# What stands beside a height: the number of the outlet, how many there are, the bore, temperature of the gas.
_LABEL = re.compile(
    r"(?<![a-z])(?:da|fq|p|g|y|q)-?\d{1,4}#?|\d+ ?#|# ?\d+|\d+号"
    r"|[第共]?[一二三四五六七八九十两\d]+ ?[根个座支条]"
)
_BORE = re.compile(rf"(?:出口)?(?:内径|直径|口径|[φød](?![a-z]))[:= ]*{_N} ?(?:m|米)?")
_WARM = re.compile(rf"(?:烟温|温度)?[:= ]*{_N} ?(?:°c|℃)")
_RANGE = re.compile(rf"({_N}) ?(?:m|米)? ?(?:~|-|至|到|—|–) ?({_N})")
_NUMBER = re.compile(_N)
# A minus before a height, which is no dash between two numbers and none after the label of an outlet.
_NEGATIVE = re.compile(rf"(?:^|[:=;,、/(（为高度 ])(?<!\d )[-−–—] ?{_N} ?(?:m|米|$|[;,、)）])")
_WORDS = re.compile(
    r"新建|新增|拟建|排气筒|烟囱|排放口|主|高度|高|离地|距地面?|地面以上|均为|分别为?|各|为|各?均|米|m|h(?![a-z])"
    r"|依托|利用|利旧|现有|原有|已建|已有|既有|编号|[\s:=()\[\]×x*.。-]"
)
# A height that is none above ground, or no height at all.
_UNUSABLE = ((_NEGATIVE, "stack_negative"), (_ROOF, "stack_on_roof"), (_BOUND, "stack_not_exact"))


@dataclass(frozen=True)
class Stack:
    """The highest stack of a cell in metres above ground (0 none, NaN not known) and what was odd about it.

    ``existing``: the cell names none but stacks that stand already.
    """

    height_m: float = nan
    codes: tuple[tuple[str, Severity], ...] = ()
    existing: bool = False


def read_stack(text: str) -> Stack:
    """Return the highest stack that a cell states; where some are new and some stand already, of the new.

    Examples
    --------
    >>> read_stack("DA001: 80; DA002: 45").height_m, read_stack("80 米").height_m
    (80.0, 80.0)
    >>> read_stack("-60").codes
    (('stack_negative', 'warning'),)
    >>> read_stack("无排气筒").height_m, read_stack("楼顶15m").codes
    (0.0, (('stack_on_roof', 'warning'),))
    """
    if is_blank(text):
        return Stack(codes=(("stack_missing", "warning"),))
    plain = tidy(text).lower()
    if _NONE.fullmatch(plain):
        return Stack(0.0, (("stack_none", "repair"),))
    for sign, code in _UNUSABLE:
        if sign.search(plain):
            return Stack(codes=((code, "warning"),))
    codes: list[tuple[str, Severity]] = []
    if _ABOUT.search(plain):
        plain = _ABOUT.sub("", plain)
        codes.append(("stack_approximate", "warning"))
    built: list[float] = []
    standing: list[float] = []
    for piece in _APART.split(plain):
        heights = _heights(piece, codes)
        if heights is None:
            return Stack(codes=(("stack_unreadable", "warning"),))
        (standing if _EXISTING.search(piece) else built).extend(heights)
    if not built and not standing:
        return Stack(codes=(("stack_unreadable", "warning"),))
    height = max(built or standing)
    if len(built) + len(standing) > 1:
        codes.append(("stack_highest", "repair"))
    elif not _NUMBER.fullmatch(text.strip()):
        codes.append(("stack_cleaned", "repair"))
    if height > _TALLEST_M:
        codes.append(("stack_large", "warning"))
    return Stack(height, tuple(dict.fromkeys(codes)), existing=not built)


def _heights(piece: str, codes: list[tuple[str, Severity]]) -> list[float] | None:
    """Return the heights of one outlet, none for a mere label; None where something is not understood."""
    bare = _WARM.sub(" ", _BORE.sub(" ", _LABEL.sub(" ", piece)))
    span = _RANGE.search(bare)
    if span:
        codes.append(("stack_range", "warning"))
    if _WORDS.sub("", _NUMBER.sub(" ", _RANGE.sub(" ", bare))):
        return None
    return [float(number) for number in _NUMBER.findall(bare)]
