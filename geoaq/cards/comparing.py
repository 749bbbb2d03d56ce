"""A comparison of two screenings in words: its head, and one line for each subject that changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.cards.evidence import own_number
from geoaq.cards.rules import rule_words
from geoaq.catalog import Catalog
from geoaq.flows.comparing import CAUSES, KINDS, Comparison, Difference
from geoaq.report.numbers import grouped
from geoaq.report.sentences import timing_sentence
from geoaq.wording import catalogue, say

# So many rules of one subject stand on a page; the exported files have all.
MOST_RULES = 6
_PLAIN = {"as_of", "complete_for", "boundary_error_m", "downwind_threshold"}
_SIDES = ("old", "new")


def head(catalog: Catalog, found: Comparison, lang: str) -> dict[str, Any]:
    """Return what a page says above the lines.

    Returns
    -------
    dict
        ``subjects``, ``changed``, ``unchanged`` (sentences), ``kinds`` (``value text count``), ``causes``
        (``value text sentence shown maybe``), ``notes``, ``runs``, ``leads``, ``rules`` (lists of sentences).
    """
    counts = found.counts
    notes = [
        say(f"comparing.{code}", lang, count=grouped(counts[name]))
        for code, name in (
            ("unchanged_row", "unchanged_row"), ("by_name", "by_name"), ("unmatched_note", "unmatched"),
        )
        if counts[name]
    ]  # fmt: skip
    return {
        "subjects": say(
            "comparing.subjects",
            lang,
            old=grouped(counts["old"]),
            new=grouped(counts["new_list"]),
            matched=grouped(counts["matched"]),
        ),
        "changed": say("comparing.changed", lang, count=grouped(counts["changed"])),
        "unchanged": say("comparing.unchanged", lang, count=grouped(counts["unchanged"])),
        "notes": notes,
        "kinds": [
            {"value": kind, "text": say(f"comparing.kind_{kind}", lang), "count": grouped(counts[kind])}
            for kind in KINDS
            if counts[kind]
        ],
        "causes": [
            _cause(cause, told, lang)
            for cause, told in found.causes.items()
            if told["shown"] or told["maybe"]
        ],
        "runs": [_run(one, lang) for one in found.runs],
        "leads": [
            say(
                "comparing.from_to_count",
                lang,
                old=_lead(old, lang),
                new=_lead(new, lang),
                count=grouped(count),
            )
            for (old, new), count in found.leads.items()
        ],
        "rules": [
            say(
                "comparing.rule_count",
                lang,
                rule=_rule(catalog, rule, lang),
                old=_outcome(old, lang),
                new=_outcome(new, lang),
                count=grouped(count),
            )
            for (rule, old, new), count in found.rules.items()
        ],
    }


def chosen(found: Comparison, *, kind: str = "", cause: str = "", text: str = "") -> npt.NDArray[np.int64]:
    """Return the positions in ``found.lines`` of one kind, one cause and a part of a name or number.

    A cause stands for the lines that it is shown to have changed, and, where none is, that it may have.
    """
    lines = found.lines
    mask = np.ones(len(lines), bool)
    if kind:
        mask &= (lines["bits"].to_numpy(np.int64) & (1 << KINDS.index(kind))) > 0
    if cause:
        shown, differs = lines["shown"].to_numpy(np.int64), lines["differs"].to_numpy(np.int64)
        told = np.where(shown > 0, shown, differs)
        mask &= (told & (1 << CAUSES.index(cause))) > 0
    if text:
        hit = np.zeros(len(lines), bool)
        for name in ("name_old", "name_new", "subject_id_old", "subject_id_new"):
            hit |= lines[name].astype("str").str.contains(text, case=False, regex=False).to_numpy(bool)
        mask &= hit
    return np.flatnonzero(mask)


def line(
    catalog: Catalog, found: Comparison, at: int, lang: str, *, most_rules: int | None = MOST_RULES
) -> dict[str, Any]:
    """Return one line in words.

    Parameters
    ----------
    at
        Position in ``found.lines``.
    most_rules
        How many rules are told; None: all.

    Returns
    -------
    dict
        ``kinds`` (codes), ``kind`` (words), ``by_name``, ``subject_id``, ``number`` (as it is shown),
        ``name``, ``county``, ``old`` and ``new`` (None, or ``key row lead sign rule timing far``),
        ``changes`` and ``data`` (sentences), ``why``.
    """
    one = {str(name): value for name, value in found.lines.iloc[at].to_dict().items()}
    kinds = [kind for place, kind in enumerate(KINDS) if int(one["bits"]) >> place & 1]
    sides = {side: _side(catalog, one, side, lang) for side in _SIDES}
    last = "new" if sides["new"] is not None else "old"
    changes = _changes(one, kinds, lang)
    data: list[str] = []
    why = ""
    if one["key"] >= 0:
        cells = [cell for cell in found.of_pair("cells", int(one["key"])) if cell["differs"]]
        kept = cells if most_rules is None else cells[:most_rules]
        changes += [_rule_line(catalog, cell, lang) for cell in kept]
        if len(kept) < len(cells):
            changes.append(say("comparing.more_rules", lang, count=len(cells) - len(kept)))
        data = [_data_line(cell, lang) for cell in found.of_pair("data", int(one["key"]))]
        why = why_text(int(one["differs"]), int(one["shown"]), lang)
    return {
        "kinds": kinds,
        "kind": say("cards.and", lang).join(say(f"comparing.kind_{kind}", lang) for kind in kinds),
        "by_name": bool(one["by_name"]),
        "subject_id": one[f"subject_id_{last}"],
        "number": own_number(one[f"subject_id_{last}"], lang),
        "name": one[f"name_{last}"],
        "county": one[f"county_{last}"],
        **sides,
        "changes": changes,
        "data": data,
        "why": why,
    }


def why_text(differs: int, shown: int, lang: str) -> str:
    """Return why a subject changed, from the bits of its causes."""
    if not differs:
        return say("comparing.why_nothing", lang)
    if not shown:
        return say("comparing.why_maybe", lang, causes=_causes(differs, lang))
    if shown != differs:
        others = _causes(differs & ~shown, lang)
        return say("comparing.why_beside", lang, causes=_causes(shown, lang), others=others)
    only = shown & (shown - 1) == 0
    return say("comparing.why_only" if only else "comparing.why_shown", lang, causes=_causes(shown, lang))


def _side(catalog: Catalog, one: dict[str, Any], side: str, lang: str) -> dict[str, Any] | None:
    row = one[f"row_{side}"]
    if row != row:
        return None
    distance, timing = one[f"distance_km_{side}"], one[f"lead_timing_{side}"]
    return {
        "key": f"{int(row)}-{int(one[f'part_{side}'])}",
        "row": int(row),
        "lead": _lead(one[f"lead_{side}"], lang),
        "sign": one[f"lead_{side}"] or "none",
        "rule": _rule(catalog, one[f"lead_rule_{side}"], lang),
        "timing": timing_sentence(timing, {}, lang) if timing else "",
        "far": "" if distance != distance else say("terms.unit_km", lang, value=round(float(distance), 3)),
    }


def _changes(one: dict[str, Any], kinds: list[str], lang: str) -> list[str]:
    """Return what changed beside the rules: time limit, distance, provinces."""
    said = []
    if "timing" in kinds:
        words = [one[f"lead_timing_{side}"] for side in _SIDES]
        if words[0] != words[1] and all(words):
            old, new = (timing_sentence(word, {}, lang) for word in words)
            said.append(say("comparing.from_to", lang, old=old, new=new))
    if "distance" in kinds:
        km = [_number(one[f"distance_km_{side}"], 3, lang) for side in _SIDES]
        errors = [_number(one[f"distance_u_m_{side}"], 0, lang) for side in _SIDES]
        told = {"old": km[0], "new": km[1], "u_old": errors[0], "u_new": errors[1]}
        said.append(say("comparing.distance_line", lang, **told))
    if "consultees" in kinds:
        empty = say("comparing.empty", lang)
        names = [str(one[f"consultee_names_{side}"] or empty).replace(";", "、") for side in _SIDES]
        said.append(say("comparing.consultees_line", lang, old=names[0], new=names[1]))
    return said


def _rule_line(catalog: Catalog, cell: dict[str, Any], lang: str) -> str:
    return say(
        "comparing.rule_line",
        lang,
        rule=_rule(catalog, cell["rule_id"], lang),
        old=_outcome(cell["outcome_old"], lang),
        new=_outcome(cell["outcome_new"], lang),
    )


def _data_line(cell: dict[str, Any], lang: str) -> str:
    name = cell["column"]
    code = f"comparing.column_{name}"
    values = [_value(name, cell[side], lang) for side in _SIDES]
    column = say(code, lang) if code in catalogue() else name
    return say("comparing.data_line", lang, column=column, old=values[0], new=values[1])


def _value(name: str, value: Any, lang: str) -> str:
    if value is None or value == "" or value != value:
        return say("comparing.empty", lang)
    if isinstance(value, bool | np.bool_):
        return say(f"terms.tri_{int(value)}", lang)
    if isinstance(value, float):
        value = value / 10 if name == "capacity_mw" and lang == "zh" else value
        return f"{value:.10g}"
    code = f"terms.{name}_{value}"
    return say(code, lang) if code in catalogue() else str(value)


def _number(value: float, digits: int, lang: str) -> str:
    return say("comparing.empty", lang) if value != value else grouped(value, digits)


def _lead(sign: str, lang: str) -> str:
    return say(f"comparing.lead_{sign}", lang)


def _outcome(outcome: str, lang: str) -> str:
    return say(f"policy.outcome_{outcome}", lang) if outcome else say("comparing.not_asked", lang)


def _rule(catalog: Catalog, rule_id: str, lang: str) -> str:
    if not rule_id:
        return ""
    words = rule_words(catalog, rule_id, lang)
    return f"{words.title} · {words.place}" if words.place else words.title


def _causes(bits: int, lang: str) -> str:
    named = [say(f"comparing.cause_{cause}", lang) for at, cause in enumerate(CAUSES) if bits >> at & 1]
    return say("cards.and", lang).join(named)


def _cause(cause: str, told: Any, lang: str) -> dict[str, Any]:
    name = say(f"comparing.cause_{cause}", lang)
    numbers = {"shown": grouped(told["shown"]), "maybe": grouped(told["maybe"])}
    sentence = say("comparing.cause_count", lang, cause=name, **numbers)
    return {"value": cause, "text": name, "sentence": sentence, **told}


def _run(one: Difference, lang: str) -> str:
    """Return in what the runs differ: plain values side by side, of files that they are others."""
    kind, _, name = one.what.partition(":")
    what = say(f"comparing.what_{kind}", lang, name=name)
    empty = say("comparing.empty", lang)
    file = one.cause in ("boundary", "columns", "data", "layers", "plants") and kind not in _PLAIN
    if file and one.old and one.new and " " not in one.old and kind != "plants":
        return f"{what}：{say('comparing.other_file', lang)}（{one.old} → {one.new}）"
    return say("comparing.data_line", lang, column=what, old=one.old or empty, new=one.new or empty)
