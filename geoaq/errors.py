"""Errors of geoaq: each says what is wrong, where, and what would be right.

An error carries a code of the wording catalogue and its parameters; text is made at the edge, in the
reader's language. HTTP is known only in ``web/errors.py``.
"""

from __future__ import annotations

from geoaq.wording import say


class GeoaqError(Exception):
    """Base of all errors that a user or an operator can mend.

    Parameters
    ----------
    code
        A code of the catalogue without its file, e.g. ``"file_too_large"`` (looked up in ``errors.toml``).
    **params
        Values for the places in the sentence.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def message(self, lang: str = "zh") -> str:
        """Return the sentence in ``lang`` (``zh`` or ``en``), plain text."""
        return say(f"errors.{self.code}", lang, **self.params)

    def __str__(self) -> str:
        return self.message("en")


class InputError(GeoaqError):
    """What the user gave cannot be used as it is; the user can mend it."""


class LimitError(InputError):
    """What the user gave is larger than the limits of this installation."""


class NotFoundError(GeoaqError):
    """No such layer, screening, rule or file."""


class NotReadyError(GeoaqError):
    """What is asked for is still being made; asking again later gives it."""


class ConfigError(GeoaqError):
    """The installation is not set up right; whoever runs it can mend it."""


class CancelledError(GeoaqError):
    """The user stopped the work; nothing was kept."""
