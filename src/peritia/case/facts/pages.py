"""The reference pages of the facts, printed from their declarations."""

from __future__ import annotations

from peritia.case.facts.declaration import Fact
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.derive import FACTS

_TOPICS = {
    "patient": "Patient", "primary": "Primary tumour", "histology": "Histology", "molecular": "Molecular findings",
    "peritoneum": "Peritoneum", "ascites": "Ascites, cytology, regression",
    "extraperitoneal": "Outside the peritoneum", "fitness": "Fitness",
    "organs": "Organs and markers", "illnesses": "Other illnesses", "symptoms": "Symptoms", "systemic": "Systemic therapy",
    "tallies": "Cumulative doses", "procedures": "Cytoreduction, PIPAC, radiation", "surgery": "Any operation on the abdomen",
    "recurrence": "Recurrence", "allergy": "Hypersensitivity",
    "wishes": "Wishes and plans", "predicted": "Predicted by simulation",
}  # fmt: skip
_KINDS = {"bool": "true or false", "int": "whole number", "num": "number", "cat": "category"}


def fact_pages() -> dict[str, str]:
    """Markdown by page name: one page a topic, and ``index`` listing every fact."""
    pages = {"index": _index()}
    for topic, title in _TOPICS.items():
        described = "\n".join(_described(fact) for fact in FACTS.values() if fact.topic == topic)
        pages[topic] = f"# {title}\n\n{described}"
    return pages


def _index() -> str:
    rows = "\n".join(
        f"| [`{name}`]({fact.topic}.md#{name}) | {_KINDS[declared.kind]} | {declared.unit or ''} | {declared.description} |"
        for name, fact in FACTS.items()
        for declared in [fact.declaration]
    )
    staleness = DEFINITIONS.staleness
    return (
        f"# Facts\n\n{len(FACTS)} facts can be known of a case on a date. "
        "Each is known, inferred, assumed or unknown; nothing recorded means unknown.\n\n"
        f"| Fact | Type | Unit | Meaning |\n|---|---|---|---|\n{rows}\n\n"
        f"## How long a result counts\n\n{staleness.because} (source: {staleness.source}, {staleness.status})\n"
    )


def _described(fact: Fact) -> str:
    declaration = fact.declaration
    lines = [f"## {declaration.name}", "", f"{declaration.description}.", "", f"- Type: {_KINDS[declaration.kind]}"]
    if declaration.unit:
        lines.append(f"- Unit: `{declaration.unit}`")
    if declaration.low is not None and declaration.high is not None:
        lines.append(f"- Domain: {declaration.low:g} to {declaration.high:g}; a value outside is unknown")
    if declaration.categories:
        lines.append("- Values: " + ", ".join(f"`{category}`" for category in declaration.categories))
    lines.append(f"- Derived: {fact.how}")
    lines.append("- Reads: " + ", ".join(f"`{part}`" for part in fact.reads))
    if fact.assumed is not None:
        lines.append(f"- Without entry: {str(fact.assumed.value).lower()}, {fact.assumed.reason}; can be switched off")
    if fact.stale_after_days is not None:
        lines.append(f"- Counts for {fact.stale_after_days} days")
    for code in fact.codes:
        lines.append(f"- Code: {code.system} {code.code}" + ("" if code.verified else " (written from memory, not verified)"))
    return "\n".join([*lines, ""])
