"""Genetic findings as mCODE writes them: variants present or absent, and genes studied.

No variant row is not wild type; a gene studied in a final report is. A variant that is absent says wild type for its gene only if no
certain variant is named: ``BRAF V600E absent`` leaves other variants open.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from peritia.case.disease import MolecularFinding
from peritia.fhir.draft import Draft, shown
from peritia.fhir.resources import Component, Observation
from peritia.fhir.wire import Concept

_LETTERS = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H", "Ile": "I", "Leu": "L",
    "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
}  # fmt: skip
_LONG = re.compile("|".join(_LETTERS))
_PROTEIN = re.compile(r"p\.\(?([A-Za-z*]{1,3}\d+[A-Za-z*=_]{1,12}\d*)\)?")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9-]{1,9}\Z")
_SHORT = re.compile(r"(?<![A-Za-z0-9.])([A-Z]\d{1,4}[A-Z*])(?![A-Za-z0-9])")
GENES = frozenset({"kras", "nras", "braf", "brca1", "brca2", "ret", "fgfr2", "pole", "bap1"})
FUSIONS = frozenset({"ntrk"})
"""Genes of which only a fusion counts; their finding is positive or negative."""
_BY_CLASS = frozenset({"brca1", "brca2", "pole", "bap1"})
"""Genes whose variants count by their clinical class; the others by the change itself."""
_MAY_FUSE = frozenset({"ret", "fgfr2"})
_HARMLESS = ("benign", "uncertain")
_FINAL = frozenset({"final", "amended", "corrected", "appended"})
PRESENT = {"presence-present": True, "result-positive": True, "presence-absent": False, "result-negative": False}
Parts = dict[str, list[Component]]


@lru_cache(maxsize=4096)
def short_change(text: str) -> str | None:
    """The change in the protein in one-letter form, without ``p.``.

    >>> short_change("NM_004985.5(KRAS):c.34G>T (p.Gly12Cys)")
    'G12C'
    """
    match = _PROTEIN.search(text)
    if match is not None:
        return _LONG.sub(lambda one: _LETTERS[one.group()], match.group(1))
    match = _SHORT.search(text)
    return match.group(1) if match is not None else None


def append(
    draft: Draft,
    resource: Observation,
    marker: Any,
    *,
    tested: bool | None,
    result: Any = None,
    variant: str | None = None,
    value: float | None = None,
) -> None:
    """One finding of a marker."""
    on = draft.observed(resource)
    finding = MolecularFinding(marker=marker, tested=tested, result=result, variant=variant, value=value, on=on, document=draft.where)
    draft.molecular.append(finding)


# components


def _markers(draft: Draft, said: Concept | None) -> list[str]:
    """Markers that a gene component names. A display that names another gene than the code is listed, and the gene is not used."""
    found: list[str] = []
    for coding in said.coding if said is not None else ():
        meaning = draft.exact.get((coding.system, coding.code))
        if meaning is None or meaning.family != "marker":
            continue
        display = coding.display
        if display is not None and draft.exact.get((coding.system, display)) is not meaning and _SYMBOL.match(display):
            draft.note(f"gene {coding.code} {coding.display}", "code and display name different genes, so neither is used")
        else:
            found.append(meaning.value)
    return found


def _parts(draft: Draft, resource: Observation) -> Parts:
    parts: Parts = {}
    for component in resource.component:
        meaning = draft.meaning(component.code)
        if meaning is None or meaning.family != "part":
            draft.note(f"component {shown(component.code)}", "not a part of a genetic finding that Peritia reads")
        elif meaning.code in parts:
            parts[meaning.code].append(component)
        else:
            parts[meaning.code] = [component]
    return parts


def _text(component: Component) -> str | None:
    value = component.valueCodeableConcept
    if component.valueString is not None or value is None:
        return component.valueString
    return value.text or next((coding.display or coding.code for coding in value.coding), None)


def _change(parts: Parts) -> str | None:
    for component in parts.get("variant-name", ()):
        if component.valueString is not None:
            return component.valueString
    for component in parts.get("protein-change", ()):
        text = _text(component)
        if text is not None:
            return short_change(text) or text
    return None


def _measured(parts: Parts) -> float | None:
    for one in parts.get("marker-value", ()):
        if one.valueQuantity is not None:
            return one.valueQuantity.value
    return None


# variants


def read_variant(draft: Draft, resource: Observation, word: str) -> None:
    """One genetic finding. Genes with a variant, or with a finding that was not used, are kept from being called wild type."""
    parts = _parts(draft, resource)
    named = [_markers(draft, one.valueCodeableConcept) for one in parts.get("gene", ())]
    genes = named[0] if len(named) == 1 else [gene for found in named for gene in found]
    if not genes:
        what = ", ".join(shown(one.valueCodeableConcept) for one in parts.get("gene", ())) or "no gene"
        draft.note(f"variant of {what}", "not a gene that Peritia reads")
        return
    meaning = draft.meaning(resource.valueCodeableConcept)
    present = PRESENT.get(meaning.code) if meaning is not None else None
    if present is None:
        draft.variants.update(genes)
        _open(draft, resource, genes)
    elif present:
        draft.variants.update(genes)
        for gene in dict.fromkeys(genes):
            _present(draft, resource, gene, parts, len(named) > 1)
    else:
        for gene in dict.fromkeys(genes):
            _absent(draft, resource, gene, parts)


def _open(draft: Draft, resource: Observation, genes: list[str]) -> None:
    """A finding without a result: not performed says not tested; else tested, result not here."""
    reason = resource.dataAbsentReason
    if reason is None:
        draft.note(f"variant of {', '.join(genes)}", "its value is neither present nor absent")
    performed = reason is None or all(coding.code != "not-performed" for coding in reason.coding)
    for gene in genes:
        append(draft, resource, gene, tested=performed)


def _absent(draft: Draft, resource: Observation, gene: str, parts: Parts) -> None:
    change = _change(parts)
    if change is not None and "variant-name" not in parts:
        draft.note(f"{gene} {change} absent", "one variant is absent; others of the gene are not excluded")
        append(draft, resource, gene, tested=True)
    else:
        result = "negative" if gene in FUSIONS else "wild-type"
        append(draft, resource, gene, tested=True, result=result, variant=change, value=_measured(parts))


def _present(draft: Draft, resource: Observation, gene: str, parts: Parts, fusion: bool) -> None:
    change = _change(parts)
    if gene in FUSIONS and fusion:
        append(draft, resource, gene, tested=True, result="positive", variant="fusion")
    elif gene not in GENES or (fusion and gene not in _MAY_FUSE) or (change is None and "copy-number" in parts):
        draft.note(f"variant of {gene}", "this kind of change is not read for this gene")
        append(draft, resource, gene, tested=True)
    else:
        _mutated(draft, resource, gene, parts, "fusion" if fusion else change)


def _mutated(draft: Draft, resource: Observation, gene: str, parts: Parts, change: str | None) -> None:
    class_ = _text(parts["significance"][0]) if "significance" in parts else None
    if class_ is not None and gene in _BY_CLASS:
        change = f"{change} {class_.lower()}" if change is not None else class_.lower()
    elif class_ is not None and any(word in class_.lower() for word in _HARMLESS):
        draft.note(f"{gene} {change or ''}".strip(), f"reported as {class_.lower()}, so not taken as a mutation")
        append(draft, resource, gene, tested=True)
        return
    append(draft, resource, gene, tested=True, result="mutated", variant=change, value=_measured(parts))


# genes studied


def keep_region(draft: Draft, resource: Observation, word: str) -> None:
    """Kept until variants and reports are known."""
    draft.regions.append((draft.where, resource))


def genes_studied(draft: Draft) -> None:
    """Genes that were studied and of which nothing was found: wild type where the report is final, else only tested."""
    seen = draft.variants | {one.marker for one in draft.molecular if one.result is not None}
    final = {
        one
        for _, report in draft.reports
        if report.status in _FINAL
        for reference in report.result
        if (one := draft.resolve(reference)) is not None
    }
    for where, resource in draft.regions:
        draft.where = where
        unread = 0
        for component in _parts(draft, resource).get("gene", ()):
            said = component.valueCodeableConcept
            found = _markers(draft, said)
            unread += len(said.coding) - len(found) if said is not None else 0
            for gene in dict.fromkeys(found):
                if gene not in seen:
                    wild = "negative" if gene in FUSIONS else "wild-type"
                    append(draft, resource, gene, tested=True, result=wild if where in final else None)
        if unread:
            draft.note(f"{unread} genes studied", "not genes that Peritia reads")


READ = {"variant": read_variant, "region-studied": keep_region}
