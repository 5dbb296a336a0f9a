"""Verification of the visits: every line against its key, the order, and the end against the signed heads."""

from __future__ import annotations

from pathlib import Path

import msgspec

from peritia.store.chain import BEGINNING
from peritia.store.heads import read_heads
from peritia.store.inspection import KEEP, Finding, Kind
from peritia.store.keys import KeyRing
from peritia.store.visits import Visit, hash_of, read_visit


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found among the visits. ``seq`` of a finding is the visit's number."""

    visits: int
    last_seq: int
    heads: int
    findings: tuple[Finding, ...]
    findings_total: int
    notes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return self.findings_total == 0


class _Walk:
    """Takes lines in order."""

    def __init__(self, ring: KeyRing, signed: dict[int, str]) -> None:
        self.secrets = {key.id: key.secret_bytes for key in ring.keys}
        self.signed = signed
        self.findings: list[Finding] = []
        self.total = self.count = self.torn = self.unsealed = self.first = self.seq = 0
        self.hash = BEGINNING
        self.failed = False

    def say(self, kind: Kind, seq: int, message: str) -> None:
        self.total += 1
        if len(self.findings) < KEEP:
            self.findings.append(Finding(kind, seq, message))

    def take(self, visit: Visit, where: str) -> None:
        self.count += 1
        if not self.first:
            self.first, self.seq = visit.seq, visit.seq - 1
            self.hash = visit.previous if visit.seq > 1 else BEGINNING
        if visit.seq != self.seq + 1:
            self.say("missing", self.seq + 1, f"visit {visit.seq} stands where visit {self.seq + 1} is due ({where})")
        secret = self.secrets.get(visit.key)
        if secret is None:
            self.say("foreign-key", visit.seq, f"visit {visit.seq} is sealed with key {visit.key}, which the key file lacks ({where})")
        elif hash_of(visit, secret) != visit.hash:
            self.say("changed", visit.seq, f"visit {visit.seq} is not as it was sealed ({where})")
        elif visit.previous != self.hash and visit.seq == self.seq + 1 and not self.failed:
            self.say("broken", visit.seq, f"visit {visit.seq} does not follow the visit before it ({where})")
        elif self.signed.get(visit.seq, visit.hash) != visit.hash:
            self.say("head", visit.seq, f"visit {visit.seq} is another than its signed head says ({where})")
        self.failed = secret is None or hash_of(visit, secret) != visit.hash
        self.seq, self.hash = visit.seq, visit.hash


def verify_visits(folder: Path, ring: KeyRing, heads_file: Path) -> Walked:
    """Read every line of every month that is kept and say what is wrong by name."""
    notes: list[str] = []
    signed, months, forged = dict[int, str](), dict[str, int](), 0
    for _, head in read_heads(heads_file):
        if head is not None and head.holds(ring):
            signed[head.seq] = head.hash
            months[head.written_at[:7]] = min(head.seq, months.get(head.written_at[:7], head.seq))
        elif head is not None:
            forged += 1
    walk = _Walk(ring, signed)
    for file in sorted(folder.glob("*.ndjson")):
        begun = walk.first
        _file(file, walk)
        if not begun and months.get(file.stem, walk.first) < walk.first:
            walk.say("missing", walk.first, f"{file.name} begins at visit {walk.first}, signed heads speak of earlier ones in that month")
    if forged:
        walk.say("forged-head", 0, f"{forged} heads of visits are not signed with a key of this record")
    _ends(walk, max(signed, default=0), notes)
    return Walked(
        visits=walk.count,
        last_seq=walk.seq,
        heads=len(signed),
        findings=tuple(walk.findings),
        findings_total=walk.total,
        notes=tuple(notes),
    )


def _file(file: Path, walk: _Walk) -> None:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            visit = read_visit(line)
            if visit is None:
                walk.torn += bool(line.strip())
            elif visit.hash:
                walk.take(visit, f"{file.name}, line {number}")
            elif walk.count:
                walk.say("changed", 0, f"{file.name}, line {number} is not sealed")
            else:
                walk.unsealed += 1


def _ends(walk: _Walk, signed: int, notes: list[str]) -> None:
    if signed > walk.seq:
        walk.say("cut", walk.seq, f"the visits end at {walk.seq}, signed heads speak of {signed}: the end was cut off")
    elif walk.count and not signed:
        walk.say("heads-missing", 0, "no signed head of the visits was found: whether the end was cut off cannot be told")
    elif signed < walk.seq:
        notes.append(f"{walk.seq - signed} visits after the last signed head")
    if walk.first > 1:
        notes.append(f"visits 1 to {walk.first - 1} are no longer kept")
    if walk.unsealed:
        notes.append(f"{walk.unsealed} visits are from before visits were sealed")
    if walk.torn:
        notes.append(f"{walk.torn} lines of visits are torn")
