"""Reads the policy folder: the one door by which a policy enters, and where an ill-formed one is refused."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from geoaq.errors import ConfigError
from geoaq.policy.model import Anchor, Pack, Rule, Strip
from geoaq.policy.vocabulary import (
    AnchorCondition,
    BorderCondition,
    CapacityCondition,
    Condition,
    IndustryCondition,
    NewStackCondition,
    RegionCondition,
    StackCondition,
    SwapCondition,
)

_FILES = ("sources", "regions", "terms", "industries", "budgets", "conditions", "brakes", "silences")
Table = dict[str, Any]


def load_pack(policy_dir: Path) -> Pack:
    """Read and check the policy pack.

    Parameters
    ----------
    policy_dir
        The folder ``layers/policy``: eight TOML files and ``rules/``.

    Returns
    -------
    Pack
        Frozen. Its ``hash`` is the sha-256 of the content as canonical JSON: comments and order of keys do
        not change it, any number or word does.

    Raises
    ------
    ConfigError
        A file is missing or not TOML, a key is unknown or missing, a rule has no source, a condition, term,
        region, brake or parent that is named does not exist, a bound does not say whether it is included.
    """
    return _checked(_folder(policy_dir))


def kept_pack(policy_dir: Path) -> str:
    """Return a policy folder as one JSON text, for what must be explained when the folder has changed."""
    return json.dumps(_folder(policy_dir), ensure_ascii=False, indent=1, default=str) + "\n"


def load_kept_pack(path: Path) -> Pack:
    """Read a pack that `kept_pack` wrote; its ``hash`` is that of the folder it was made from.

    Raises
    ------
    ConfigError
        ``policy_broken``: it is not there, or not such a text.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError("policy_broken", where=path.name, problem=type(error).__name__) from None
    return _checked(raw)


def _folder(policy_dir: Path) -> Table:
    raw: Table = {name: _read(policy_dir / f"{name}.toml") for name in _FILES}
    names = raw["sources"].get("pack", {}).get("rules", [])
    found = sorted(path.stem for path in (policy_dir / "rules").glob("*.toml"))
    if sorted(names) != found:
        raise ConfigError("policy_broken", where="sources.toml [pack] rules", problem=f"{names} != {found}")
    raw["rules"] = {name: _read(policy_dir / "rules" / f"{name}.toml") for name in names}
    return raw


def _checked(raw: Table) -> Pack:
    try:
        pack = Pack.model_validate(_assembled(raw))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError("policy_broken", where=where, problem=first["msg"]) from None
    for where, problem in _contradictions(pack):
        raise ConfigError("policy_broken", where=where, problem=problem)
    return pack


def read_texts(texts_dir: Path) -> dict[str, bytes]:
    """Return the files of a folder of policy texts by name, for `geoaq.policy.check_quotes`."""
    return {path.name: path.read_bytes() for path in sorted(texts_dir.iterdir()) if path.is_file()}


def _read(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("policy_broken", where=path.name, problem=str(error).split(str(path))[0]) from None


def _assembled(raw: Table) -> Table:
    """Return the content in the shape of `Pack`: ids inside their records, named conditions in place."""
    head = dict(raw["sources"].get("pack", {}))
    head.pop("rules", None)
    sources = _with_ids(raw["sources"].get("sources", {}))
    shared = {name: {"id": name, **entry} for name, entry in raw["conditions"].items()}
    rules: dict[str, Table] = {}
    for name, content in raw["rules"].items():
        for entry in content.get("rules", []):
            rule = _assembled_rule(entry, shared, sources, name)
            if rule["id"] in rules:
                raise ConfigError("policy_broken", where=name, problem=f"{rule['id']} stands twice")
            rules[rule["id"]] = rule
    canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str)
    return {
        **head,
        "hash": hashlib.sha256(canonical.encode()).hexdigest(),
        "sources": sources,
        "regions": _with_ids(raw["regions"].get("regions", {})),
        "unlisted": raw["regions"].get("unlisted"),
        "terms": _with_ids(raw["terms"].get("terms", {})),
        "industries": {
            "lists": _with_ids(raw["industries"].get("lists", {})),
            "classes": raw["industries"].get("classes", {}),
        },
        "budgets": raw["budgets"],
        "rules": rules,
        "brakes": _with_ids(raw["brakes"].get("brakes", {})),
        "season": raw["brakes"].get("season"),
        "silences": raw["silences"].get("silences", []),
    }


