"""Replay against a slow, obvious reference, on random histories; and the laws of as-known."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from peritia.case import Case
from peritia.case.condition import Performance
from peritia.case.disease import Histology, Primary
from peritia.patients import names, read
from peritia.store import Record
from peritia.store.replay import Step, replay
from peritia.store.sections import CASE_SECTIONS, decoder, entries_of, payload_of, plain_of

from .store_cast import ANNA, NORTH

DAYS = [""] + [(date(2026, 1, 1) + timedelta(days=number)).isoformat() for number in range(4)]
SECTIONS = {"performance": Performance, "histology": Histology, "primary": Primary}


def payload(section: str, number: int) -> str:
    plain: dict[str, Any] = {
        "performance": {"ecog": number},
        "histology": {"signet_ring_percent": number},
        "primary": {"site": "colon", "perforated": bool(number)},
    }[section]
    return payload_of(CASE_SECTIONS, section, plain)[0]


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Any order of adding, correcting, withdrawing, bringing back."""
    steps = [Step("add", "primary", "primary-1", payload("primary", 0), "", known_at="000")]
    for number in range(2, draw(st.integers(2, 14))):
        action = draw(st.sampled_from(["add", "add", "correct", "withdraw"]))
        known_at, day, value = f"{number:03}", draw(st.sampled_from(DAYS)), draw(st.integers(0, 4))
        if action == "add":
            section = draw(st.sampled_from(sorted(SECTIONS)))
            steps.append(Step("add", section, f"{section}-{number}", payload(section, value), day, known_at=known_at))
        else:
            entry = draw(st.sampled_from(steps))
            text = payload(entry.section, value) if action == "correct" else ""
            steps.append(Step(action, entry.section, entry.entry, text, day if text else "", known_at=known_at))
    return steps


def reference(steps: list[Step], as_of: str) -> dict[str, Any]:
    """Says what stands by asking each entry's whole history, one question at a time."""
    order = list(dict.fromkeys(step.entry for step in steps))
    stands = [[step for step in steps if step.entry == entry][-1] for entry in order]
    stands = [step for step in stands if step.action != "withdraw"]
    found: dict[str, Any] = {}
    for section, type_ in SECTIONS.items():
        ours = [step for step in stands if step.section == section]
        if section == "performance":
            found[section] = [decoder(type_)(step.payload) for step in ours if not step.so_on or step.so_on <= as_of]
            continue
        undated = [place for place, step in enumerate(ours) if not step.so_on]
        ours = ours[undated[-1] :] if undated else ours
        ours = [step for step in ours if step.so_on <= as_of]
        latest = [step for step in ours if step.so_on == max(one.so_on for one in ours)]
        found[section] = decoder(type_)(latest[-1].payload) if latest else None
    return found


@given(histories(), st.sampled_from([day for day in DAYS if day]))
def test_replay_is_the_reference(steps: list[Step], as_of: str) -> None:
    case, expected = replay("c", steps, date.fromisoformat(as_of)), reference(steps, as_of)
    if expected["primary"] is None:
        assert case is None
        return
    assert case is not None
    assert (case.primary, case.histology, list(case.performance)) == (
        expected["primary"],
        expected["histology"],
        expected["performance"],
    )


@given(histories(), st.integers(0, 14))
def test_what_was_known_then_does_not_depend_on_what_came_later(steps: list[Step], moment: int) -> None:
    known = [step for step in steps if step.known_at <= f"{moment:03}"]
    assert known == steps[: len(known)]
    later = [*known, *(msgspec.structs.replace(step, payload="", action="withdraw") for step in steps[len(known) :])]
    assert replay("c", [step for step in later if step.known_at <= f"{moment:03}"]) == replay("c", known)


def test_every_shipped_case_taken_apart_and_put_together_is_the_same() -> None:
    for name in names():
        case = read(name)
        steps = [
            Step("add", section, f"{section}-{number}", payload_of(CASE_SECTIONS, section, plain_of(entry))[0], "")
            for number, (section, entry) in enumerate(entries_of(case))
        ]
        assert replay(name, steps) == case


def test_every_part_of_a_case_has_a_section() -> None:
    own = {"format", "id", "title", "story", "question"}
    assert set(Case.__struct_fields__) - own <= set(CASE_SECTIONS)


def test_as_known_at_each_moment_is_what_the_case_was_then(sqlite_record: Record) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    then: list[tuple[str, Case]] = []
    for ecog in range(4):
        receipt = sqlite_record.add("maria", "performance", Performance(ecog=ecog, on=date(2026, 2, ecog + 1)), author=ANNA)
        then.append((receipt.written_at, sqlite_record.case("maria", scope=NORTH)))
    for written_at, case in then:
        moment = datetime.fromisoformat(written_at)
        assert sqlite_record.case("maria", scope=NORTH, known_on=moment) == case


def test_a_case_of_many_events_replays_in_reasonable_time(sqlite_record: Record) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    started = time.perf_counter()
    for _ in range(10):
        sqlite_record.case("maria", scope=NORTH)
    assert time.perf_counter() - started < 10 * 0.5  # owed: 20 ms; the benchmark measures, this only catches a blunder
