"""One strict reader of YAML and JSON into frozen structs. Used for case files and knowledge files alike.

A document is read whole or refused whole; a refusal lists every problem with its path and line.
"""

from __future__ import annotations

from peritia.documents.reading import lines_of, load_tree, read, read_bounded
from peritia.documents.tree import Lines, Tree

__all__ = ["Lines", "Tree", "lines_of", "load_tree", "read", "read_bounded"]
