"""The kinds of knowledge: one folder, one type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from peritia.knowledge.checklist import Checklist
from peritia.knowledge.device import Device
from peritia.knowledge.drug import Drug
from peritia.knowledge.follow_up import FollowUp
from peritia.knowledge.policy import Policy
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.review import Review
from peritia.knowledge.score import Score
from peritia.knowledge.session_check import SessionChecks
from peritia.knowledge.study import Study
from peritia.knowledge.tissue import Tissue
from peritia.knowledge.toxicity import Toxicity
from peritia.knowledge.treatment import Treatment
from peritia.knowledge.trial import Trial
from peritia.sources import Source

KINDS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "sources": Source,
        "treatments": Treatment,
        "studies": Study,
        "trials": Trial,
        "policies": Policy,
        "regimens": Regimen,
        "drugs": Drug,
        "checklists": Checklist,
        "scores": Score,
        "toxicities": Toxicity,
        "devices": Device,
        "tissues": Tissue,
        "session_checks": SessionChecks,
        "reviews": Review,
        "follow_ups": FollowUp,
    }
)
"""Folder name to the type of every file in it."""
