"""The library: every knowledge file, checked and joined. Read once, frozen, named by version and hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import msgspec

from peritia.errors import InputRefused, Problem
from peritia.knowledge.checklist import Checklist
from peritia.knowledge.conventions import Conventions
from peritia.knowledge.device import Device
from peritia.knowledge.drug import Drug
from peritia.knowledge.files import FOLDER, Files, read_files
from peritia.knowledge.follow_up import FollowUp
from peritia.knowledge.kinds import KINDS
from peritia.knowledge.policy import Policy
from peritia.knowledge.recurrence import RecurrenceKnowledge
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.review import Review
from peritia.knowledge.score import Score
from peritia.knowledge.session_check import SessionChecks
from peritia.knowledge.study import Study
from peritia.knowledge.tissue import Tissue
from peritia.knowledge.toxicity import Toxicity
from peritia.knowledge.treatment import Treatment
from peritia.knowledge.trial import Trial
from peritia.sources import Citation, Source, Status, weaker


class Cited(Protocol):
    """Anything that says on what it rests."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Sources with places."""
        ...


@dataclass(frozen=True)
class Library:
    """All knowledge. ``version`` is its date as written in the conventions; ``hash`` covers every byte of every file."""

    version: str
    hash: str
    conventions: Conventions
    recurrence: RecurrenceKnowledge
    sources: Mapping[str, Source]
    treatments: Mapping[str, Treatment]
    studies: Mapping[str, Study]
    trials: Mapping[str, Trial]
    policies: Mapping[str, Policy]
    regimens: Mapping[str, Regimen]
    drugs: Mapping[str, Drug]
    checklists: Mapping[str, Checklist]
    scores: Mapping[str, Score]
    toxicities: Mapping[str, Toxicity]
    devices: Mapping[str, Device]
    tissues: Mapping[str, Tissue]
    session_checks: Mapping[str, SessionChecks]
    reviews: Mapping[str, Review]
    follow_ups: Mapping[str, FollowUp]

    def standing(self, claim: Cited) -> Status:
        """How well a claim is verified: as its weakest source, weakened by its own mark."""
        return standing(claim.citations, self.sources)

    def is_verified(self, claim: Cited) -> bool:
        """Whether every source of this claim was read, at least in part. One recalled source makes the claim unverified."""
        return self.standing(claim) != "recalled"

    def counts(self) -> str:
        """How many files of each kind, in words."""
        return ", ".join(f"{len(getattr(self, kind))} {kind}" for kind in KINDS)


def standing(citations: Iterable[Citation], sources: Mapping[str, Source]) -> Status:
    """The weakest of the sources and of the claim's own marks; nothing cited counts as recalled."""
    each: list[Status] = [weaker(sources[one.source].status, one.status) for one in citations if one.source in sources]
    return weaker(*each)


@cache
def library() -> Library:
    """The library that ships with the package. Raises ``InputRefused`` when a file is wrong."""
    return load(FOLDER)


def load(folder: Path) -> Library:
    """The library of a folder. Raises ``InputRefused`` with every problem of every file."""
    return joined(read_files(folder))


def joined(files: Files) -> Library:
    """The library of files already read: treatments that build on another take over its criteria."""
    conventions: Conventions = files.single["conventions"]
    kinds: dict[str, Any] = {kind: MappingProxyType(dict(members)) for kind, members in files.by_kind.items()}
    kinds["treatments"] = MappingProxyType({id_: _built(id_, files.by_kind["treatments"], ()) for id_ in kinds["treatments"]})
    return Library(
        version=conventions.version,
        hash=files.hash,
        conventions=conventions,
        recurrence=files.single["recurrence"],
        **kinds,
    )


def _built(id_: str, treatments: Mapping[str, Treatment], above: tuple[str, ...]) -> Treatment:
    treatment = treatments[id_]
    if not treatment.builds_on:
        return treatment
    if id_ in above:
        raise InputRefused("knowledge", (Problem(f"treatments/{id_}.yaml: builds_on", None, f"a circle: {' on '.join((*above, id_))}"),))
    base = _built(treatment.builds_on, treatments, (*above, id_))
    stops = {criterion.when for criterion in treatment.excludes}
    return msgspec.structs.replace(
        treatment,
        requires=base.requires + treatment.requires,
        excludes=base.excludes + treatment.excludes,
        # What only warns there may be a stop here; it is then not said twice.
        cautions=tuple(criterion for criterion in base.cautions if criterion.when not in stops) + treatment.cautions,
    )
