"""The two maps of a sheet as SVG, black on white: where it lies, and the way to the nearest line.

Drawn from the sheet's own shapes and feet. Straight pieces in longitude and latitude stay straight here; the
distances written on them were measured on the ellipsoid and come from the sheet.
"""

from __future__ import annotations

from html import escape

from geoaq.report.numbers import toward
from geoaq.report.sheet.data import Neighbour, SheetData
from geoaq.report.sheet.plane import Frame, around, label_place, path, round_length
from geoaq.report.sheet.units import plain
from geoaq.wording import say

WIDTH, HEIGHT, LOW = 360.0, 250.0, 190.0
FONT = "Noto Sans SC"
_DETAIL_REACH = 1.3  # feet farther than this many strips are left to the overview


def overview_svg(data: SheetData, lang: str = "zh", *, height: float = HEIGHT) -> str:
    """Return the map with the provinces, the shared line, the strip on both sides, site and feet."""
    centre = (data.position.lon, data.position.lat)
    feet = [one.foot for one in _measured(data) if one.foot is not None]
    shown = feet[: max(1, sum(one.outcome != "does_not_apply" for one in _measured(data)))]
    frame = around([centre, *shown], least_km=2.8 * data.strip_km, room=1.5, width=WIDTH, height=height)
    return _svg(data, frame, lang, detail=False)


def detail_svg(data: SheetData, lang: str = "zh", *, height: float = HEIGHT) -> str:
    """Return the map with the site, the feet on the lines nearby, and the distances."""
    reach = _DETAIL_REACH * data.strip_km * 1000
    near = [one for one in _measured(data) if (one.distance_m or 0) <= reach] or _measured(data)[:1]
    points = [(data.position.lon, data.position.lat), *(one.foot for one in near if one.foot is not None)]
    points += [corner for ring in data.shapes.site for corner in ring]
    frame = around(points, least_km=1.0, room=1.35, width=WIDTH, height=height)
    return _svg(data, frame, lang, detail=True)


def _measured(data: SheetData) -> list[Neighbour]:
    found = [one for one in data.neighbours if one.foot is not None and one.kind != "other_line"]
    return sorted(found, key=lambda one: one.distance_m or 0.0)


def _svg(data: SheetData, frame: Frame, lang: str, *, detail: bool) -> str:
    """Draw from the ground up: strip, provinces, lines, feet, site, names, scale, north."""
    title = say("sheet.map_detail" if detail else "sheet.map_overview", lang)
    key = "detail" if detail else "overview"
    edge = f"M0 0H{frame.width:g}V{frame.height:g}H0Z"
    parts = [
        opened(frame.width, frame.height, title),
        f'<defs><clipPath id="{key}-frame"><path d="{edge}"/></clipPath></defs>',
        f'<g clip-path="url(#{key}-frame)">',
        _shape(path(frame, data.shapes.strip, closed=True), fill="#e4e4e4", rule=True),
        *(
            _shape(path(frame, area.rings, closed=True), stroke="#999", width=0.5)
            for area in data.shapes.provinces
        ),
        *(
            _shape(path(frame, line.pieces, closed=False), stroke="#000", width=1.5, dash="9 2.5 1.5 2.5")
            for line in data.shapes.borders
        ),
        ""
        if detail
        else _shape(path(frame, data.shapes.sectors, closed=True), stroke="#000", width=0.6, dash="1 2"),
        *_dots(data, frame, lang, detail=detail),
        *_feet(data, frame, lang, detail=detail),
        _site(data, frame),
        *_province_names(data, frame, lang, detail=detail),
        "</g>",
        _scale(frame, lang),
        _north(lang),
        _shape(f"M.4 .4H{frame.width - 0.4:g}V{frame.height - 0.4:g}H.4Z", stroke="#000", width=0.8),
        "</svg>",
    ]
    return "".join(parts)


def opened(width: float, height: float, title: str) -> str:
    """Return the beginning of a drawing: its size, its name for those who do not see it, white ground."""
    size = f'viewBox="0 0 {width:g} {height:g}"'
    about = f'role="img" aria-label="{escape(title)}" font-family="{FONT}, sans-serif"'
    ground = f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {about}>{ground}'


def _shape(d: str, *, fill: str = "none", stroke: str = "none", width: float = 1.0, dash: str = "",
           rule: bool = False) -> str:  # fmt: skip
    if not d:
        return ""
    extra = (f' stroke-dasharray="{dash}"' if dash else "") + (' fill-rule="evenodd"' if rule else "")
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{extra}/>'


def text(
    x: float, y: float, words: str, *, size: float = 9.0, anchor: str = "start", bold: bool = False
) -> str:
    """Return a line of text on a white halo, so that lines under it do not hide it."""
    weight = ' font-weight="600"' if bold else ""
    common = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"{weight}'
    said = escape(plain(words))
    halo = (
        f'<text {common} fill="#fff" stroke="#fff" stroke-width="2.4" stroke-linejoin="round">{said}</text>'
    )
    return f"{halo}<text {common}>{said}</text>"


