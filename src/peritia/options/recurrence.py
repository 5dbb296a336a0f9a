"""Recurrence after CRS with HIPEC: whether it is one, which, why cancer returns, and what decides next."""

from __future__ import annotations

from peritia.options.assessment import Recurrence
from peritia.options.reasons import Judge


def recognise_recurrence(judge: Judge) -> Recurrence:
    """Reads the recurrence facts; ``why`` holds every published cause with whether it applies to this case."""
    knowledge = judge.library.recurrence
    value = {name: fact.value for name, fact in judge.used.items()}
    return Recurrence(
        recognised=value["recurrence_after_crs_hipec"],  # pyright: ignore[reportArgumentType]
        pattern=value["recurrence_pattern"],  # pyright: ignore[reportArgumentType]
        disease_free_interval_months=value["disease_free_interval_months"],  # pyright: ignore[reportArgumentType]
        index_cc=value["index_cc"],  # pyright: ignore[reportArgumentType]
        index_pci=value["index_pci"],  # pyright: ignore[reportArgumentType]
        why=tuple(judge.reason(criterion, "cautions") for criterion in knowledge.why),
        deciding_facts=tuple(judge.used[name] for name in knowledge.deciding_facts),
    )
