"""The three real days that a new installation shows: whole, judged, and held against no later text."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoaq.cli import main
from geoaq.flows.fires.demonstration import demonstration_dir, has_demonstration, open_demonstration
from geoaq.io.built import LayerSet
from geoaq.store.fires.store import FireStore
from tests.flows.fires.test_ingest import NRT


@pytest.fixture
def data(built_layers: LayerSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of state with layers; messages are English."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "layers").symlink_to(built_layers.path.parent)
    # The edges of counties, made once for this checkout, are left where the next run finds them.
    (folder / "cache").symlink_to(built_layers.path.parent.parent / "cache")
    monkeypatch.setenv("GEOAQ_DATA", str(folder))
    monkeypatch.setenv("GEOAQ_LANG", "en")
    monkeypatch.delenv("GEOAQ_DATABASE_URL", raising=False)
    return folder


def test_the_days_are_judged_by_the_texts_of_their_time_in_a_store_of_their_own(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "demonstration"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Demonstration: real satellite detections")
    assert "We acknowledge the use of data" in said
    with open_demonstration(data) as store:
        pixels = store.judged(0, 1 << 40)
        events = store.events(0, 1 << 40)
        assert [(one.source, one.rows) for one in store.manifest.ingests()] == [("demonstration", 1508)]
        state = store.judged_state()
    assert len(pixels) == 1508
    assert set(events["verdict"]) == {"needs_review"}
    assert (pixels["class"] == "straw_likely").mean() > 0.5
    assert not (pixels["class"] == "static").any()
    assert main(["fires", "demonstration"]) == 0
    with open_demonstration(data) as store:
        assert store.judged_state() == state
    with FireStore(data) as own:
        assert own.manifest.ingests() == []
    assert main(["fires", "demonstration", "--remove"]) == 0
    assert not demonstration_dir(data).exists()
    assert main(["fires", "demonstration", "--remove"]) == 0
    assert "There is no demonstration" in capsys.readouterr().out


def test_an_office_with_detections_of_its_own_gets_none(data: Path) -> None:
    (data / "nrt.csv").write_text(NRT)
    assert main(["fires", "ingest", str(data / "nrt.csv")]) == 0
    assert main(["fires", "demonstration", "--unless-own"]) == 0
    assert not has_demonstration(data)
