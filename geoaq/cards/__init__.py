"""Screenings as they are read: the head of one, its list, its issues, the reasons of one subject.

Findings hold codes and numbers; here they become the sentences of one language, for a page that shows text
and computes nothing. The keys of what is returned are agreed in ``docs/reference/web-endpoints.md``.
"""

from geoaq.cards.heads import head
from geoaq.cards.rules import RuleWords, rule_words

__all__ = ["RuleWords", "head", "rule_words"]
