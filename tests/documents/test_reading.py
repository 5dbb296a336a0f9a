"""The strict reader: what it takes, and how it refuses."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia import documents
from peritia.documents.events import json_events, yaml_events
from peritia.documents.tree import build
from peritia.errors import InputRefused


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    colour: Literal["green", "brown"]
    on: date | None = None
    size_mm: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    height_m: float | None = None
    old: bool | None = None
    rings: int | None = None
    leaves: tuple[Leaf, ...] = ()
    regions: dict[int, int] = {}
    labels: str | list[str] = ""


class Pair(msgspec.Struct):
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is above high")


class Pairs(msgspec.Struct):
    pairs: list[Pair]


def refused(text: str | bytes | Path, type_: type[Any] = Tree, **options: Any) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        documents.read(text, type_, **options)
    return caught.value


GOOD = """
name: Oak
height_m: 12
leaves:
  - {colour: green, on: 2026-05-01, size_mm: 80.5}
  - colour: brown
regions: {0: 3, 12: 1}
"""


def test_yaml_and_json_give_the_same() -> None:
    tree = documents.read(GOOD, Tree)
    assert tree.leaves[0].on == date(2026, 5, 1)
    assert tree.regions == {0: 3, 12: 1}
    assert documents.read(msgspec.json.encode(tree), Tree) == tree


def test_words_of_yaml_1_1_stay_texts() -> None:
    tree, _ = documents.load_tree("on: no\nyes: off\nt: 1:30\nz: 0123\nd: 2026-11-21\nn: 1_000\nq: 'true'\nb: true\nf: 1e3\ne:\n")
    assert tree == {
        "on": "no",
        "yes": "off",
        "t": "1:30",
        "z": "0123",
        "d": "2026-11-21",
        "n": "1_000",
        "q": "true",
        "b": True,
        "f": 1000.0,
        "e": None,
    }


def test_every_problem_at_once_with_path_and_line() -> None:
    text = (
        "name: 7\nheigth_m: 3\nold: no\nrings: 1.5\nleaves:\n  - colour: gren\n    on: 2026-02-30\n"
        "  - size_mm: 101\nregions: {a: 1, 2: x}\n"
    )
    error = refused(text, name="tree.yaml")
    assert [(p.path, p.line) for p in error.problems] == [
        ("name", 1), ("heigth_m", 2), ("old", 3), ("rings", 4), ("leaves[0].colour", 6), ("leaves[0].on", 7),
        ("leaves[1].size_mm", 8), ("leaves[1].colour", 8), ("regions.a", 9), ("regions.2", 9),
    ]  # fmt: skip
    hints = {p.path: p.hint for p in error.problems}
    assert hints["heigth_m"] == "did you mean height_m?"
    assert hints["leaves[0].colour"] == "did you mean green?"
    assert "write false" in hints["old"]
    assert "quotes" in hints["name"]
    assert "tree.yaml: 10 problems" in str(error)


def test_json_problems_have_lines() -> None:
    error = refused('{\n "name": "Oak",\n "leaves": [\n  {"colour": "green"},\n  {"colour": "blue"}\n ]\n}')
    assert [(p.path, p.line) for p in error.problems] == [("leaves[1].colour", 5)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: &a Oak\n", "anchor &a"),
        ("name: *a\n", "alias *a"),
        ("name: !!python/object:os.system Oak\n", "tag"),
        ("name: !!str 5\n", "tag"),
        ("name: Oak\nname: Elm\n", "twice"),
        ("<<: {name: Oak}\n", "merge key"),
        ("? [a, b]\n: c\n", "a key must be one word"),
        ("name: Oak\n---\nname: Elm\n", "second document"),
        ("name: [Oak\n", "not readable as YAML"),
        ("name: Oak\n\told: true\n", "not readable as YAML"),
        ("height_m: .inf\nname: Oak", "not a usable number"),
        ("height_m: 1e999\nname: Oak", "too large"),
        ("height_m: 99999999999999999999\nname: Oak", "18 digits"),
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("just words", "expected a mapping of fields, found a text"),
        ("- a\n- b", "expected a mapping of fields, found a list"),
        ('{"name": "Oak", "name": "Elm"}', "twice"),
        ('{"name": "Oak",}', "not readable as JSON"),
        ('{"name": "Oak"', "ends too early"),
        ('{"name": "Oak"} x', "not readable as JSON"),
        ('{"name": NaN}', "not readable as JSON"),
        ('{"name": "a\x01b"}', "not readable as JSON"),
        ('{"name": "\\ud800"}', "broken escape"),
        ('{"name" "Oak"}', "expected a colon"),
        ('["a" "b"]', "a comma or a closing bracket"),
        ("[" * 100_000, "nested deeper than 50"),
        ('{"a":' * 100_000, "nested deeper than 50"),
        ("a: " + "[" * 2000, "nested deeper than 50"),
        ("".join(" " * i + "a:\n" for i in range(80)), "nested deeper than 50"),
    ],
)
def test_refused_with_one_clear_problem(text: str, says: str) -> None:
    error = refused(text)
    assert len(error.problems) == 1
    assert says in str(error)


def test_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(9))
    assert "anchor &a" in str(refused(bomb))


def test_file_of_200_mb_is_refused_fast(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    start = time.perf_counter()
    error = refused(path)
    assert time.perf_counter() - start < 1
    assert "200.0 MB is above the limit of 10 MB" in str(error)


def test_endless_device_is_not_read_to_its_end() -> None:
    assert "above the limit" in str(refused(Path("/dev/zero"), limit_bytes=1000))


@pytest.mark.parametrize("text", ["name: " + "x" * 200, b"name: " + b"x" * 200])
def test_text_above_the_limit(text: str | bytes) -> None:
    assert "above the limit" in str(refused(text, limit_bytes=100))


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: Oak\n# Größe\n".encode("latin-1"))
    assert [(p.line, p.message) for p in refused(path).problems] == [(2, "byte 14 is not UTF-8")]
    assert "UTF-16" in str(refused("name: Oak".encode("utf-16")))


def test_byte_order_mark_is_ignored() -> None:
    assert documents.read("\ufeffname: Oak", Tree).name == "Oak"
    assert documents.read('\ufeff{"name": "Oak"}'.encode(), Tree).name == "Oak"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "cannot be opened" in str(refused(tmp_path / "none.yaml"))
    assert "cannot be opened" in str(refused(tmp_path))
    assert "cannot be opened" in str(refused(str(tmp_path / "none.json")))


def test_a_struct_that_refuses_its_content_is_reported_with_its_path() -> None:
    error = refused("pairs:\n  - {low: 2, high: 1}\n  - {low: 1, high: 2}\n  - {low: 4, high: 3}\n", Pairs)
    assert [(p.path, p.line, p.message) for p in error.problems] == [
        ("pairs[0]", 2, "low is above high"),
        ("pairs[2]", 4, "low is above high"),
    ]


def test_unions_report_the_nearest_member() -> None:
    assert documents.read("name: Oak\nlabels: a", Tree).labels == "a"
    assert documents.read("name: Oak\nlabels: [a, b]", Tree).labels == ["a", "b"]
    assert refused("name: Oak\nlabels: [a, 7]").problems[0].path == "labels[1]"


def test_whole_numbers_are_not_rounded_and_truth_is_no_number() -> None:
    assert refused("name: Oak\nrings: true").problems[0].message == "expected a whole number, found the truth value true"
    assert refused("name: Oak\nheight_m: '3'").problems[0].message == "expected a number, found a text"


_scalars = (
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
)
_trees = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4), max_leaves=12
)


@given(_trees)
def test_json_reader_agrees_with_a_reference_parser(tree: Any) -> None:
    import json

    for text in (json.dumps(tree), json.dumps(tree, indent=1, ensure_ascii=False)):
        read, problems = build(json_events(text), 50)
        assert read == tree
        assert not problems


@given(st.text(alphabet='{}[]:,"\\ \nabtrue0123.-e', max_size=40))
def test_any_text_is_read_or_refused_never_crashes(text: str) -> None:
    for source in (text, text.encode()):
        with suppress(InputRefused):
            documents.read(source, Tree)


def test_events_carry_lines() -> None:
    assert [(kind, line) for kind, line, *_ in yaml_events("a:\n  - 1\n  - 2\n")] == [
        ("map", 1), ("scalar", 1), ("list", 2), ("scalar", 2), ("scalar", 3), ("end", 4), ("end", 4),
    ]  # fmt: skip


def test_lines_of_paths() -> None:
    assert documents.lines_of(GOOD)["leaves[0].on"] == 5
