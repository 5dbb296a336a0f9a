"""Write ``thresholds.yaml`` anew from the library. Run after a wanted change, then read the difference line by line."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from expectations import STORED, write

from peritia.knowledge.files import read_files

if __name__ == "__main__":
    write(read_files())
    print(STORED.name, len(STORED.read_text(encoding="utf-8").splitlines()), "lines")
