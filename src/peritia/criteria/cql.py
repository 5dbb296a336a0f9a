"""A formula as CQL (HL7 Clinical Quality Language), the hospital's standard; and many as one library. CQL is three-valued as well.

Facts are typed parameters, null when unknown. Three traits of CQL shape the text: ``null in {...}`` is false, not null, so that lists are
written as equalities; Decimal has 8 places and 28 digits, so that constants beyond are refused; and arithmetic is decimal, not binary, so
that a comparison which holds by less than 0.00000001 can differ from ``evaluate``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from peritia.criteria.declaration import Declaration, Vocabulary
from peritia.criteria.expression import And, Between, Comparison, Condition, Constant, Fact, Held, Leaf, Membership, Negative, Not, Or, Term
from peritia.criteria.formula import Formula
from peritia.criteria.refusal import CriterionError

_TYPES = {"bool": "Boolean", "int": "Integer", "num": "Decimal", "cat": "String"}
_PLACES = 8
_DIGITS = 28


def to_cql(formula: Formula) -> str:
    """A CQL expression over parameters named as the facts: true, false or null."""
    return _condition(formula.root)


def cql_library(name: str, formulas: Mapping[str, Formula], vocabulary: Vocabulary, version: str = "1.0.0") -> str:
    """A complete CQL library: a typed parameter for each fact used, a ``define`` for each formula, in the order given."""
    declared: dict[str, Declaration] = {}
    for formula in formulas.values():
        for declaration in formula.declarations:
            if declared.setdefault(declaration.name, declaration) != declaration:
                raise CriterionError(f"{declaration.name!r} is declared in two ways", "formulas over one vocabulary")
    lines = [f"library {_name(name)} version {_word(version)}", ""]
    for fact in sorted(declared):
        remark = _remark(declared[fact], getattr(vocabulary.get(fact), "description", ""))
        lines += [f"// {remark}", f"parameter {_name(fact)} {_TYPES[declared[fact].kind]}"]
    for title, formula in formulas.items():
        lines += ["", f"define {_name(title)}:", f"  {to_cql(formula)}"]
    return "\n".join(lines) + "\n"


def _remark(declaration: Declaration, description: str) -> str:
    unit = f"unit {declaration.unit}" if declaration.unit not in (None, "", "1") else ""
    words = "one of " + ", ".join(declaration.categories) if declaration.kind == "cat" else ""
    remark = "; ".join(part for part in (description, unit, words) if part) or declaration.name
    return re.sub(r"\s+", " ", remark)  # a line break would end the remark


def _name(name: str) -> str:
    return '"' + _escaped(name, '"') + '"'


def _word(word: str) -> str:
    return "'" + _escaped(word, "'") + "'"


def _escaped(text: str, quote: str) -> str:
    """CQL escapes: backslash, the quote in use, and control characters as \\uXXXX."""
    escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    return "".join(json.dumps(sign)[1:-1] if ord(sign) < 32 else sign for sign in escaped)


def _condition(node: Condition) -> str:
    if isinstance(node, And | Or):
        joiner = " and " if isinstance(node, And) else " or "
        return joiner.join(f"({_condition(child)})" for child in node.children)
    return f"not ({_condition(node.child)})" if isinstance(node, Not) else _leaf(node)


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Held):
        return _name(leaf.fact.name)
    if isinstance(leaf, Membership):
        fact = _fact(leaf.fact)
        among = " or ".join(f"{fact} = {_constant(value, leaf.fact)}" for value in leaf.values)
        return f"not ({among})" if leaf.negated else (f"({among})" if len(leaf.values) > 1 else among)
    if isinstance(leaf, Between):
        term = _term(leaf.term)
        within = f"({term} >= {_constant(leaf.low, leaf.term)} and {term} <= {_constant(leaf.high, leaf.term)})"
        return f"not {within}" if leaf.negated else within
    return _compared(leaf)


def _compared(leaf: Comparison) -> str:
    operator = "!=" if leaf.operator == "<>" else leaf.operator
    right = _constant(leaf.right.value, leaf.left) if isinstance(leaf.right, Constant) else _term(leaf.right)
    return f"{_term(leaf.left)} {operator} {right}"


def _fact(fact: Fact) -> str:
    return _name(fact.name)


def _term(term: Term) -> str:
    """A bare fact keeps its type; arithmetic is Decimal throughout, so that no Integer can overflow to null."""
    if isinstance(term, Fact):
        return _fact(term)
    return _decimal(term)


def _decimal(term: Term) -> str:
    if isinstance(term, Fact):
        return f"ToDecimal({_fact(term)})" if term.declaration.kind == "int" else _fact(term)
    if isinstance(term, Constant):
        return _constant(term.value, None)
    if isinstance(term, Negative):
        return f"-({_decimal(term.term)})"
    return f"({_decimal(term.left)} {term.operator} {_decimal(term.right)})"


def _constant(value: float | str, beside: Term | None) -> str:
    """A constant in the type of what it stands beside: Integer beside a whole-number fact, else Decimal."""
    if isinstance(value, str):
        return _word(value)
    if isinstance(beside, Fact) and beside.declaration.kind == "int" and float(value).is_integer() and abs(value) < 2**31:
        return str(int(value))
    exact = Decimal(repr(value))
    plain = f"{exact:f}"
    whole, _, places = plain.partition(".")
    places = places.rstrip("0") or "0"
    if len(places) > _PLACES or len(whole.lstrip("-")) + len(places) > _DIGITS:
        raise CriterionError(f"The constant {value!r} does not fit a CQL Decimal", "at most 8 places and 28 digits")
    return f"{whole}.{places}"
