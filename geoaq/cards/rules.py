"""Rules in words: title, place, sentence and article of each, and what its grade and day mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geoaq.catalog import Catalog
from geoaq.policy import Pack, Rule, load_pack
from geoaq.wording import catalogue, say


@dataclass(frozen=True)
class RuleWords:
    """One rule in one language.

    Attributes
    ----------
    title
        What the rule asks, in a few words.
    place
        Where it is written, short: ``国家（十一）``.
    document, article, quote
        Title and number of the document, the article, the sentence as printed (Chinese in every language).
    strength
        The grade of its words.
    responsible
        The units that the document names, as printed.
    """

    id: str
    title: str
    place: str
    document: str
    article: str
    quote: str
    strength: str
    responsible: str


def pack_of(catalog: Catalog) -> Pack:
    """Return the policy pack of a catalogue, read once."""
    return _pack(catalog.policy_dir)


@lru_cache(maxsize=4)
def _pack(folder: Path) -> Pack:
    return load_pack(folder)


def rule_words(catalog: Catalog, rule_id: str, lang: str) -> RuleWords:
    """Return a rule in words; a rule that this pack no longer knows stands as its id."""
    pack = pack_of(catalog)
    rule = pack.rules.get(rule_id)
    if rule is None:
        return RuleWords(rule_id, rule_id, "", "", "", "", "", "")
    return RuleWords(
        id=rule_id,
        title=rule_title(rule_id, lang),
        place=place(rule, lang),
        document=pack.document(rule.source),
        article=rule.article,
        quote=rule.quote,
        strength=say(f"cards.strength_{rule.strength}", lang),
        responsible="、".join(pack.responsible(rule_id)),
    )


def place(rule: Rule, lang: str) -> str:
    """Return who wrote a rule and in which article: ``江苏（七）``."""
    article = rule.article if "（" in rule.article else f"（{rule.article}）"
    return say(f"cards.source_{rule.source.lower()}", lang) + article


def rule_title(rule_id: str, lang: str) -> str:
    """Return what a rule asks, in a few words."""
    code = f"rules.{rule_id}"
    return say(code, lang) if code in catalogue() else rule_id
