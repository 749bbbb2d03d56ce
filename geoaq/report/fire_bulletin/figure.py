"""The map of a bulletin as SVG: areas as they are drawn elsewhere, points by kind; nothing is measured."""

from __future__ import annotations

from math import cos, radians

from geoaq.report.fire_bulletin.data import BulletinData
from geoaq.report.fire_bulletin.words import said
from geoaq.report.sheet.maps import opened, text
from geoaq.report.sheet.plane import Frame, around, label_place, path, round_length

WIDTH = 520.0
_LOWEST, _HIGHEST = 250.0, 430.0
_LEGEND = 24.0
# Signs differ in shape, so that they are told apart in print without colours.
_SIGNS = ("aside", "straw", "verified", "push")
_MOST_NAMES, _MANY = 30, 400


def map_svg(data: BulletinData, lang: str = "zh") -> str:
    """Return the map with the points of the period, the verified ones on top."""
    frame = _frame(data)
    drawn = [(at, sign_of(group)) for at, group in data.shapes.dots]
    parts = [
        opened(frame.width, frame.height + _LEGEND, said("map_caption", lang)),
        f'<defs><clipPath id="bulletin-frame"><path d="{_edge(frame)}"/></clipPath></defs>',
        '<g clip-path="url(#bulletin-frame)">',
        *(
            f'<path d="{path(frame, one.rings, closed=True)}" fill="#f6f4ee" stroke="#8a867b" '
            'stroke-width="0.5" fill-rule="evenodd"/>'
            for one in data.shapes.areas
        ),
        f'<path d="{path(frame, data.shapes.lines, closed=False)}" fill="none" stroke="#333"/>',
    ]
    # Many points would hide each other and the lines: they are drawn smaller.
    size = 0.6 if len(drawn) > _MANY else 1.0
    for sign in _SIGNS:
        places = [frame.xy(*at) for at, own in drawn if own == sign]
        parts += [sign_svg(sign, x, y, size) for x, y in places if frame.holds(x, y, 2)]
    parts += [*_names(data, frame, lang), "</g>"]
    parts.append(f'<path d="{_edge(frame)}" fill="none" stroke="#000" stroke-width="0.8"/>')
    if not drawn:
        middle = frame.width / 2, frame.height / 2
        parts.append(text(*middle, said("map_none", lang), size=12, anchor="middle"))
    return "".join([*parts, _scale(frame, lang), _north(frame, lang), _legend(frame, lang), "</svg>"])


def sign_of(group: str) -> str:
    """Return the sign of a group of detections."""
    if group in ("verified", "push"):
        return group
    return "straw" if group == "straw_likely" else "aside"


def sign_svg(sign: str, x: float, y: float, size: float = 1.0) -> str:
    """Return one sign: a disc for suspected straw, one with a ring where verified, a cross, a triangle."""
    if sign == "aside":
        cross = f"M{x - 2.2:.1f} {y:.1f}h4.4M{x:.1f} {y - 2.2:.1f}v4.4"
        return f'<path d="{cross}" stroke="#666" stroke-width="0.8"/>'
    if sign == "push":
        shape = f"M{x:.1f} {y - 4:.1f}l3.8 6.6h-7.6Z"
        return f'<path d="{shape}" fill="#fff" stroke="#0b4f8a" stroke-width="1.1"/>'
    look = f'r="{2.5 * size:g}" fill="#c8401f" stroke="#fff" stroke-width="{0.5 * size:g}"'
    disc = f'<circle cx="{x:.1f}" cy="{y:.1f}" {look}/>'
    if sign == "straw":
        return disc
    return (
        f'{disc}<circle cx="{x:.1f}" cy="{y:.1f}" r="4.6" fill="none" stroke="#7a1507" stroke-width="1.1"/>'
    )


def _frame(data: BulletinData) -> Frame:
    west, south, east, north = data.shapes.box
    middle = cos(radians((south + north) / 2))
    ratio = (north - south) / max((east - west) * middle, 1e-9)
    height = min(max(WIDTH * ratio, _LOWEST), _HIGHEST)
    return around([(west, south), (east, north)], least_km=2.0, room=1.04, width=WIDTH, height=height)


def _edge(frame: Frame) -> str:
    return f"M.4 .4H{frame.width - 0.4:g}V{frame.height - 0.4:g}H.4Z"


def _names(data: BulletinData, frame: Frame, lang: str) -> list[str]:
    """Name the areas that have points, most points first, where there is room."""
    straw = {one.adcode: one.straw + one.mixed for one in data.units}
    found = sorted(data.shapes.areas, key=lambda one: (-straw.get(one.adcode, 0), one.adcode))
    if len(found) > _MOST_NAMES:
        found = [one for one in found if straw.get(one.adcode, 0)][:_MOST_NAMES]
    taken: list[tuple[float, float, float, float]] = [(frame.width - 14, 10, frame.width - 14, 24)]
    parts = []
    for one in found:
        place = label_place(frame, one.rings, taken)
        if place is not None and frame.holds(*place, 12):
            parts.append(text(*place, one.name.text(lang), size=8.5, anchor="middle"))
            taken.append((place[0] - 14, place[1], place[0] + 14, place[1]))
    return parts


def _scale(frame: Frame, lang: str) -> str:
    km = round_length(frame.width / frame.units_per_km / 5)
    length = km * frame.units_per_km
    y = frame.height - 9
    plate = (
        f'<rect x="4" y="{y - 15:g}" width="{length + 12:.1f}" height="20" fill="#fff" fill-opacity=".85"/>'
    )
    bar = f'<path d="M10 {y - 3:g}v3h{length:.1f}v-3" fill="none" stroke="#000"/>'
    return (
        plate
        + bar
        + text(10 + length / 2, y - 4.5, said("scale", lang, km=f"{km:g}"), size=8.5, anchor="middle")
    )


def _north(frame: Frame, lang: str) -> str:
    x = frame.width - 14
    arrow = f'<path d="M{x:g} 15l-4.5 12l4.5 -2.6l4.5 2.6Z"/>'
    return arrow + text(x, 12.5, said("north", lang), size=8.5, anchor="middle")


def _legend(frame: Frame, lang: str) -> str:
    y, step = frame.height + _LEGEND / 2 + 1, frame.width / len(_SIGNS)
    parts = []
    for at, sign in enumerate(("straw", "verified", "aside", "push")):
        x = 10 + at * step
        parts += [sign_svg(sign, x, y), text(x + 9, y + 3.2, said(f"map_{sign}", lang), size=9)]
    return "".join(parts)
