"""'Ask next' as questions that can be answered on the spot: which fields of which noun hold a missing fact."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from peritia import documents
from peritia.case import FACTS
from peritia.case.facts.seen import KEYS
from peritia.quantities.units_lab import lab_units
from peritia.store import CASE_SECTIONS
from peritia.web.assessed import Assessed
from peritia.web.forms import PANELS, Field, fields_of
from peritia.web.forms.panel import LEADING, narrowed
from peritia.web.language import spoken

ASKED = 5


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a fact is entered: ``ask`` these fields with ``set`` filled in; or by ``say``-ing so; or on the section's own form."""

    section: str
    ask: tuple[str, ...] = ()
    set: dict[str, str] = {}
    say: str = ""
    link: bool = False
    panel: bool = False


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One of the next questions, with what it decides and why nobody knows it."""

    fact: str
    text: str
    decides: str
    why_unknown: str
    section: str
    address: str
    fields: tuple[Field, ...]
    preset: dict[str, str]
    say: str


def questions(case: Assessed, *, limit: int = ASKED) -> tuple[Question, ...]:
    """The first of 'ask next', in its order."""
    pairs = zip(case.assessment.ask_next[:limit], case.dossier.ask_next[:limit], strict=False)
    return tuple(_question(ask.fact, line.text, line.decides, line.why_unknown, case) for ask, line in pairs)


def _question(fact: str, text: str, decides: str, why_unknown: str, case: Assessed) -> Question:
    way = way_of(fact)
    base = f"/patients/{case.row.case_id}"
    kind = "panel" if way.panel and way.section in PANELS else "enter"
    asked = () if way.link or way.panel else _asked(way, case)
    units = lab_units().analytes
    preset = dict(way.set)
    if way.section == "labs" and (analyte := way.set.get("analyte")) in units:
        preset["unit"] = units[analyte].unit
    return Question(
        fact=fact,
        text=text,
        decides=decides,
        why_unknown=why_unknown,
        section=way.section,
        address=f"{base}/{kind}/{way.section}",
        fields=asked,
        preset=preset,
        say=way.say,
    )


def _asked(way: Way, case: Assessed) -> tuple[Field, ...]:
    """The fields to ask, with the day; none where the section holds one value already, which is corrected on its own form."""
    section = CASE_SECTIONS[way.section]
    if section.single and case.of(way.section):
        return ()
    names = (*way.ask, "on") if way.ask or way.say else ()
    key = way.set.get(KEYS.get(way.section, ""), "")
    found = (
        narrowed(way.section, key, field) if key else field for name in names for field in fields_of(section.type) if field.name == name
    )
    return tuple(field for field in found if field.kind != "choice" or field.choices)


@cache
def way_of(fact: str) -> Way:
    """How a fact is entered."""
    if fact in _ways():
        return _ways()[fact]
    declared = FACTS[fact]
    section = declared.reads[0]
    if declared.key is not None and section in KEYS:
        lead = ("value", "unit") if section == "labs" else tuple(name for name in PANELS[section] if name in LEADING)
        if fact.endswith("_x_uln"):
            lead = (*lead, "upper_limit")
        preset = {KEYS[section]: declared.key} | ({"tested": "yes"} if section == "molecular" else {})
        return Way(section=section, ask=lead, set=preset)
    if declared.field is not None:
        return Way(section=section, ask=(declared.field,))
    return Way(section=section, link=True)


@cache
def _ways() -> dict[str, Way]:
    return documents.read(Path(__file__).with_name("questions.yaml"), dict[str, Way])


def verdict_words(key: str) -> str:
    """A verdict in words."""
    return spoken()(f"verdict.{key}")
