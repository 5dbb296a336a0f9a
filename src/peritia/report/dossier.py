"""Writes the five files of a board: dossier and leaflet, each as page and PDF, and the assessment as JSON. All of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from peritia.case.case import Case
from peritia.errors import PeritiaError
from peritia.options.assessment import Assessment
from peritia.report.compose import compose
from peritia.report.html import dossier_html, leaflet_html
from peritia.report.leaflet import compose_leaflet
from peritia.report.pdf import dossier_pdf, leaflet_pdf
from peritia.report.simulated_content import SimulatedSection

if TYPE_CHECKING:
    from peritia.case import FactValue
    from peritia.knowledge import Library

FILES = ("dossier.html", "dossier.pdf", "leaflet.html", "leaflet.pdf", "assessment.json")


class OutputFolderError(PeritiaError):
    """The folder for the files cannot be written."""

    def __init__(self, folder: Path, said: str) -> None:
        super().__init__(f"The folder '{folder}' cannot be written: {said}", "a folder that you may write to", "Name another with --out")


def write_dossier(
    case: Case,
    facts: Mapping[str, FactValue],
    assessment: Assessment,
    library: Library,
    out: Path,
    *,
    lang: str = "en",
    simulated: SimulatedSection | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> tuple[Path, ...]:
    """Writes ``FILES`` into ``out`` and returns their paths.

    Everything is made before anything is written; the files are written beside their place and moved into it, so that a reader never meets
    half of one. Equal arguments give equal bytes. ``simulated`` adds its section,
    ``beside`` further files by name. Raises ``LanguageError``, ``OutputFolderError``.
    """
    contents = make_files(case, facts, assessment, library, lang=lang, simulated=simulated) | dict(beside or {})
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".board-", dir=out) as nearby:
            for name, content in contents.items():
                (Path(nearby) / name).write_bytes(content)
            for name in contents:
                os.replace(Path(nearby) / name, out / name)
    except OSError as error:
        raise OutputFolderError(out, error.strerror or type(error).__name__) from error
    return tuple(out / name for name in contents)


def make_files(
    case: Case,
    facts: Mapping[str, FactValue],
    assessment: Assessment,
    library: Library,
    *,
    lang: str = "en",
    simulated: SimulatedSection | None = None,
) -> dict[str, bytes]:
    """The bytes of each of ``FILES``, by name."""
    dossier = compose(case, facts, assessment, library, lang, simulated)
    leaflet = compose_leaflet(assessment, library, lang)
    # The typesetter works outside Python's lock: the long PDF is set while the rest is written.
    with ThreadPoolExecutor(max_workers=1) as typesetter:
        paper = typesetter.submit(dossier_pdf, dossier)
        pages = dossier_html(dossier).encode(), leaflet_html(leaflet).encode()
        small = leaflet_pdf(leaflet)
        spoken = msgspec.json.format(msgspec.json.encode(assessment), indent=2)
        made = (pages[0], paper.result(), pages[1], small, spoken)
    return dict(zip(FILES, made, strict=True))
