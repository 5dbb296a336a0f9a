"""Runs a CQL library over patients with ms-cql-sdk, and prints answers and speed as JSON. Run by an environment that has it.

python run_ms.py library.cql patients.json   (patients: [{fact: value or null, ...}, ...])

A toolkit keeps the answers of its first patient, so that every patient gets a new one; translation is outside the clock.
"""

from __future__ import annotations

import json
import re
import sys
import time
from decimal import Decimal
from pathlib import Path

from cql_sdk.api import load_library_from_cql_text
from cql_sdk.invocation.toolkit import InvocationToolkit


def main(cql: str, patients: str) -> None:
    text = Path(cql).read_text(encoding="utf-8")
    library = load_library_from_cql_text(text)
    names = re.findall(r'^define "([^"]+)"', text, re.MULTILINE)
    decimals = set(re.findall(r'^parameter "([^"]+)" Decimal', text, re.MULTILINE))
    answers: list[dict[str, object]] = []
    rows = [
        {name: Decimal(str(value)) if name in decimals and value is not None else value for name, value in row.items()}
        for row in json.loads(Path(patients).read_text(encoding="utf-8"))
    ]
    started = time.perf_counter()
    for row in rows:
        toolkit = InvocationToolkit()
        toolkit.register(library)
        answers.append({name: toolkit.invoke(library_identifier=library.identifier, definition=name, parameters=row) for name in names})
    print(json.dumps({"evaluate_s": time.perf_counter() - started, "answers": answers}, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
