"""What the program is made of: a bill of materials, the licences in it, and whether an advisory speaks against a part.

``python scripts/supply_chain.py`` writes ``out/peritia.cdx.json`` (CycloneDX 1.6, the same bytes for the same lock) and asks the advisory
service. Where that cannot be reached it says so in a line and goes on; an advisory against a part ends it with 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import peritia

REPO = Path(__file__).resolve().parents[1]
LOCK = REPO / "requirements" / "run.lock"
WRITTEN = REPO / "out" / "peritia.cdx.json"
_PART = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def parts(lock: Path = LOCK) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every part of a lock: its version and the hashes of its files."""
    found: dict[str, tuple[str, list[str]]] = {}
    last: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if match := _PART.match(line):
            last = found.setdefault(match["name"].lower(), (match["version"], []))[1]
        last += _HASH.findall(line)
    return {name: (version, tuple(hashes)) for name, (version, hashes) in sorted(found.items())}


def licence_of(name: str) -> str:
    """What an installed part says of its licence: the expression, else its classifiers, else its own words; empty when not installed."""
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    if expression := told.get("License-Expression"):
        return expression
    classified = [one.split(" :: ")[-1] for one in told.get_all("Classifier") or () if one.startswith("License :: ")]
    first = next(iter((told.get("License") or "").strip().splitlines()), "")
    return " AND ".join(one for one in classified if one != "OSI Approved") or first[:80]


def bill() -> str:
    """The bill of materials of the program as CycloneDX JSON."""
    licences = LicenseFactory()
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"peritia {LOCK.read_text(encoding='utf-8')}"))
    main = Component(name="peritia", version=peritia.__version__, type=ComponentType.APPLICATION, bom_ref="peritia")
    main.licenses.add(licences.make_with_expression("Apache-2.0"))
    listed = [_component(name, version, hashes, licences) for name, (version, hashes) in parts().items()]
    bom.components.update(listed)
    bom.metadata = BomMetaData(component=main)
    bom.register_dependency(main, listed)
    plain = json.loads(JsonV1Dot6(bom).output_as_string(indent=1))
    plain["metadata"].pop("timestamp", None)
    return json.dumps(plain, indent=1, sort_keys=True) + "\n"


def _component(name: str, version: str, hashes: tuple[str, ...], licences: LicenseFactory) -> Component:
    part = Component(name=name, version=version, purl=PackageURL("pypi", None, name, version), bom_ref=f"{name}=={version}")
    part.hashes.update(HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes)
    if told := licence_of(name):
        part.licenses.add(licences.make_from_string(told))
    return part


def audit(lock: Path = LOCK) -> tuple[int, str]:
    """Whether an advisory speaks against a part: how it ends (0 or 1), and a line that says what was found or why nobody could look."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    try:
        done = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False, timeout=180)
    except subprocess.TimeoutExpired:
        return 0, "Dependency audit did not run: the advisory service did not answer within three minutes."
    return judged(done.stdout, done.stderr)


def judged(said: str, complained: str) -> tuple[int, str]:
    """The audit's own answer in a line."""
    try:
        listed = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = next(iter(complained.strip().splitlines()[-1:]), "no answer")
        return 0, f"Dependency audit did not run: the advisory service cannot be reached from here ({last.split(':')[0][:80]})."
    looked = [one for one in listed if "vulns" in one]
    against = [f"{one['name']} {one['version']}: {flaw['id']}" for one in looked for flaw in one["vulns"]]
    if against:
        return 1, "Advisories: " + "; ".join(against)
    if not looked:
        return (
            0,
            f"Dependency audit did not run: the advisory service knows none of {len(listed)} parts and cannot be reached from here.",
        )
    unseen = [one["name"] for one in listed if "vulns" not in one]
    return 0, f"Dependency audit: no advisory against {len(looked)} parts" + (f"; not looked up: {', '.join(unseen)}." if unseen else ".")


def main() -> int:
    """Write the bill, check its form, ask for advisories."""
    text = bill()
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        print(f"The bill of materials is not CycloneDX 1.6: {error}")
        return 1
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text, encoding="utf-8")
    print(f"Bill of materials: {len(parts())} parts, in {WRITTEN.relative_to(REPO)}.")
    ended, line = audit()
    print(line)
    return ended


if __name__ == "__main__":
    sys.exit(main())
