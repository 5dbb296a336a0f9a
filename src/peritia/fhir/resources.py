"""The resource types of FHIR R4 that are read, and the names of those that are not: those are known by name only, and listed."""

# ruff: noqa: N815

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec

from peritia.fhir.wire import (
    EMPTY,
    BodySite,
    Concept,
    Dosage,
    Extension,
    Identifier,
    Period,
    Quantity,
    Range,
    Reaction,
    Reference,
)


class Resource(msgspec.Struct, gc=False, tag=True, tag_field="resourceType"):
    """What every resource has. ``modifierExtension`` and ``implicitRules`` change meaning, so they are looked for everywhere."""

    id: str | None = None
    implicitRules: str | None = None
    modifierExtension: msgspec.Raw = EMPTY
    subject: Reference | list[Any] | None = None


class Patient(Resource, gc=False):
    """The patient. Names, addresses and identifiers are not read."""

    extension: tuple[Extension, ...] = ()
    gender: str | None = None
    birthDate: str | None = None
    deceasedDateTime: str | None = None
    deceasedBoolean: bool | None = None


class Valued(msgspec.Struct, gc=False):
    """Something with a value: an Observation or a component. There may be one value[x]; values that are not read are kept unread."""

    code: Concept | None = None
    valueQuantity: Quantity | None = None
    valueCodeableConcept: Concept | None = None
    valueInteger: int | None = None
    valueBoolean: bool | None = None
    valueString: str | None = None
    valueDateTime: str | None = None
    valueRange: msgspec.Raw = EMPTY
    valueRatio: msgspec.Raw = EMPTY
    valuePeriod: msgspec.Raw = EMPTY
    valueSampledData: msgspec.Raw = EMPTY
    valueTime: msgspec.Raw = EMPTY
    dataAbsentReason: Concept | None = None


class Component(Valued, gc=False):
    """One component of an Observation."""

    modifierExtension: msgspec.Raw = EMPTY


class Observation(Resource, gc=False):
    """An observation. Its value elements are those of ``Valued``."""

    extension: tuple[Extension, ...] = ()
    status: str | None = None
    code: Concept | None = None
    focus: tuple[Reference, ...] = ()
    partOf: tuple[Reference, ...] = ()
    effectiveDateTime: str | None = None
    effectivePeriod: Period | None = None
    effectiveInstant: str | None = None
    valueQuantity: Quantity | None = None
    valueCodeableConcept: Concept | None = None
    valueInteger: int | None = None
    valueBoolean: bool | None = None
    valueString: str | None = None
    valueDateTime: str | None = None
    valueRange: msgspec.Raw = EMPTY
    valueRatio: msgspec.Raw = EMPTY
    valuePeriod: msgspec.Raw = EMPTY
    valueSampledData: msgspec.Raw = EMPTY
    valueTime: msgspec.Raw = EMPTY
    dataAbsentReason: Concept | None = None
    method: Concept | None = None
    referenceRange: tuple[Range, ...] = ()
    component: tuple[Component, ...] = ()


class Condition(Resource, gc=False):
    """A diagnosis, present or refuted."""

    meta: msgspec.Raw = EMPTY
    extension: tuple[Extension, ...] = ()
    code: Concept | None = None
    clinicalStatus: Concept | None = None
    verificationStatus: Concept | None = None
    bodySite: tuple[BodySite, ...] = ()
    onsetDateTime: str | None = None
    onsetPeriod: Period | None = None
    abatementDateTime: str | None = None
    recordedDate: str | None = None


class Procedure(Resource, gc=False):
    """Something that was done, or was not."""

    extension: tuple[Extension, ...] = ()
    status: str | None = None
    statusReason: Concept | None = None
    code: Concept | None = None
    partOf: tuple[Reference, ...] = ()
    performedDateTime: str | None = None
    performedPeriod: Period | None = None
    bodySite: tuple[BodySite, ...] = ()
    reasonReference: tuple[Reference, ...] = ()
    outcome: Concept | None = None