def _dots(data: SheetData, frame: Frame, lang: str, *, detail: bool) -> list[str]:
    """Draw other projects as triangles, and cities by name on the overview."""
    parts = []
    for dot in data.shapes.near:
        x, y = frame.xy(*dot.at)
        if frame.holds(x, y, 4):
            parts.append(
                _shape(f"M{x - 3:.1f} {y + 2.4:.1f}h6l-3 -5.4Z", fill="#fff", stroke="#000", width=0.7)
            )
    for dot in () if detail else data.shapes.cities:
        x, y = frame.xy(*dot.at)
        if frame.holds(x, y, 14):
            parts.append(_circle(x, y, 1.7, fill="#fff", width=0.7))
            parts.append(text(x + 4, y + 2.8, dot.name.text(lang), size=8))
    return parts


def _circle(x: float, y: float, radius: float, *, fill: str, width: float) -> str:
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"'
    return f'<circle {place} fill="{fill}" stroke="#000" stroke-width="{width:g}"/>'


def _ways(data: SheetData, frame: Frame) -> list[tuple[Neighbour, tuple[float, float, float, float]]]:
    """Return the way to every line that decides or may decide, the nearest always, as x, y, x, y.

    From a drawn site the way starts at its part nearest to the foot, else at the position.
    """
    import shapely

    middle = frame.xy(data.position.lon, data.position.lat)
    rings = [[frame.xy(*corner) for corner in ring] for ring in data.shapes.site if len(ring) >= 4]
    site = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])
    found = []
    for order, one in enumerate(_measured(data)):
        if one.foot is not None and (order == 0 or one.outcome != "does_not_apply"):
            foot = frame.xy(*one.foot)
            start = middle
            if not site.is_empty:
                start = shapely.get_coordinates(shapely.shortest_line(site, shapely.Point(foot)))[0]
            found.append((one, (start[0], start[1], *foot)))
    return found


def _feet(data: SheetData, frame: Frame, lang: str, *, detail: bool) -> list[str]:
    parts = []
    ways = _ways(data, frame)
    # Both sides of one line have one foot where a project may stand on either: one label names both.
    names: dict[tuple[float, float], list[str]] = {}
    for one, (_, _, x, y) in ways:
        names.setdefault((x, y), []).append(one.name.text(lang))
    for one, (from_x, from_y, x, y) in ways:
        way = f"M{from_x:.1f} {from_y:.1f}L{x:.1f} {y:.1f}"
        parts.append(_shape(way, stroke="#000", width=0.8, dash="3 2"))
        if frame.holds(x, y):
            cross = f"M{x - 3.2:.1f} {y - 3.2:.1f}l6.4 6.4m0 -6.4l-6.4 6.4"
            parts.append(_shape(cross, stroke="#000", width=1.2))
        if detail and one.distance_m is not None and (x, y) in names:
            both = say("sheet.list_joiner", lang).join(names.pop((x, y)))
            km = toward(one.distance_m / 1000, data.strip_km, 2)
            label = say("sheet.foot_label", lang, province=both, km=km)
            # Of a short way the label stands above the sign of the site, not on it.
            up = 3 if abs(from_x - x) + abs(from_y - y) > 40 else 12
            middle = min(max((from_x + x) / 2, 48), frame.width - 48), (from_y + y) / 2 - up
            parts.append(text(*middle, label, size=9, anchor="middle"))
    return parts


def _site(data: SheetData, frame: Frame) -> str:
    x, y = frame.xy(data.position.lon, data.position.lat)
    outline = _shape(
        path(frame, data.shapes.site, closed=True), fill="#555", stroke="#000", width=0.8, rule=True
    )
    return outline + _circle(x, y, 5.5, fill="none", width=1) + _circle(x, y, 1.8, fill="#000", width=0.7)


def _province_names(data: SheetData, frame: Frame, lang: str, *, detail: bool) -> list[str]:
    taken = [way for _, way in _ways(data, frame)]
    if not detail:
        places = [frame.xy(*dot.at) for dot in data.shapes.cities]
        taken += [(x, y, x + 32, y) for x, y in places if frame.holds(x, y)]
    taken.append((WIDTH - 14, 10, WIDTH - 14, 24))
    parts = []
    for area in data.shapes.provinces:
        place = label_place(frame, area.rings, taken)
        if place is not None:
            parts.append(text(*place, area.name.text(lang), size=11, anchor="middle", bold=True))
    return parts


def _scale(frame: Frame, lang: str) -> str:
    km = round_length(frame.width / frame.units_per_km / 4)
    length = km * frame.units_per_km
    y = frame.height - 9
    label = say("sheet.scale", lang, km=f"{km:g}")
    plate = (
        f'<rect x="4" y="{y - 15:g}" width="{length + 12:.1f}" height="20" fill="#fff" fill-opacity=".85"/>'
    )
    bar = _shape(f"M10 {y - 3:g}v3h{length:.1f}v-3", stroke="#000", width=1)
    return plate + bar + text(10 + length / 2, y - 4.5, label, size=8.5, anchor="middle")


def _north(lang: str) -> str:
    x = WIDTH - 14
    plate = f'<rect x="{x - 9:g}" y="2" width="18" height="27" fill="#fff" fill-opacity=".85"/>'
    arrow = _shape(f"M{x:g} 15l-4.5 12l4.5 -2.6l4.5 2.6Z", fill="#000")
    return plate + arrow + text(x, 12.5, say("sheet.north", lang), size=8.5, anchor="middle")
