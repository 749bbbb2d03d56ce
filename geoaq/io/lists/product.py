"""What a reader must know of a kind of list; ``layers/product/*.toml`` declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Text(Protocol):
    """A text in both languages."""

    @property
    def zh(self) -> str:
        """Chinese."""

    @property
    def en(self) -> str:
        """English."""


class ListColumn(Protocol):
    """A column: its name, the headers under which offices keep it, and what is special about its cells."""

    @property
    def column(self) -> str:
        """Name of the column."""

    @property
    def title(self) -> Text:
        """Header that a template prints."""

    @property
    def headers(self) -> Sequence[str]:
        """Other headers of the same column."""

    @property
    def unit(self) -> str | None:
        """Unit that a template prints."""

    @property
    def example(self) -> str | None:
        """Example cell of a template."""

    @property
    def note(self) -> Text | None:
        """Note of a template."""

    @property
    def personal(self) -> bool:
        """Personal data: handed back in the office's own sheet, never shown."""

    @property
    def digits(self) -> bool:
        """A long number of which every digit counts."""

    @property
    def template(self) -> bool:
        """Printed in the template."""


class ListProduct(Protocol):
    """A kind of list: its columns and the words in its cells."""

    @property
    def title(self) -> Text:
        """Title of the list."""

    @property
    def contract(self) -> str:
        """Name of the frame: boilers, plants or units."""

    @property
    def columns(self) -> Sequence[ListColumn]:
        """Columns in the order of a template."""

    @property
    def sheet_words(self) -> Sequence[str]:
        """Words in the name of a sheet that holds such a list."""

    @property
    def words(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Words of the cells: vocabulary → value → words."""

    @property
    def capacity_pairs(self) -> Sequence[tuple[float, float]]:
        """Sizes (t/h, MW) sold as one and the same boiler."""

    @property
    def notes(self) -> Sequence[Text]:
        """Notes of a template."""
