"""From text to formula: sqlglot reads the tokens, ``read_conditions`` its tree."""

from __future__ import annotations

from sqlglot.errors import ParseError
from sqlglot.parser import Parser

from peritia.criteria.declaration import Vocabulary
from peritia.criteria.formula import Formula
from peritia.criteria.read_conditions import ConditionReader
from peritia.criteria.refusal import CriterionError
from peritia.criteria.scan import DEEPEST, nesting, scan


def parse(text: str, vocabulary: Vocabulary) -> Formula:
    """Read a criterion over the facts of ``vocabulary``. Raises ``CriterionError`` with the place of the first fault."""
    tokens = scan(text, vocabulary)
    try:
        trees = Parser().parse(tokens, text)
    except ParseError as error:
        raise _unreadable(error, text) from error
    except RecursionError:
        raise CriterionError("An expression nested too deeply to be read here", "a flatter expression", position=0, text=text) from None
    if len(trees) != 1 or trees[0] is None:
        raise CriterionError("Not one expression", "one Boolean expression over facts", position=0, text=text)
    formula = Formula(ConditionReader(text, vocabulary).condition(trees[0]))
    if nesting(formula.text) >= DEEPEST:  # its canonical text must parse as well
        raise CriterionError(f"More than {DEEPEST} levels of nesting", "a flatter expression", position=0, text=text)
    return formula


def _unreadable(error: ParseError, text: str) -> CriterionError:
    first = error.errors[0] if error.errors else {}
    lines = text.split("\n")
    line, column = first.get("line") or 1, first.get("col") or 1
    before = sum(len(part) + 1 for part in lines[: line - 1])
    word = str(first.get("highlight") or "")
    position = min(max(0, before + column - len(word)), max(0, len(text) - 1))
    found = f"The expression cannot be read at {word[:40]!r}" if word else "The expression cannot be read"
    return CriterionError(found, "a Boolean expression such as ecog <= 2 AND NOT pregnant", position=position, text=text)
