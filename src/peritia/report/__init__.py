"""The report room: what an assessment says, set for the board, for paper and for the patient."""

from __future__ import annotations

from peritia.report.compose import compose
from peritia.report.dossier import FILES, OutputFolderError, make_files, write_dossier
from peritia.report.html import dossier_html, leaflet_html
from peritia.report.leaflet import compose_leaflet
from peritia.report.pdf import TypesettingError, dossier_pdf, leaflet_pdf
from peritia.report.wording import LANGUAGES, LanguageError

__all__ = [
    "FILES",
    "LANGUAGES",
    "LanguageError",
    "OutputFolderError",
    "TypesettingError",
    "compose",
    "compose_leaflet",
    "dossier_html",
    "dossier_pdf",
    "leaflet_html",
    "leaflet_pdf",
    "make_files",
    "write_dossier",
]
