"""The rules as text: listed, shown with their source, checked against an office's own copies."""

from __future__ import annotations

from pathlib import Path

from geoaq import policy
from geoaq.catalog import Catalog
from geoaq.errors import NotFoundError
from geoaq.wording import say


def load_rules(catalog: Catalog) -> policy.Pack:
    """Return the policy pack of a catalogue."""
    return policy.load_pack(catalog.policy_dir)


def rule_lines(catalog: Catalog, lang: str) -> list[str]:
    """Return one line a rule: id, strength, title."""
    return [
        f"{rule.id:28} {say(f'policy.strength_{rule.strength}', lang)}\t{say(f'rules.{rule.id}', lang)}"
        for rule in load_rules(catalog).rules.values()
    ]


def rule_description(catalog: Catalog, rule_id: str, lang: str) -> list[str]:
    """Return a rule as lines: title, source with its status, quotes, conditions, time limit, who answers.

    Raises
    ------
    NotFoundError
        No such rule.
    """
    pack = load_rules(catalog)
    if rule_id not in pack.rules:
        raise NotFoundError("not_found", what=say("cli.rule", lang), name=rule_id)
    rule = pack.rules[rule_id]
    lines = [
        f"{rule.id}  {say(f'rules.{rule.id}', lang)}",
        f"{pack.document(rule.source)}{rule.article}",
        *(f"「{quote}」" for quote in rule.quotes),
        say(f"policy.strength_{rule.strength}", lang),
    ]
    if rule.timing.deadline is not None:
        lines.append(say("cli.deadline", lang, day=rule.timing.deadline, words=rule.timing.parsed_from))
    for subject, conditions in rule.when.items():
        issued = pack.sources[rule.source].effective
        lines.append(say(f"cli.conditions_{subject}", lang))
        lines.extend(f"  - {policy.asked_note(pack, one, issued).text(lang)}" for one in conditions)
    if responsible := pack.responsible(rule_id):
        lines.append(say("cli.responsible", lang, who="、".join(responsible)))
    return lines


def check_texts(catalog: Catalog, texts: Path) -> list[policy.Note]:
    """Return what is wrong when every quote is looked for in an office's own copies of the texts."""
    return policy.check_quotes(load_rules(catalog), policy.read_texts(texts))
