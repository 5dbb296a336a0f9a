"""Synthetic mCODE bundles for measuring: one patient each, every item missing in some patients. Same seed, same bytes.

Two sizes: a whole record of about 35 resources, and a short one of about 9 that holds what ten plain rules ask (age, ECOG, peritoneal and
lung metastases, PCI, creatinine, platelets, neutrophils, bilirubin), as engines of clinical rules are usually measured.

python -m benchmarks.fhir_bundles            # reading speed of one core
python -m benchmarks.fhir_bundles 10000 out.ndjson
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from peritia.fhir import reader
from peritia.fhir.envelope import open_bundle

LOINC, SNOMED, PSM = "http://loinc.org", "http://snomed.info/sct", "urn:peritia:psm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM, HGNC, UCUM = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.genenames.org", "http://unitsofmeasure.org"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
TERMS = "http://terminology.hl7.org/CodeSystem/"
TODAY = date(2026, 11, 21)
PRIMARIES = (
    ("C18.7", "Malignant neoplasm of sigmoid colon"),
    ("C18.2", "Malignant neoplasm of ascending colon"),
    ("C18.1", "Malignant neoplasm of appendix"),
    ("C16.9", "Malignant neoplasm of stomach, unspecified"),
    ("C56.9", "Malignant neoplasm of unspecified ovary"),
    ("C45.1", "Mesothelioma of peritoneum"),
)
LABS = (
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 11.8, 1.6, 16.0),
    ("6690-2", "Leukocytes [#/volume] in Blood", "10*9/L", 6.8, 2.0, 10.0),
    ("751-8", "Neutrophils [#/volume] in Blood", "10*9/L", 4.2, 1.4, 7.5),
    ("777-3", "Platelets [#/volume] in Blood", "10*9/L", 240.0, 70.0, 400.0),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.95, 0.25, 1.2),
    ("1975-2", "Bilirubin.total [Mass/volume]", "mg/dL", 0.7, 0.3, 1.2),
    ("1742-6", "Alanine aminotransferase", "U/L", 28.0, 14.0, 45.0),
    ("1920-8", "Aspartate aminotransferase", "U/L", 27.0, 12.0, 40.0),
    ("6768-6", "Alkaline phosphatase", "U/L", 95.0, 35.0, 120.0),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", 3.8, 0.5, 5.2),
    ("6301-6", "INR in Platelet poor plasma", "1", 1.05, 0.1, 1.2),
    ("1988-5", "C reactive protein", "mg/L", 12.0, 10.0, 5.0),
    ("2039-6", "Carcinoembryonic Ag [Mass/volume] in Serum or Plasma", "ng/mL", 18.0, 15.0, 5.0),
    ("8867-4", "Heart rate", "/min", 78.0, 9.0, 100.0),  # not read: every record holds what the case has no place for
)
SHORT_LABS = frozenset({"751-8", "777-3", "2160-0", "1975-2"})
SITES = (("C78.7", "liver"), ("C78.00", "lung"), ("94519005", "retroperitoneal lymph nodes"), ("C78.2", "pleura"))
GENES = (("KRAS", "HGNC:6407", "p.Gly12Asp"), ("NRAS", "HGNC:7989", "p.Gln61Lys"), ("BRAF", "HGNC:1097", "p.Val600Glu"))
DRUGS = (("32592", "oxaliplatin", 85.0), ("51499", "irinotecan", 180.0), ("253337", "bevacizumab", 0.0))


def coded(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


class Writer:
    """Writes one patient. ``chance`` decides whether an item is there."""

    def __init__(self, number: int, rng: random.Random) -> None:
        self.rng = rng
        self.patient = f"p{number}"
        self.subject = {"reference": f"Patient/{self.patient}"}
        self.resources: list[dict[str, Any]] = []
        self.primary = PRIMARIES[0]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def day(self, most: int, least: int = 0) -> str:
        return (TODAY - timedelta(days=self.rng.randint(least, most))).isoformat()

    def add(self, kind: str, **elements: Any) -> str:
        name = f"{kind[:3].lower()}{len(self.resources)}"
        self.resources.append({"resourceType": kind, "id": name, "subject": self.subject, **elements})
        return f"{kind}/{name}"

    def observe(self, code: dict[str, Any], on: str, **value: Any) -> str:
        category = [coded(TERMS + "observation-category", "laboratory")]
        return self.add("Observation", status="final", category=category, code=code, effectiveDateTime=on, **value)

    def condition(self, system: str, code: str, display: str, on: str, verification: str = "confirmed", **more: Any) -> str:
        return self.add(
            "Condition",
            clinicalStatus=coded(TERMS + "condition-clinical", "active"),
            verificationStatus=coded(TERMS + "condition-ver-status", verification),
            code=coded(system, code, display),
            onsetDateTime=on,
            **more,
        )

    def whole(self) -> bytes:
        self._person()
        self._disease()
        self._fitness()
        self._molecules()
        self._peritoneum()
        self._treatment()
        return self._bundle()

    def short(self) -> bytes:
        self._person()
        self._cancer()
        self._site(*SITES[1])
        on = self.day(20)
        self._ecog(on)
        for lab in LABS:
            if lab[0] in SHORT_LABS:
                self._lab(on, *lab)
        self._explored()
        return self._bundle()

    def _person(self) -> None:
        rng = self.rng
        self.primary = rng.choice(PRIMARIES)
        person = {
            "gender": "female" if self.primary[0].startswith("C56") else rng.choice(("female", "male")),
            "birthDate": f"{rng.randint(1940, 1995)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        }
        self.resources.append({"resourceType": "Patient", "id": self.patient, **person})

    def _bundle(self) -> bytes:
        entry = [{"fullUrl": f"http://fhir.example/{one['resourceType']}/{one['id']}", "resource": one} for one in self.resources]
        return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry})

    def _cancer(self) -> None:
        self.condition(ICD, *self.primary, self.day(1500, 300), meta={"profile": [MCODE + "mcode-primary-cancer-condition"]})
        self.condition(ICD, "C78.6", "Secondary malignant neoplasm of retroperitoneum and peritoneum", self.day(290, 60))

    def _site(self, site: str, name: str) -> None:
        if self.chance(0.9):
            word = "confirmed" if self.chance(0.15) else "refuted"
            self.condition(SNOMED if site.isdigit() else ICD, site, f"Secondary malignant neoplasm of {name}", self.day(60), word)

    def _disease(self) -> None:
        self._cancer()
        for site, name in SITES:
            self._site(site, name)
        if self.chance(0.7):
            self.observe(
                coded(LOINC, "97509-4"),
                self.day(60),
                valueCodeableConcept=coded(SNOMED, self.rng.choice(("359746009", "271299001", "268910001"))),
            )

    def _ecog(self, on: str) -> None:
        if self.chance(0.85):
            self.observe(coded(LOINC, "89247-1", "ECOG Performance Status score"), on, valueInteger=self.rng.choice((0, 0, 1, 1, 2, 3)))

    def _fitness(self) -> None:
        on = self.day(20)
        self._ecog(on)
        for code, unit, middle, spread in (("8302-2", "cm", 170, 9), ("29463-7", "kg", 72, 13)):
            if self.chance(0.85):
                self.observe(coded(LOINC, code), on, valueQuantity=amount(round(self.rng.gauss(middle, spread), 1), unit))
        for lab in LABS:
            self._lab(on, *lab)

    def _lab(self, on: str, code: str, display: str, unit: str, middle: float, spread: float, limit: float) -> None:
        if self.chance(0.95):
            value = round(max(0.1, self.rng.gauss(middle, spread)), 2)
            ranges = [{"high": amount(limit, unit)}]
            self.observe(coded(LOINC, code, display), on, valueQuantity=amount(value, unit), referenceRange=ranges)

    def _molecules(self) -> None:
        on = self.day(200, 60)
        for symbol, code, change in GENES:
            if self.chance(0.9):
                present = self.chance(0.3)
                parts = [{"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, code, symbol)}]
                if present:
                    parts.append({"code": coded(LOINC, "48005-3"), "valueCodeableConcept": {"text": change}})
                self.observe(
                    coded(LOINC, "69548-6"), on, valueCodeableConcept=coded(LOINC, "LA9633-4" if present else "LA9634-2"), component=parts
                )
        if self.chance(0.6):
            self.observe(
                coded(LOINC, "81695-9"), on, valueCodeableConcept=coded(LOINC, self.rng.choice(("LA14122-8", "LA14122-8", "LA26203-2")))
            )

    def _explored(self) -> None:
        on = self.day(50)
        if self.chance(0.75):
            scores = [
                {"code": coded(PSM, f"pci-region-{region}"), "valueInteger": self.rng.choice((0, 0, 1, 2, 3))} for region in range(13)
            ]
            self.observe(coded(PSM, "peritoneal-assessment"), on, method=coded(PSM, "method-laparoscopy"), component=scores)

    def _peritoneum(self) -> None:
        self._explored()
        on = self.day(50)
        if self.chance(0.6):
            volume = {"code": coded(PSM, "ascites-volume"), "valueQuantity": amount(float(self.rng.randint(0, 3000)), "mL")}
            self.observe(coded(PSM, "ascites"), on, component=[volume])

    def _treatment(self) -> None:
        if self.chance(0.8):
            start = self.rng.randint(80, 250)
            intent = [{"url": MCODE + "mcode-procedure-intent", "valueCodeableConcept": coded(SNOMED, "363676003")}]
            code, name, dose = self.rng.choice(DRUGS)
            for cycle in range(self.rng.randint(3, 8)):
                drug = {"medicationCodeableConcept": coded(RXNORM, code, name), "extension": intent, "status": "completed"}
                given = {"dosage": {"dose": amount(dose, "mg/m2"), "route": coded(SNOMED, "47625008")}} if dose else {}
                self.add(
                    "MedicationAdministration", effectiveDateTime=(TODAY - timedelta(days=start - 14 * cycle)).isoformat(), **drug, **given
                )
        if self.chance(0.3):
            session = self.add("Procedure", status="completed", code=coded(PSM, "pipac"), performedDateTime=self.day(70, 20))
            part = {
                "partOf": [{"reference": session}],
                "medicationCodeableConcept": coded(RXNORM, "32592", "oxaliplatin"),
                "status": "completed",
            }
            dose = {"dose": amount(92.0, "mg/m2"), "route": coded(SNOMED, "38239002")}
            self.add("MedicationAdministration", effectiveDateTime=self.day(70, 20), dosage=dose, **part)
        self.add("Encounter", status="finished")
        if self.chance(0.6):
            self.condition(ICD, "I81", "Portal vein thrombosis", self.day(300), "refuted")


def amount(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def synthetic_bundles(n: int, seed: int = 1, *, short: bool = False) -> Iterator[bytes]:
    """``n`` bundles, each one patient, the same for the same seed."""
    for number in range(n):
        writer = Writer(number, random.Random(f"{seed}/{number}"))
        yield writer.short() if short else writer.whole()


def measure(read: Callable[[bytes], object], bundles: list[bytes], rounds: int = 20, size: int = 100) -> float:
    """Microseconds per bundle: of every hundred bundles the best of several rounds. Others use the machine too."""
    total = 0.0
    for first in range(0, len(bundles), size):
        best = float("inf")
        for _ in range(rounds):
            started = time.perf_counter()
            for one in bundles[first : first + size]:
                read(one)
            best = min(best, time.perf_counter() - started)
        total += best
    return total / len(bundles) * 1e6


def main(arguments: list[str]) -> None:
    if len(arguments) == 2:
        Path(arguments[1]).write_bytes(b"\n".join(synthetic_bundles(int(arguments[0]))) + b"\n")
        return
    bundles = list(synthetic_bundles(int(arguments[0]) if arguments else 2000))
    read = reader().read
    for one in bundles[:100]:
        read(one)
    resources = sum(len(orjson.loads(one)["entry"]) for one in bundles) / len(bundles)
    size = sum(map(len, bundles)) / len(bundles) / 1000
    print(f"{len(bundles)} bundles, {resources:.1f} resources and {size:.1f} kB each; on one core, microseconds per bundle:")
    plain = measure(orjson.loads, bundles)
    opened = measure(lambda one: open_bundle(one, ""), bundles)
    whole = measure(read, bundles)
    print(f"orjson alone {plain:.0f}; bundle to resources {opened:.0f}; bundle to case {whole:.0f}, {1e6 / whole:.0f} patients/s")


if __name__ == "__main__":
    main(sys.argv[1:])
