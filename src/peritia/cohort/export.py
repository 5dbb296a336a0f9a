"""The whole assessment as text for an engine elsewhere: one SQL query, one CQL library."""

from __future__ import annotations

import re

from peritia import __version__
from peritia.case.facts import DECLARATIONS
from peritia.criteria import cql_library, to_sql
from peritia.criteria.sql import Dialect
from peritia.knowledge import Library, Treatment, library
from peritia.options.formulas import every_formula


def assessment_sql(dialect: Dialect, table: str = "facts", library_: Library | None = None) -> str:
    """One SELECT over a table with a column for every fact: verdicts of the options, then arms, studies and trials as Booleans or NULL."""
    knowledge = library_ or library()
    formulas = every_formula(knowledge)
    texts = {name: to_sql(formula, dialect) for name, formula in formulas.items()}
    mark = "`" if dialect == "spark" else '"'
    columns = [_verdict_sql(treatment, texts, mark) for treatment in knowledge.treatments.values()]
    columns += [f"{text} AS {mark}{name}{mark}" for name, text in texts.items() if name.startswith(("arm.", "study.", "trial."))]
    head = f"-- peritia {__version__}, knowledge {knowledge.version} ({knowledge.hash[:12]}); unknown is NULL and stays NULL\n"
    return head + "SELECT\n  " + ",\n  ".join(columns) + f"\nFROM {_table(table)}\n"


def _verdict_sql(treatment: Treatment, texts: dict[str, str], mark: str) -> str:
    name = f"option.{treatment.id}"
    opens, clean = texts.get(name, "TRUE"), texts.get(f"{name}.clean", "TRUE")
    if treatment.always_open:
        case = f"CASE WHEN NOT ({opens}) THEN 'closed' WHEN NOT ({clean}) THEN 'open-with-flags' ELSE 'open' END"
    else:
        flagged = f"WHEN ({clean}) THEN 'open' ELSE 'open-with-flags' END"
        case = f"CASE WHEN ({opens}) IS NULL THEN 'depends' WHEN NOT ({opens}) THEN 'closed' {flagged}"
    return f"{case} AS {mark}{name}{mark}"


def _table(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,2}", name):
        from peritia.errors import PeritiaError

        raise PeritiaError(f"Found the table name '{name}'", "letters, digits and underscores, with up to two dots")
    return name


def assessment_cql(library_: Library | None = None) -> str:
    """One CQL library: a parameter for every fact, a definition for every formula."""
    knowledge = library_ or library()
    return cql_library("Peritia", every_formula(knowledge), DECLARATIONS, version=knowledge.version)
