"""First reading of a criterion: words and signs. Refuses by name what the language leaves out, at its exact place.

sqlglot reads all of SQL; a criterion is a small part of it. Looking at the tokens before parsing keeps every surprise out (aliases, casts,
sub-queries, comments) and gives each refusal its position. Only tokens named here reach the parser.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise
from typing import Any

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from peritia.criteria.refusal import CriterionError, nearest

LONGEST_TEXT = 50_000
MOST_TOKENS = 10_000
#: sqlglot spends some 18 Python frames on each level; this many stay clear of Python's limit of 1000.
DEEPEST = 32

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_OPERANDS = {TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.TRUE, TokenType.FALSE}
_SIGNS = {
    TokenType.EQ,
    TokenType.NEQ,
    TokenType.LT,
    TokenType.LTE,
    TokenType.GT,
    TokenType.GTE,
    TokenType.PLUS,
    TokenType.DASH,
    TokenType.STAR,
    TokenType.SLASH,
    TokenType.L_PAREN,
    TokenType.R_PAREN,
    TokenType.COMMA,
    TokenType.AND,
    TokenType.OR,
    TokenType.NOT,
    TokenType.IN,
    TokenType.BETWEEN,
}
_PREFIXES = {TokenType.NOT, TokenType.DASH}

_UNKNOWN_STAYS = "An unknown fact stays unknown: a rule that asks whether a fact is recorded would turn missing into an answer"
_ONE_RULE = "Write the condition itself with AND, OR and NOT"
_REFUSED: dict[str, tuple[str, str]] = {
    "IS": ("IS (IS NULL, IS NOT NULL, IS TRUE...)", _UNKNOWN_STAYS),
    "ISNULL": ("ISNULL", _UNKNOWN_STAYS),
    "NOTNULL": ("NOTNULL", _UNKNOWN_STAYS),
    "NULL": ("NULL", _UNKNOWN_STAYS),
    "UNKNOWN": ("UNKNOWN", _UNKNOWN_STAYS),
    "CASE": ("CASE", _ONE_RULE),
    "IF": ("IF", _ONE_RULE),
    "SELECT": ("A sub-query", "A criterion speaks of one patient's declared facts only"),
    "EXISTS": ("EXISTS", "A criterion speaks of one patient's declared facts only"),
    "CAST": ("A cast", "Facts have one kind and one unit, declared once"),
    "LIKE": ("LIKE", "Name the categories: fact IN ('a', 'b')"),
    "ILIKE": ("ILIKE", "Name the categories: fact IN ('a', 'b')"),
    "RLIKE": ("A pattern match", "Name the categories: fact IN ('a', 'b')"),
    "SIMILAR": ("A pattern match", "Name the categories: fact IN ('a', 'b')"),
    "XOR": ("XOR", "Write (a AND NOT b) OR (NOT a AND b)"),
    "IMPLIES": ("IMPLIES", "Write NOT a OR b"),
    "::": ("A cast", "Facts have one kind and one unit, declared once"),
    "<=>": ("The null-safe comparison <=>", _UNKNOWN_STAYS),
    "%": ("The remainder sign %", "Arithmetic is + - * /"),
    "||": ("||", "Write OR"),
    "&&": ("&&", "Write AND"),
    "!": ("!", "Write NOT"),
    ";": (";", "One criterion is one expression"),
    ".": ("A point outside a number", "Write 0.5, not .5; facts have plain names"),
    "[": ("A square bracket", "Lists stand in round brackets: fact IN ('a', 'b')"),
    "{": ("A curly bracket", "Lists stand in round brackets: fact IN ('a', 'b')"),
}


def scan(text: str, names: Collection[str]) -> list[Token]:
    """The tokens of a criterion; every word that is no sign, number or string is a name. Raises ``CriterionError``."""
    if len(text) > LONGEST_TEXT:
        raise CriterionError(f"A criterion of {len(text)} characters", f"at most {LONGEST_TEXT}", "Split it into several criteria")
    if not text.strip():
        raise CriterionError("An empty criterion", "a Boolean expression over facts, such as ecog <= 2")
    try:
        tokens = Tokenizer().tokenize(text)
    except (TokenError, ValueError, OverflowError) as error:
        raise _unfinished(text) from error
    if len(tokens) > MOST_TOKENS:
        raise CriterionError(f"A criterion of {len(tokens)} words and signs", f"at most {MOST_TOKENS}", "Split it into several criteria")
    if not tokens:
        raise CriterionError("A criterion that is only a comment", "a Boolean expression over facts", position=0, text=text)
    read = [_read(token, tokens[at + 1] if at + 1 < len(tokens) else None, text, names) for at, token in enumerate(tokens)]
    _check_joints(read, text)
    _check_depth(read, text)
    return read


def _unfinished(text: str) -> CriterionError:
    opened = text.rfind("'") if text.count("'") % 2 else text.rfind('"')
    return CriterionError(
        "A quotation or comment that does not end", "words in single quotes, closed", position=opened if opened >= 0 else 0, text=text
    )


def _read(token: Token, after: Token | None, text: str, names: Collection[str]) -> Token:
    """One token: as it is, as a name, or refused."""
    kind: Any = token.token_type
    word = token.text
    start = token.start
    if token.comments:
        raise CriterionError("A comment inside a criterion", "the condition alone", "Put remarks into the note beside it", start, text)
    if kind in _SIGNS and word != "!":
        return token
    if kind is TokenType.STRING and text[start] == "'":
        return token
    if kind is TokenType.NUMBER:
        if not _NUMBER.fullmatch(word):
            raise CriterionError(f"{_short(word)} is not a number", "a number such as 12, 0.5 or 1e3", position=start, text=text)
        return token
    if kind in (TokenType.TRUE, TokenType.FALSE):
        return token
    if kind is TokenType.IDENTIFIER:
        hint = f"A category is written '{word}', in single quotes" if len(word) < 60 else ""
        raise CriterionError("Double quotes", "facts without quotes, categories in single quotes", hint, start, text)
    return _name(token, after, text, names)


def _name(token: Token, after: Token | None, text: str, names: Collection[str]) -> Token:
    word = token.text
    start = token.start
    called = after is not None and after.token_type is TokenType.L_PAREN
    if _NAME.fullmatch(word) and word in names and not called:
        return Token(TokenType.VAR, word, token.line, token.col, start, token.end)
    if word.upper() in _REFUSED:
        what, hint = _REFUSED[word.upper()]
        raise CriterionError(f"{what} is not part of the language", "comparisons, AND, OR, NOT, IN, BETWEEN, + - * /", hint, start, text)
    if called:
        hint = "An unknown fact stays unknown" if word.upper() in ("COALESCE", "IFNULL", "NVL", "NULLIF") else _ONE_RULE
        raise CriterionError(f"Functions are not part of the language: {_short(word)}", "facts, constants and + - * /", hint, start, text)
    if not _NAME.fullmatch(word):
        raise CriterionError(f"{_short(word)} has no meaning here", "facts, numbers, 'words' and operators", position=start, text=text)
    raise CriterionError(f"{_short(word)} is not a declared fact", "a declared fact", nearest(word, names), start, text)


def _check_joints(tokens: list[Token], text: str) -> None:
    """Two values side by side have no operator between them; sqlglot would read an alias."""
    for before, after in pairwise(tokens):
        ends = before.token_type in _OPERANDS or before.token_type is TokenType.R_PAREN
        begins = after.token_type in _OPERANDS or after.token_type is TokenType.L_PAREN
        if ends and begins:
            found = f"No operator between {_short(before.text)} and {_short(after.text)}"
            raise CriterionError(found, "AND, OR or a comparison", position=after.start, text=text)


def _check_depth(tokens: list[Token], text: str) -> None:
    """Brackets within brackets and runs of NOT or minus are bounded, so that no text can exhaust the stack."""
    brackets = run = 0
    for token in tokens:
        run = run + 1 if token.token_type in _PREFIXES else 0
        brackets += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if brackets + run > DEEPEST:
            raise CriterionError(f"More than {DEEPEST} levels of nesting", "a flatter expression", position=token.start, text=text)
        if brackets < 0:
            raise CriterionError("A closing bracket without an opening one", "brackets in pairs", position=token.start, text=text)
    if brackets:
        raise CriterionError("An opening bracket that is not closed", "brackets in pairs", position=tokens[-1].start, text=text)


def nesting(canonical: str) -> int:
    """Levels of brackets in canonical text, where quoted words are the only other place for a bracket."""
    deepest = level = 0
    quoted = False
    for sign in canonical:
        quoted ^= sign == "'"
        if not quoted and sign in "()":
            level += 1 if sign == "(" else -1
            deepest = max(deepest, level)
    return deepest


def _short(word: str) -> str:
    shown = word if len(word) <= 40 else word[:37] + "..."
    return repr(shown)
