"""FHIR at the edge: an mCODE bundle becomes a case, a case becomes a bundle. Nothing else in the house knows FHIR."""

from __future__ import annotations

from peritia.fhir.codes import Aliases, code_table, load_aliases
from peritia.fhir.codesystem import PSM, code_system, concepts
from peritia.fhir.ndjson import Line, read_ndjson
from peritia.fhir.reading import Reader, read_bundle, reader
from peritia.fhir.writing import bundle_of, write_bundle

__all__ = [
    "PSM", "Aliases", "Line", "Reader", "bundle_of", "code_system", "code_table", "concepts", "load_aliases", "read_bundle", "read_ndjson",
    "reader", "write_bundle",
]  # fmt: skip
