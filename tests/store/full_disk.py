"""Run as a program in a mount namespace of its own: a record on a disk of three megabytes, written until the disk is full, and after it.

Prints what was acknowledged, what stands, and the errors on the way, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from store_cast import ANNA, NORTH

from peritia.errors import PeritiaError
from peritia.patients import read
from peritia.store import Record, place_of
from peritia.store.audit import verify
from peritia.store.visits import Visit, Visits, heads_of
from peritia.store.visits_audit import verify_visits


def main(disk: Path) -> None:
    """Fill, stay full, make room, go on."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=True)
    ballast, place = disk / "ballast", place_of(disk / "record.sqlite")
    ballast.write_bytes(b"x" * 1_000_000)
    acknowledged, errors, unseen = list[str](), list[str](), 0
    with Record.open(place, clock=lambda: datetime.now(UTC)) as record:
        record.open_case(read("maria"), author=ANNA)
        visits = Visits(disk / "access", record.ring, heads_of(place))

        def write(request: str) -> None:
            try:
                record.add("maria", "about", {"title": "t", "story": request * 800}, author=ANNA, request=request)
                acknowledged.append(request)
            except PeritiaError as error:
                errors.append(type(error).__name__)

        def see() -> int:
            try:
                visits.note(Visit(at="", account="a" * 200, method="GET", route="/", case="maria", status=200, ms=1), datetime.now(UTC))
                return 0
            except (OSError, PeritiaError):
                return 1

        number = 0
        while not errors and number < 1_000:
            write(f"r{number}")
            unseen += see()
            number += 1
        last = number - 1
        with (disk / "rest").open("wb", buffering=0) as rest:  # and the last free bytes of it
            try:
                while True:
                    rest.write(b"x" * 512)
            except OSError:
                pass
        for again in range(5):
            write(f"full{again}")
            unseen += see()
        standing = record.case("maria", scope=NORTH).title
        ballast.unlink()
        for request in (f"r{last}", *(f"after{again}" for again in range(5))):
            write(request)
            see()
        visits.close(datetime.now(UTC))
        stored = [one.request for one in record.history("maria", scope=NORTH) if one.request]
        whole = verify(record.engine, record.ring(), place).whole
        seen = verify_visits(visits.folder, record.ring(), visits.heads_file).whole
    told = {"acknowledged": acknowledged, "stored": stored, "errors": errors, "standing": standing, "unseen": unseen}
    print(json.dumps(told | {"whole": whole, "visits_whole": seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
