"""The record's verbs in a terminal: ``record ...`` and ``audit verify``. The clock is read here and handed down."""

from __future__ import annotations

import getpass
import hashlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peritia.errors import PeritiaError

if TYPE_CHECKING:
    from peritia.store import Author, Receipt, Record, Scope
    from peritia.store.audit import Verification
    from peritia.store.visits_audit import Walked

record_app = typer.Typer(no_args_is_help=True, help="The record: cases as events, nothing overwritten.")
audit_app = typer.Typer(no_args_is_help=True, help="Whether the record is whole.")

Where = Annotated[
    str | None,
    typer.Option("--record", metavar="PATH|URL", envvar="PERITIA_RECORD", help="SQLite file or Postgres URL. Default: your data folder."),
]
Centre = Annotated[str, typer.Option("--centre", envvar="PERITIA_CENTRE", help="Whose cases.")]
Role = Annotated[str, typer.Option("--role", help="In which role you write.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who writes. Default: your login name.")]
Request = Annotated[str, typer.Option("--request", metavar="KEY", help="Idempotency key: the same write sent again is written once.")]
Expected = Annotated[int | None, typer.Option("--expected-version", metavar="N", help="Refuse when the case has moved on since.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it was on this day.")]
KnownOn = Annotated[str | None, typer.Option("--known-on", metavar="DATE", help="As known at the end of this day (UTC).")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="All centres, for administrators.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CaseId = Annotated[str, typer.Argument(metavar="CASE-ID")]
Payload = Annotated[str, typer.Argument(metavar="ENTRY", help="The entry as YAML or JSON; - reads it from standard input.")]


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _opened(where: str | None) -> Generator[Record]:
    from peritia.on_record import FURTHER
    from peritia.store import Record, default_place

    with Record.open(default_place(os.environ, where), clock=_now, sections=FURTHER) as record:
        yield record


def _author(by: str | None, role: str, centre: str) -> Author:
    from peritia.store import Author

    return Author(by=by or getpass.getuser(), role=role, client="cli", centre=centre)


def _scope(centre: str, everywhere: bool) -> Scope:
    from peritia.store import Scope

    return Scope.everywhere() if everywhere else Scope.of(centre)


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise PeritiaError(f"Found no day for {option}", "a day written YYYY-MM-DD") from None


def _entry(text: str) -> Any:
    from peritia.documents import load_tree

    return load_tree(sys.stdin.read() if text == "-" else text, name="entry")[0]


def _say(receipt: Receipt) -> None:
    typer.echo(
        f"{receipt.case_id} version {receipt.version}: {', '.join(receipt.entries[:10])}" + (" ..." if len(receipt.entries) > 10 else "")
    )


def _print_json(value: object) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


@record_app.command("open")
def open_case(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A case file, taken over whole.")],
    centre: Centre = "local",
    case_id: Annotated[str | None, typer.Option("--id", help="The case's id on record. Default: the file's.")] = None,
    role: Role = "clinician",
    by: By = None,
    request: Request = "",
    record: Where = None,
) -> None:
    """Open a case from a case file: every entry becomes an event, all or nothing."""
    from peritia.case import read_case

    case = read_case(file)
    reason = f"from a case file, SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}"
    with _opened(record) as opened:
        _say(opened.open_case(case, author=_author(by, role, centre), case_id=case_id, request=request, reason=reason))


@record_app.command()
def add(
    case_id: CaseId,
    section: Annotated[str, typer.Argument(metavar="SECTION", help="Part of the case: labs, performance, pipac, ...")],
    entry: Payload,
    so_on: Annotated[str | None, typer.Option("--so-on", metavar="DATE", help="Since when it is so. Default: the entry's own day.")] = None,
    centre: Centre = "local",
    role: Role = "clinician",
    by: By = None,
    expected_version: Expected = None,
    request: Request = "",
    record: Where = None,
) -> None:
    """Add one entry."""
    author = _author(by, role, centre)
    with _opened(record) as opened:
        _say(
            opened.add(
                case_id,
                section,
                _entry(entry),
                so_on=_date(so_on, "--so-on"),
                author=author,
                expected_version=expected_version,
                request=request,
            )
        )


@record_app.command()
def correct(
    case_id: CaseId,
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY-ID")],
    entry: Payload,
    reason: Annotated[str, typer.Option("--reason")] = "",
    centre: Centre = "local",
    role: Role = "clinician",
    by: By = None,
    expected_version: Expected = None,
    request: Request = "",
    record: Where = None,
) -> None:
    """Say what an entry should have been, whole; brings a withdrawn entry back."""
    author = _author(by, role, centre)
    with _opened(record) as opened:
        _say(
            opened.correct(
                case_id, entry_id, _entry(entry), reason=reason, author=author, expected_version=expected_version, request=request
            )
        )


@record_app.command()
def withdraw(
    case_id: CaseId,
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY-ID")],
    reason: Annotated[str, typer.Option("--reason", help="Why it should never have been there.")],
    centre: Centre = "local",
    role: Role = "clinician",
    by: By = None,
    expected_version: Expected = None,
    request: Request = "",
    record: Where = None,
) -> None:
    """Withdraw an entry, with the reason."""
    author = _author(by, role, centre)
    with _opened(record) as opened:
        _say(opened.withdraw(case_id, entry_id, reason=reason, author=author, expected_version=expected_version, request=request))


@record_app.command()
def case(
    case_id: CaseId,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    centre: Centre = "local",
    everywhere: Everywhere = False,
    record: Where = None,
) -> None:
    """Print a case as it was on a day, as known on a day, as a case file (JSON)."""
    scope = _scope(centre, everywhere)
    with _opened(record) as opened:
        _print_json(opened.case(case_id, scope=scope, as_of=_date(as_of, "--as-of"), known_on=_date(known_on, "--known-on")))


@record_app.command()
def history(
    case_id: CaseId,
    entry_id: Annotated[str | None, typer.Argument(metavar="[ENTRY-ID]")] = None,
    json: Json = False,
    centre: Centre = "local",
    everywhere: Everywhere = False,
    record: Where = None,
) -> None:
    """Print every event of a case or of one entry: who wrote what, when. With --json, the entries' content too."""
    with _opened(record) as opened:
        found = opened.history(case_id, entry_id, scope=_scope(centre, everywhere))
    if json:
        _print_json(found)
        return
    for one in found:
        reason = f"  ({one.reason})" if one.reason else ""
        typer.echo(f"{one.version:>5}  {one.known_at[:19]}Z  {one.action:<8}  {one.entry:<24}  {one.by} ({one.role}){reason}")


@record_app.command()
def search(
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words of the title, or how the id begins.")] = "",
    primary: Annotated[str | None, typer.Option("--primary", help="Primary site.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 50,
    json: Json = False,
    centre: Centre = "local",
    everywhere: Everywhere = False,
    record: Where = None,
) -> None:
    """List cases, the last changed first."""
    with _opened(record) as opened:
        rows = opened.search(words, scope=_scope(centre, everywhere), primary=primary, limit=limit)
    if json:
        _print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row.case_id:<20}  {row.updated_at[:10]}  {row.primary_site:<16}  {row.title}")


@record_app.command("export")
def export_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the events go (NDJSON).")],
    cases: Annotated[list[str] | None, typer.Option("--case", metavar="ID", help="Only this case; may be repeated. Default: all.")] = None,
    centre: Centre = "local",
    everywhere: Everywhere = False,
    record: Where = None,
) -> None:
    """Export cases, or the whole record, as a file that imports again without loss."""
    from peritia.store.transfer import export_cases, export_whole

    if not cases and not everywhere:
        raise PeritiaError("The whole record holds every centre's cases", "--case ID, or --everywhere for administrators")
    with _opened(record) as opened:
        if cases:
            count = export_cases(opened, cases, file, scope=_scope(centre, everywhere), now=_now())
        else:
            count = export_whole(opened, file, now=_now())
    typer.echo(f"{count} events  {file}")


@record_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file written by 'record export'.")],
    source_key: Annotated[Path | None, typer.Option("--source-key", help="Key file of the record that it came from.")] = None,
    into_centre: Annotated[str | None, typer.Option("--into-centre", help="Whose cases they are here. Default: as they were.")] = None,
    centre: Centre = "local",
    role: Role = "data-manager",
    by: By = None,
    record: Where = None,
) -> None:
    """Take cases over from an export, all or nothing, with their whole history; every seal is checked."""
    from peritia.store.keys import read_ring
    from peritia.store.transfer import import_cases

    ring = read_ring(source_key) if source_key else None
    with _opened(record) as opened:
        done = import_cases(opened, file, author=_author(by, role, centre), now=_now(), source_ring=ring, centre=into_centre)
    typer.echo(f"{len(done.cases)} cases, {done.events} events taken over; {len(done.here_already)} were here already")


