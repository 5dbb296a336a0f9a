"""How fast is the language? Synthetic declarations and formulas, no medicine. Run: python benchmarks/criteria.py [rows] [formulas].

Prints times for one patient (parse, evaluate, explain, missing sets) and for a cohort (Polars, and DuckDB over the same frame).
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable

import duckdb
import polars as pl

from peritia.criteria import Declaration, Formula, MissingSetsTooMany, compile_many, evaluate, explain, missing_sets, parse, to_sql

CHANCE = random.Random(20261121)
WORDS = ("none", "partial", "complete", "other")


def vocabulary() -> dict[str, Declaration]:
    """240 facts in the proportions of a clinical list: half true or false, a fifth whole numbers, a fifth numbers, a tenth words."""
    found: dict[str, Declaration] = {}
    for at in range(240):
        name = f"fact_{at:03}"
        kind = ("bool", "bool", "bool", "bool", "bool", "int", "int", "num", "num", "cat")[at % 10]
        low, high = {"int": (0, 39), "num": (0, 300)}.get(kind, (None, None))
        found[name] = Declaration(name, kind, None, low, high, WORDS if kind == "cat" else ())  # type: ignore[arg-type]
    return found


def leaf(facts: dict[str, Declaration]) -> str:
    """A leaf as criteria have them: few distinct thresholds a fact, so that formulas share leaves."""
    one = CHANCE.choice(list(facts.values()))
    if one.kind == "bool":
        return CHANCE.choice(["", "NOT "]) + one.name
    if one.kind == "cat":
        return f"{one.name} IN ('none', '{CHANCE.choice(WORDS[1:])}')"
    if one.kind == "int" and CHANCE.random() < 0.1:
        return f"{one.name} < {CHANCE.choice([name for name, other in facts.items() if other.kind == 'int' and name != one.name])}"
    return f"{one.name} {CHANCE.choice(['<=', '>='])} {CHANCE.choice([5, 10, 20, 30])}"


def formula_text(facts: dict[str, Declaration]) -> str:
    """One to four leaves; a third of the formulas mix AND with OR."""
    parts = [leaf(facts) for _ in range(CHANCE.choice([1, 1, 2, 2, 3, 4]))]
    if len(parts) > 2 and CHANCE.random() < 0.6:
        return f"{parts[0]} AND ({' OR '.join(parts[1:])})"
    return CHANCE.choice([" AND ", " OR "]).join(parts)


def patient(facts: dict[str, Declaration], unknown: float) -> dict[str, bool | int | float | str | None]:
    """One row; each fact is unknown with the probability given."""
    return {name: None if CHANCE.random() < unknown else _value(one) for name, one in facts.items()}


def _value(one: Declaration) -> bool | int | float | str:
    if one.kind == "bool":
        return CHANCE.random() < 0.3
    if one.kind == "cat":
        return CHANCE.choice(WORDS)
    return CHANCE.randint(0, 39) if one.kind == "int" else CHANCE.random() * 300


def cohort(facts: dict[str, Declaration], rows: int) -> pl.DataFrame:
    """A frame of ``rows`` patients, a third of every column null."""
    base = pl.DataFrame({name: [_value(one) if CHANCE.random() < 0.67 else None for _ in range(997)] for name, one in facts.items()})
    draw = pl.select(at=pl.int_range(rows, dtype=pl.UInt32))["at"]
    return base.select(pl.col(name).gather((draw * (2 * at + 3)) % 997) for at, name in enumerate(facts))


def timed(what: str, work: Callable[[], object], repeats: int = 5) -> float:
    """Print the best of ``repeats`` in milliseconds."""
    best = min(_once(work) for _ in range(repeats))
    print(f"{what:<70} {best * 1000:10.2f} ms")
    return best


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    facts = vocabulary()
    texts = [formula_text(facts) for _ in range(count)]
    timed(f"parse {count} formulas", lambda: [parse(text, facts) for text in texts], 2)
    formulas: dict[str, Formula] = {f"formula {at}": parse(text, facts) for at, text in enumerate(texts)}
    one = patient(facts, 0.33)
    timed(f"evaluate {count} formulas, one patient, first time", lambda: [evaluate(formula, one) for formula in formulas.values()], 1)
    timed(f"evaluate {count} formulas, one patient", lambda: [evaluate(formula, one) for formula in formulas.values()])
    timed(f"explain {count} formulas, one patient, first time", lambda: [explain(formula, one) for formula in formulas.values()], 1)
    timed(f"explain {count} formulas, one patient", lambda: [explain(formula, one) for formula in formulas.values()])
    _missing(facts)
    _bulk(facts, formulas, rows)


def _missing(facts: dict[str, Declaration]) -> None:
    """An option as a board meets it: 40 criteria joined by AND, a quarter of them small ORs, 25 facts unknown, still undecided."""
    spent: list[float] = []
    sets: list[int] = []
    refused = 0
    while len(spent) + refused < 200:
        text = " AND ".join(f"({leaf(facts)} OR {leaf(facts)})" if at % 4 == 0 else leaf(facts) for at in range(40))
        formula = parse(text, facts)
        row = _undecided(formula, facts)
        if row is None:
            continue
        try:
            found = missing_sets(formula, row)
        except MissingSetsTooMany:
            refused += 1
            continue
        spent.append(min(_once(lambda f=formula, r=row: missing_sets(f, r)) for _ in range(3)))
        sets.append(len(found.to_true) + len(found.to_false))
    mean, worst = 1000 * sum(spent) / len(spent), 1000 * max(spent)
    print(f"missing sets, 40 criteria, 25 facts unknown: mean {mean:.2f} ms, worst {worst:.2f} ms")
    print(f"  up to {max(sets)} sets; {refused} of 200 had too many")


def _undecided(formula: Formula, facts: dict[str, Declaration]) -> dict[str, bool | int | float | str | None] | None:
    """Known values for all but 25 facts, chosen so that the formula stays undecided; None when that fails."""
    row: dict[str, bool | int | float | str | None] = {}
    names = list(formula.facts)
    CHANCE.shuffle(names)
    for name in names[25:]:
        for _ in range(20):
            row[name] = _value(facts[name])
            if evaluate(formula, row) is None:
                break
        else:
            return None
    return row


def _bulk(facts: dict[str, Declaration], formulas: dict[str, Formula], rows: int) -> None:
    frame = cohort(facts, rows)
    program = compile_many(formulas)
    timed(f"compile {len(formulas)} formulas ({program.distinct} distinct conditions)", lambda: compile_many(formulas), 2)
    polars = timed(f"Polars: {len(formulas)} formulas over {rows} rows, tally by chunks", lambda: program.tally(frame), 1)
    print(f"{'peak memory of this process, cohort included':<70} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:10.2f} GB")
    few = dict(list(formulas.items())[:50])
    with duckdb.connect() as connection:
        with tempfile.TemporaryDirectory() as folder:
            frame.head(min(rows, 100_000)).write_parquet(f"{folder}/patients.parquet")
            connection.execute(f"CREATE TABLE patients AS SELECT * FROM '{folder}/patients.parquet'")
        counted = ", ".join(f"count(*) FILTER (WHERE {to_sql(formula)})" for formula in few.values())
        duck = timed(
            f"DuckDB: {len(few)} formulas over {min(rows, 100_000)} rows",
            lambda: connection.execute(f"SELECT {counted} FROM patients").fetchall(),
            2,
        )
    small = compile_many(few)
    ours = timed(f"Polars: {len(few)} formulas over {min(rows, 100_000)} rows", lambda: small.tally(frame.head(100_000)), 3)
    print(f"rows times formulas per second: {rows * len(formulas) / polars:.3g}; DuckDB takes {duck / ours:.2f} times as long as Polars")


if __name__ == "__main__":
    main()
