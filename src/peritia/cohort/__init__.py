"""Many cases at once: verdicts in bulk, counts, and the same assessment as SQL or CQL."""

from __future__ import annotations

from peritia.cohort.bulk import assess_file, read_bundles
from peritia.cohort.counts import Counts, count, print_counts
from peritia.cohort.export import assessment_cql, assessment_sql
from peritia.cohort.table import read_table
from peritia.cohort.verdicts import assess_frame

__all__ = [
    "Counts", "assess_file", "assess_frame", "assessment_cql", "assessment_sql", "count", "print_counts", "read_bundles", "read_table",
]  # fmt: skip