@record_app.command("backup")
def backup_(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")], record: Where = None) -> None:
    """Copy the record while it is in use, and read the copy back. The key file is not in it: keep that elsewhere."""
    from peritia.store.backup import backup

    with _opened(record) as opened:
        made = backup(opened, folder, now=_now())
    typer.echo(f"{made.events} events, read back and found equal  {folder}")


@record_app.command("restore")
def restore_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A backup.")],
    accept_loss: Annotated[bool, typer.Option("--accept-loss", help="Restore though later events are lost; stays on file.")] = False,
    record: Where = None,
) -> None:
    """Bring a backup back to an empty place, proven equal."""
    from peritia.store import default_place
    from peritia.store.backup import restore

    done = restore(folder, default_place(os.environ, record), accept_loss=accept_loss)
    lost = f"; {done.lost} later events are lost" if done.lost else ""
    typer.echo(f"{done.events} events, proven equal to the backup{lost}")


@record_app.command("rotate-key")
def rotate_key(by: By = None, role: Role = "administrator", centre: Centre = "local", record: Where = None) -> None:
    """Seal from now on with a new key. Copy the key file away again afterwards."""
    with _opened(record) as opened:
        typer.echo(f"events are sealed with key {opened.rotate_key(author=_author(by, role, centre))} from now on")


