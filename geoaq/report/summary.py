"""``summary.json``: the counts of a screening, and enough to reproduce it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

import geoaq
from geoaq.report.columns import Subject
from geoaq.report.tally import Counts, Record

FORMAT: Literal["geoaq-screening/1"] = "geoaq-screening/1"


class Rows(Record):
    """Rows of the list: ``read = with_results + unusable``; ``to_check`` have an error or a warning."""

    read: int
    with_results: int
    unusable: int
    to_check: int

    @model_validator(mode="after")
    def _sum_up(self) -> Rows:
        if self.read != self.with_results + self.unusable:
            raise ValueError("rows read must be rows with results plus unusable rows")
        return self


class Input(Record):
    """One file that the office gave; ``name`` is its base name, only where the caller keeps it."""

    role: str = Field(description="list, plants, or layer:<id>")
    sha256: str
    size_bytes: int
    name: str | None = None
    kind: str = ""
    sheet: str = ""
    encoding: str = ""
    header_rows: tuple[int, ...] = ()


class DatumShare(Record):
    """How many of the points fall into the county that their row states, were they of this datum."""

    datum: str
    share: float
    points: int


class DatumReport(Record):
    """Which datum was used, which one is likely, and the evidence."""

    used: str = Field(description="the datum that the caller states for rows without one, or unstated")
    likely: str | None = None
    verdict: str = Field(default="too_few", description="likely, close, too_few or none_fits")
    possible: tuple[str, ...] = Field(default=(), description="the readings that the evidence leaves")
    points: int = Field(default=0, description="points whose row states a place")
    inside: int = Field(default=0, description="points of these that lie there under the best reading")
    shares: tuple[DatumShare, ...] = ()


class Policy(Record):
    """The policy pack, and the readings that were used for words the texts leave open."""

    id: str
    version: str
    sha256: str
    readings: dict[str, str] = Field(default_factory=dict)


class NotInForce(Record):
    """A rule that gives no finding on this day, and why (draft, expired, not yet)."""

    rule_id: str
    document: str
    reason: str


class Brake(Record):
    """A sentence that holds the hand back; shown, never an outcome unless ``binding``."""

    id: str
    quote: str
    document: str
    article: str
    binding: bool


class Code(Record):
    """The program: version, hash of its source, hash of the lock file (None outside a checkout)."""

    version: str
    source_sha256: str
    lock_sha256: str | None = None


class Summary(Record):
    """What a screening counted and from what; the keys are those of ``summary.json``."""

    format: Literal["geoaq-screening/1"] = FORMAT
    subject: Subject
    as_of: date
    lang: Literal["zh", "en"] = "zh"
    synthetic: bool = Field(default=False, description="the list says of itself that it is made up")
    rows: Rows
    issues: dict[str, int] = Field(description="issues by severity")
    issue_codes: dict[str, int] = Field(description="issues by code")
    counts: Counts
    datum: DatumReport
    inputs: tuple[Input, ...]
    policy: Policy
    layers: dict[str, str] = Field(description="sha256 by layer id")
    plants: Literal["shipped", "both", "own", "none"] = Field(
        default="shipped",
        description="whose plants were looked at: the shipped ones, the office's, both, or none at all",
    )
    complete_for: tuple[str, ...] = Field(description="areas whose list of anchors was declared complete")
    layer_complete: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="areas in which an own layer was declared complete, by layer id"
    )
    rules_not_in_force: tuple[NotInForce, ...]
    brakes: tuple[Brake, ...]
    code: Code
    left_out: dict[str, str] = Field(
        default_factory=dict, description="files not written, with the reason code"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Summary:
        if self.counts.verdicts.all.count < self.rows.with_results:
            raise ValueError("fewer results than rows with results")
        return self


class BorderRecord(Record):
    """Which province borders were measured to; their edges are straight in longitude and latitude."""

    source: str = Field(description="amap, tianditu or user")
    name: str
    version: str
    sha256: str
    pairs: int = Field(description="pairs of provinces that share a land border")
    length_km: float
    edge_meaning: str
    snap_report: int = Field(description="unmatched edges near another province's: the line may miss them")


class WindRecord(Record):
    """The wind that was looked at: context, it decides nothing."""

    kind: str = Field(description="station or grid")
    sha256: str
    name: str = ""
    hours: int


class ProjectSummary(Summary):
    """What a screening of projects counted, and the borders and numbers that it rests on."""

    plants: Literal["none"] = "none"
    complete_for: tuple[str, ...] = ()
    strip_km: float = Field(description="width of the strip on either side of a province border, km")
    strip_inclusive: bool
    boundary_error_m: float = Field(description="error budget of the border line itself, m")
    downwind_threshold_ug_m3: float | None = Field(
        default=None, description="threshold of 影响大 that the office adopted, µg/m³; none: not decidable"
    )
    borders: BorderRecord
    second_borders: BorderRecord | None = None
    by_consultee: dict[str, int] = Field(
        description="projects that a limb reaches, or may reach, by the province to consult"
    )
    by_limb: dict[str, dict[str, int]] = Field(
        description="projects by limb (a: strip, b: high stack) and outcome"
    )
    by_veto: dict[str, dict[str, int]] = Field(description="projects by other rule and outcome")
    projects_beside: int = Field(
        default=0, description="projects of other screenings looked at for the cumulative view"
    )
    wind: WindRecord | None = None


def write_summary(path: Path, summary: Summary) -> None:
    """Write ``summary.json``: UTF-8, keys in the order of the model, two spaces, a final newline."""
    path.write_text(summary.model_dump_json(indent=2, by_alias=True) + "\n", encoding="utf-8")


def read_summary(path: Path) -> Summary:
    """Return the summary of a screening folder; of a list of projects a `ProjectSummary`."""
    text = path.read_bytes()
    kind = ProjectSummary if json.loads(text).get("subject") == "project" else Summary
    return kind.model_validate_json(text)


def file_input(path: Path, role: str, *, name: str | None = None, kind: str = "", sheet: str = "",
               encoding: str = "", header_rows: tuple[int, ...] = ()) -> Input:  # fmt: skip
    """Return the record of one file that the office gave."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Input(
        role=role, sha256=digest, size_bytes=path.stat().st_size, name=name, kind=kind, sheet=sheet,
        encoding=encoding, header_rows=header_rows,
    )  # fmt: skip


def files_sha256(root: Path, files: Iterable[Path]) -> str:
    """Return one hash over the names (relative to ``root``) and contents of files, by name."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in files):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def code_record(lock: Path | None = None) -> Code:
    """Return version and hashes of the program that runs.

    Parameters
    ----------
    lock
        The lock file of the installation, or None where there is none.
    """
    package = Path(geoaq.__file__).parent
    patterns = ("*.py", "*.toml", "*.typ", "*.html", "*.css")
    sources = (path for pattern in patterns for path in package.rglob(pattern))
    return Code(
        version=geoaq.__version__,
        source_sha256=files_sha256(package, sources),
        lock_sha256=None if lock is None else hashlib.sha256(lock.read_bytes()).hexdigest(),
    )
