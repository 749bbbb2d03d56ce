"""What a sheet says, line by line, in one language: the same text for the file and for the page.

All of it is plain text in the order in which it is read; whoever lays it out escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from geoaq.report.numbers import fixed
from geoaq.report.sheet.background import context, versions
from geoaq.report.sheet.data import Clause, Condition, FollowUp, Limb, Neighbour, SheetData
from geoaq.report.sheet.units import bearing, degrees, emissions, km, margin, plain, sexagesimal, whole_metres
from geoaq.report.sheet.writer import FULL, Detail, Writer, cite, limb_title

# What the list states of a project is cut only beyond so many characters: a name is whole.
_STATED = 120
_MARKS = {"T": "yes", "F": "no", "U": "open"}
_BARE_NUMBER = re.compile(r"[0-9.]+")
_HEADS = ("province", "distance", "error", "margin", "foot", "bearing", "second", "finding", "follow_up")
_DECIDING = ("nature", "position", "datum")
_LABELS = (
    "part_project", "part_result", "part_open", "part_vetoes", "part_context", "part_versions", "missing",
    "office", "questions", "none", "map_overview", "map_detail", "rose", "signed",
)  # fmt: skip


def sheet_page(data: SheetData, lang: str = "zh", detail: Detail = FULL) -> dict[str, Any]:
    """Return the sheet as text by section; the keys are those that template and page lay out.

    Parameters
    ----------
    detail
        How much is told; what is left out is counted where it would have stood.
    """
    writer = Writer(data, lang, detail)
    labels = {name: writer.say(f"sheet.{name}") for name in _LABELS}
    labels |= {name: writer.say(f"sheet.{name}", km=writer.strip()) for name in ("part_distance", "map_note")}
    labels["map_note"] += writer.say("sheet.map_note_sectors") if data.shapes.sectors else ""
    labels["foot"] = writer.say("sheet.foot") + (writer.say("sheet.foot_cut") if detail.signs else "")
    return {
        "lang": "zh-CN" if lang == "zh" else "en",
        "head": _head(writer),
        "project": _project(writer),
        "limbs": [_limb(writer, limb) for limb in data.limbs],
        "neighbours": _neighbours(writer),
        "missing": [writer.whole(one) for one in data.missing],
        "office": writer.listed(data.office),
        "questions": writer.listed(data.questions),
        "vetoes": [_clause(writer, one) for one in writer.cut(data.vetoes)],
        "vetoes_more": writer.more(len(data.vetoes)),
        "context": context(writer),
        "versions": versions(writer),
        "labels": labels,
    }


def _head(writer: Writer) -> dict[str, str]:
    data = writer.data
    return {
        "title": writer.say("sheet.title"),
        "number": writer.say("sheet.number", number=writer.short(_number(writer))),
        "as_of": writer.say("sheet.as_of", day=data.as_of.isoformat()),
        "notice": writer.say("sheet.notice"),
        "synthetic": writer.say("sheet.synthetic") if data.synthetic else "",
        "lead": writer.whole(data.lead),
    }


def _number(writer: Writer) -> str:
    return writer.data.number if writer.data.project.own_number else writer.say("cards.no_number")


def _project(writer: Writer) -> list[dict[str, Any]]:
    """Return label and value of each field; ``wide`` ones take a line of their own."""
    one = writer.data.project
    fields = [
        ("name", one.name, True),
        ("applicant", one.applicant, False),
        ("place", one.place.text(writer.lang), False),
        ("industry", _industry(writer), True),
        ("nature", writer.say(f"sheet.nature_{one.nature}") if one.nature else "", False),
        ("eia", writer.say(f"sheet.eia_{one.eia_kind}") if one.eia_kind else "", False),
        ("stack", stack(writer), False),
        ("emissions", emissions(one.emissions, writer.lang), False),
        ("position", _position(writer), True),
        ("datum", _datum(writer), True),
    ]
    said = {
        name: value if name in _DECIDING else writer.short(value, least=_STATED) for name, value, _ in fields
    }
    return [
        {
            "label": writer.say(f"sheet.field_{name}"),
            "value": said[name] or writer.say("sheet.not_stated"),
            "wide": wide,
        }
        for name, _, wide in fields
    ]


def _industry(writer: Writer) -> str:
    one = writer.data.project
    edition = one.industry_edition or "unstated"
    code = writer.say(f"sheet.industry_{edition}", code=plain(one.industry_code)) if one.industry_code else ""
    checked = writer.say("cards.by_division") if one.industry_by_division else ""
    said = " ".join(filter(None, (code or writer.say("sheet.not_stated"), writer.words(one.industry))))
    return " · ".join(filter(None, (said, checked)))


def stack(writer: Writer) -> str:
    """Return the stacks as the list states them, else the height of the highest, else ''."""
    one = writer.data.project
    stated = plain(one.stack_text)
    if one.stack_m is None or not _BARE_NUMBER.fullmatch(stated or "0"):
        return stated
    return writer.say("sheet.metres", value=f"{one.stack_m:g}")


def _position(writer: Writer) -> str:
    at = writer.data.position
    if at.kind == "point":
        kind = writer.say("sheet.kind_point")
    elif at.vertices is None:
        kind = writer.say("sheet.kind_outline")
    else:
        kind = writer.say("sheet.kind_polygon", count=at.vertices)
    across = writer.say("sheet.across") if writer.data.across else ""
    home = writer.say("sheet.home_open") if writer.data.home_open() else ""
    decimal = writer.say("sheet.wgs84", point=kind + degrees(at.lon, at.lat, writer.lang))
    return writer.join([decimal, sexagesimal(at.lon, at.lat), across, home])


def _datum(writer: Writer) -> str:
    at = writer.data.position
    return writer.join(
        [
            writer.words(at.datum),
            writer.say("sheet.as_stated", text=writer.short(at.stated)) if at.stated else "",
            "" if at.decimals is None else writer.say("sheet.decimals", count=at.decimals),
            writer.words(at.quality),
            writer.say("sheet.position_error", metres=whole_metres(at.u_m)),
        ]
    )


def _limb(writer: Writer, limb: Limb) -> dict[str, Any]:
    """Return one trigger; documents that share a sentence stand behind it together."""
    quotes = [
        {
            "quote": _quote(writer, quote),
            "cites": _cites(writer, [one for one in limb.clauses if one.quote == quote]),
        }
        for quote in dict.fromkeys(one.quote for one in limb.clauses)
    ]
    told = dict.fromkeys(each for one in limb.clauses for each in one.conditions)
    remarks = dict.fromkeys((*(each for one in limb.clauses for each in one.contested), *limb.notes))
    return {
        "title": limb_title(writer.data, limb.id, writer.lang),
        "outcome": limb.outcome,
        "verdict": writer.whole(limb.verdict),
        "quotes": writer.cut(quotes),
        "conditions": _conditions(writer, writer.cut(list(told))),
        "remarks": writer.listed(list(remarks)),
    }


def _clause(writer: Writer, one: Clause) -> dict[str, Any]:
    return {
        "title": writer.words(one.title),
        "outcome": one.outcome,
        "verdict": writer.words(one.verdict),
        "quote": _quote(writer, one.quote),
        "cites": _cites(writer, [one]),
        "conditions": _conditions(writer, one.conditions),
        "remarks": writer.listed(one.contested),
    }


def _quote(writer: Writer, quote: str) -> str:
    return writer.say("sheet.quote", quote=writer.short(quote))


def _cites(writer: Writer, clauses: Sequence[Clause]) -> str:
    said = [
        cite(one, writer.lang)
        + (writer.say("sheet.basis", basis=writer.words(one.basis)) if one.basis else "")
        for one in writer.cut(clauses)
    ]
    return writer.short(writer.say("sheet.list_joiner").join(said))


def _conditions(writer: Writer, conditions: Sequence[Condition]) -> list[dict[str, str]]:
    return [
        {
            "mark": _MARKS[one.truth],
            "sign": writer.say(f"sheet.mark_{one.truth}"),
            "text": writer.words(one.text),
        }
        for one in (conditions if writer.detail.conditions else ())
    ]


def _neighbours(writer: Writer) -> dict[str, Any]:
    """Return the table of provinces: those to be consulted first and all, lines that decide nothing last."""
    heads = [
        writer.say(f"sheet.head_{name}", km=writer.strip())
        if name == "margin"
        else writer.say(f"sheet.head_{name}")
        for name in _HEADS
    ]
    asked = writer.data.consultees()
    others = [one for one in writer.data.neighbours if one not in asked]
    others.sort(key=lambda one: one.kind == "other_line")
    shown = [*asked, *writer.cut(others)]
    return {
        "heads": heads,
        "rows": [{"outcome": one.outcome, "cells": _neighbour(writer, one)} for one in shown],
        "notes": [note for one in shown for note in _notes(writer, one)],
        "more": writer.more(len(others)),
    }


def _neighbour(writer: Writer, one: Neighbour) -> list[str]:
    strip, far = writer.data.strip_km, one.distance_m
    asked = () if one.kind == "other_line" else writer.data.follow_up
    follow = next((each for each in asked if each.adcode == one.adcode), None)
    return [
        writer.whole(one.name),
        "–" if far is None else km(far, strip),
        "–" if one.u_m is None else whole_metres(one.u_m),
        "–" if far is None else margin(far, strip, writer.lang),
        "–" if one.foot is None else f"{fixed(one.foot[0], 5)}, {fixed(one.foot[1], 5)}",
        "–" if one.bearing_deg is None or not far else bearing(one.bearing_deg, writer.lang),
        _second(writer, one),
        _finding(writer, one),
        writer.short(_follow_up(writer, follow, one)),
    ]


def _second(writer: Writer, one: Neighbour) -> str:
    if one.second_distance_m is None:
        return "–"
    far = km(one.second_distance_m, writer.data.strip_km)
    if one.distance_m is None:
        return far
    apart = fixed(abs(one.second_distance_m - one.distance_m), 0)
    return writer.say("sheet.second", km=far, metres=apart)


def _finding(writer: Writer, one: Neighbour) -> str:
    if one.kind == "other_line":
        return writer.say("sheet.finding_other_line")
    return writer.say(f"sheet.finding_{one.outcome}", km=writer.strip())


def _notes(writer: Writer, one: Neighbour) -> list[str]:
    """Return what is to be known of a line: why it is open, and where the second boundaries disagree."""
    said = [writer.whole(note) for note in (*one.reasons, one.second_remark) if note is not None]
    if not said:
        return []
    return [writer.say("sheet.line_note", province=writer.whole(one.name), note=writer.join(said))]


def _follow_up(writer: Writer, one: FollowUp | None, neighbour: Neighbour) -> str:
    if one is None:
        return writer.say("sheet.follow_none") if neighbour in writer.data.consultees() else "–"
    state = writer.say(f"sheet.follow_{one.state}")
    waiting = one.due_on is not None and one.state in ("none", "sent")
    return writer.join(
        [
            writer.say(f"sheet.writer_{one.writer}") if one.writer else "",
            state if one.day is None else f"{state} {one.day.isoformat()}",
            writer.say("sheet.due", day=one.due_on.isoformat()) if waiting and one.due_on else "",
            plain(one.note),
        ]
    )
