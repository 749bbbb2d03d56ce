"""Names of provinces by their codes."""

from __future__ import annotations

from geoaq.wording import catalogue, say


def province_name(code: str, lang: str) -> str:
    """Return the name of a province in ``lang``, the code itself where it is none.

    Examples
    --------
    >>> province_name("340000", "zh"), province_name("340000", "en"), province_name("999999", "zh")
    ('安徽省', 'Anhui', '999999')
    """
    entry = f"provinces.name_{code}"
    return say(entry, lang) if entry in catalogue() else code


def province_names(codes: str, lang: str) -> str:
    """Return the names of codes joined by ``;``, joined in the same way.

    Examples
    --------
    >>> province_names("340000;320000", "zh"), province_names("", "zh")
    ('安徽省;江苏省', '')
    """
    return ";".join(province_name(code, lang) for code in codes.split(";") if code)
