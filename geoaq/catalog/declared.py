"""What every declared thing shares: strict keys, a name, a text in both languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Declared(BaseModel):
    """A thing that a file declares: an unknown key is an error, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Declared):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def say(self, lang: str) -> str:
        """Return the text in ``lang``: ``zh`` or ``en``."""
        return self.en if lang == "en" else self.zh
