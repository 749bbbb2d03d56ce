"""Do the quotes stand in the texts? An office checks its own copies with the same function."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from geoaq.policy.model import Pack
from geoaq.policy.notes import Note

# Scans break lines anywhere and leave stray marks; PM_{2.5} and PM2.5 are one word.
_STRAY = re.compile(r"[\s*_{}]")


def plain(text: str) -> str:
    r"""Return a text without white space and stray marks.

    Examples
    --------
    >>> plain("PM_{2.5} 未达\n标城市")
    'PM2.5未达标城市'
    """
    return _STRAY.sub("", text)


def cited(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Yield id, source and quote of everything that the pack quotes."""
    for rule in pack.rules.values():
        yield from ((rule.id, rule.source, quote) for quote in rule.quotes)
        yield from ((rule.id, rule.source, limb.quote) for limb in rule.limbs)
        if rule.timing.parsed_from:
            yield rule.id, rule.source, rule.timing.parsed_from
        yield from ((rule.id, said.source, said.quote) for said in rule.restated)
    yield from ((brake.id, brake.source, brake.quote) for brake in pack.brakes.values())
    yield "season", pack.season.source, pack.season.quote
    for source in pack.sources.values():
        if source.responsible_quote:
            yield source.id, source.id, source.responsible_quote


def check_quotes(pack: Pack, texts: Mapping[str, bytes]) -> list[Note]:
    """Return what does not stand in a set of texts.

    Parameters
    ----------
    pack
        The policy.
    texts
        The files of a folder by name (`geoaq.policy.read_texts`), UTF-8 or GB18030.

    Returns
    -------
    list of Note
        Empty where every source was found by its sha-256 and every quote, unit and silence stands.
        A source whose hash is not among the files is looked for by its title; then ``quote_text_differs``
        says so, and its quotes are checked all the same. ``quote_text_missing``: no file is that source.
    """
    by_hash = {hashlib.sha256(data).hexdigest(): name for name, data in texts.items()}
    bodies = {name: plain(_decoded(data)) for name, data in texts.items()}
    problems: list[Note] = []
    found: dict[str, str] = {}
    for source in pack.sources.values():
        name = by_hash.get(source.text_sha256)
        if name is None:
            name = _by_title(plain(source.title), bodies)
            code = "policy.quote_text_missing" if name is None else "policy.quote_text_differs"
            problems.append(Note(code, {"document": source.title, "file": name or ""}))
        if name is not None:
            found[source.id] = bodies[name]
    problems += [
        Note("policy.quote_not_found", {"rule": rule, "source": source, "quote": quote})
        for rule, source, quote in cited(pack)
        if source in found and plain(quote) not in found[source]
    ]
    problems += [
        Note("policy.quote_unit_not_found", {"rule": rule.id, "unit": unit})
        for rule in pack.rules.values()
        for unit in rule.responsible
        if rule.source in found and unit not in found[rule.source]
    ]
    problems += [
        Note(
            "policy.quote_count_differs",
            {"source": said.doc, "search": said.search, "count": str(found[said.doc].count(said.search))},
        )
        for said in pack.silences
        if said.doc in found and found[said.doc].count(said.search) != said.count
    ]
    return problems


def _by_title(title: str, bodies: Mapping[str, str]) -> str | None:
    """Return the file that shows the title first, or None: a title may be quoted inside another document."""
    places = [(body.find(title), name) for name, body in bodies.items() if 0 <= body.find(title) < 1000]
    return min(places)[1] if places else None


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
