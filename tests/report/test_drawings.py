from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

import msgspec
import pytest

from peritia.case.peritoneum import PeritonealAssessment
from peritia.case.treatment import SystemicLine
from peritia.report.content import Dossier
from peritia.report.events import Event, events
from peritia.report.outcomes import plot_strip, scale_for
from peritia.report.peritoneum_map import GRID
from peritia.report.peritoneum_section import peritoneum_section
from peritia.report.timeline import timeline
from peritia.report.verdict_mark import verdict_mark
from peritia.report.wording import words
from report import invented_board as board

W = words("en")
SVG = "{http://www.w3.org/2000/svg}"


def _texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_verdicts_differ_in_shape_not_in_colour_alone() -> None:
    shapes = {
        key: [(node.tag, node.get("d")) for node in ET.fromstring(verdict_mark(key))]
        for key in ("open", "open-with-flags", "depends", "closed")
    }
    assert len({str(shape) for shape in shapes.values()}) == 4


def test_regions_lie_as_the_surgeon_numbers_them() -> None:
    rows = [[next(region for region, place in GRID.items() if place == (column, row)) for column in range(3)] for row in range(3)]
    assert rows == [[1, 2, 3], [8, 0, 4], [7, 6, 5]]


def test_map_writes_each_size_and_hatches_what_was_not_scored() -> None:
    section = peritoneum_section(board.anna(), board.ON, W)
    assert section is not None
    assert section.caption == "PCI 24, laparoscopy, 12 Nov 2026"
    assert [region.size for region in section.regions][11:] == [None, None]
    assert section.regions[11].meaning == "not scored"
    assert _texts(section.map.svg).count("–") == 2
    assert "not the same as free of disease" in section.remark
    assert "11 upper ileum: not scored" in section.map.description


def test_a_surgeons_older_score_counts_before_newer_images() -> None:
    case = board.anna(
        peritoneum=(
            PeritonealAssessment(on=date(2026, 1, 1), method="laparoscopy", total=20),
            PeritonealAssessment(on=date(2026, 11, 1), method="ct", regions=dict.fromkeys(range(13), 1)),
        )
    )
    section = peritoneum_section(case, board.ON, W)
    assert section is not None
    assert section.caption.startswith("PCI 20, laparoscopy")
    assert "Only the total was recorded" in section.remark
    assert [picture is None for _, picture in section.history] == [True, False]


def test_no_scoring_gives_no_map() -> None:
    assert peritoneum_section(board.anna(peritoneum=()), board.ON, W) is None


def test_timeline_tells_every_event_in_words_and_none_after_the_day() -> None:
    happened = events(board.anna(), board.ON, W)
    assert [event.on for event in happened] == sorted(event.on for event in happened if event.on)
    drawn = timeline(happened, board.ON, W, name="t")
    assert drawn is not None
    assert all(event.sentence in drawn.description for event in happened)
    assert "CRS + HIPEC, PCI 12, CC0: mitomycin 35 mg/m² (Clavien-Dindo II)" in drawn.description
    assert "PIPAC no access" in drawn.description
    assert all(event.on is None or event.on <= date(2025, 6, 1) for event in events(board.anna(), date(2025, 6, 1), W))


def test_labels_of_a_lane_do_not_touch() -> None:
    days = [date(2026, 1, 1 + day) for day in range(12)]
    crowd = tuple(Event(lane="pipac", on=day, label="no access", sentence="PIPAC no access", shape="cross") for day in days)
    drawn = timeline(crowd, board.ON, W, name="t")
    assert drawn is not None
    heights = [node.get("y") for node in ET.fromstring(drawn.svg).iter(f"{SVG}text") if node.text == "no access"]
    assert len(set(heights)) == 12


@pytest.mark.parametrize(
    ("started", "ended", "ongoing"), [(None, None, None), (date(2026, 1, 1), None, None), (date(2026, 1, 1), None, True)]
)
def test_a_line_without_dates_or_end_is_still_told(started: date | None, ended: date | None, ongoing: bool | None) -> None:
    line = SystemicLine(drugs=(), started_on=started, ended_on=ended, ongoing=ongoing)
    happened = events(board.anna(systemic=(line,)), board.ON, W)
    assert any(event.lane == "systemic" for event in happened)
    assert timeline(happened, board.ON, W, name="t") is not None


def test_no_dated_event_gives_no_timeline() -> None:
    undated = (Event(lane="status", on=None, label="stable", sentence="stable"),)
    assert timeline(undated, board.ON, W, name="t") is None


def test_a_scale_starts_at_zero_and_holds_every_value() -> None:
    months = scale_for([8.7, 12.5, 50.5], unit="mo")
    assert (months.low, months.high) == (0.0, 60.0)
    shares = scale_for([3.5], unit="%")
    assert (shares.low, shares.high) == (0.0, 100.0)
    ratio = scale_for([0.63, 1.0, 1.58], unit="ratio", ratio=True)
    assert ratio.share(1.0) == pytest.approx(0.5)
    assert ratio.axis().heavy == 0.5


def test_an_upper_limit_not_reached_runs_on_as_an_arrow() -> None:
    scale = scale_for([17.5, 13.0], unit="mo")
    plot = scale.plot(17.5, 13.0, None, "yes")
    assert plot.high is None
    assert plot_strip(plot, scale.axis()).count("<path") == len(scale.ticks) + 2


def test_figures_on_different_clocks_or_definitions_never_share_a_group(dossier: Dossier) -> None:
    pipac = next(option for option in dossier.options if option.id == "pipac")
    titles = [group.title for group in pipac.outcomes]
    assert len(titles) == len(set(titles))
    assert "Overall survival, counted from the first PIPAC, months" in titles
    assert "Response, mean PRGS of 2 or less, of 100" in titles
    assert pipac.banner == "Single-arm studies and registries. No randomised proof."


def test_a_study_is_plotted_once_and_pointed_to_after(dossier: Dossier) -> None:
    first, second = dossier.options[0], dossier.options[1]
    assert [outcome.study for group in first.outcomes for outcome in group.outcomes] == ["PRODIGE 7"] * 3
    assert second.outcomes == ()
    assert second.outcomes_elsewhere == "Figures shown under another option: PRODIGE 7."


def test_studies_that_would_not_have_held_the_patient_are_not_plotted(dossier: Dossier) -> None:
    pipac = next(option for option in dossier.options if option.id == "pipac")
    plotted = {outcome.study for group in pipac.outcomes for outcome in group.outcomes}
    assert "CRC-PIPAC-II" not in plotted
    assert [line.text for line in pipac.studies_apart] == ["CRC-PIPAC-II. Not met: KRAS wild type"]


def test_drawings_are_well_formed_even_with_hostile_words() -> None:
    hostile = msgspec.structs.replace(events(board.anna(), board.ON, W)[0], label='<script>"&', sentence='<script>"&')
    drawn = timeline((hostile,), board.ON, W, name="t")
    assert drawn is not None
    assert '<script>"&' in _texts(drawn.svg)
