"""The reviewed answers of every criterion in the library: reading, writing and comparing ``thresholds.yaml``.

After a wanted change in the knowledge files: ``python tests/knowledge/write_thresholds.py``, then read the difference line by line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from threshold_probes import Place, Probe, places, probes

from peritia.criteria import Formula
from peritia.documents import read
from peritia.knowledge.files import Files

STORED = Path(__file__).with_name("thresholds.yaml")
_HEAD = """\
# Every criterion of the library (by file and place) and the answers it was reviewed to give (by its text).
# fact: the one that is walked; given: the others; yes and no: its values by the answer; missing: the answer without it.
# Written by write_thresholds.py; a change here is a change of medicine and is read line by line.
"""


class Expectations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``criteria``: file, then place, then text. ``answers``: text, then its probes."""

    criteria: dict[str, dict[str, str]]
    answers: dict[str, tuple[Probe, ...]]

    def at(self, place: Place) -> tuple[Probe, ...]:
        """The answers reviewed for this place; none if the place is new."""
        return self.answers[self.criteria[place.file][place.path]]


def stored() -> Expectations:
    """What was reviewed."""
    return read(STORED, Expectations)


def differences(files: Files, expected: Expectations) -> Iterator[str]:
    """Every place that is new, gone, or answers otherwise than reviewed. The texts are not compared, only the answers."""
    found = dict(places(files))
    known = {Place(file, path) for file, entries in expected.criteria.items() for path in entries}
    yield from (f"{place.file}: {place.path} is new: {found[place].text}" for place in found.keys() - known)
    yield from (f"{place.file}: {place.path} is gone" for place in known - found.keys())
    for place in sorted(found.keys() & known):
        yield from (
            f"{place.file}: {place.path}, now `{found[place].text}`, no longer answers {_line(probe)}"
            for probe in expected.at(place)
            if not answers(probe, found[place])
        )


def answers(probe: Probe, criterion: Formula) -> bool:
    """Whether a criterion answers a probe as reviewed; one that asks for a fact the probe does not have does not."""
    return set(criterion.facts) <= {probe.fact, *probe.given} and probe.fits(criterion)


def write(files: Files) -> None:
    """Write what the library answers now."""
    criteria: defaultdict[str, list[str]] = defaultdict(list)
    texts: dict[str, Formula] = {}
    for place, criterion in places(files):
        criteria[place.file].append(f"    {_quoted(place.path)}: {_quoted(criterion.text)}")
        texts.setdefault(criterion.text, criterion)
    lines = [_HEAD + "criteria:"]
    for file, entries in criteria.items():
        lines += [f"  {_quoted(file)}:", *entries]
    lines.append("answers:")
    for text in sorted(texts):
        lines += [f"  {_quoted(text)}:", *(f"    - {_line(probe)}" for probe in probes(texts[text]))]
    STORED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(probe: Probe) -> str:
    given = f", given: {_mapping(probe.given)}" if probe.given else ""
    yes, no = ", ".join(map(_scalar, probe.yes)), ", ".join(map(_scalar, probe.no))
    return f"{{fact: {probe.fact}{given}, yes: [{yes}], no: [{no}], missing: {probe.missing}}}"


def _mapping(given: Mapping[str, bool | float | str]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in given.items()) + "}"


def _scalar(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if not text.replace("-", "a").isalnum() or not text[0].isalpha() else text
