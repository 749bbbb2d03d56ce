"""What is said where a second source of boundaries disagrees with the one that decides."""

from __future__ import annotations

from geoaq.report.numbers import fixed, toward
from geoaq.wording import say


def second_remark(
    distance_m: float | None,
    second_m: float | None,
    u_m: float | None,
    *,
    strip_km: float,
    lang: str,
) -> str:
    """Return what is to be known of the second source, '' where it agrees.

    It disagrees where it draws a line that the first lacks, where the same width and error give another
    verdict, or where the two distances are farther apart than the error that is stated.

    Parameters
    ----------
    distance_m, second_m
        Distance to the nearest line by the first and by the second source, metres; None: no such line.
    u_m
        Error budget of the distance, metres.
    strip_km
        Width of the strip.
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> second_remark(7_000.0, 9_449.0, 1_001.0, strip_km=20.0, lang="zh")
    '两种边界来源相差2449米，大于误差，界线待核实'
    >>> second_remark(18_900.0, 19_500.0, 1_001.0, strip_km=20.0, lang="zh")
    '按第二边界来源为距20公里界线临界，与本结果不同，界线待核实'
    >>> second_remark(7_000.0, 7_900.0, 1_001.0, strip_km=20.0, lang="zh")
    ''
    """
    if second_m is None:
        return ""
    if distance_m is None:
        return say("reports.second_only", lang, km=toward(second_m / 1000, strip_km, 2))
    error = u_m or 0.0
    first, other = (_verdict(far, error, strip_km * 1000) for far in (distance_m, second_m))
    if first != other:
        return say(f"reports.second_{other}", lang, strip=f"{strip_km:g}")
    apart = abs(second_m - distance_m)
    return say("reports.second_apart", lang, metres=fixed(apart, 0)) if apart > error else ""


def _verdict(distance_m: float, u_m: float, limit_m: float) -> str:
    """Return ``inside``, ``outside`` or ``review``, as the strip is decided (`geoaq.zones.border.screen`)."""
    if abs(distance_m - limit_m) <= u_m:
        return "review"
    return "inside" if distance_m < limit_m else "outside"
