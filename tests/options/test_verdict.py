"""How a verdict comes about: Kleene logic over requires, excludes, arms, cautions and the patient's wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from peritia.case import Case
from peritia.case.disease import Primary
from peritia.case.facts import FactValue, facts
from peritia.knowledge import Arm, Claim, Criterion, Description, Evidence, Library, Treatment, library
from peritia.options import Assessment, OptionResult, assess

ON = date(2026, 11, 21)


def criterion(when: str, **more: object) -> Criterion:
    return Criterion(when=when, because=f"That {when}", source="peritia-synthesis", **more)  # pyright: ignore


def treatment(**more: object) -> Treatment:
    settings: dict[str, object] = {
        "id": "pipac",
        "name": "PIPAC",
        "intent": "palliative",
        "evidence": Evidence(grade="C", sentence="Single-arm studies", source="peritia-synthesis"),
        "what_it_is": Description(clinician="A spray", patient="A spray", source="peritia-synthesis"),
        "benefits": (Claim(text="Some", source="peritia-synthesis"),),
    }
    return Treatment(**{**settings, **more})  # pyright: ignore


def only(one: Treatment) -> Library:
    return replace(library(), treatments={one.id: one}, studies={}, trials={}, policies={})


def given(**values: object) -> dict[str, FactValue]:
    """Every fact unknown but those given; wishes are assumed as always."""
    base = facts(Case(primary=Primary(site="colon")), ON)
    return {**base, **{name: FactValue(name=name, value=value, state="known") for name, value in values.items()}}  # pyright: ignore


def judged(one: Treatment, **values: object) -> OptionResult:
    return assess(given(**values), ON, only(one)).options[0]


REQUIRES = (criterion("ecog <= 2"),)
EXCLUDES = (criterion("bowel_obstruction = 'complete'", recoverable=True),)


@pytest.mark.parametrize(
    ("ecog", "obstruction", "verdict"),
    [
        (1, "none", "open"), (3, "none", "closed"), (None, "none", "depends"),
        (1, "complete", "closed"), (3, "complete", "closed"), (None, "complete", "closed"),
        (1, None, "depends"), (3, None, "closed"), (None, None, "depends"),
    ],
)  # fmt: skip
def test_all_of_requires_and_none_of_excludes(ecog: int | None, obstruction: str | None, verdict: str) -> None:
    assert judged(treatment(requires=REQUIRES, excludes=EXCLUDES), ecog=ecog, bowel_obstruction=obstruction).verdict == verdict


def test_a_hard_stop_outranks_what_is_missing_and_says_that_it_can_recover() -> None:
    found = judged(treatment(requires=REQUIRES, excludes=EXCLUDES), bowel_obstruction="complete")
    assert (found.verdict, found.closed_because, found.recoverable) == ("closed", "excluded", True)
    assert found.missing.to_open == ()


def test_one_stop_that_cannot_recover_makes_the_closing_lasting() -> None:
    lasting = (*EXCLUDES, criterion("platinum_hypersensitivity", recoverable=False))
    found = judged(treatment(excludes=lasting), bowel_obstruction="complete", platinum_hypersensitivity=True)
    assert found.recoverable is False


def test_a_treatment_that_cannot_apply_is_closed_as_not_applicable() -> None:
    found = judged(treatment(applies=(criterion("prior_hipec"),), requires=REQUIRES), prior_hipec=False, ecog=4)
    assert (found.verdict, found.closed_because) == ("closed", "not-applicable")


def test_a_refusal_closes_as_the_patients_choice_and_is_reversible() -> None:
    found = judged(treatment(refusal="refuses_pipac", requires=REQUIRES), refuses_pipac=True, ecog=1)
    assert (found.verdict, found.closed_because, found.recoverable) == ("closed", "patient-choice", True)


@pytest.mark.parametrize(("value", "verdict"), [(False, "open"), (True, "open-with-flags"), (None, "open-with-flags")])
def test_a_caution_flags_if_it_holds_or_cannot_be_judged(value: bool | None, verdict: str) -> None:
    assert judged(treatment(cautions=(criterion("cirrhosis"),)), cirrhosis=value).verdict == verdict


ARMS = (
    Arm(id="a", name="Oxaliplatin", excludes=(criterion("neuropathy_grade >= 2", recoverable=True),)),
    Arm(id="b", name="Cisplatin", requires=(criterion("creatinine_clearance_ml_per_min >= 40"),)),
)


@pytest.mark.parametrize(
    ("neuropathy", "clearance", "verdict"),
    [
        (0, None, "open"),
        (None, 60, "open"),
        (3, 60, "open"),
        (3, 30, "closed"),
        (3, None, "depends"),
        (None, 30, "depends"),
        (None, None, "depends"),
    ],
)
def test_the_best_arm_counts_and_a_gap_in_one_never_blocks_another(neuropathy: int | None, clearance: float | None, verdict: str) -> None:
    found = judged(treatment(arms=ARMS), neuropathy_grade=neuropathy, creatinine_clearance_ml_per_min=clearance)
    assert found.verdict == verdict


def test_a_flag_on_one_arm_does_not_flag_a_clean_other() -> None:
    flagged = Arm(id="c", name="Flagged", cautions=(criterion("cirrhosis"),))
    clean = Arm(id="d", name="Clean", requires=REQUIRES)
    assert judged(treatment(arms=(flagged, clean)), cirrhosis=True, ecog=1).verdict == "open"
    assert judged(treatment(arms=(flagged, clean)), cirrhosis=True, ecog=3).verdict == "open-with-flags"


def test_always_open_stays_open_with_nothing_known_and_flags_only_what_holds() -> None:
    care = treatment(always_open=True, cautions=(criterion("ecog >= 3"),))
    assert judged(care).verdict == "open"
    assert judged(care, ecog=3).verdict == "open-with-flags"


def test_missing_sets_say_what_opens_and_what_closes() -> None:
    found = judged(treatment(requires=REQUIRES, excludes=EXCLUDES))
    assert found.missing.to_open == (("bowel_obstruction", "ecog"),)
    assert set(found.missing.to_close) == {("bowel_obstruction",), ("ecog",)}


def test_ask_next_puts_what_decides_most_options_first() -> None:
    first = treatment(requires=REQUIRES, excludes=EXCLUDES)
    second = treatment(id="crs", requires=(*REQUIRES, criterion("pci_surgical <= 20")))
    both = replace(only(first), treatments={"pipac": first, "crs": second})
    asked = assess(given(), ON, both).ask_next
    assert asked[0].fact == "ecog"
    assert set(asked[0].decides) == {"pipac", "crs"}


def test_the_same_input_gives_the_same_bytes() -> None:
    import msgspec

    def run() -> Assessment:
        return assess(given(ecog=1), ON)

    assert msgspec.json.encode(run()) == msgspec.json.encode(run())


def test_order_is_by_intent_then_grade() -> None:
    curative = treatment(id="crs", intent="potentially-curative", evidence=Evidence(grade="D", sentence=".", source="peritia-synthesis"))
    better = treatment(id="pipac", evidence=Evidence(grade="A", sentence=".", source="peritia-synthesis"))
    worse = treatment(id="radiation")
    three = replace(only(curative), treatments={one.id: one for one in (worse, better, curative)})
    assert [option.id for option in assess(given(), ON, three).options] == ["crs", "pipac", "radiation"]


@pytest.mark.parametrize(
    ("ecog", "neuropathy", "verdict", "by_itself"),
    [
        (1, 0, "open", "open"),
        (3, 0, "closed", "open"),
        (3, None, "closed", "depends"),
        (None, 0, "open", "open"),
        (3, 2, "closed", "closed"),
    ],
)
def test_no_arm_is_open_in_a_closed_treatment(ecog: int | None, neuropathy: int | None, verdict: str, by_itself: str) -> None:
    arm = Arm(id="a", name="A", requires=(criterion("neuropathy_grade <= 1"),))
    found = judged(treatment(requires=REQUIRES, arms=(arm,)), ecog=ecog, neuropathy_grade=neuropathy)
    assert (found.arms[0].verdict, found.arms[0].by_itself) == (verdict, by_itself)
