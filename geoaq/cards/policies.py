"""The rules as a page lists them: by document, each with its sentences, grade, day and state."""

from __future__ import annotations

from typing import Any

from geoaq.cards.rules import pack_of, rule_words
from geoaq.catalog import Catalog
from geoaq.policy import Rule
from geoaq.wording import say


def listed(catalog: Catalog, lang: str) -> list[dict[str, Any]]:
    """Return the documents in the pack's order with their rules.

    Returns
    -------
    list of dict
        ``title``, ``document``, ``status``, ``published`` and ``rules``: each ``id``, ``title``, ``quote``
        and ``facts`` (short sentences).
    """
    pack = pack_of(catalog)
    documents = []
    for source in pack.sources.values():
        rules = [rule for rule in pack.rules.values() if rule.source == source.id]
        status = say(f"cards.status_{source.status}", lang)
        effective = say("cards.effective", lang, day=source.effective.isoformat())
        documents.append(
            {
                "title": source.title,
                "document": " · ".join(filter(None, (source.issuer, source.number))),
                "status": status,
                "published": effective,
                "rules": [
                    {
                        "id": rule.id,
                        "title": rule_words(catalog, rule.id, lang).title,
                        "quote": rule.quote,
                        "facts": _facts(catalog, rule, lang),
                    }
                    for rule in rules
                ],
            }
        )
    return documents


def _facts(catalog: Catalog, rule: Rule, lang: str) -> list[str]:
    words = rule_words(catalog, rule.id, lang)
    facts = [words.article, words.strength]
    if rule.timing.deadline is not None:
        facts.append(say("cards.deadline", lang, day=rule.timing.deadline.isoformat()))
    elif rule.timing.immediate:
        facts.append(say("cards.immediate", lang))
    elif rule.timing.from_issue:
        facts.append(say("cards.from_issue", lang))
    else:
        facts.append(say("cards.no_deadline", lang))
    if words.responsible:
        facts.append(say("cards.responsible", lang, units=words.responsible))
    return facts
