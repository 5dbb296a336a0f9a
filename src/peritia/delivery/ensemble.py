"""Many runs of one model at once: in this process, over several processes, or on Dask. The results come in the order of the tasks.

Every run is a pure function of its task, and none shares a random state with another, so all three ways give the same results to the
last bit. ``engine="dask"`` uses whatever scheduler is set there, or the cluster of an active ``distributed.Client``; Dask is an optional
extra and is imported only when asked for.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Literal, TypeVar

from peritia.errors import PeritiaError

Engine = Literal["processes", "dask"]
Task = TypeVar("Task")
Result = TypeVar("Result")


class EngineMissing(PeritiaError):
    """An engine that is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Found no Dask on this machine", "the optional part 'dask'", "pip install 'peritia[dask]', or leave engine as it is"
        )


def run_all(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    processes: int = 1,
    engine: Engine = "processes",
    progress: Callable[[float], None] | None = None,
) -> list[Result]:
    """``work`` on every task, in their order. ``progress`` is told the share that is done.

    ``processes`` are this machine's and stand aside for Dask, which brings its own. Raises ``EngineMissing``, and what a run raises.
    """
    if engine == "dask":
        return _on_dask(work, tasks, progress)
    if processes > 1 and len(tasks) > 1:
        # A fresh interpreter each: a fork would copy the threads of the numerical libraries in whatever state they are.
        with ProcessPoolExecutor(min(processes, len(tasks)), mp_context=multiprocessing.get_context("spawn")) as pool:
            return _told(pool.map(work, tasks, chunksize=max(1, len(tasks) // (8 * processes))), len(tasks), progress)
    return _told(map(work, tasks), len(tasks), progress)


def _told(results: Iterable[Result], total: int, progress: Callable[[float], None] | None) -> list[Result]:
    found: list[Result] = []
    for result in results:
        found.append(result)
        if progress:
            progress(len(found) / total)
    return found


def _on_dask(work: Callable[[Task], Result], tasks: Sequence[Task], progress: Callable[[float], None] | None) -> list[Result]:
    try:
        import dask
    except ImportError:
        raise EngineMissing from None
    library: Any = dask
    lazy = library.delayed(work, pure=True)
    found: list[Result] = list(library.compute(*(lazy(task) for task in tasks)))
    if progress:
        progress(1.0)
    return found
