"""From bytes to resources: size, UTF-8, JSON, the Bundle around them, one patient. Everything wrong is listed at once.

The quick way decodes the whole bundle in one step. Only when that fails is the bundle parsed as plain JSON and each resource checked on its
own, to say everything that is wrong with its path; both ways accept the same bundles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import orjson

from peritia import documents
from peritia.errors import InputRefused, Problem
from peritia.fhir.resources import READ, UNREAD, AnyResource, Bundle, BundleHead, Entry, Observation, Resource, Unread
from peritia.fhir.wire import EMPTY

LIMIT_BYTES = 10_000_000
MAX_DEPTH = 254
"""As deep as orjson writes; a FHIR resource has about ten."""
_QUOTATION_MARK = rb"\u0022"
BUNDLE_TYPES = ("collection", "transaction", "batch", "searchset")
_BUNDLE = msgspec.json.Decoder(Bundle)
_RESOURCES: msgspec.json.Decoder[tuple[Resource, ...]] = msgspec.json.Decoder(tuple[AnyResource, ...])
_RESOURCE: msgspec.json.Decoder[Resource] = msgspec.json.Decoder(AnyResource)
_AT = re.compile(r"^(.*?)(?: - at `\$\.?(.*)`)?$", re.DOTALL)
_VALUES = (
    "valueQuantity", "valueCodeableConcept", "valueInteger", "valueBoolean", "valueString", "valueDateTime", "valueRange", "valueRatio",
    "valuePeriod", "valueSampledData", "valueTime",
)  # fmt: skip


def load(path: Path, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """The bytes of a file, within the limit. Raises ``InputRefused``."""
    return documents.read_bounded(path, limit_bytes)


def open_bundle(data: bytes, where: str, limit_bytes: int = LIMIT_BYTES) -> Bundle:
    """The bundle, or a bare list of resources as a bundle. Raises ``InputRefused`` with every problem of the envelope."""
    if len(data) > limit_bytes:
        message = f"{len(data) / 1e6:.1f} MB is above the limit of {limit_bytes / 1e6:g} MB"
        raise InputRefused(where, (Problem("", None, message, "one bundle holds one patient"),))
    if not data.isascii():
        _require_utf8(data, where)
    try:
        if data[:1] == b"{":
            bundle = _BUNDLE.decode(data)
        else:
            data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
            bundle = _BUNDLE.decode(data) if data[:1] != b"[" else _bare(_RESOURCES.decode(data))
    except msgspec.ValidationError:
        return _explain(data, where)
    except msgspec.DecodeError as error:
        raise _not_json(where, str(error)) from None
    except RecursionError:
        raise _too_deep(where) from None
    if bundle.resourceType != "Bundle" or bundle.type not in BUNDLE_TYPES:
        raise InputRefused(where, tuple(_envelope_problems(bundle.resourceType, bundle.type)))
    return bundle


def _bare(resources: tuple[Resource, ...]) -> Bundle:
    return Bundle(resourceType="Bundle", type="collection", entry=tuple(Entry(resource=resource) for resource in resources))


def _require_utf8(data: bytes, where: str) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputRefused(
            where, (Problem("", line, f"byte {error.start} is not UTF-8", "FHIR JSON is UTF-8; convert the file"),)
        ) from None


def _not_json(where: str, message: str) -> InputRefused:
    plain = message.split(":")[-1].strip() if "malformed" in message.lower() else message
    return InputRefused(where, (Problem("", None, f"not JSON: {plain}", "a FHIR R4 Bundle in JSON is expected"),))


def _too_deep(where: str) -> InputRefused:
    return InputRefused(where, (Problem("", None, "nested too deeply", "a FHIR resource is never nested this deeply"),))


def _envelope_problems(kind: Any, type_: Any) -> Iterator[Problem]:
    if kind != "Bundle":
        said = f"a {kind}" if isinstance(kind, str) and kind else "not a FHIR resource"
        yield Problem("resourceType", None, f"this is {said}, not a Bundle", "wrap the patient's resources in a Bundle of type collection")
    elif type_ not in BUNDLE_TYPES:
        yield Problem("type", None, "a Bundle of this type does not hold one patient's record", f"one of {', '.join(BUNDLE_TYPES)}")


# the slow way, when something is wrong


def _explain(data: bytes, where: str) -> Bundle:
    """Find everything that is wrong. A resource whose type is not read may hold anything; it comes back by name only."""
    try:
        tree: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _not_json(where, str(error)) from None
    if isinstance(tree, list):
        tree = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in cast(list[Any], tree)]}
    if not isinstance(tree, dict):
        raise InputRefused(where, (Problem("", None, "not a FHIR Bundle", "an object with resourceType Bundle"),))
    bundle = cast(dict[str, Any], tree)
    problems = list(_envelope_problems(bundle.get("resourceType"), bundle.get("type")))
    entries: Any = bundle.pop("entry", [])
    if not isinstance(entries, list):
        problems.append(Problem("entry", None, "a list of entries is expected"))
        entries = []
    decoded = tuple(_entry(f"entry[{number}]", entry, problems) for number, entry in enumerate(cast(list[Any], entries)))
    head = _head(bundle, problems)
    if problems:
        raise InputRefused(where, tuple(problems))
    return Bundle(resourceType="Bundle", type=head.type, identifier=head.identifier, entry=decoded)


def _head(bundle: dict[str, Any], problems: list[Problem]) -> BundleHead:
    try:
        return msgspec.convert(bundle, BundleHead)
    except msgspec.ValidationError as error:
        problems.append(_problem("", "identifier", error))
        return BundleHead()


def _entry(path: str, entry: Any, problems: list[Problem]) -> Entry:
    if not isinstance(entry, dict):
        problems.append(Problem(path, None, "an entry is an object"))
        return Entry()
    known = cast(dict[str, Any], entry)
    url, resource = known.get("fullUrl"), known.get("resource")
    url = url if isinstance(url, str) else None
    if resource is None:
        return Entry(fullUrl=url)
    kind: Any = cast(dict[str, Any], resource).get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(kind, str):
        problems.append(Problem(f"{path}.resource.resourceType", None, "a resource says its type"))
        return Entry()
    return Entry(fullUrl=url, resource=_resource(f"{path}.resource", kind, cast(dict[str, Any], resource), problems))


_READ_NAMES = frozenset(type_.__name__ for type_ in READ)


def _resource(path: str, kind: str, resource: dict[str, Any], problems: list[Problem]) -> Resource | None:
    """One resource; element by element when it does not convert as a whole."""
    if kind not in _READ_NAMES:
        name = resource.get("id")
        name = name if isinstance(name, str) else None
        return UNREAD[kind](id=name) if kind in UNREAD else Unread(id=name, kind=kind)
    try:
        return _RESOURCE.decode(orjson.dumps(resource))
    except msgspec.ValidationError:
        for key, value in resource.items():
            try:
                _RESOURCE.decode(orjson.dumps({"resourceType": kind, key: value}))
            except msgspec.ValidationError as error:
                problems.append(_problem(path, key, error))
    return None


def _problem(path: str, key: str, error: msgspec.ValidationError) -> Problem:
    match = _AT.match(str(error))
    message, at = match.groups() if match is not None else (str(error), None)
    return Problem(".".join(part for part in (path, at or key) if part), None, message[:1].lower() + message[1:])


def double_values(resource: Observation) -> tuple[str, ...]:
    """The value[x] elements of an Observation, of which there may be one."""
    return tuple(name for name in _VALUES if (value := getattr(resource, name)) is not None and value is not EMPTY)


def require_plain(data: bytes, where: str) -> None:
    """Refuse keys that stand twice in one object, and nesting beyond 254 levels."""
    if not _is_plain(data):
        _require_plain_slowly(data, where)


def _is_plain(data: bytes) -> bool:
    """Whether the parsed document, written again, is the document: then no key was lost. Written deeper than the limit it is not.

    A document that is spelled otherwise (with spaces, or escapes) has to keep every quotation mark. False may also mean that it is spelled
    in an unusual way.
    """
    try:
        again = orjson.dumps(orjson.loads(data))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False
    return again == data.rstrip() or (again.count(b'"') == data.count(b'"') and _QUOTATION_MARK not in data)


def _require_plain_slowly(data: bytes, where: str) -> None:
    twice: set[str] = set()

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice.update(key for key in found if keys.count(key) > 1)
        return found

    depth = _depth(json.loads(data, object_pairs_hook=object_of))
    problems = [Problem(key, None, "this key stands twice in one object", "keep one of the two") for key in sorted(twice)]
    if depth > MAX_DEPTH:
        problems.append(Problem("", None, f"nested deeper than {MAX_DEPTH} levels", "a FHIR resource is never nested this deeply"))
    if problems:
        raise InputRefused(where, tuple(problems))


def _depth(tree: Any) -> int:
    deepest = 0
    stack: list[tuple[Any, int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        children: list[Any] = [*cast(dict[str, Any], node).values()] if isinstance(node, dict) else cast(list[Any], node)
        stack.extend((cast(Any, child), depth + 1) for child in children if isinstance(child, dict | list))
    return deepest
