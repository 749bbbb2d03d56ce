"""Numbers as they are shown: rounded for reading, with a narrow space for thousands."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_SPACE = "\u202f"


def grouped(value: float, decimals: int = 0) -> str:
    """Return a number with at most so many decimals, thousands set apart by a narrow space.

    Examples
    --------
    >>> grouped(9318.0).replace("\u202f", " "), grouped(27.456, 2), grouped(35.0, 2)
    ('9 318', '27.46', '35')
    """
    text = fixed(value, decimals)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, dot, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}".replace(",", _SPACE) + dot + rest


def fixed(value: float, decimals: int) -> str:
    """Return a number with exactly so many decimals, halves away from zero.

    Examples
    --------
    >>> fixed(2.5, 0), fixed(29.985, 2), fixed(-0.001, 2)
    ('3', '29.99', '0.00')
    """
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def toward(value: float, limit: float, decimals: int) -> str:
    """Return a number rounded so that it never reads as on the other side of ``limit``.

    Decimals are added, up to six, until the rounded number stands on the side on which the value stands.

    Examples
    --------
    >>> toward(29.9996, 30.0, 2), toward(27.456, 30.0, 2), toward(30.0, 30.0, 2)
    ('29.9996', '27.46', '30.00')
    """
    for places in range(decimals, 7):
        text = fixed(value, places)
        if (float(text) > limit) == (value > limit) and (float(text) < limit) == (value < limit):
            return text
    return fixed(value, 6)


def degrees(value: float | None) -> float | None:
    """Return a coordinate with the six decimals that a page needs; None stays None."""
    return None if value is None else round(float(value), 6)
