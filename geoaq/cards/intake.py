"""How a list was read, in sentences: file and header, coordinates, and whose plants were looked at."""

from __future__ import annotations

from collections.abc import Sequence

from geoaq.io.tables import DEFAULT_LIMITS
from geoaq.report.numbers import grouped
from geoaq.report.summary import DatumReport, Summary
from geoaq.wording import catalogue, say
from geoaq.zones.datum import FEWEST_ROWS

# CGCS2000 degrees are used as WGS 84 ones, and the detective cannot tell the two apart.
_SAME_AS = {"cgcs2000": "wgs84"}


def row_limits() -> dict[str, str]:
    """Return how many rows a list may have, header counted: ``workbook_rows`` and ``csv_rows``."""
    return {
        "workbook_rows": grouped(DEFAULT_LIMITS.workbook_rows),
        "csv_rows": grouped(DEFAULT_LIMITS.csv_rows),
    }


def reading_notes(summary: Summary, lang: str) -> list[str]:
    """Return what a reader should know of how the list was taken in, the file first."""
    return [*_read(summary, lang), *_datum(summary, lang), *_plants(summary, lang)]


def datum_name(reading: str, lang: str) -> str:
    """Return what a reading of coordinates is called: ``gk:4549`` is a Gauss-Krüger zone."""
    family, _, zone = reading.partition(":")
    code = f"datum.reading_{family}"
    name = say(code, lang) if code in catalogue() else family
    return f"{name} EPSG:{zone}" if zone else name


def datum_sentence(datum: DatumReport, lang: str) -> str:
    """Return the detective's verdict on a whole list."""
    return say(
        f"datum.{datum.verdict}",
        lang,
        datum=datum_name(datum.likely, lang) if datum.likely else "",
        n=datum.points,
        inside=datum.inside,
        possible=say("cards.and", lang).join(datum_name(one, lang) for one in datum.possible),
        fewest=FEWEST_ROWS,
    )


def _read(summary: Summary, lang: str) -> list[str]:
    listed = next((one for one in summary.inputs if one.role == "list"), None)
    if listed is None or not listed.kind:
        return []
    facts = [listed.kind]
    if listed.sheet and listed.kind != "csv":
        facts.append(say("cards.read_sheet", lang, name=listed.sheet))
    if listed.encoding:
        facts.append(say("cards.read_encoding", lang, name=listed.encoding.removesuffix("-sig").upper()))
    if listed.header_rows:
        facts.append(say("cards.read_header", lang, rows=_span(listed.header_rows)))
    return [say("cards.read", lang, facts=say("cards.comma", lang).join(facts))]


def _span(rows: Sequence[int]) -> str:
    return str(rows[0]) if len(rows) == 1 else f"{rows[0]}–{rows[-1]}"


def _datum(summary: Summary, lang: str) -> list[str]:
    """Say what the datum likely is, where the list states none or the evidence is against what it states."""
    used = {name: amount.count for name, amount in summary.counts.by_datum.items()}
    unstated = used.get("unstated", 0)
    mostly = max(used, key=lambda name: used[name], default="unstated")
    family = mostly.partition(":")[0]
    likely = summary.datum.likely
    against = likely is not None and likely.partition(":")[0] != _SAME_AS.get(family, family)
    if not (unstated or against or summary.datum.verdict == "none_fits"):
        return []
    said = datum_sentence(summary.datum, lang)
    if unstated:
        return [say("cards.datum_unstated_count", lang, count=grouped(unstated), said=said)]
    return [say("cards.datum_doubted", lang, used=datum_name(mostly, lang), said=said)]


def _plants(summary: Summary, lang: str) -> list[str]:
    return [] if summary.plants in ("shipped", "none") else [say(f"cards.plants_{summary.plants}", lang)]
