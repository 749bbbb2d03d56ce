"""The language in which the command line speaks."""

from __future__ import annotations

import os

from geoaq.wording import LANGS


def language() -> str:
    """Return the language of messages and lists: ``GEOAQ_LANG`` (zh or en), Chinese first."""
    lang = os.environ.get("GEOAQ_LANG", "zh")
    return lang if lang in LANGS else "zh"
