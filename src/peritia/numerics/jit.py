"""Compiled kernels: how the numerical floor asks Numba for machine code.

Rules of this floor:

- Fields are flat views of C-ordered padded arrays. A kernel loops over slabs of planes (``prange``), takes *slices* of the flat arrays
  for the span of one plane (see ``spans``), and runs one long loop over ``k`` on them. LLVM then vectorises it; a loop over rows would
  spend most of its time on starting.
- A sum over a plane goes to its own slot of ``partial``; the slots are added in order. So a sum does not depend on the
  number of threads.
- One text, compiled where needed: ``serial`` and ``threaded`` give independent variants of the same function. Numba
  names its cache file by the qualified name alone, therefore each variant gets its own.
- Threads that wait sleep (``OMP_WAIT_POLICY``, unless the user has set it): left to spin, they take the cores from whatever else runs,
  and two threads beside other work were ten times slower than one.
- Reassociation is allowed (sums vectorise); NaN and infinity keep their meaning, so divergence is seen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
import numpy as np

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None

Kernels = Mapping[str, Callable[..., Any]]
Function = TypeVar("Function", bound=Callable[..., Any])

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when the first parallel kernel loads the thread pool

FASTMATH = {"reassoc", "contract", "nsz", "arcp"}
THREADS_PAY_ABOVE_CELLS = 50_000

prange: Any = numba.prange


def renamed(function: Function, suffix: str, names: Mapping[str, Any] | None = None) -> Function:
    """Copy a function under a new qualified name, with ``names`` replacing globals of its module."""
    source = cast(FunctionType, function)
    scope = source.__globals__ if names is None else {**source.__globals__, **names}
    copy = FunctionType(source.__code__, scope, source.__name__ + suffix, source.__defaults__, source.__closure__)
    copy.__qualname__ = source.__qualname__ + suffix
    copy.__module__ = source.__module__
    copy.__doc__ = source.__doc__
    return cast(Function, copy)


def _compile(function: Function, *, parallel: bool) -> Function:
    decorate = cast(Any, numba.njit(parallel=parallel, fastmath=FASTMATH, error_model="numpy", cache=True, nogil=True))
    compiled = decorate(function)
    _save_one_at_a_time(compiled)
    return cast(Function, compiled)


def _save_one_at_a_time(compiled: Any) -> None:
    """Let no two processes add to a kernel's cache at once.

    Numba reads the list of what is kept, picks the next free file name and writes both: two processes that compile different variants
    together would pick one name, and a later one would run the wrong machine code (seen as a crash). Nothing is done where the cache is
    built otherwise, or the system knows no file locks.
    """
    file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    folder, save = getattr(file, "_cache_path", None), getattr(file, "save", None)
    if fcntl is None or file is None or not isinstance(folder, str) or save is None:
        return
    lock, alone = fcntl.flock, fcntl.LOCK_EX

    def locked(key: Any, data: Any) -> None:
        with (Path(folder) / "numba-cache.lock").open("a") as handle:
            lock(handle, alone)
            save(key, data)

    file.save = locked


def serial(function: Function, names: Mapping[str, Any] | None = None) -> Function:
    """Compile for one thread (``prange`` becomes ``range``)."""
    return _compile(renamed(function, "_serial", names), parallel=False)


def threaded(function: Function, names: Mapping[str, Any] | None = None) -> Function:
    """Compile with the loops marked ``prange`` spread over threads."""
    return _compile(renamed(function, "_threaded", names), parallel=True)


def driver(function: Function, suffix: str, names: Mapping[str, Any] | None = None) -> Function:
    """Compile a function that itself has no parallel loop but calls kernels; ``names`` says which variants it calls."""
    return _compile(renamed(function, suffix, names), parallel=False)


def helper(function: Function) -> Function:
    """Compile a small function that kernels call."""
    return _compile(function, parallel=False)


def variants(kernels: Iterable[Callable[..., Any]], compile_: Callable[[Any], Any]) -> Kernels:
    """Compile a set of kernels one way, by name."""
    return {kernel.__name__: compile_(kernel) for kernel in kernels}


def real_type(dtype: np.dtype[Any]) -> Callable[[float], Any]:
    """Return the scalar type of a field: numbers handed to a kernel must have its precision, or all is computed in double."""
    return cast(Callable[[float], Any], dtype.type)


def threads_pay(cells: int) -> bool:
    """Whether a grid of so many cells is large enough for threads; below, starting them costs more than they give.

    It does not ask how many threads there are: the two variants of a kernel may round differently, and a result must not depend on that.
    """
    return cells > THREADS_PAY_ABOVE_CELLS
