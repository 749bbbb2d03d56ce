"""The wind rose as SVG: where the wind comes from, by share of hours and class of speed."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

from geoaq.report.numbers import fixed
from geoaq.report.sheet.data import Wind
from geoaq.report.sheet.maps import opened, text
from geoaq.wording import say

SIZE = 250.0
_RADIUS = 88.0
_INKS = ("#d9d9d9", "#a6a6a6", "#6e6e6e", "#333", "#000")


def rose_svg(wind: Wind, lang: str = "zh") -> str:
    """Return the rose: one petal a sector, pointing to where the wind comes from; calm hours are left out."""
    sectors = len(wind.shares)
    longest = max((sum(petal) for petal in wind.shares), default=0.0)
    step = next((one for one in (0.02, 0.05, 0.1, 0.2) if longest <= 4 * one), 0.25)
    outer = step * max(1, -(-int(longest * 1e6) // int(step * 1e6)))
    middle = SIZE / 2 - 8
    said = [opened(SIZE, SIZE, say("sheet.rose", lang))]
    rings = round(outer / step)
    for ring in range(1, rings + 1):
        radius = _RADIUS * ring / rings
        place = f'cx="{SIZE / 2:g}" cy="{middle:g}" r="{radius:.1f}"'
        said.append(f'<circle {place} fill="none" stroke="#999" stroke-width=".4"/>')
    for index, petal in enumerate(wind.shares):
        inner = 0.0
        for ink, share in enumerate(petal):
            shape = _petal(index, sectors, inner / outer, (inner + share) / outer, middle)
            if share > 0:
                said.append(
                    f'<path d="{shape}" fill="{_INKS[min(ink, 4)]}" stroke="#000" stroke-width=".3"/>'
                )
            inner += share
    quietest = min(range(sectors), key=lambda index: sum(wind.shares[index]))
    for ring in range(1, rings + 1):
        angle = 2 * pi * quietest / sectors
        x, y = _at(angle, _RADIUS * ring / rings, middle)
        said.append(text(x, y + 3, f"{fixed(100 * step * ring, 0)}%", size=8, anchor="middle"))
    for letter, angle in zip("nesw", (0.0, pi / 2, pi, 1.5 * pi), strict=True):
        x, y = _at(angle, _RADIUS + 11, middle)
        said.append(text(x, y + 4, say(f"sheet.wind_{letter}", lang), size=10.5, anchor="middle", bold=True))
    said += _legend(wind, lang)
    return "".join([*said, "</svg>"])


def _at(angle: float, radius: float, middle: float) -> tuple[float, float]:
    return SIZE / 2 + radius * sin(angle), middle - radius * cos(angle)


def _petal(index: int, sectors: int, inner: float, outer: float, middle: float) -> str:
    """Return the path of one class of one sector, four fifths of the sector wide."""
    half = 0.8 * pi / sectors
    start, end = 2 * pi * index / sectors - half, 2 * pi * index / sectors + half
    near, far = _RADIUS * inner, _RADIUS * outer
    corners = [
        _at(start, near, middle),
        _at(start, far, middle),
        _at(end, far, middle),
        _at(end, near, middle),
    ]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return (
        f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}A{far:.1f} {far:.1f} 0 0 1 {cx:.1f} {cy:.1f}L{dx:.1f} {dy:.1f}"
        + (f"A{near:.1f} {near:.1f} 0 0 0 {ax:.1f} {ay:.1f}Z" if near > 0 else "Z")
    )


def _legend(wind: Wind, lang: str) -> list[str]:
    bounds = [0.0, *wind.speeds]
    names = [f"{low:g}–{high:g}" for low, high in pairwise(bounds)] + [f"≥{bounds[-1]:g}"]
    said = []
    step = (SIZE - 30) / len(names)
    y = SIZE - 7
    for place, name in enumerate(names):
        x = 8 + place * step
        look = f'fill="{_INKS[min(place, 4)]}" stroke="#000" stroke-width=".3"'
        said.append(f'<rect x="{x:.1f}" y="{y - 7:g}" width="8" height="8" {look}/>')
        said.append(text(x + 10, y, name, size=7.5))
    said.append(text(SIZE - 4, y, say("sheet.unit_ms", lang), size=7.5, anchor="end"))
    return said
