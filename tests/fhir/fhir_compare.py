"""Two cases side by side, without what a bundle does not carry: documents, and how entries were put together."""

from __future__ import annotations

from typing import Any

import msgspec

from peritia.case.case import Case


def plain(case: Case) -> dict[str, Any]:
    """A case as plain data, each height, weight and result on its own, without documents and empty entries."""
    tree = _without_documents(msgspec.to_builtins(case))
    del tree["not_understood"], tree["format"]
    tree["id"] = tree["id"] or "patient"
    tree["patient"]["body"] = [
        {"on": one["on"], field: one[field]}
        for one in tree["patient"]["body"]
        for field in ("height_cm", "weight_kg")
        if one[field] is not None
    ]
    tree["labs"] = [part for one in tree["labs"] for part in _parts(one)]
    tree["regression"] = [one for one in tree["regression"] if one["grades"]]
    return tree


def _parts(lab: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    if lab["value"] is not None:
        found.append({**lab, "positive": None})
    if lab["positive"] is not None:
        found.append({**lab, "value": None, "unit": None, "comparator": None, "upper_limit": None})
    return found


def _without_documents(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_documents(value) for key, value in tree.items() if key != "document"}
    return [_without_documents(one) for one in tree] if isinstance(tree, list | tuple) else tree
