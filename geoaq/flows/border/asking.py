"""What an applicant is to be asked for before a project can be decided, project by project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geoaq import policy
from geoaq.findings import DOES_NOT_APPLY
from geoaq.wording import say

_ASKED = ("rule_id", "outcome", "reasons")


def ask_columns(
    pack: policy.Pack, subjects: pd.DataFrame, findings: pd.DataFrame, lang: str
) -> dict[str, np.ndarray[Any, Any]]:
    """Return ``to_ask`` (codes joined by ``;``) and ``to_ask_text`` (sentences in ``lang``) of each project.

    Projects of the same outcomes and the same known facts are asked once.
    """
    shown = sorted({fact for rule in pack.rules.values() for fact in rule.shown_by if fact in subjects})
    known = subjects[shown].astype(object).to_dict("records")
    open_ = findings[(findings["outcome"] != DOES_NOT_APPLY).to_numpy(bool)]
    asked: list[list[tuple[str, ...]]] = [[] for _ in range(len(subjects))]
    columns = (open_[name].astype(str).tolist() for name in _ASKED)
    for at, *words in zip(open_["subject"].tolist(), *columns, strict=True):
        asked[at].append(tuple(words))
    told: dict[Any, tuple[str, str]] = {}
    rows = []
    for own, facts in zip(asked, known, strict=True):
        key = (tuple(own), tuple(str(value) for value in facts.values()))
        if key not in told:
            told[key] = _told(pack, own, facts, lang)
        rows.append(told[key])
    codes, texts = zip(*rows, strict=True) if rows else ((), ())
    return {"to_ask": np.array(codes, object), "to_ask_text": np.array(texts, object)}


def _told(
    pack: policy.Pack, own: list[tuple[str, ...]], facts: Mapping[Any, Any], lang: str
) -> tuple[str, str]:
    records = [dict(zip(_ASKED, words, strict=True)) for words in own]
    wanted = [one for one in policy.requests(pack, records, facts) if one.to == "applicant"]
    joiner = say("reports.joiner", lang)
    return ";".join(one.code for one in wanted), joiner.join(one.note.text(lang) for one in wanted)
