"""Run as a program: writes to a record in a forked child, kills it with -9 at a random moment, many times. Prints what was acknowledged.

One warm process forks the writers, so a hundred kills take seconds. The child says every receipt through a pipe once the write returned.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from store_cast import ANNA

from peritia.case.condition import Performance
from peritia.store import Record, migrations, place_of  # noqa: F401  (imported here so that no child has to)


def write(place_file: str, round_: int, pipe: int) -> None:
    """Write until killed; acknowledge each write."""
    with Record.open(place_of(place_file), clock=lambda: datetime.now(UTC)) as record:
        number = 0
        while True:
            receipt = record.add("maria", "performance", Performance(ecog=number % 5), author=ANNA, request=f"r{round_}-{number}")
            os.write(pipe, f"r{round_}-{number} {receipt.entries[0]}\n".encode())
            number += 1


def main(place_file: str, rounds: int) -> None:
    """Fork, wait a moment, kill."""
    chance = random.Random(7)
    for round_ in range(rounds):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                write(place_file, round_, writing)
            finally:
                os._exit(1)
        os.close(writing)
        heard = b""
        for _ in range(chance.randrange(6)):  # after none, some, several writes: and then at any moment of the next
            heard += os.read(reading, 10_000)
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as stream:
            sys.stdout.write((heard + stream.read()).decode())


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(sys.argv[1], int(sys.argv[2]))
