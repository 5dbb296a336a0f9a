"""The shelf beside the invented patient: a few treatments, studies with their published figures, trials, policies and their sources."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from peritia.knowledge.claim import Claim, Description, Evidence
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.outcome import Comparison, Outcome
from peritia.knowledge.policy import Policy
from peritia.knowledge.study import Study, StudyArm
from peritia.knowledge.treatment import CallSign, Treatment
from peritia.knowledge.trial import Trial
from peritia.sources import Source

SOURCES = {
    source.id: source
    for source in (
        Source(
            id="isspp-2023",
            title="Second report of the ISSPP PIPAC registry",
            kind="registry",
            status="seen",
            container="Registry report",
            year=2023,
            pmid="38144218",
            checked=date(2026, 11, 20),
        ),
        Source(
            id="pipac-opc2",
            title="PIPAC-OPC2, a phase II study of PIPAC in peritoneal metastases",
            kind="single-arm-trial",
            status="seen",
            authors="Graversen M, et al.",
            container="Ann Surg Oncol",
            year=2023,
            nct="NCT03287375",
            checked=date(2026, 11, 19),
        ),
        Source(
            id="pipox",
            title="PIPOX, dose-finding of oxaliplatin PIPAC",
            kind="single-arm-trial",
            status="seen",
            pmid="33039812",
            checked=date(2026, 11, 19),
        ),
        Source(
            id="prodige-7",
            title="Cytoreductive surgery plus HIPEC versus cytoreductive surgery alone (PRODIGE 7)",
            kind="randomised-trial",
            status="seen",
            container="Lancet Oncol",
            year=2021,
            pmid="33476595",
            checked=date(2026, 11, 20),
        ),
        Source(
            id="crc-pipac-ii",
            title="CRC-PIPAC-II: bidirectional therapy in unresectable colorectal peritoneal metastases",
            kind="single-arm-trial",
            status="seen-partly",
        ),
        Source(
            id="keynote-177", title="KEYNOTE-177: pembrolizumab in MSI-H colorectal cancer", kind="randomised-trial", status="seen-partly"
        ),
        Source(id="clinical-practice", title="Clinical practice, to be confirmed by the centre", kind="practice", status="recalled"),
        Source(id="aetna-0278", title="Clinical policy bulletin 0278", kind="policy", status="seen", checked=date(2026, 11, 18)),
        Source(
            id="mayo-pipac",
            title="Pressurized intraperitoneal aerosolized chemotherapy (page for patients)",
            kind="web-page",
            status="seen",
            container="Mayo Clinic",
            year=2025,
        ),
    )
}


def treatment(identifier: str, name: str, intent: Any, grade: Any, clinician: str, patient: str, **more: Any) -> Treatment:
    return Treatment(
        id=identifier,
        name=name,
        intent=intent,
        evidence=Evidence(grade=grade, sentence="The best evidence found, in a sentence.", source="isspp-2023"),
        what_it_is=Description(clinician=clinician, patient=patient, source="mayo-pipac"),
        **more,
    )


TREATMENTS = {
    entry.id: entry
    for entry in (
        treatment(
            "pipac",
            "PIPAC",
            "palliative",
            "C",
            "Chemotherapy as an aerosol under pressure at laparoscopy, repeated every six to eight weeks.",
            "PIPAC is a fine mist of cancer medicine. A surgeon sprays it into your belly through small cuts while you sleep. "
            "The gas in the belly pushes the mist onto the tumours. You can have it again after about six weeks.",
            requires=(
                Criterion(
                    when="progression_on_last_line", because="The disease grew under standard systemic treatment", source="pipac-opc2"
                ),
            ),
            excludes=(
                Criterion(when="bowel_obstruction = 'complete'", because="Bowel obstruction", source="clinical-practice", recoverable=True),
            ),
            benefits=(
                Claim(
                    text="Histological regression in most who had a second session",
                    source="isspp-2023",
                    patient="In many people the tumours in the belly stop growing or shrink for a time.",
                ),
                Claim(text="Ascites may fall", source="isspp-2023", patient="Water in the belly may become less."),
            ),
            burdens=(
                Claim(
                    text="Pain and nausea for days; serious events in about 8 of 100",
                    source="isspp-2023",
                    patient="Your belly may hurt and you may feel sick for some days.",
                ),
                Claim(text="Access can fail", source="isspp-2023", patient="Sometimes the surgeon cannot get in because of scars."),
            ),
            call_at_once=(CallSign(sign="fever", source="mayo-pipac"), CallSign(sign="wound", source=("mayo-pipac", "pipac-opc2"))),
            follow_up=(Claim(text="Review after three sessions with PRGS, PCI and imaging", source="pipac-opc2"),),
            questions=("How many PIPACs has this team done?", "What would make us stop?"),
        ),
        treatment(
            "crs-hipec",
            "CRS with HIPEC",
            "potentially-curative",
            "A",
            "Removal of all visible disease, then heated chemotherapy in the abdomen.",
            "A long operation. The surgeons take out all the cancer they can see. Then they wash the belly with warm cancer medicine.",
            requires=(Criterion(when="cc0_expected", because="Complete removal expected", source="prodige-7"),),
            benefits=(
                Claim(text="Long survival when removal is complete", source="prodige-7", patient="Some people live for years after it."),
            ),
            burdens=(
                Claim(
                    text="Severe complications in 24 of 100 with HIPEC in PRODIGE 7",
                    source="prodige-7",
                    patient="It is hard on the body. Getting well takes months.",
                ),
            ),
        ),
        treatment(
            "systemic-chemotherapy",
            "Systemic chemotherapy",
            "disease-control",
            "A",
            "Drugs by vein or mouth in cycles.",
            "Cancer medicine goes into a vein or is taken as a pill. It reaches the whole body.",
            benefits=(Claim(text="Slows the disease", source="keynote-177", patient="It can slow the cancer down."),),
            burdens=(
                Claim(
                    text="Neutropenia, fatigue, diarrhoea",
                    source="keynote-177",
                    patient="You may feel tired. You may catch infections more easily.",
                ),
            ),
            questions=("How will we see if it works?",),
        ),
        treatment(
            "palliative-care",
            "Palliative and supportive care",
            "supportive",
            "A",
            "Relief of symptoms, nutrition, support, beside every other treatment.",
            "A team helps you with pain, food, sleep and worry. You can have this help at any time. "
            "It does not mean that other treatment ends.",
            benefits=(Claim(text="Fewer symptoms", source="clinical-practice", patient="Most people feel better with this help."),),
        ),
    )
}

STUDIES = {
    entry.id: entry
    for entry in (
        Study(
            id="isspp-2023",
            name="ISSPP registry, second report",
            question="What is PIPAC used for?",
            summary="Mixed primaries.",
            design="registry",
            source="isspp-2023",
            treatments=("pipac",),
            n=809,
            period="2020 to 2023",
            outcomes=(
                Outcome(
                    name="PRGS response by the third session", kind="response", unit="%", value=80, definition="prgs-mean-le-2-or-drop-ge-1"
                ),
                Outcome(
                    name="Median, gastric",
                    kind="overall-survival",
                    unit="mo",
                    value=10.7,
                    low=8.7,
                    high=12.5,
                    interval="95% CI",
                    clock="from-first-pipac",
                    subgroup="gastric",
                ),
                Outcome(name="No access", kind="access", unit="%", value=3.5),
                Outcome(name="Share of adverse events of grade 3 or more", kind="toxicity", unit="%", value=8),
            ),
            bias=("Voluntary registry; not every centre reports every patient.",),
        ),
        Study(
            id="pipac-opc2",
            name="PIPAC-OPC2",
            question="Does PIPAC induce regression?",
            summary="Single arm.",
            design="single-arm",
            source="pipac-opc2",
            treatments=("pipac",),
            n=110,
            outcomes=(
                Outcome(name="PRGS 1 or 2 at the third session", kind="response", unit="%", value=61, n=62, definition="prgs-mean-le-2"),
                Outcome(
                    name="Median, colorectal",
                    kind="overall-survival",
                    unit="mo",
                    value=16.7,
                    clock="from-first-pipac",
                    subgroup="colorectal",
                ),
            ),
        ),
        Study(
            id="crc-pipac-ii",
            name="CRC-PIPAC-II",
            question="Is it feasible with first-line chemotherapy?",
            summary="Feasible.",
            design="single-arm",
            source="crc-pipac-ii",
            treatments=("pipac",),
            n=20,
            outcomes=(
                Outcome(
                    name="Median", kind="overall-survival", unit="mo", value=17.5, low=13.0, interval="95% CI", clock="from-treatment-start"
                ),
                Outcome(
                    name="Median",
                    kind="progression-free-survival",
                    unit="mo",
                    value=10.0,
                    low=8.0,
                    high=13.0,
                    interval="95% CI",
                    clock="from-treatment-start",
                ),
                Outcome(name="Major events", kind="toxicity", unit="%", value=35),
            ),
            bias=("First line only, with bevacizumab.",),
        ),
        Study(
            id="baake-2023",
            name="Baake 2023",
            question="Does PRGS at start matter?",
            summary="Yes.",
            design="cohort",
            source="isspp-2023",
            treatments=("pipac",),
            n=97,
            outcomes=(
                Outcome(
                    name="Mean PRGS 2 or less at start",
                    kind="overall-survival",
                    unit="mo",
                    value=12.1,
                    low=7.8,
                    high=16.4,
                    interval="95% CI",
                    clock="from-first-pipac",
                ),
                Outcome(
                    name="Mean PRGS 3 or more at start",
                    kind="overall-survival",
                    unit="mo",
                    value=8.0,
                    low=5.1,
                    high=10.8,
                    interval="95% CI",
                    clock="from-first-pipac",
                ),
            ),
        ),
        Study(
            id="prodige-7",
            name="PRODIGE 7",
            question="Does oxaliplatin HIPEC add to surgery?",
            summary="It did not.",
            design="randomised",
            source="prodige-7",
            treatments=("crs-hipec", "repeat-crs"),
            n=265,
            arms=(StudyArm(id="hipec", name="CRS + HIPEC", n=133), StudyArm(id="crs", name="CRS alone", n=132)),
            outcomes=(
                Outcome(
                    name="Median",
                    kind="overall-survival",
                    unit="mo",
                    value=41.7,
                    low=36.2,
                    high=53.8,
                    interval="95% CI",
                    clock="from-randomisation",
                    arm="hipec",
                ),
                Outcome(
                    name="Median",
                    kind="overall-survival",
                    unit="mo",
                    value=41.2,
                    low=35.1,
                    high=49.7,
                    interval="95% CI",
                    clock="from-randomisation",
                    arm="crs",
                ),
            ),
            comparisons=(
                Comparison(
                    name="death from any cause",
                    meaning="HIPEC made no difference.",
                    arms=("hipec", "crs"),
                    measure="hazard-ratio",
                    value=1.0,
                    low=0.63,
                    high=1.58,
                    interval="95% CI",
                ),
            ),
        ),
    )
}

TRIALS = {
    "nct04329494": Trial(
        id="nct04329494",
        name="PIPAC in gastrointestinal, ovarian and uterine cancer",
        identifier="NCT04329494",
        summary="Three arms.",
        source="pipac-opc2",
        treatments=("pipac",),
        status="recruiting",
        status_checked=date(2026, 6, 1),
        sites=("City of Hope", "Mayo Clinic"),
    ),
    "isrctn17575409": Trial(
        id="isrctn17575409",
        name="PICCOS: chemotherapy with or without PIPAC",
        identifier="ISRCTN17575409",
        summary="Randomised.",
        source="pipac-opc2",
        treatments=("pipac",),
        status="recruiting",
        status_checked=date(2026, 11, 1),
        sites=("Cardiff",),
    ),
    "nct05250648": Trial(
        id="nct05250648",
        name="GECOP-MMC",
        identifier="NCT05250648",
        summary="HIPEC with mitomycin.",
        source="prodige-7",
        treatments=("crs-hipec",),
        status="recruiting",
        status_checked=date(2026, 11, 1),
    ),
}
POLICIES = {
    "aetna-0278": Policy(
        id="aetna-0278",
        name="HIPEC",
        insurer="Aetna",
        treatments=("crs-hipec",),
        summary="Covers some.",
        source="aetna-0278",
        date_note="as read in 2026",
    ),
}


def library(**changes: Any) -> Any:
    parts: dict[str, Any] = {
        "sources": SOURCES,
        "treatments": TREATMENTS,
        "studies": STUDIES,
        "trials": TRIALS,
        "policies": POLICIES,
        "scores": {},
        "drugs": {},
        "regimens": {"pipac-oxaliplatin-120": SimpleNamespace(name="PIPAC oxaliplatin 120 mg/m²")},
        "version": "2026.11",
        "hash": "a" * 64,
    }
    return SimpleNamespace(**{**parts, **changes})
