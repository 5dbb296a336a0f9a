"""The fixed words of the report, one file a language, and the way it writes values, units and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from peritia.errors import PeritiaError

LANGUAGES = ("en", "de")
FALLBACK = "en"


class LanguageError(PeritiaError):
    """The report is not written in the language asked for."""

    def __init__(self, asked: str) -> None:
        super().__init__(
            f"No report in the language '{asked}'", "one of: " + ", ".join(LANGUAGES), "Knowledge texts are English in every language"
        )


class Words(msgspec.Struct, frozen=True):
    """A language's sentences by dotted key, ``{gaps}`` filled on use."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, /, **gaps: object) -> str:
        """The entry for ``key`` with its gaps filled. Raises ``KeyError`` for a key that the language lacks."""
        return self.entries[key].format_map(gaps) if gaps else self.entries[key]

    def get(self, key: str, otherwise: str) -> str:
        """The entry, or ``otherwise`` where the language has none."""
        return self.entries.get(key, otherwise)

    def plural(self, key: str, count: int, /, **gaps: object) -> str:
        """``key.one`` or ``key.many`` with ``{n}`` filled."""
        return self(f"{key}.{'one' if count == 1 else 'many'}", n=count, **gaps)

    def day(self, when: date | None) -> str:
        """A date as it is written here, or the word for no date."""
        if when is None:
            return self("date.none")
        return self("date.form", day=when.day, month=self(f"month.{when.month}"), year=when.year)

    def category(self, value: str) -> str:
        """A coded value in words (``high-grade-serous`` -> high grade serous)."""
        return self.entries.get(f"value.{value}", value.replace("-", " "))

    def unit(self, unit: str | None) -> str:
        """A UCUM unit as a reader writes it; counts and scores have none."""
        if not unit or unit == "1":
            return ""
        return self.entries.get(f"unit.{unit}", "" if unit.startswith("{") else unit)

    def value(self, value: bool | int | float | str | None, unit: str | None = None) -> str:
        """A fact's value with its unit, or the word for unknown."""
        if value is None:
            return self("state.unknown")
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, str):
            return self.category(value)
        written = self.number(value)
        shown = self.unit(unit)
        return f"{written}\N{NO-BREAK SPACE}{shown}" if shown else written

    def number(self, value: float) -> str:
        """At most three significant decimals, with this language's decimal sign and a true minus."""
        written = f"{value:.6g}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.4g}"
        return written.replace("-", "−").replace(".", self("decimal"))

    def listing(self, parts: Iterable[str], last: str = "and") -> str:
        """A, B and C."""
        items = list(parts)
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + f" {self('join.' + last)} " + items[-1]


@cache
def words(language: str) -> Words:
    """The words of a language. Raises ``LanguageError``."""
    if language not in LANGUAGES:
        raise LanguageError(language)
    return Words(language, _load(language))


@cache
def simulated_words(language: str) -> Words:
    """The words of a language with those of the simulated section, which are read only where it is asked for. Raises ``LanguageError``."""
    return Words(language, {**words(language).entries, **_load(f"simulated.{language}")})


def _load(language: str) -> dict[str, str]:
    text = files("peritia.report").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    tree: object = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return dict(_flat(tree, ""))


def _flat(tree: object, path: str) -> Iterable[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, below in tree.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _flat(below, f"{path}.{key}" if path else str(key))  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield path, str(tree)
