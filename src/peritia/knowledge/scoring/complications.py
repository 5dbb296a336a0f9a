"""Graded harm: Clavien-Dindo in its order, and CTCAE grades that never stand without their version."""

from __future__ import annotations

from dataclasses import dataclass

from peritia.knowledge.scoring.definition import ScoreError, definition, table_of


@dataclass(frozen=True)
class ClavienDindo:
    """A Clavien-Dindo grade, ordered. ``disability`` is the suffix d: still present at discharge; it does not change the order."""

    grade: str
    disability: bool = False

    def __post_init__(self) -> None:
        if self.grade not in _ranks():
            raise ScoreError(f"there is no Clavien-Dindo grade {self.grade!r}", f"one of {', '.join(_ranks())}")

    @property
    def rank(self) -> int:
        """Place in the order, 0 for no complication."""
        return _ranks()[self.grade]

    def __lt__(self, other: ClavienDindo) -> bool:
        return self.rank < other.rank

    def __le__(self, other: ClavienDindo) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: ClavienDindo) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: ClavienDindo) -> bool:
        return self.rank >= other.rank

    def __str__(self) -> str:
        return self.grade + ("d" if self.disability else "")


def clavien_dindo(written: str) -> ClavienDindo:
    """A grade as written, with or without the suffix d: ``IIIb``, ``IIIa-d``, ``IIIad``."""
    text = written.strip()
    if text.endswith("d") and text not in _ranks():
        return ClavienDindo(text.removesuffix("d").rstrip("-"), disability=True)
    return ClavienDindo(text)


def is_major(grade: ClavienDindo, by: str) -> bool:
    """Whether a grade counts as major by a named definition; registries draw the line at IIIa or at IIIb."""
    return table_of(definition("clavien-dindo"), f"major-{by}").band_of(grade.rank) is not None


@dataclass(frozen=True)
class CtcaeGrade:
    """A CTCAE grade 0 to 5 (0: none) with the version it was graded by. Grades of two versions do not compare."""

    grade: int
    version: str

    def __post_init__(self) -> None:
        ctcae = definition("ctcae")
        if self.version not in ctcae.versions:
            raise ScoreError(f"{self.version!r} is no version of CTCAE on file", f"one of {', '.join(ctcae.versions)}")
        if self.grade not in {0, *(int(level.value) for level in ctcae.levels)}:
            raise ScoreError(f"there is no CTCAE grade {self.grade}", "0 to 5")

    def at_least(self, grade: int) -> bool:
        """Whether it is this grade or worse."""
        return self.grade >= grade

    def worse_than(self, other: CtcaeGrade) -> bool:
        """Whether it is worse than another grade of the same version; refuses to compare two versions."""
        if self.version != other.version:
            raise ScoreError(f"grades of CTCAE {self.version} and {other.version} do not compare", "grades of one version")
        return self.grade > other.grade

    def __str__(self) -> str:
        return f"grade {self.grade} (CTCAE v{self.version})"


def _ranks() -> dict[str, int]:
    return {level.label: int(level.value) for level in definition("clavien-dindo").levels}
