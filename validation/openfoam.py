"""OpenFOAM case files written as text, its programs run, their output read. Debian's package (1912) is what was used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ETC = "/usr/share/openfoam"
HEAD = "FoamFile {{ version 2.0; format ascii; class {kind}; object {name}; }}\n"
SIDES = {
    "xlow": (0, 4, 7, 3), "xhigh": (1, 2, 6, 5), "ylow": (0, 1, 5, 4), "yhigh": (3, 7, 6, 2), "zlow": (0, 3, 2, 1), "zhigh": (4, 5, 6, 7),
}  # fmt: skip

Array = NDArray[np.float64]
Corner = tuple[float, float, float]


def present(program: str = "blockMesh") -> bool:
    """Whether OpenFOAM is on the path."""
    return shutil.which(program) is not None


def version() -> str:
    """What Debian's package manager says is installed."""
    asked = ["dpkg-query", "-W", "-f", "${Version}", "openfoam"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _environment(case: Path) -> dict[str, str]:
    as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return {**os.environ, "PWD": str(case), "WM_PROJECT_DIR": ETC, **as_root}


def run(case: Path, *command: str) -> str:
    """Run one program in the case; its output is kept beside as ``log.<program>`` and returned."""
    done = subprocess.run(command, cwd=case, env=_environment(case), capture_output=True, text=True, check=False)
    (case / f"log.{command[0]}").write_text(done.stdout + done.stderr)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode} in {case}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def write(case: Path, place: str, body: str, kind: str = "dictionary") -> None:
    """Write one file of the case under OpenFOAM's head."""
    path = case / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(kind=kind, name=path.name) + body + "\n")


def vector(values: Sequence[float]) -> str:
    """Three numbers as OpenFOAM writes them."""
    return "(" + " ".join(f"{value:.9g}" for value in values) + ")"


def box_mesh(case: Path, lengths: Corner, cells: tuple[int, int, int], walls: str | None = None) -> None:
    """``blockMeshDict`` of a box from the origin: one patch ``walls``, or one per side (``xlow`` ... ``zhigh``)."""
    x, y, z = lengths
    corners = [(0, 0, 0), (x, 0, 0), (x, y, 0), (0, y, 0), (0, 0, z), (x, 0, z), (x, y, z), (0, y, z)]
    faces = {name: f"({' '.join(map(str, side))})" for name, side in SIDES.items()}
    patches = {walls: " ".join(faces.values())} if walls else faces
    shown = "\n".join(f"{name} {{ type wall; faces ({side}); }}" for name, side in patches.items())
    block = f"hex (0 1 2 3 4 5 6 7) ({' '.join(map(str, cells))}) simpleGrading (1 1 1)"
    vertices = " ".join(vector(corner) for corner in corners)
    write(case, "system/blockMeshDict", f"scale 1;\nvertices ({vertices});\nblocks ({block});\nedges ();\nboundary (\n{shown}\n);")


def cut_patches(case: Path, patches: dict[str, tuple[Corner, Corner]]) -> None:
    """``topoSetDict`` and ``createPatchDict``: the boundary faces whose centres lie in each box become a patch."""
    actions, named = "", ""
    for name, corners in patches.items():
        low, high = [value - 1e-5 for value in corners[0]], [value + 1e-5 for value in corners[1]]
        actions += f"{{ name {name}Faces; type faceSet; action new; source boxToFace; box {vector(low)} {vector(high)}; }}\n"
        named += f"{{ name {name}; patchInfo {{ type patch; }} constructFrom set; set {name}Faces; }}\n"
    write(case, "system/topoSetDict", f"actions (\n{actions});")
    write(case, "system/createPatchDict", f"pointSync false;\npatches (\n{named});")


def series(path: Path) -> Array:
    """Rows of a post-processing file, vectors spread over columns; comments skipped."""
    rows = [re.sub(r"[()]", " ", line).split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return np.array(rows, np.float64)


def step_stamps(case: Path, *command: str) -> list[float]:
    """Run a solver and note the wall clock (s) at which it ends each step."""
    stamps: list[float] = []
    with (case / f"log.{command[-2]}").open("w") as log, subprocess.Popen(
        command, cwd=case, env=_environment(case), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            if line.startswith("ExecutionTime"):
                stamps.append(time.perf_counter())
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode} in {case}")
    return stamps


def processor_per_step(log: str) -> tuple[float, int]:
    """Processor seconds of the first rank by step, the first ten steps left out, and the number of steps, from ``ExecutionTime``."""
    times = [float(found) for found in re.findall(r"ExecutionTime = ([0-9.]+) s", log)]
    first = min(10, len(times) // 2)
    return (times[-1] - times[first]) / (len(times) - 1 - first), len(times)
