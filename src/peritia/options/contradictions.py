"""What on file contradicts itself, and has to be settled before a verdict is read: entries that disagree, images above the surgeon."""

from __future__ import annotations

from collections.abc import Iterator

from peritia.case.conflicts import says_otherwise
from peritia.options.assessment import Contradiction, FactUsed
from peritia.options.reasons import Judge

_IMAGES_ABOVE = (
    "The PCI on images is above the surgeon's. Images read low, so the surgeon's score may be incomplete or out of date; "
    "the verdicts rest on the surgeon's."
)


def contradictions(judge: Judge) -> tuple[Contradiction, ...]:
    """Facts that are unknown because entries disagree, gathered by the entries; and a PCI that cannot well be so."""
    return (*_images_above_the_surgeon(judge), *_disagreements(judge))


def _images_above_the_surgeon(judge: Judge) -> Iterator[Contradiction]:
    images, surgeon = judge.used["pci_imaging"], judge.used["pci_surgical"]
    if images.value is not None and surgeon.value is not None and int(images.value) > int(surgeon.value):
        yield Contradiction(text=_IMAGES_ABOVE, facts=(images, surgeon), sources=("imaging-pci",))


def _disagreements(judge: Judge) -> Iterator[Contradiction]:
    gathered: dict[tuple[str, tuple[str, ...]], list[FactUsed]] = {}
    for fact in judge.used.values():
        if fact.state == "unknown" and fact.paths and says_otherwise(fact.reason):
            gathered.setdefault((fact.reason, fact.paths), []).append(fact)
    for (reason, _), facts in gathered.items():
        yield Contradiction(text=reason[:1].upper() + reason[1:], facts=tuple(facts))
