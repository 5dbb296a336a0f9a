"""The manual's reference pages, printed from the declared facts and the knowledge files, so that they cannot drift."""

from __future__ import annotations

from pathlib import Path


def write_reference(folder: Path) -> tuple[Path, ...]:
    """Write every reference page under ``folder`` (``facts/*.md``, ``treatments/*.md``, ``dictionary.md``, ...) and return their paths."""
    from peritia.case.facts import fact_pages
    from peritia.data_dictionary import dictionary_pages
    from peritia.knowledge.catalogue import pages

    written: list[Path] = []
    facts = {f"facts/{name}.md": text for name, text in fact_pages().items()}
    for name, text in {**facts, **pages(), **dictionary_pages()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return tuple(written)
