"""The closed vocabulary of conditions: what a rule may ask of a subject, and nothing else.

Every comparison states whether its bound is included; every threshold is a decimal string whose key names
its unit. Models are frozen and refuse keys that they do not know.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _decimal(text: str) -> str:
    try:
        Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a decimal: {text!r}") from None
    return text


def _pairs(value: object) -> object:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


DecimalText = Annotated[str, AfterValidator(_decimal)]
Adcode = Annotated[str, Field(pattern=r"^\d{6}$")]
Pairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)]


class Named(Strict):
    """What all conditions share: an id within the rule and, where a word is open, the term that reads it."""

    id: str
    term: str | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms whose readings may turn the condition."""
        return () if self.term is None else (self.term,)


class WordCondition(Named):
    """A word of the row is one of ``any_of``; words in ``unclear`` are open terms, blank is unknown.

    ``words_of``: the fact whose words this one speaks, where they have another name.
    """

    kind: Literal["word"]
    fact: str
    any_of: tuple[str, ...] = Field(min_length=1)
    unclear: Pairs = ()
    words_of: str | None = None


class IndustrialCondition(Named):
    """The boiler is a 工业锅炉; what that means is read by the term."""

    kind: Literal["industrial"]
    fact: Literal["boiler_class"]
    purpose: Literal["purpose", "boiler_purpose"] = "purpose"


class StageCondition(Named):
    """The subject exists, is new (planned or, as the term reads it, relocated), or either."""

    kind: Literal["stage"]
    stage: Literal["existing", "new", "any"]


class CapacityCondition(Named):
    """The capacity of one boiler (t/h) or unit (MW), as printed, or as column ``fact`` states, to a bound."""

    kind: Literal["capacity"]
    fact: str | None = None
    compare: Literal["at_most", "at_least", "equal"]
    limit_tph: DecimalText | None = None
    limit_mw: DecimalText | None = None
    inclusive: bool

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.limit_tph is None) == (self.limit_mw is None):
            raise ValueError("exactly one of limit_tph and limit_mw")
        if self.compare == "equal" and not self.inclusive:
            raise ValueError("an equality includes its number")
        return self

    @property
    def quantity(self) -> str:
        """The measured column: ``capacity_tph`` or ``capacity_mw``."""
        return "capacity_mw" if self.limit_tph is None else "capacity_tph"

    @property
    def column(self) -> str:
        """The fact that states it."""
        return self.fact or self.quantity

    @property
    def limit(self) -> float:
        """The bound, in the unit of `quantity`."""
        text = self.limit_mw if self.limit_tph is None else self.limit_tph
        return float(text or "nan")


class RegionCondition(Named):
    """The subject lies in a listed region or one treated as it by reference; ``outside``: in none of them."""

    kind: Literal["region"]
    region: str
    by_reference: tuple[str, ...] = ()
    outside: bool = False


class AreaCondition(Named):
    """The subject lies in the province of the document (made by the loader, never written)."""

    kind: Literal["area"]
    area: Adcode
    names: tuple[str, ...] = ()


class CityCondition(Named):
    """The county-level unit is a city or a district; a county's seat is an open word."""

    kind: Literal["city"]
    term: str


class LayerCondition(Named):
    """The subject lies inside a layer that the office supplies."""

    kind: Literal["layer"]
    layer: str
    stated: str | None = None


class AnchorCondition(Named):
    """A confirmed CHP plant of at least ``min_mw`` lies within ``radius_km``."""

    kind: Literal["anchor"]
    radius_km: DecimalText
    radius_inclusive: bool
    min_mw: DecimalText
    min_inclusive: bool
    term: str


class AttainmentCondition(Named):
    """The city does not attain the PM2.5 standard; standard and year are read by the term."""

    kind: Literal["attainment"]
    term: str


class FlagCondition(Named):
    """A yes-or-no fact of the row is as expected."""

    kind: Literal["flag"]
    fact: str
    expect: bool


class OpenWordCondition(Named):
    """A word of the text that nothing decides: always unknown, with its term."""

    kind: Literal["open_word"]
    term: str


class BorderCondition(Named):
    """The site lies within ``strip_km`` of the land border that its province shares with another."""

    kind: Literal["border"]
    strip_km: DecimalText
    inclusive: bool


class IndustryCondition(Named):
    """The industry (GB/T 4754) stands in a list of ``industries.toml``; a reading may take another list."""

    kind: Literal["industry"]
    list: str


class NatureCondition(Named):
    """The nature of the project: ``new`` is 新建, ``any_works`` is 新改扩建.

    ``altered`` is the reason that 改建, 扩建 and 技术改造 are given where only 新建 is meant.
    """

    kind: Literal["nature"]
    reach: Literal["new", "any_works"]
    altered: str = ""


class NewStackCondition(Named):
    """The project is new, or, as the term reads it, builds a new stack though it alters what exists."""

    kind: Literal["new_stack"]
    term: str
    nature_term: str

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms whose readings may turn the condition."""
        return (self.term, self.nature_term)


class StackCondition(Named):
    """The highest stack that the project builds rises above ``above_m`` metres over the ground."""

    kind: Literal["stack"]
    above_m: DecimalText
    inclusive: bool
    term: str


class DownwindCondition(Named):
    """A modelled contribution downwind exceeds the threshold that the agency adopted."""

    kind: Literal["downwind"]
    inclusive: bool
    term: str


class ApprovalCondition(Named):
    """The project's environmental assessment is approved; a 登记表 is only registered, so it needs review."""

    kind: Literal["approval"]


class SwapCondition(Named):
    """The project involves a swap of capacity: it states a plan, or its industry is one of ``list``."""

    kind: Literal["swap"]
    list: str
    term: str


class NewBoilerCondition(Named):
    """The project builds a boiler, of one of ``fuels`` where any are named."""

    kind: Literal["new_boiler"]
    fuels: tuple[str, ...] = ()


class EvidenceCondition(Named):
    """The fire is taken for straw; else it is open, never false. ``noted`` classes count and are told."""

    kind: Literal["evidence"]
    any_of: tuple[str, ...] = Field(min_length=1)
    noted: tuple[str, ...] = ()


class ClockCondition(Named):
    """The moments of a fire's handling are known, so that the minutes of its stages can be counted."""

    kind: Literal["clock"]
    detected_min: DecimalText  # minutes
    responded_min: DecimalText
    disposed_min: DecimalText
    term: str


Condition = Annotated[
    WordCondition
    | IndustrialCondition
    | StageCondition
    | CapacityCondition
    | RegionCondition
    | AreaCondition
    | CityCondition
    | LayerCondition
    | AnchorCondition
    | AttainmentCondition
    | FlagCondition
    | OpenWordCondition
    | BorderCondition
    | IndustryCondition
    | NatureCondition
    | NewStackCondition
    | StackCondition
    | DownwindCondition
    | ApprovalCondition
    | SwapCondition
    | NewBoilerCondition
    | EvidenceCondition
    | ClockCondition,
    Field(discriminator="kind"),
]
