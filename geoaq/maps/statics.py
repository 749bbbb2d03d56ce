"""The client's own files and its sentences."""

from __future__ import annotations

import re

from geoaq.errors import ConfigError
from geoaq.settings import static_dir
from geoaq.wording import catalogue

_URL = re.compile(r"url\((?!data:)[^)]*\)")


def static_text(path: str) -> str:
    """Return a script or style of the client, addresses of pictures and fonts in styles taken out.

    Raises
    ------
    ConfigError
        ``front_end_missing``: set-up did not copy the front-end parts.
    """
    try:
        text = (static_dir() / path).read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigError("front_end_missing", file=path) from error
    return _URL.sub("none", text) if path.endswith(".css") else text


def client_strings(lang: str, view: str = "") -> dict[str, str]:
    """Return the sentences of the client in ``lang`` by their name in ``wording/client.toml``.

    Parameters
    ----------
    lang
        ``zh`` or ``en``.
    view
        The job: its own sentences (``wording/client_<view>.toml``) stand in place of the common ones.
    """
    found: dict[str, str] = {}
    for room in ("client.", f"client_{view}."):
        found |= {
            code.removeprefix(room): entry[lang]
            for code, entry in catalogue().items()
            if code.startswith(room)
        }
    return found