@audit_app.command("verify")
def verify_(
    json: Json = False,
    record: Where = None,
    visits: Annotated[
        Path | None, typer.Option("--visits", metavar="DIR", help="Folder of who saw what. Default: 'access' beside a SQLite record.")
    ] = None,
) -> None:
    """Check every seal, the order, the end against the signed heads, the index, and who saw what.

    Exit code 0: whole; 1: not; 2: could not be checked.
    """
    import msgspec

    from peritia.store import default_place
    from peritia.store.audit import verify
    from peritia.store.database import connect
    from peritia.store.keys import read_ring
    from peritia.store.visits import heads_of
    from peritia.store.visits_audit import verify_visits

    place = default_place(os.environ, record)
    if place.sqlite_file and not place.sqlite_file.exists():
        raise PeritiaError(f"Found no record {place.sqlite_file.name}", "a record that stands", "say where with --record")
    engine = connect(place.url)  # opened as it is: a damaged record is looked at, not made anew
    try:
        found = verify(engine, read_ring(place.key_file), place)
    finally:
        engine.dispose()
    if visits and not visits.is_dir():
        raise PeritiaError(f"Found no folder {visits.name}", "the folder 'access' of the server's data")
    folder = visits or (place.sqlite_file.parent / "access" if place.sqlite_file else None)
    seen = verify_visits(folder, read_ring(place.key_file), heads_of(place)) if folder and folder.is_dir() else None
    if json:
        _print_json(msgspec.to_builtins(found) | {"visits": seen})
    else:
        _tell(found, f"{found.events} events to {found.last_hash[:16]}, {found.heads} signed heads")
        if seen is not None:
            _tell(seen, f"{seen.visits} visits, {seen.heads} signed heads")
    if not (found.whole and (seen is None or seen.whole)):
        raise typer.Exit(1)


def _tell(found: Verification | Walked, counted: str) -> None:
    for one in found.findings:
        typer.echo(f"  - {one}", err=True)
    for note in found.notes:
        typer.echo(f"  note: {note}")
    if (more := found.findings_total - len(found.findings)) > 0:
        typer.echo(f"  ... and {more} more", err=True)
    typer.echo(f"{counted}: " + ("whole" if found.whole else "NOT whole"))
