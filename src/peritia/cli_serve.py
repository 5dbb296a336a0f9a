"""``peritia serve``: the pages, on this machine unless told otherwise."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peritia.errors import PeritiaError

if TYPE_CHECKING:
    from peritia.store import Place
    from peritia.web import Settings


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="The shipped patients in a record that is thrown away.")] = False,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8765,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of accounts, journal and record.")] = None,
) -> None:
    """Start the pages for a clinic. Further settings: PERITIA_WEB_... in the environment, see the manual."""
    import uvicorn

    from peritia.on_record import FURTHER
    from peritia.store import Record
    from peritia.web import create_app, demo_house, from_environment

    if demo and not _is_loopback(host):
        raise PeritiaError("The demonstration listens on this machine only", "--host 127.0.0.1", "its passwords are known to everybody")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="peritia-demo-"))) if demo else (data or _data_folder())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        environment = {} if demo else dict(os.environ)
        origin = None if "PERITIA_WEB_ORIGIN" in environment else f"http://{host}:{port}"
        settings = from_environment(environment, data=folder, demo=demo, origin=origin)
        if not demo and not settings.https and not _is_loopback(host):
            hint = "put a proxy with TLS in front and set PERITIA_WEB_ORIGIN to its https address; see the manual"
            raise PeritiaError("Patients' data would cross the network unencrypted", "an https origin", hint)
        record = Record.open(_place(folder, settings, fixed=demo or data is not None), clock=lambda: datetime.now(UTC), sections=FURTHER)
        app = create_app(settings, record)
        if demo:
            demo_house(app.state.house)
        stack.enter_context(_settled())
        typer.echo(f"Peritia listens on http://{host}:{port}" + ("  (demonstration; sign in as clinician)" if demo else ""))
        uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning", server_header=False, proxy_headers=settings.https)


@contextmanager
def _settled() -> Generator[None]:
    """While pages are served: library, templates and routes stay, so the collector, which would stop every page, need not look at them.

    A short page does not wait behind a long one for Python's usual five milliseconds at every turn.
    """
    gc.collect()
    gc.freeze()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
        gc.unfreeze()


def _place(folder: Path, settings: Settings, *, fixed: bool) -> Place:
    """Where the record lies: the database that is set, else a file in the folder that was named, else the user's own record."""
    from peritia.store import default_place, place_of

    if settings.database:
        return place_of(settings.database, key_file=folder / "record.key", heads_file=folder / "record.heads.jsonl")
    return place_of(folder / "record.sqlite") if fixed else default_place(os.environ)


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "peritia" / "web"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
