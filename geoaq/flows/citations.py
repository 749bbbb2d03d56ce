"""Every rule as a screening cites it: its sentence as printed, and what it says in the reader's language."""

from __future__ import annotations

from datetime import date

from geoaq import policy
from geoaq.findings import APPLIES
from geoaq.policy.explain import timing_note
from geoaq.wording import say


def worded_citations(pack: policy.Pack, as_of: date, lang: str) -> dict[str, dict[str, str]]:
    """Return quote, document and article of every rule and, in ``lang``, its title, verdict and deadline.

    The sentences that hold a closure back stand beside the rules as ``brake.<id>``.
    """
    brakes = {
        f"brake.{brake.id}": {
            "quote": brake.quote,
            "document": pack.document(brake.source),
            "article": brake.article,
            "timing": "",
        }
        for brake in pack.brakes.values()
    }
    return brakes | {
        rule: {
            **words,
            "title": say(f"rules.{rule}", lang),
            "applies": policy.verdict(pack, rule, APPLIES).text(lang),
            "timing": timing_note(pack, pack.rules[rule], as_of).text(lang),
        }
        for rule, words in pack.citations().items()
    }
