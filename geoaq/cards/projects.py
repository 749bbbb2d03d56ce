"""The card of a project: both limbs of the consultation clause apart, whom to consult, what to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geoaq.cards.evidence import datum_text, error_km, error_text, own_number, word
from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.policy import Pack, requests
from geoaq.report.numbers import degrees, fixed, grouped, toward
from geoaq.report.second import second_remark
from geoaq.report.sentences import why
from geoaq.wording import catalogue, say

Subject = Mapping[str, Any]
Lines = list[dict[str, Any]]
_SIGN_OF_TRUTH = {"inside": "applies", "review": "review", "outside": "not"}
_SIGN_OF_OUTCOME = {APPLIES: "applies", NEEDS_REVIEW: "review"}
# Of the projects in the same strips so many are named on a card; all are counted.
_NEAR_NAMED = 8


def province(code: str, lang: str) -> str:
    """Return the name of a province, the code itself where it is none."""
    entry = f"provinces.name_{code}"
    return say(entry, lang) if entry in catalogue() else code


def limb_of(pack: Pack, rule_id: str) -> str:
    """Return the limb that a rule states: ``a`` the strip, ``b`` the high stack, ``""`` another rule."""
    rule = pack.rules.get(rule_id)
    if rule is None or rule.family != "E":
        return ""
    return "a" if any(one.kind == "border" for one in rule.conditions("project")) else "b"


def limbs(pack: Pack, subject: Subject, rules: Sequence[Mapping[str, Any]], lang: str) -> Lines:
    """Return both limbs, each with its outcome and its rules as the card shows them.

    Parameters
    ----------
    pack
        The policy.
    subject
        One line of ``subjects.parquet``.
    rules
        Every rule that was asked, as `geoaq.cards.why` shows it.
    lang
        ``zh`` or ``en``.
    """
    strip = grouped(pack.strip("project").strip_km, 2)
    found = []
    for limb in ("a", "b"):
        own = [one for one in rules if limb_of(pack, one["rule_id"]) == limb]
        outcome, deciding = subject[f"limb_{limb}"] or "", subject[f"limb_{limb}_rule"] or ""
        lead = next((one for one in own if one["rule_id"] == deciding), None)
        found.append(
            {
                "id": limb,
                "title": say(f"cards.limb_{limb}", lang, strip=strip),
                "sign": _SIGN_OF_OUTCOME.get(outcome, "not" if outcome else "none"),
                "tag": lead["tag"] if lead else say("policy.none", lang),
                "rules": own,
            }
        )
    return found


def consulted(subject: Subject, lines: Sequence[Mapping[str, Any]], lang: str) -> Lines:
    """Return every province line in reach of a project, nearest first, as the card lists them.

    ``lines`` are those of `geoaq.store.consultees.in_reach`.
    """
    strip = None if subject["margin_m"] is None else subject["distance_km"] + subject["margin_m"] / 1000
    return line_cards(lines, strip, lang)


def line_cards(lines: Iterable[Mapping[str, Any]], strip: float | None, lang: str) -> Lines:
    """Return province lines as a card lists them; ``from`` is the place that is nearest to the foot.

    Parameters
    ----------
    lines
        As in ``consultees.parquet``.
    strip
        Width of the strip, km: no distance is rounded across it.
    """
    found = []
    for one in lines:
        far, sea = one["distance_km"], one["kind"] == "sea"
        decides = one["kind"] != "other_line"
        sign = _SIGN_OF_TRUTH[one["truth"]] if decides else "not"
        found.append(
            {
                "adcode": one["neighbour"],
                "name": _across(one, lang),
                "kind": one["kind"],
                "sign": sign,
                "tag": say(f"cards.consultee_{one['truth'] if decides else 'other_line'}", lang),
                "distance": "" if far is None else _km(far, strip),
                "error": "" if one["u_m"] is None else error_km(one["u_m"], lang),
                "second": _second(one, strip, lang),
                "why": why(one["reasons"] or "", lang),
                "bearing": _bearing(one["bearing_deg"], lang) if not sea else "",
                "foot": _place(one, "foot"),
                "from": _place(one, "from"),
            }
        )
    return found


def _across(one: Mapping[str, Any], lang: str) -> str:
    """Return the province across a line; of a line between two others, both."""
    name = province(one["neighbour"], lang)
    return name if one["kind"] != "other_line" else f"{province(one['home'], lang)}—{name}"


def _km(far: float, strip: float | None) -> str:
    return toward(far, far if strip is None else strip, 2)


def _second(one: Mapping[str, Any], strip: float | None, lang: str) -> str:
    """Return the distance by the second boundaries, and what is to be known where they disagree."""
    far, own = one["second_distance_km"], one["distance_km"]
    if far is None:
        return ""
    said = say("cards.second_line", lang, km=fixed(far, 2))
    if strip is None:
        return said
    metres = None if own is None else own * 1000
    remark = second_remark(metres, far * 1000, one["u_m"], strip_km=strip, lang=lang)
    return " · ".join(filter(None, (said, remark)))


def _bearing(degrees_from_north: float | None, lang: str) -> str:
    if degrees_from_north is None:
        return ""
    point = round(degrees_from_north / 45.0) % 8
    return say(
        "cards.bearing", lang, point=say(f"cards.point_{point}", lang), deg=fixed(degrees_from_north, 0)
    )


def _place(one: Mapping[str, Any], end: str) -> dict[str, Any] | None:
    if one.get(f"{end}_lon") is None:
        return None
    lon, lat = float(one[f"{end}_lon"]), float(one[f"{end}_lat"])
    return {"lon": degrees(lon), "lat": degrees(lat), "text": f"{fixed(lon, 5)}, {fixed(lat, 5)}"}


def neighbour(subject: Subject, lines: Lines) -> dict[str, Any] | None:
    """Return the nearest province across a line with the foot on it, in the shape of a card's anchor.

    ``from`` is where the site is nearest to it, None where that is not known.
    """
    code = subject["neighbour"] or ""
    own = (one for one in lines if one["adcode"] == code and one["kind"] == "land" and one["foot"])
    nearest = next(own, None) if code else None
    if nearest is None:
        return None
    foot, start = nearest["foot"], nearest["from"]
    return {
        "id": code,
        "name": nearest["name"],
        "lon": foot["lon"],
        "lat": foot["lat"],
        "from": None if start is None else {"lon": start["lon"], "lat": start["lat"]},
    }


def extent(subject: Subject, lines: Lines) -> list[float] | None:
    """Return west, south, east, north of a site with the feet of the lines in question, degrees.

    None for a point, which is shown as every other subject is.
    """
    west = subject.get("site_west")
    if west is None:
        return None
    corners = [(west, subject["site_south"]), (subject["site_east"], subject["site_north"])]
    drawn = [one for one in lines if one["foot"] and one["kind"] != "other_line"]
    corners += [
        (one["foot"]["lon"], one["foot"]["lat"])
        for at, one in enumerate(drawn)
        if at == 0 or one["sign"] != "not"
    ]
    lon, lat = zip(*corners, strict=True)
    return [round(float(edge), 6) for edge in (min(lon), min(lat), max(lon), max(lat))]


def asked(pack: Pack, subject: Subject, findings: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """Return what the applicant is to be asked for, and what the office settles itself, as sentences."""
    known = [one for one in findings if one["rule_id"] in pack.rules]
    values = {name: value for name, value in subject.items() if value is not None}
    found = requests(pack, known, values)
    return {
        whom: [one.note.text(lang) for one in found if one.to == whom] for whom in ("applicant", "office")
    }


def near(subject: Subject, rows: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """Return how many other projects stand in the same strips, and the nearest of them.

    ``rows`` are those of `geoaq.store.consultees.near`.
    """
    lines = [
        {
            "key": f"{one['other_row']}-{one['other_part']}" if one["list"] == 0 else None,
            "name": " · ".join(filter(None, (one["other_name"], own_number(one["other_id"], lang)))),
            "text": " · ".join(
                filter(
                    None,
                    (
                        say("cards.km", lang, km=fixed(one["distance_km"], 1)),
                        "" if one["list"] == 0 else say("cards.near_elsewhere", lang),
                    ),
                )
            ),
        }
        for one in rows[:_NEAR_NAMED]
    ]
    return {"count": int(subject["near_projects"] or 0), "projects": lines}


def facts(pack: Pack, subject: Subject, unread: Mapping[str, str], lang: str) -> Lines:
    """Return the lines under the headline: what the list states of a project, and where it lies.

    ``unread`` holds by field what the list states and could not be read: it is shown as it stands there.
    """
    names = (subject[name] for name in ("province", "city", "county"))
    lines = [
        ("applicant", subject["applicant"] or ""),
        ("industry", _industry(pack, subject, unread, lang)),
        ("nature", _joined(subject, ("nature", "eia_kind"), unread, lang)),
        ("stack", _stack(subject, unread, lang)),
        ("place", " ".join(dict.fromkeys(filter(None, names)))),
        ("position", _position(subject, lang)),
    ]
    return [{"label": say(f"cards.label_{name}", lang), "text": text} for name, text in lines if text]


def _industry(pack: Pack, subject: Subject, unread: Mapping[str, str], lang: str) -> str:
    code, edition = subject["industry_code"] or "", subject["industry_edition"] or ""
    stated = unread.get("industry") or subject["industry_text"] or code
    if not stated:
        return say("cards.not_stated", lang)
    if edition:
        printed = word("industry_edition", edition, lang)
    elif "industry_edition" in unread:
        printed = say("cards.edition_unread", lang, text=unread["industry_edition"])
    else:
        printed = say("cards.no_edition", lang)
    checked = say("cards.by_division", lang) if pack.industries.by_division(code, edition) else ""
    return " · ".join(filter(None, (stated, printed, checked)))


def _joined(subject: Subject, names: Sequence[str], unread: Mapping[str, str], lang: str) -> str:
    found = [word(name, subject[name], lang) if subject[name] else unread.get(name, "") for name in names]
    return " · ".join(filter(None, found)) or say("cards.not_stated", lang)


def _stack(subject: Subject, unread: Mapping[str, str], lang: str) -> str:
    if subject["stack_m"] is None:
        return unread.get("stack") or subject["stack_text"] or say("cards.not_stated", lang)
    height = say("cards.metres", lang, value=grouped(subject["stack_m"], 2))
    told = {True: "stack_new", False: "stack_old"}.get(subject["new_stack"], "stack_unsaid")
    return " · ".join((height, say(f"cards.{told}", lang)))


def _position(subject: Subject, lang: str) -> str:
    if subject["lon"] is None:
        return ""
    place = f"{fixed(subject['lon'], 5)}, {fixed(subject['lat'], 5)}"
    site = say("cards.site_outline", lang) if subject["geometry_kind"] == "polygon" else ""
    source = datum_text(subject["datum"] or "unstated", lang)
    error = "" if subject["u_m"] is None else say("cards.error_m", lang, error=grouped(subject["u_m"]))
    return " · ".join(filter(None, (place, site, source, error)))


def headline(pack: Pack, subject: Subject, lang: str) -> dict[str, str] | None:
    """Return the distance to the nearest province line with its error and what is left to the strip."""
    if subject["distance_km"] is None or subject["margin_m"] is None:
        return None
    strip = pack.strip("project").strip_km
    margin = subject["margin_m"] / 1000
    detail = say(
        "cards.within" if margin >= 0 else "cards.beyond",
        lang,
        radius=grouped(strip, 2),
        margin=toward(abs(margin), 0.0, 2),
    )
    name = province(subject["neighbour"] or "", lang)
    return {
        "value": _km(subject["distance_km"], strip),
        "unit": say("cards.unit_km", lang),
        "detail": " · ".join(
            filter(None, (say("cards.to_line", lang, name=name), error_text(subject, {}, lang), detail))
        ),
    }
