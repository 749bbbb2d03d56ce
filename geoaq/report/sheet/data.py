"""The machine-readable sheet of one project: everything that its page, its file and its letter say.

Codes, numbers and quoted sentences, no clock and no path; what was explained stands in both languages. A
sheet renders to the same bytes from this alone. Positions are WGS 84 longitude and latitude in degrees.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from geoaq.errors import InputError
from geoaq.findings import APPLIES, DOES_NOT_APPLY
from geoaq.report.sheet.shapes import Lat, Lon, Point, Shapes
from geoaq.report.sheet.words import Words
from geoaq.report.summary import Code
from geoaq.report.tally import Record

SCHEMA: Literal["geoaq-border-sheet/1"] = "geoaq-border-sheet/1"
Outcome = Literal["applies", "does_not_apply", "needs_review"]
Real = Annotated[float, Field(allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Project(Record):
    """The project as its list states it; an empty word is one that the list does not state."""

    number: str
    own_number: bool = Field(default=True, description="false: a key made from the content of the row")
    row: int
    part: int = 0
    name: str
    applicant: str = ""
    adcode: str = Field(default="", description="county, GB/T 2260")
    place: Words
    industry_code: str = ""
    industry_edition: Literal["2017", "2011", ""] = ""
    industry: Words | None = Field(default=None, description="name of the class, and what the guide says")
    industry_by_division: bool = Field(default=False, description="only the division of the code was checked")
    nature: Literal["new", "relocation", "rebuild", "expansion", "technical", ""] = ""
    eia_kind: Literal["report_book", "report_form", "registration", ""] = ""
    stack_m: Metres | None = None
    stack_text: str = ""
    emissions: str = ""
    remark: str = ""


class Position(Record):
    """Where the project lies, in which datum it was given, and how well that is known."""

    kind: Literal["point", "polygon"] = "point"
    lon: Lon
    lat: Lat
    stated: str = Field(default="", description="coordinates as the list writes them")
    datum: Words
    quality: Words
    decimals: int | None = None
    u_m: Metres = Field(description="error budget of the position")
    vertices: int | None = None


class Neighbour(Record):
    """One province and the nearest point of the line shared with it."""

    adcode: str
    name: Words
    kind: Literal["land", "sea", "other_line"] = "land"
    outcome: Outcome
    reasons: tuple[Words, ...] = ()
    distance_m: Metres | None = None
    u_m: Metres | None = Field(default=None, description="error budget of position and boundary")
    foot: Point | None = None
    bearing_deg: Real | None = Field(default=None, description="at the project, clockwise from north")
    second_distance_m: Metres | None = Field(default=None, description="the same by the second boundaries")
    second_remark: Words | None = Field(default=None, description="where the second boundaries disagree")


class Condition(Record):
    """One condition of a clause and how it fell."""

    truth: Literal["T", "F", "U"]
    text: Words


class Clause(Record):
    """One rule with its sentence, and what the screening found."""

    rule_id: str
    title: Words
    document: str
    number: str = Field(default="", description="document number, e.g. 国发〔2023〕24号")
    article: str
    quote: str
    outcome: Outcome
    verdict: Words
    basis: Words | None = None
    conditions: tuple[Condition, ...] = ()
    contested: tuple[Words, ...] = ()


class Limb(Record):
    """One of the two triggers of the consultation sentence: ``a`` the strip, ``b`` the high stack."""

    id: Literal["a", "b"]
    outcome: Outcome
    verdict: Words
    clauses: tuple[Clause, ...]
    notes: tuple[Words, ...] = ()


class City(Record):
    """A city downwind."""

    name: Words
    distance_km: Real
    bearing_deg: Real


class Downwind(Record):
    """Share of hours in which the wind blows toward a province, and its cities on that side."""

    name: Words
    share: Share
    cities: tuple[City, ...] = ()


class Wind(Record):
    """The wind rose: context, never a decision.

    ``shares[i][k]`` is the share of all hours with wind from sector i (north first, clockwise) in speed class
    k; ``speeds`` are the upper bounds of the classes in m/s, the last class having none.
    """

    name: str
    kind: Literal["station", "grid"]
    hours: int
    calm: Share
    speeds: tuple[Real, ...]
    shares: tuple[tuple[Share, ...], ...] = Field(min_length=4)
    downwind: tuple[Downwind, ...] = ()
    reach_km: Real = 100.0
    sha256: str


class Near(Record):
    """Another screened project in the same strip."""

    number: str
    name: str
    distance_m: Metres
    industry_code: str = ""
    outcome: Outcome


class FollowUp(Record):
    """What became of the consultation with one province."""

    adcode: str
    name: Words
    writer: Literal["province", "city", ""] = Field(default="", description="which bureau writes")
    state: Literal["none", "sent", "answered", "adopted", "closed"] = "none"
    day: date | None = Field(default=None, description="day of the state")
    due_on: date | None = Field(default=None, description="until when an answer is asked for")
    note: str = Field(default="", description="number of the letter, what was answered")


class Boundaries(Record):
    """Boundaries that were measured against."""

    role: Literal["decides", "second"]
    name: Words
    version: str
    sha256: str
    note: Words | None = None


class Stamp(Record):
    """A thing with a version and the hash of its content."""

    name: Words
    version: str = ""
    sha256: str


class SheetData(Record):
    """The sheet of one project (``sheet.json``)."""

    schema_version: Literal["geoaq-border-sheet/1"] = SCHEMA
    number: str
    as_of: date
    synthetic: bool = False
    strip_km: Real = Field(gt=0)
    strip_inclusive: bool
    high_stack_m: Real | None = None
    boundary_error_m: Metres | None = Field(default=None, description="error budget of the line")
    downwind_threshold_ug_m3: Metres | None = Field(default=None, description="adopted by the office")
    facts: dict[str, str | float | bool | None] = Field(
        default_factory=dict, description="what the list states, by column: enough to screen it anew"
    )
    lead: Words = Field(description="what the screening says of the project, in one sentence")
    project: Project
    position: Position
    across: bool = Field(default=False, description="the site lies in more than one province")
    neighbours: tuple[Neighbour, ...]
    limbs: tuple[Limb, Limb]
    missing: tuple[Words, ...] = Field(default=(), description="to be asked of the applicant")
    office: tuple[Words, ...] = Field(default=(), description="for the office itself to settle")
    questions: tuple[Words, ...] = Field(default=(), description="words that the texts leave open")
    vetoes: tuple[Clause, ...] = ()
    wind: Wind | None = None
    near: tuple[Near, ...] = ()
    near_total: int = 0
    follow_up: tuple[FollowUp, ...] = ()
    boundaries: tuple[Boundaries, ...] = Field(min_length=1)
    policy: Stamp
    texts: tuple[Stamp, ...] = ()
    inputs: tuple[Stamp, ...] = ()
    code: Code
    shapes: Shapes = Shapes()

    def consultees(self) -> tuple[Neighbour, ...]:
        """Return the provinces that are to be consulted or may be, nearest first; none without a limb."""
        if all(limb.outcome == DOES_NOT_APPLY for limb in self.limbs):
            return ()
        asked = (one for one in self.neighbours if one.kind != "other_line")
        found = [one for one in asked if one.outcome != "does_not_apply"]
        return tuple(sorted(found, key=lambda one: (one.distance_m is None, one.distance_m or 0.0)))

    def home_open(self) -> bool:
        """Return whether the project may stand across the line: its own province is to be consulted too."""
        home = self.project.adcode[:2]
        return not self.across and any(one.adcode[:2] == home for one in self.consultees())

    def certain(self) -> bool:
        """Return whether at least one limb meets its clause."""
        return any(limb.outcome == APPLIES for limb in self.limbs)


def write_sheet_json(path: Path, data: SheetData) -> None:
    """Write the sheet: UTF-8, keys in the order of the model, two spaces, a final newline."""
    path.write_text(data.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_sheet_json(content: bytes) -> SheetData:
    """Return the sheet that ``content`` holds.

    Raises
    ------
    InputError
        ``bad_sheet``: it is not such a sheet; the first fault and its place are said.
    """
    try:
        return SheetData.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "$"
        raise InputError("bad_sheet", place=place, problem=first["msg"]) from error
