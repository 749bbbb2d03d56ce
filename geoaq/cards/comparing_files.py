"""A comparison of two screenings as cells: every line of it, and what stands above them."""

from __future__ import annotations

from collections.abc import Iterator

from geoaq.cards import comparing
from geoaq.catalog import Catalog
from geoaq.flows.comparing import Comparison
from geoaq.report.comparison import Cell
from geoaq.report.numbers import grouped
from geoaq.wording import say

HEADS = (
    "kind", "matched", "subject_id", "name", "county", "row_old", "row_new", "lead_old", "lead_new",
    "rule_old", "rule_new", "timing_old", "timing_new", "distance_old", "distance_new", "changes", "data",
    "why",
)  # fmt: skip


def export_heads(lang: str) -> list[str]:
    """Return the headings of the exported files."""
    return [say(f"comparing.head_{name}", lang) for name in HEADS]


def export_lines(catalog: Catalog, found: Comparison, lang: str) -> Iterator[list[Cell]]:
    """Yield every line as cells under `HEADS`."""
    for at in range(len(found.lines)):
        told = comparing.line(catalog, found, at, lang, most_rules=None)
        old, new = (told[side] or {} for side in ("old", "new"))
        matched = ""
        if old and new:
            matched = say("comparing.matched_name" if told["by_name"] else "comparing.matched_id", lang)
        yield [
            told["kind"],
            matched,
            told["subject_id"],
            told["name"],
            told["county"],
            *(
                side.get(name)
                for name in ("row", "lead", "rule", "timing", "distance_km")
                for side in (old, new)
            ),
            "\n".join(told["changes"]),
            "\n".join(told["data"]),
            told["why"],
        ]


def export_notes(catalog: Catalog, found: Comparison, lang: str) -> Iterator[list[Cell]]:
    """Yield what stands on the first sheet of the workbook: the head, a sentence a row."""
    told = comparing.head(catalog, found, lang)
    yield [told["subjects"]]
    yield [told["changed"]]
    yield [told["unchanged"]]
    yield from ([note] for note in told["notes"])
    yield from ([one["text"], one["count"]] for one in told["kinds"])
    for name in ("runs", "causes", "leads", "rules"):
        if told[name]:
            yield []
            yield [say(f"comparing.{name}", lang, count=grouped(found.counts["changed"]))]
            yield from ([one["sentence"] if isinstance(one, dict) else one] for one in told[name])
