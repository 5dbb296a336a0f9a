"""An invented patient with a hand-made assessment: every verdict, every effect of a reason, arms, missing sets, studies, trials, policies.

Anna has colon cancer spread over the peritoneum (PCI 24), had cytoreduction with HIPEC once, and grew under two systemic lines.
She is nobody. The figures of the studies are those published; the assessment is written by hand and says nothing of medicine.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec

from peritia.case.case import Case, NotUnderstood
from peritia.case.condition import Lab, Performance
from peritia.case.disease import DiseaseStatus, Histology, Primary
from peritia.case.identity import Patient
from peritia.case.peritoneum import PeritonealAssessment, RegressionBiopsies
from peritia.case.treatment import Cytoreduction, Dose, PipacSession, Radiation, SystemicLine
from peritia.options.assessment import (
    ArmResult,
    Ask,
    Assessment,
    FactUsed,
    Missing,
    Node,
    OptionResult,
    PolicyMatch,
    Provenance,
    Reason,
    Recurrence,
    StudyMatch,
    TrialMatch,
)

ON = date(2026, 11, 21)


def anna(**changes: Any) -> Case:
    case = Case(
        id="anna-01",
        title="Anna, colon",
        story="Invented. Colon cancer, found with spread to the peritoneum, came back after surgery with HIPEC and grew under two lines.",
        question="Peritoneal recurrence 16 months after CRS with HIPEC, growing under FOLFIRI. PIPAC, second surgery, or change of drugs?",
        primary=Primary(
            site="colon", side="left", diagnosed_on=date(2024, 3, 4), status="resected", t_stage="T4a", synchronous_peritoneal=True
        ),
        patient=Patient(sex="female", birth_date=date(1968, 5, 2)),
        histology=Histology(type="mucinous-adenocarcinoma", grade="G3", peritoneal_biopsy_positive=True),
        peritoneum=(
            PeritonealAssessment(on=date(2024, 3, 20), method="ct", total=6),
            _scored(date(2024, 9, 10), "laparotomy", (1, 0, 1, 0, 0, 1, 3, 2, 1, 0, 1, 1, 1)),
            _scored(date(2026, 9, 2), "laparoscopy", (2, 3, 1, 2, 1, 2, 3, 2, 1, 1, 2, 1, 2)),
            PeritonealAssessment(
                on=date(2026, 11, 12),
                method="laparoscopy",
                regions={0: 2, 1: 3, 2: 1, 3: 2, 4: 2, 5: 2, 6: 3, 7: 2, 8: 2, 9: 1, 10: 2},
                total=24,
            ),
        ),
        regression=(RegressionBiopsies(on=date(2026, 9, 2), grades=(3, 3, 4, 3)),),
        status=(
            DiseaseStatus(status="no-evidence-of-disease", on=date(2025, 1, 15), evidence="imaging"),
            DiseaseStatus(status="recurrent", on=date(2026, 1, 20), peritoneal="present", distant="absent", evidence="imaging"),
            DiseaseStatus(status="progressing", on=date(2026, 8, 20), evidence="imaging"),
        ),
        performance=(Performance(on=date(2026, 11, 10), ecog=1),),
        labs=(Lab(analyte="creatinine", value=88, unit="umol/L", on=date(2026, 11, 10)),),
        systemic=(
            SystemicLine(
                drugs=(Dose(drug="oxaliplatin", mg_per_m2=85), Dose(drug="fluorouracil"), Dose(drug="bevacizumab")),
                started_on=date(2024, 4, 2),
                ended_on=date(2024, 8, 6),
                setting="perioperative",
                best_response="partial",
                stopped_for="completed",
            ),
            SystemicLine(
                drugs=(Dose(drug="irinotecan", mg_per_m2=180), Dose(drug="fluorouracil")),
                started_on=date(2026, 2, 10),
                ended_on=date(2026, 8, 20),
                setting="palliative",
                best_response="stable",
                stopped_for="progression",
            ),
            SystemicLine(drugs=(Dose(drug="trifluridine-tipiracil"),), started_on=date(2026, 9, 20), ongoing=True, setting="palliative"),
        ),
        cytoreductions=(
            Cytoreduction(
                on=date(2024, 9, 10),
                completed=True,
                pci=12,
                cc=0,
                hipec=True,
                hipec_drugs=(Dose(drug="mitomycin", mg_per_m2=35),),
                clavien_dindo="II",
            ),
        ),
        pipac=(
            PipacSession(on=date(2026, 9, 2), access="obtained", doses=(Dose(drug="oxaliplatin", mg_per_m2=120),), clavien_dindo="I"),
            PipacSession(on=date(2026, 11, 12), access="failed"),
        ),
        radiation=(Radiation(on=date(2026, 6, 1), site="pelvis", dose_gy=30),),
        not_understood=(
            NotUnderstood(
                where="Observation/77", what="code 9999-9 'Peritoneal stuff'", why="no such code in the list of laboratory codes"
            ),
        ),
    )
    return msgspec.structs.replace(case, **changes)


def _scored(on: date, method: Any, sizes: tuple[int, ...]) -> PeritonealAssessment:
    return PeritonealAssessment(on=on, method=method, regions=dict(enumerate(sizes)))


def used(name: str, description: str, value: Any, unit: str | None = None, state: Any = "known", **more: Any) -> FactUsed:
    return FactUsed(name=name, description=description, value=value, unit=unit, state=state, **more)


NOV_10 = date(2026, 11, 10)
FACTS: tuple[FactUsed, ...] = (
    used("age_years", "Age in completed years on the assessment date", 58, "a"),
    used("sex", "Sex recorded at birth", "female"),
    used("primary_site", "Site of the primary tumour", "colon"),
    used("histology_type", "Histological type", "mucinous-adenocarcinoma"),
    used(
        "pci_surgical",
        "Latest PCI scored by a surgeon (laparoscopy or laparotomy)",
        24,
        "{score}",
        on=date(2026, 11, 12),
        paths=("peritoneum[3]",),
    ),
    used("ecog", "ECOG performance status", 1, "{score}", on=NOV_10, paths=("performance[0]",)),
    used("systemic_lines_palliative", "Palliative systemic lines started", 2, "{count}", paths=("systemic[1]", "systemic[2]")),
    used("progression_on_last_line", "Progression on or as reason to stop the last line", True, paths=("systemic[1]",)),
    used(
        "creatinine_clearance_ml_per_min",
        "Cockcroft-Gault clearance",
        71.6,
        "mL/min",
        "inferred",
        reason="Cockcroft-Gault from creatinine, age, weight and sex",
        shown="88 umol/L",
        on=NOV_10,
        paths=("labs[0]", "patient.body[0]"),
    ),
    used("kras_status", "KRAS", "mutated", on=date(2024, 4, 1), paths=("molecular[0]",)),
    used("mmr_deficient", "MMR deficient or MSI-H", False, on=date(2024, 4, 1), paths=("molecular[1]",)),
    used("bowel_obstruction", "Symptomatic bowel obstruction now", "none", on=NOV_10, paths=("symptoms[0]",)),
    used("prior_hipec", "HIPEC done before", True, paths=("cytoreductions[0]",)),
    used("months_since_crs_hipec", "Months since the last CRS with HIPEC", 26.4, "mo", on=date(2024, 9, 10), paths=("cytoreductions[0]",)),
    used("disease_free_interval_months", "From last CRS with HIPEC to recurrence", 16.3, "mo"),
    used("prior_oxaliplatin", "Oxaliplatin given before by any route", True, paths=("systemic[0]",)),
    used(
        "diffuse_small_bowel_disease",
        "Confluent small-bowel or diffuse mesenteric disease",
        True,
        on=date(2026, 11, 12),
        paths=("peritoneum[3]",),
    ),
    used("pipac_access_failures", "PIPAC attempts without access", 1, "{count}", paths=("pipac[1]",)),
    used("refuses_pipac", "Patient refuses PIPAC", False, None, "assumed", reason="no refusal recorded"),
    used("refuses_surgery", "Patient refuses surgery", False, None, "assumed", reason="no refusal recorded"),
    used("refuses_hipec", "Patient refuses HIPEC", False, None, "assumed", reason="no refusal recorded"),
    used("refuses_trial", "Patient refuses trials", True, paths=("preferences[0]",)),
    used("platinum_hypersensitivity", "Hypersensitivity to platinum", None, None, "unknown", reason="no entry about platinum"),
    used("lvef_percent", "Left ventricular ejection fraction", None, "%", "unknown", reason="never recorded"),
    used("extraperitoneal_disease", "Any disease outside the peritoneum", None, None, "unknown", reason="retroperitoneal nodes not staged"),
    used("cc0_expected", "Surgeon expects CC0", None, None, "unknown", reason="never recorded"),
    used("albumin_g_per_l", "Albumin", None, "g/L", "unknown", reason="never recorded"),
    used("braf_v600e", "BRAF V600E present", None, None, "unknown", reason="tested, result not here"),
    used("her2_positive", "HER2 positive (overexpressed or amplified)", None, None, "unknown", reason="not tested"),
    used("sga", "Subjective global assessment of nutrition", None, None, "unknown", reason="never recorded"),
)
BY_NAME = {fact.name: fact for fact in FACTS}


def reason(
    role: Any, effect: Any, truth: bool | None, because: str, when: str, *names: str, source: str = "pipac-opc2", **more: Any
) -> Reason:
    verified = more.pop("verified", True)
    tree = Node(text=when, truth=truth, operator="comparison")
    facts = tuple(BY_NAME[name] for name in names)
    sources = tuple(source.split(" "))
    return Reason(
        role=role,
        effect=effect,
        truth=truth,
        because=because,
        when=when,
        tree=tree,
        facts=facts,
        sources=sources,
        verified=verified,
        **more,
    )


PROGRESSED = reason(
    "requires", "for", True, "The disease grew under standard systemic treatment", "progression_on_last_line", "progression_on_last_line"
)
OBSTRUCTED = reason(
    "excludes",
    "for",
    False,
    "Bowel obstruction that needs a tube or feeding by vein",
    "bowel_obstruction = 'complete'",
    "bowel_obstruction",
    recoverable=True,
)
ALLERGY = reason(
    "excludes",
    "open-question",
    None,
    "Hypersensitivity to platinum",
    "platinum_hypersensitivity",
    "platinum_hypersensitivity",
    source="clinical-practice",
    verified=False,
    recoverable=False,
)
KIDNEY = reason(
    "requires",
    "for",
    True,
    "Kidney function above the protocol's limit for cisplatin",
    "creatinine_clearance_ml_per_min >= 40",
    "creatinine_clearance_ml_per_min",
)
HEART = reason(
    "requires",
    "open-question",
    None,
    "Left ventricle strong enough for doxorubicin",
    "lvef_percent >= 50",
    "lvef_percent",
    source="clinical-practice",
    verified=False,
)
ACCESS = reason(
    "cautions",
    "flag",
    True,
    "Access to the abdomen failed before",
    "pipac_access_failures >= 1",
    "pipac_access_failures",
    source="isspp-2023",
)
AFTER_HIPEC = reason(
    "cautions",
    "flag",
    True,
    "Adhesions after HIPEC make access harder",
    "prior_hipec",
    "prior_hipec",
    source="isspp-2023",
    note="Both access failures of one series came after HIPEC.",
)
OUTSIDE = reason(
    "cautions",
    "flag-unknown",
    None,
    "Disease outside the peritoneum",
    "extraperitoneal_disease",
    "extraperitoneal_disease",
    source="pipac-opc2",
)
FITNESS = reason("requires", "for", True, "Fit enough: ECOG 0 to 2", "ecog <= 2", "ecog", source="pipac-opc2#Table-1")
ALLERGIC_TO_MITOMYCIN = reason(
    "cautions",
    "no-flag",
    False,
    "Palliative lines beyond the third",
    "systemic_lines_palliative > 3",
    "systemic_lines_palliative",
    source="clinical-practice",
    verified=False,
)
DIFFUSE = reason(
    "excludes",
    "against",
    True,
    "Confluent small-bowel or diffuse mesenteric disease",
    "diffuse_small_bowel_disease",
    "diffuse_small_bowel_disease",
    source="prodige-7",
    recoverable=False,
)
CC0 = reason("requires", "open-question", None, "Complete removal expected", "cc0_expected", "cc0_expected", source="prodige-7")
HIGH_PCI = reason(
    "cautions", "flag", True, "PCI above the level where survival falls", "pci_surgical > 20", "pci_surgical", source="prodige-7"
)
NOT_DEFICIENT = reason("applies", "against", False, "The tumour is MMR deficient", "mmr_deficient", "mmr_deficient", source="keynote-177")
MUTATED = reason("requires", "against", False, "KRAS wild type", "kras_status = 'wild-type'", "kras_status", source="keynote-177")
BRAF = reason("requires", "open-question", None, "BRAF V600E found", "braf_v600e", "braf_v600e", source="keynote-177")
REFUSES = reason(
    "refusal",
    "against",
    True,
    "The patient does not want a trial",
    "refuses_trial",
    "refuses_trial",
    source="clinical-practice",
    verified=False,
)


def option(
    identifier: str, name: str, intent: str, verdict: Any, summary: str, grade: str, evidence: str, reasons: tuple[Reason, ...], **more: Any
) -> OptionResult:
    return OptionResult(
        id=identifier,
        name=name,
        intent=intent,
        verdict=verdict,
        summary=summary,
        evidence_grade=grade,
        evidence=evidence,
        evidence_sources=more.pop("evidence_sources", ("isspp-2023",)),
        reasons=reasons,
        **more,
    )


ARMS = (
    ArmResult(
        id="oxaliplatin-120",
        name="Oxaliplatin 120 mg/m²",
        verdict="depends",
        by_itself="depends",
        regimen="pipac-oxaliplatin-120",
        reasons=(ALLERGY,),
        missing=Missing(to_open=(("platinum_hypersensitivity",),), to_close=(("platinum_hypersensitivity",),)),
        evidence_grade="C",
        evidence="Dose-finding and registry.",
        evidence_sources=("pipox",),
    ),
    ArmResult(
        id="cisplatin-doxorubicin",
        name="Cisplatin 10.5 + doxorubicin 2.1 mg/m²",
        verdict="depends",
        by_itself="depends",
        regimen=None,
        reasons=(ALLERGY, HEART, KIDNEY),
        missing=Missing(
            to_open=(("platinum_hypersensitivity", "lvef_percent"),), to_close=(("platinum_hypersensitivity",), ("lvef_percent",))
        ),
        evidence_grade="C",
        evidence="Registry.",
        evidence_sources=("isspp-2023",),
    ),
    ArmResult(
        id="mitomycin",
        name="Mitomycin 7 mg/m²",
        verdict="open-with-flags",
        by_itself="open-with-flags",
        regimen=None,
        reasons=(ALLERGIC_TO_MITOMYCIN,),
        missing=Missing(),
    ),
)

OPTIONS = (
    option(
        "crs-hipec",
        "CRS with HIPEC",
        "potentially-curative",
        "closed",
        "Diffuse small-bowel disease: complete removal cannot be reached.",
        "A",
        "Three randomised trials in colorectal cancer; oxaliplatin HIPEC added nothing to surgery in PRODIGE 7.",
        (DIFFUSE, CC0, HIGH_PCI, FITNESS),
        closed_because="excluded",
        recoverable=False,
        evidence_sources=("prodige-7",),
    ),
    option(
        "repeat-crs",
        "Repeat CRS",
        "potentially-curative",
        "closed",
        "Diffuse small-bowel disease: complete removal cannot be reached.",
        "B",
        "Selected series of repeat surgery.",
        (DIFFUSE, CC0, HIGH_PCI),
        closed_because="excluded",
        recoverable=False,
        evidence_sources=("prodige-7",),
    ),
    option(
        "systemic-chemotherapy",
        "Systemic chemotherapy",
        "disease-control",
        "open-with-flags",
        "Third line possible; grew under irinotecan, oxaliplatin given before.",
        "A",
        "Randomised trials in metastatic colorectal cancer; peritoneal subgroups rarely reported.",
        (FITNESS, HIGH_PCI),
        evidence_sources=("keynote-177",),
    ),
    option(
        "targeted-therapy",
        "Targeted therapy",
        "disease-control",
        "depends",
        "KRAS mutated: no anti-EGFR. BRAF V600E and HER2 are not known.",
        "A",
        "Randomised trials by marker.",
        (MUTATED, BRAF),
        evidence_sources=("keynote-177",),
        missing=Missing(to_open=(("braf_v600e",), ("her2_positive",)), to_close=(("braf_v600e", "her2_positive"),)),
    ),
    option(
        "immunotherapy",
        "Immunotherapy",
        "disease-control",
        "closed",
        "Mismatch repair is proficient.",
        "A",
        "KEYNOTE-177.",
        (NOT_DEFICIENT,),
        closed_because="not-applicable",
        recoverable=False,
        evidence_sources=("keynote-177",),
    ),
    option(
        "pipac",
        "PIPAC",
        "palliative",
        "open-with-flags",
        "Grew under standard treatment; access failed once after HIPEC.",
        "C",
        "Registry of 809 patients and single-arm trials; no randomised result.",
        (PROGRESSED, FITNESS, OBSTRUCTED, ACCESS, AFTER_HIPEC, OUTSIDE),
        arms=ARMS,
        missing=Missing(to_close=(("extraperitoneal_disease",),)),
    ),
    option(
        "radiation",
        "Radiation",
        "palliative",
        "closed",
        "Disease is not isolated.",
        "C",
        "No series in diffuse peritoneal disease.",
        (DIFFUSE,),
        closed_because="not-met",
        recoverable=False,
    ),
    option(
        "palliative-care",
        "Palliative and supportive care",
        "supportive",
        "open",
        "Always open, beside every other option.",
        "A",
        "Guideline; randomised trials of early palliative care.",
        (FITNESS,),
    ),
    option(
        "clinical-trial",
        "Clinical trial",
        "research",
        "closed",
        "The patient does not want a trial now.",
        "none",
        "",
        (REFUSES,),
        closed_because="patient-choice",
        recoverable=True,
        evidence_sources=(),
    ),
)


def assessment(**changes: Any) -> Assessment:
    made = Assessment(
        on=ON,
        options=OPTIONS,
        ask_next=(
            Ask(
                fact="platinum_hypersensitivity",
                description="Hypersensitivity to platinum",
                unit=None,
                decides=("pipac",),
                contributes=("systemic-chemotherapy",),
                why_unknown="no entry about platinum",
            ),
            Ask(
                fact="braf_v600e",
                description="BRAF V600E present",
                unit=None,
                decides=("targeted-therapy",),
                contributes=(),
                why_unknown="tested, result not here",
            ),
            Ask(
                fact="extraperitoneal_disease",
                description="Any disease outside the peritoneum",
                unit=None,
                decides=("pipac",),
                contributes=("radiation", "crs-hipec"),
                why_unknown="retroperitoneal nodes not staged",
            ),
            Ask(
                fact="lvef_percent",
                description="Left ventricular ejection fraction",
                unit="%",
                decides=(),
                contributes=("pipac",),
                why_unknown="never recorded",
            ),
            Ask(
                fact="her2_positive",
                description="HER2 positive (overexpressed or amplified)",
                unit=None,
                decides=("targeted-therapy",),
                contributes=(),
                why_unknown="not tested",
            ),
        ),
        unknown=tuple(fact for fact in FACTS if fact.state == "unknown"),
        assumed=tuple(fact for fact in FACTS if fact.state == "assumed"),
        studies=(
            StudyMatch(
                id="isspp-2023",
                name="ISSPP registry, second report",
                treatments=("pipac",),
                answer="yes",
                reasons=(FITNESS,),
                depends_on=(),
            ),
            StudyMatch(
                id="pipac-opc2",
                name="PIPAC-OPC2",
                treatments=("pipac",),
                answer="depends",
                reasons=(OUTSIDE,),
                depends_on=("extraperitoneal_disease",),
            ),
            StudyMatch(id="crc-pipac-ii", name="CRC-PIPAC-II", treatments=("pipac",), answer="no", reasons=(MUTATED,), depends_on=()),
            StudyMatch(id="baake-2023", name="Baake 2023", treatments=("pipac",), answer="not-coded", reasons=(), depends_on=()),
            StudyMatch(
                id="prodige-7",
                name="PRODIGE 7",
                treatments=("crs-hipec", "repeat-crs"),
                answer="depends",
                reasons=(CC0,),
                depends_on=("cc0_expected",),
            ),
        ),
        trials=(
            TrialMatch(
                id="nct05250648",
                name="GECOP-MMC",
                identifier="NCT05250648",
                treatments=("crs-hipec",),
                answer="closed",
                status="recruiting",
                status_checked=date(2026, 11, 1),
                recheck=False,
                reasons=(DIFFUSE,),
                depends_on=(),
                by_hand=(),
            ),
            TrialMatch(
                id="nct04329494",
                name="PIPAC in gastrointestinal, ovarian and uterine cancer",
                identifier="NCT04329494",
                treatments=("pipac",),
                answer="possible",
                status="recruiting",
                status_checked=date(2026, 6, 1),
                recheck=True,
                reasons=(FITNESS, ALLERGY),
                depends_on=("platinum_hypersensitivity",),
                by_hand=("Measurable disease by laparoscopy", "No obstruction at the time of consent"),
            ),
            TrialMatch(
                id="isrctn17575409",
                name="PICCOS: chemotherapy with or without PIPAC",
                identifier="ISRCTN17575409",
                treatments=("pipac",),
                answer="open",
                status="recruiting",
                status_checked=date(2026, 11, 1),
                recheck=False,
                reasons=(FITNESS, KIDNEY),
                depends_on=(),
                by_hand=(),
            ),
        ),
        policies=(
            PolicyMatch(
                id="aetna-0278",
                insurer="Aetna",
                treatment="crs-hipec",
                answer="does-not-cover",
                reasons=(MUTATED,),
                ask=("Is this use counted as a trial?", "Who pays for the day in hospital?"),
            ),
            PolicyMatch(
                id="aetna-0278",
                insurer="Aetna",
                treatment="pipac",
                answer="silent",
                reasons=(),
                ask=("Does the sponsor pay for drug and device?",),
            ),
        ),
        recurrence=Recurrence(
            recognised=True,
            pattern="isolated-peritoneal",
            disease_free_interval_months=16.3,
            index_cc=0,
            index_pci=12,
            why=(
                reason(
                    "cautions",
                    "flag",
                    True,
                    "Microscopic residue: the index operation found disease in eight regions",
                    "prior_hipec",
                    "prior_hipec",
                    source="clinical-practice",
                    verified=False,
                ),
            ),
            deciding_facts=(BY_NAME["disease_free_interval_months"], BY_NAME["pci_surgical"]),
        ),
        facts=FACTS,
        provenance=Provenance(
            program="peritia 0.1.0", knowledge_version="2026.11", knowledge_hash="a1b2c3d4" * 8, facts_hash="9f8e7d6c" * 8, on=ON
        ),
    )
    return msgspec.structs.replace(made, **changes)


def fact_values(found: tuple[FactUsed, ...] = FACTS) -> dict[str, Any]:
    """Stand-ins with what the report reads of a fact's value: its origins and their documents."""
    return {
        fact.name: SimpleNamespace(
            name=fact.name, origins=tuple(SimpleNamespace(path=path, document="Letter of 12 Nov 2026") for path in fact.paths)
        )
        for fact in found
    }
