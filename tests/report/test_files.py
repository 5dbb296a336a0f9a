from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from peritia.report import FILES, LanguageError, OutputFolderError, dossier, make_files, write_dossier
from report import invented_board as board
from report import invented_library


def _write(out: Path, lang: str = "en") -> tuple[Path, ...]:
    return write_dossier(board.anna(), board.fact_values(), board.assessment(), invented_library.library(), out, lang=lang)


def test_five_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    paths = _write(tmp_path / "new" / "folder")
    assert tuple(path.name for path in paths) == FILES
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(FILES)


def test_two_runs_give_the_same_bytes(made: dict[str, bytes]) -> None:
    again = make_files(board.anna(), board.fact_values(), board.assessment(), invented_library.library())
    assert again == made


def test_nothing_is_written_when_something_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in _write(tmp_path)}

    def fail(_: object) -> bytes:
        raise RuntimeError("the typesetter fell over")

    monkeypatch.setattr(dossier, "leaflet_pdf", fail)
    with pytest.raises(RuntimeError):
        write_dossier(board.anna(question="other"), board.fact_values(), board.assessment(), invented_library.library(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputFolderError, match="cannot be written"):
        _write(tmp_path / "taken")


def test_an_unknown_language_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="one of: en, de"):
        _write(tmp_path, lang="tlh")
    assert list(tmp_path.iterdir()) == []


def test_assessment_json_is_the_assessment(made: dict[str, bytes]) -> None:
    assert json.loads(made["assessment.json"])["provenance"]["knowledge_hash"] == "a1b2c3d4" * 8


@pytest.mark.parametrize(("name", "title"), [("dossier.pdf", "Woman, 58"), ("leaflet.pdf", "Your treatment options")])
def test_pdf_is_tagged_titled_and_in_its_language(made: dict[str, bytes], name: str, title: str) -> None:
    reader = PdfReader(BytesIO(made[name]))
    catalogue = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert "/StructTreeRoot" in catalogue
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else False


def test_pdf_carries_no_clock_of_the_machine(made: dict[str, bytes]) -> None:
    metadata = PdfReader(BytesIO(made["dossier.pdf"])).metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == board.ON