class Drugged(Resource, gc=False):
    """What every resource about a drug has."""

    meta: msgspec.Raw = EMPTY
    contained: msgspec.Raw = EMPTY
    extension: tuple[Extension, ...] = ()
    status: str | None = None
    medicationCodeableConcept: Concept | None = None
    medicationReference: Reference | None = None
    effectiveDateTime: str | None = None
    effectivePeriod: Period | None = None
    partOf: tuple[Reference, ...] = ()


class MedicationAdministration(Drugged, gc=False):
    """A drug given."""

    dosage: Dosage | None = None


class MedicationStatement(Drugged, gc=False):
    """A drug that somebody says is taken."""


class MedicationRequest(Drugged, gc=False):
    """A drug ordered."""


class Medication(Resource, gc=False):
    """A drug by its code."""

    code: Concept | None = None


class AllergyIntolerance(Resource, gc=False):
    """An allergy, present or refuted. Its patient stands in ``patient``."""

    subject: Reference | list[Any] | None = msgspec.field(default=None, name="patient")
    extension: tuple[Extension, ...] = ()
    clinicalStatus: Concept | None = None
    verificationStatus: Concept | None = None
    type: str | None = None
    code: Concept | None = None
    onsetDateTime: str | None = None
    recordedDate: str | None = None
    reaction: tuple[Reaction, ...] = ()


class DiagnosticReport(Resource, gc=False):
    """A report and the observations it rests on."""

    status: str | None = None
    code: Concept | None = None
    result: tuple[Reference, ...] = ()


class Unread(Resource, gc=False, tag=""):
    """A resource of a type that FHIR R4 does not have; ``kind`` is what it calls itself."""

    kind: str = ""


READ: tuple[type[Resource], ...] = (
    Patient, Observation, Condition, Procedure, MedicationAdministration, MedicationStatement, MedicationRequest, Medication,
    AllergyIntolerance, DiagnosticReport,
)  # fmt: skip
_NAMES = (
    "Account ActivityDefinition AdverseEvent Appointment AppointmentResponse AuditEvent Basic Binary BiologicallyDerivedProduct "
    "BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse "
    "ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition Composition ConceptMap Consent Contract "
    "Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric "
    "DeviceRequest DeviceUseStatement DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint "
    "EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario "
    "ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy "
    "Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List "
    "Location Measure MeasureReport Media MedicationDispense MedicationKnowledge MedicinalProduct MedicinalProductAuthorization "
    "MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction "
    "MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect "
    "MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder ObservationDefinition OperationDefinition "
    "OperationOutcome Organization OrganizationAffiliation Parameters PaymentNotice PaymentReconciliation Person PlanDefinition "
    "Practitioner PractitionerRole Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup ResearchDefinition "
    "ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter "
    "ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid "
    "SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery "
    "SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription"
)
"""Every other resource type of FHIR R4."""
UNREAD: dict[str, type[Resource]] = {
    name: cast(
        type[Resource], msgspec.defstruct(name, [], bases=(Resource,), gc=False, tag=name, tag_field="resourceType", module=__name__)
    )
    for name in _NAMES.split()
}

if TYPE_CHECKING:
    AnyResource: TypeAlias = Resource
else:
    AnyResource = functools.reduce(operator.or_, (*READ, *UNREAD.values()))


class Entry(msgspec.Struct, gc=False):
    """One entry of a Bundle."""

    fullUrl: str | None = None
    resource: AnyResource | None = None


class BundleHead(msgspec.Struct, gc=False):
    """The envelope without its entries."""

    type: str = ""
    identifier: Identifier | None = None


class Bundle(BundleHead, gc=False):
    """The envelope. ``resourceType`` is checked after decoding, to say what was sent instead."""

    resourceType: str = ""
    entry: tuple[Entry, ...] = ()


def kind_of(resource: Resource) -> str:
    """The resource type's name."""
    return resource.kind if isinstance(resource, Unread) else type(resource).__name__
