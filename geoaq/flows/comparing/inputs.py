"""In what two screenings differ as a whole: list, day, policy, boundaries, plants, layers, program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geoaq.report.summary import ProjectSummary, Summary

# What can make a result change. `columns`: the list is another file, and a column that the folder does not
# keep may differ.
CAUSES = (
    "data", "columns", "as_of", "policy", "boundary", "plants", "layers", "options", "program",
)  # fmt: skip
_BOUNDARIES = ("amap/", "tianditu/")
_HASH = 12


@dataclass(frozen=True)
class Difference:
    """One input of the two runs that is not the same.

    Attributes
    ----------
    cause
        One of `CAUSES`.
    what
        Code of the input: ``list``, ``as_of``, ``pack``, ``reading:<term>``, ``layer:<id>``, …
    old, new
        How it stands in either; ``""`` where a run has none.
    """

    cause: str
    what: str
    old: str
    new: str


def differences(old: Summary, new: Summary) -> tuple[Difference, ...]:
    """Return every input in which two runs over a list of the same kind differ, as their summaries say."""
    found = []
    told = (dict(_inputs(old)), dict(_inputs(new)))
    for key in dict.fromkeys([*told[0], *told[1]]):
        before, after = told[0].get(key, ""), told[1].get(key, "")
        if before != after:
            found.append(Difference(*key, before, after))
    return tuple(sorted(found, key=lambda one: CAUSES.index(one.cause)))


def _inputs(summary: Summary) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield cause and code of every input of one run, and how it stands."""
    yield from _given(summary)
    yield ("as_of", "as_of"), summary.as_of.isoformat()
    yield ("policy", "pack"), f"{summary.policy.version} ({summary.policy.sha256[:_HASH]})"
    for term, reading in summary.policy.readings.items():
        yield ("policy", f"reading:{term}"), reading
    shipped = {name: digest for name, digest in summary.layers.items() if name.startswith(_BOUNDARIES)}
    yield ("boundary", "boundaries"), _joined(shipped)
    yield ("plants", "shipped_plants"), _joined({k: v for k, v in summary.layers.items() if k not in shipped})
    yield ("plants", "plants"), summary.plants
    yield ("plants", "complete_for"), " ".join(sorted(summary.complete_for))
    for layer, codes in summary.layer_complete.items():
        yield ("layers", f"complete:{layer}"), " ".join(sorted(codes))
    yield ("options", "datum"), summary.datum.used
    if isinstance(summary, ProjectSummary):
        yield from _of_projects(summary)
    code = summary.code
    yield ("program", "program"), f"{code.version} ({code.source_sha256[:_HASH]})"
    yield ("program", "lock"), (code.lock_sha256 or "")[:_HASH]


def _given(summary: Summary) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the files that the office gave; wind and other screenings are context and decide nothing."""
    for one in summary.inputs:
        digest = one.sha256[:_HASH]
        if one.role == "list":
            yield ("columns", "list"), digest
        elif one.role == "site":
            yield ("data", "site"), digest
        elif one.role.startswith("layer:"):
            yield ("layers", one.role), digest
        elif one.role == "plants":
            yield ("plants", "own_plants"), digest


def _of_projects(summary: ProjectSummary) -> Iterator[tuple[tuple[str, str], str]]:
    for what, line in (("borders", summary.borders), ("second_borders", summary.second_borders)):
        if line is not None:
            yield ("boundary", what), f"{line.name} {line.version} ({line.sha256[:_HASH]})"
    yield ("boundary", "boundary_error_m"), f"{summary.boundary_error_m:g}"
    threshold = summary.downwind_threshold_ug_m3
    yield ("options", "downwind_threshold"), "" if threshold is None else f"{threshold:g}"


def _joined(files: Mapping[str, Any]) -> str:
    """Return one short word for a set of hashes."""
    import hashlib

    if not files:
        return ""
    text = "\n".join(f"{name} {digest}" for name, digest in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]
