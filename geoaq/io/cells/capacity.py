"""Capacities in t/h and in MW, decimal as printed, and what the model code of a boiler says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from geoaq.io.cells.amounts import Code, Part, read_amounts
from geoaq.io.cells.text import tidy

# 1 t/h of steam = 0.7 MW = 60×10⁴ kcal/h.
MW_PER_TPH = Decimal("0.7")
_SIX_PLACES = Decimal("0.000001")
_TPH: dict[str, Callable[[Decimal], Decimal]] = {
    "kg/h": lambda value: value / 1000,
    "10MW": lambda value: value * 10 / MW_PER_TPH,
    "MW": lambda value: value / MW_PER_TPH,
    "kW": lambda value: value / 1000 / MW_PER_TPH,
    "10^4kcal": lambda value: value / 60,
}
_MW = {"MW": Decimal(1), "10MW": Decimal(10), "kW": Decimal("0.001")}
_MODEL = re.compile(r"(?P<form>[A-Z]{3,5}(?:\([A-Z]\))?) ?(?P<size>\d+(?:\.\d+)?) ?-(?P<rest>.+)")
_TWO_TEMPERATURES = re.compile(r"^\d+(?:\.\d+)?[/-]\d{2,3}[/-]\d{2,3}|^\d{2,3}/\d{2,3}(?:-|$)")
_FUEL_MARK = re.compile(r"-(A|Y|Q)(?:I{1,3}V?|[.、(,]|$)")
_FUELS = {"A": "coal", "Y": "oil", "Q": "gas"}


@dataclass(frozen=True)
class Capacity:
    """What a capacity cell says: the boilers (t/h) or units (MW) in it, and what was odd about it.

    Parameters
    ----------
    parts
        One capacity per boiler or unit, in the unit of the reader.
    codes
        Oddities as (code, severity).
    unit
        Unit that the cell is in.
    unit_stated
        The cell itself names it.
    printed
        The numbers as printed.
    also
        A second statement of the same capacity in another unit.
    """

    parts: tuple[Decimal, ...] = ()
    codes: tuple[Code, ...] = ()
    unit: str = ""
    unit_stated: bool = False
    printed: tuple[Decimal, ...] = ()
    also: Part | None = None


@dataclass(frozen=True)
class Model:
    """What a model code says: t/h, hot water or not, and the fuel of its mark (``""`` none)."""

    tph: Decimal
    hot_water: bool
    fuel: str


def to_tph(value: Decimal, unit: str) -> Decimal:
    """Return a capacity in t/h, rounded to 6 places where it is converted.

    Examples
    --------
    >>> to_tph(Decimal("24.5"), "MW"), to_tph(Decimal("35"), "t/h")
    (Decimal('35.000000'), Decimal('35'))
    """
    return value if unit == "t/h" else _TPH[unit](value).quantize(_SIX_PLACES)


def read_capacity(text: str, unit: str) -> Capacity:
    """Return the boilers that a capacity cell states, in t/h.

    Parameters
    ----------
    text
        The cell.
    unit
        Unit of header or unit column, for numbers that have none of their own: ``t/h``, ``MW``, …

    Examples
    --------
    >>> read_capacity("2×35", "t/h").parts
    (Decimal('35'), Decimal('35'))
    >>> read_capacity("1.4+2.8", "MW").parts
    (Decimal('2.000000'), Decimal('4.000000'))
    """
    return _read(text, unit, to_tph)


def read_power(text: str, unit: str) -> Capacity:
    """Return the units that a cell of electric capacity states, in MW; 1 万千瓦 is 10 MW.

    Examples
    --------
    >>> read_power("2×35", "10MW").parts, read_power("660MW", "10MW").parts
    ((Decimal('350'), Decimal('350')), (Decimal('660'),))
    """
    return _read(text, unit, lambda value, own: value * _MW[own] if own in _MW else Decimal("NaN"))


def _read(text: str, unit: str, convert: Callable[[Decimal, str], Decimal]) -> Capacity:
    amounts = read_amounts(text)
    stated = [own for _, own in amounts.parts if own]
    # In "2×35+20t/h" the unit at the end is meant for all.
    fallback = stated[-1] if stated else unit
    parts = tuple(convert(value, own or fallback) for value, own in amounts.parts)
    if any(part.is_nan() for part in parts):
        return Capacity(codes=(("capacity_unreadable", "warning"),))
    printed = tuple(value for value, _ in amounts.parts)
    return Capacity(parts, amounts.codes, fallback, bool(stated), printed, amounts.also)


def read_model(text: str) -> Model | None:
    """Return what the model code of an industrial boiler says, or None for other codes.

    ``SZL10-1.25-AII`` is steam, 10 t/h, bituminous coal; ``DZL7-1.0/115/70-AII`` has two temperatures, so it
    is hot water, 7 MW. Thermal-oil codes (``YLW-1400``) state no size that could be read with certainty.

    Examples
    --------
    >>> read_model("DZL7-1.0/115/70-AII")
    Model(tph=Decimal('10.000000'), hot_water=True, fuel='coal')
    """
    plain = tidy(text).upper().replace(" ", "").replace("—", "-").replace("–", "-")
    found = _MODEL.fullmatch(plain)
    if not found or found["form"].startswith(("YL", "YG", "YY")):
        return None
    rest = found["rest"]
    hot_water = bool(_TWO_TEMPERATURES.match(rest)) or found["form"].startswith(("QX", "CL", "CDZ", "CWN"))
    mark = _FUEL_MARK.search("-" + rest)
    tph = to_tph(Decimal(found["size"]), "MW" if hot_water else "t/h")
    return Model(tph, hot_water, _FUELS[mark[1]] if mark else "")