def _with_ids(tables: Mapping[str, Table]) -> dict[str, Table]:
    return {name: {"id": name, **table} for name, table in tables.items()}


def _assembled_rule(
    entry: Table, shared: Mapping[str, Table], sources: Mapping[str, Table], file: str
) -> Table:
    rule = dict(entry)
    where = f"rules/{file}.toml {rule.get('id', '')}"

    def condition(stated: str | Table) -> Table:
        if not isinstance(stated, str):
            return stated
        if stated not in shared:
            raise ConfigError("policy_broken", where=where, problem=f"no condition named {stated}")
        return shared[stated]

    source = sources.get(rule.get("source", ""), {})
    area, names = source.get("area"), source.get("area_names", [])
    first = [{"id": "province", "kind": "area", "area": area, "names": names}] if area else []
    rule["when"] = {
        subject: [*first, *(condition(one) for one in stated)]
        for subject, stated in rule.get("when", {}).items()
    }
    rule["limbs"] = [{**limb, "condition": condition(limb["condition"])} for limb in rule.get("limbs", [])]
    return rule


def _contradictions(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield where the records, each well-formed, do not fit together."""
    for rule in pack.rules.values():
        for problem in _rule_contradictions(pack, rule):
            yield rule.id, problem
    named = [(brake.id, brake.source) for brake in pack.brakes.values()]
    named += [(region.id, region.source) for region in pack.regions.values()]
    named += [(silence.topic, silence.doc) for silence in pack.silences]
    yield from ((where, f"no source {source}") for where, source in named if source not in pack.sources)
    for region in pack.regions.values():
        yield from ((region.id, f"no rule {p.rule}") for p in region.parts if p.rule not in pack.rules)
    for kind in ("boiler", "unit", "project"):
        asked = [c for r in pack.rules.values() for c in r.conditions(kind)]
        if len({Anchor.of(c) for c in asked if isinstance(c, AnchorCondition)}) > 1:
            yield kind, "the clauses ask for different anchors"
        if len({Strip.of(c) for c in asked if isinstance(c, BorderCondition)}) > 1:
            yield kind, "the clauses ask for different strips"
    for term in pack.terms.values():
        for reading in term.readings.values():
            if reading.list is not None and reading.list not in pack.industries.lists:
                yield term.id, f"no list {reading.list}"
            yield from ((term.id, f"no region {r}") for r in reading.by_reference if r not in pack.regions)


def _rule_contradictions(pack: Pack, rule: Rule) -> Iterator[str]:
    if rule.source not in pack.sources:
        yield f"no source {rule.source}"
    if {kind for kind in rule.subjects if kind != "location"} != set(rule.when):
        yield "subjects and conditions do not match"
    yield from (f"no parent {o.rule}" for o in rule.overrides if o.rule not in pack.rules)
    yield from (f"no source {r.source}" for r in rule.restated if r.source not in pack.sources)
    yield from (f"no term {name}" for name in rule.readings if name not in pack.terms)
    yield from (f"no brake {name}" for name in rule.brakes if name not in pack.brakes)
    for conditions in (*rule.when.values(), tuple(limb.condition for limb in rule.limbs)):
        ids = [condition.id for condition in conditions]
        if len(set(ids)) < len(ids):
            yield "two conditions of one id"
        for condition in conditions:
            yield from _condition_contradictions(pack, condition)


def _condition_contradictions(pack: Pack, condition: Condition) -> Iterator[str]:
    words = [word for _, word in getattr(condition, "unclear", ())]
    named = (*condition.terms, *words)
    yield from (f"{condition.id}: no term {name}" for name in named if name not in pack.terms)
    if isinstance(condition, RegionCondition):
        for name in (condition.region, *condition.by_reference):
            if name not in pack.regions:
                yield f"{condition.id}: no region {name}"
    if isinstance(condition, IndustryCondition | SwapCondition):
        name = condition.list
        if name not in pack.industries.lists:
            yield f"{condition.id}: no list {name}"
    if isinstance(condition, NewStackCondition) or condition.term not in pack.terms:
        return
    adopted = pack.terms[condition.term].readings[pack.terms[condition.term].adopted]
    if isinstance(condition, CapacityCondition | StackCondition):
        if adopted.inclusive is not condition.inclusive:
            yield f"{condition.id}: inclusive differs from the adopted reading of {condition.term}"
    elif isinstance(condition, IndustryCondition) and adopted.list != condition.list:
        yield f"{condition.id}: list differs from the adopted reading of {condition.term}"
