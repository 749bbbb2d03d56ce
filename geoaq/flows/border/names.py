"""Names of provinces by their codes."""

from __future__ import annotations

from geoaq.cards.projects import province


def province_names(codes: str, lang: str) -> str:
    """Return the names of codes joined by ``;``, joined in the same way.

    Examples
    --------
    >>> province_names("340000;320000", "zh"), province_names("", "zh")
    ('安徽省;江苏省', '')
    """
    return ";".join(province(code, lang) for code in codes.split(";") if code)
