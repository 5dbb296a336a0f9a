"""Fifty people at once on the pages, over the record that ``benchmarks.record_load`` made.

``python -m benchmarks.web_load FOLDER [--users 50] [--seconds 90] [--thought 2] [--walk clinic|boards] [--url URL]`` starts
``peritia serve`` on the folder, signs the people in, lets each click with a pause of one to three seconds in between, and prints median and
99th percentile of each page: from the first byte sent to the last byte read, on the same machine. The client is httpx2 on asyncio, which
the tests have already; what it takes of the processor comes from the two cores that the server has.

``clinic`` is a day's work: the list or a search, a patient, the board, the course or the history, and every fifth time a written entry.
``boards`` is the worst that can be asked: every click the board of a case that nobody has looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx2

from benchmarks.measure import Line, machine, table
from benchmarks.record_load import CENTRES
from peritia.web.accounts import Account, AccountBook, Passwords

WORDS = ("ascites", "relapse", "second line", "PIPAC ovary", "diffuse")
PASSWORD = "fifty people, one key"
OWED = {"patient": "100 ms; 99 %: 300", "board": "100 ms; 99 %: 300", "search": "200 ms"}


@dataclass
class Tally:
    """What was measured."""

    cases: int
    times: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    failed: list[str] = field(default_factory=list[str])


class Person:
    """One browser: clicks, and remembers the token of the last page."""

    def __init__(self, base: str, number: int, tally: Tally) -> None:
        self.client = httpx2.AsyncClient(base_url=base, timeout=60)
        self.name, self.centre, self.tally = f"load{number:02}", number % len(CENTRES), tally
        self.chance = random.Random(number)
        self.text = ""

    async def sign_in(self) -> None:
        """As a person does it."""
        self.text = (await self.client.get("/sign-in")).text
        form = {"csrf": self.hidden("csrf"), "name": self.name, "password": PASSWORD}
        if (answer := await self.client.post("/sign-in", data=form)).status_code != 303:
            sys.exit(f"sign-in was answered with {answer.status_code}")

    def hidden(self, name: str) -> str:
        """A hidden field of the last page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found[1] if found else ""

    async def click(self, what: str, path: str, form: dict[str, str] | None = None) -> None:
        """One page, timed to its last byte."""
        started = time.perf_counter()
        answer = await (self.client.get(path) if form is None else self.client.post(path, data={"csrf": self.hidden("csrf"), **form}))
        took = (time.perf_counter() - started) * 1e3
        self.text = answer.text
        if answer.status_code not in (200, 303):
            self.tally.failed.append(f"{answer.status_code} {path}")
        self.tally.times.setdefault(what, []).append(took)

    def case(self) -> str:
        """A case of the person's centre."""
        return f"/patients/p{self.chance.randrange(self.tally.cases // len(CENTRES)) * len(CENTRES) + self.centre:06}"

    async def clinic(self) -> AsyncIterator[None]:
        """A day's work."""
        while True:
            if self.chance.random() < 0.5:
                await self.click("list", "/patients")
            else:
                await self.click("search", f"/patients?q={self.chance.choice(WORDS).replace(' ', '+')}")
            yield
            case = self.case()
            await self.click("patient", case)
            yield
            await self.click("board", f"{case}/board")
            yield
            await self.click(what := self.chance.choice(["course", "history"]), f"{case}/{what}")
            yield
            if self.chance.random() < 0.2:
                await self.click("form", f"{case}/enter/performance")
                yield
                hidden = {name: self.hidden(name) for name in ("version", "request")}
                await self.click("write", f"{case}/enter/performance", {**hidden, "ecog": "1", "on": "2026-01-05"})
                yield

    async def boards(self) -> AsyncIterator[None]:
        """Boards that nobody has looked at."""
        while True:
            await self.click("board", f"{self.case()}/board")
            yield

    async def work(self, walk: str, thought: float, until: float) -> None:
        """Click, think, click."""
        await asyncio.sleep(self.chance.uniform(0, thought))
        async for _ in getattr(self, walk)():
            if time.monotonic() > until:
                break
            await asyncio.sleep(thought * self.chance.uniform(0.5, 1.5))
        await self.client.aclose()


def accounts(folder: Path, users: int) -> None:
    """One account a person, in turn for each centre."""
    book, kept = AccountBook(folder / "accounts.json"), Passwords(1024).hash(PASSWORD)
    for number in range(users):
        name = f"load{number:02}"
        if book.get(name) is None:
            book.add(Account(id=name, name=name, roles=("clinician",), centres=(CENTRES[number % len(CENTRES)],), password=kept))


def serve(folder: Path, port: int, url: str) -> subprocess.Popen[bytes]:
    """The server, as a clinic starts it."""
    command = [sys.executable, "-m", "peritia", "serve", "--data", str(folder), "--port", str(port)]
    environment = {**os.environ, "PERITIA_WEB_HASH_MEMORY_KIB": "1024"} | ({"PERITIA_WEB_DATABASE": url} if url else {})
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, process_group=0)
    for _ in range(300):
        time.sleep(0.1)
        try:
            httpx2.get(f"http://127.0.0.1:{port}/health", timeout=2)
            return server
        except httpx2.HTTPError:
            if server.poll() is not None:
                sys.exit("the server did not start")
    sys.exit("the server does not answer")


def processor_seconds(group: int) -> float:
    """Processor time of every process of a group."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


async def run(base: str, given: argparse.Namespace, tally: Tally) -> None:
    """Everybody signs in, warms nothing, and works."""
    people = [Person(base, number, tally) for number in range(given.users)]
    for person in people:
        await person.sign_in()
    until = time.monotonic() + given.seconds
    await asyncio.gather(*(person.work(given.walk, given.thought, until) for person in people))


def lines_of(tally: Tally) -> list[Line]:
    """The table's rows."""
    found: list[Line] = []
    for what, times in sorted(tally.times.items()):
        times.sort()
        tail, worst = times[int(0.99 * (len(times) - 1))], times[-1]
        figure = f"{statistics.median(times):.0f} ms (99 %: {tail:.0f}, longest: {worst:.0f}; {len(times)} times)"
        found.append(Line(f"page: {what}", figure, OWED.get(what, "")))
    return found


def main() -> None:
    """Start, load, print, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--thought", type=float, default=2)
    parser.add_argument("--walk", choices=("clinic", "boards"), default="clinic")
    parser.add_argument("--url", default="", help="A Postgres database instead of the SQLite file in the folder.")
    given = parser.parse_args()
    accounts(given.folder, given.users)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tally = Tally(given.cases)
    server = serve(given.folder, port, given.url)
    try:
        spent, started = processor_seconds(server.pid), time.perf_counter()
        load = os.getloadavg()[0]
        asyncio.run(run(f"http://127.0.0.1:{port}", given, tally))
        share = (processor_seconds(server.pid) - spent) / (time.perf_counter() - started)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    clicks = sum(map(len, tally.times.values()))
    print(f"## {machine(date.today())}, {'postgresql' if given.url else 'sqlite'}\n")
    print(f"{given.users} people, {given.thought:g} s of thought, walk `{given.walk}`, {clicks} clicks in")
    print(f"{given.seconds:g} s; the server took {share:.2f} of a core; load of the machine before: {load:.1f}.\n")
    print(table(lines_of(tally)))
    if tally.failed:
        sys.exit(f"{len(tally.failed)} pages failed, the first: {tally.failed[0]}")


if __name__ == "__main__":
    main()
