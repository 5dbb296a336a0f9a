"""The verbs of the course in a terminal: plan a session, print its sheet, propose the calendar, review the response, list the follow-up.

No verb reads the clock: the day is an option that has to be given. ``mount`` hangs the verbs onto the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from peritia.course.errors import CourseRefused

if TYPE_CHECKING:
    from peritia.case import Case
    from peritia.course import Calendar, Cycle, Event, FollowUpPlan, Reminder, ResponseReview
    from peritia.course.sheet import Line, SessionSheet
    from peritia.criteria import Truth, Value
    from peritia.quantities.body import SurfaceFormula

session_app = typer.Typer(no_args_is_help=True, help="Plan a PIPAC or HIPEC session and print its sheet.")
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="A case file (YAML or JSON), a FHIR bundle, or a shipped patient's name.")]
Regimen = Annotated[str, typer.Option("--regimen", metavar="ID", help="A regimen of the library.")]
Day = Annotated[str, typer.Option("--on", metavar="DATE", help="The day (YYYY-MM-DD).")]
Formula = Annotated[Literal["mosteller", "dubois", "haycock"], typer.Option("--formula", help="Body surface formula for the dose.")]
Device = Annotated[str | None, typer.Option("--device", metavar="ID", help="Nozzle; its limits count where they are stricter.")]
LastSystemic = Annotated[
    str | None, typer.Option("--last-systemic", metavar="DATE", help="Last day of systemic treatment, if not on file.")
]
Entered = Annotated[list[str] | None, typer.Option("--set", metavar="FACT=VALUE", help="A fact known now and not yet on file. Repeatable.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def mount(app: typer.Typer) -> None:
    """Add the verbs of the course to a program."""
    app.add_typer(session_app, name="session")
    app.command("schedule")(schedule_verb)
    app.command("response")(response_verb)
    app.command("follow-up")(follow_up_verb)


@session_app.command("plan")
def plan_verb(
    case: CaseName,
    regimen: Regimen,
    on: Day,
    formula: Formula = "mosteller",
    device: Device = None,
    last_systemic: LastSystemic = None,
    entered: Entered = None,
    json: AsJson = False,
) -> None:
    """Doses, settings, totals and every check with go, no-go or cannot say. Exit code 1 when the session may not go ahead."""
    from peritia.course import plan_session
    from peritia.course.sheet import session_sheet

    day = _day(on)
    given = _entered(entered, last_systemic, day)
    plan = plan_session(_case(case), regimen, day, formula=_formula(formula), device_id=device, entered=given)
    if json:
        _json(plan)
    else:
        print_plan(session_sheet(plan), Console())
    if plan.answer != "go":
        raise typer.Exit(1)


@session_app.command("sheet")
def sheet_verb(
    case: CaseName,
    regimen: Regimen,
    on: Day,
    events: Annotated[Path | None, typer.Option("--events", metavar="FILE", help="The session's events, one JSON value a line.")] = None,
    formula: Formula = "mosteller",
    device: Device = None,
    last_systemic: LastSystemic = None,
    entered: Entered = None,
    json: AsJson = False,
) -> None:
    """The whole sheet with the checklist to sign; with ``--events`` as the session stands."""
    from peritia.course import plan_session, replay
    from peritia.course.sheet import session_sheet

    day = _day(on)
    if events is not None:
        session = replay(_events(events))
        sheet = session_sheet(session.plan, session)
    else:
        given = _entered(entered, last_systemic, day)
        sheet = session_sheet(plan_session(_case(case), regimen, day, formula=_formula(formula), device_id=device, entered=given))
    if json:
        _json(sheet)
        return
    console = Console()
    print_plan(sheet, console)
    print_checklist(sheet, console)


def schedule_verb(
    case: CaseName,
    regimen: Regimen,
    on: Day,
    sessions: Annotated[int, typer.Option("--sessions", help="How many sessions to propose.")] = 3,
    cycle: Annotated[
        list[str] | None,
        typer.Option("--cycles", metavar="NAME:FIRST:EVERY:COUNT:DAYS[:DRUG+DRUG]", help="Systemic cycles, as FOLFIRI:2026-12-01:14:6:3."),
    ] = None,
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write an iCalendar file.")] = None,
    label: Annotated[str, typer.Option("--label", help="Put before every title of the file; leave empty where others see it.")] = "",
) -> None:
    """Sessions and systemic cycles on one calendar, with every conflict named."""
    from peritia.course import icalendar, schedule

    day, read = _day(on), _case(case)
    rows = [one for text in cycle or () for one in _cycles(text)]
    made = schedule(read, regimen, day, systemic=rows, sessions=sessions)
    print_calendar(made, Console())
    if ics is not None:
        stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
        ahead = (entry for entry in made.entries if not entry.settled)
        ics.write_text(icalendar(ahead, stamp, key=read.id or "case", label=label), encoding="utf-8", newline="")
        typer.echo(f"  {ics}")


def response_verb(case: CaseName, on: Day, json: AsJson = False) -> None:
    """The response by every published definition, the trends, and what speaks for each way to go on."""
    from peritia.course import review_response

    review = review_response(_case(case), _day(on))
    if json:
        _json(review)
    else:
        print_response(review, Console())


def follow_up_verb(case: CaseName, on: Day) -> None:
    """Follow-up after cytoreduction: schedules that fit, what is due, and whether anything points to recurrence."""
    from peritia.course import done_on_record, due, follow_up_plan, watch_recurrence

    read, day = _case(case), _day(on)
    plan = follow_up_plan(read, day)
    console = Console()
    print_follow_up(plan, due(plan, day, done_on_record(read, day)), console)
    flag = watch_recurrence(read, day)
    told = {True: "Opens the recurrence assessment", False: "Nothing points to recurrence", None: "Cannot be said yet"}[flag.opens]
    console.print(f"\n[bold]{told}.[/bold] {flag.note}")
    for reason in flag.reasons:
        console.print(f"  - {reason}", markup=False)
    if flag.opens is None:
        console.print(f"  Not known: {', '.join(flag.answer.missing)}", markup=False)


_MARKS = {
    "go": "[green]go[/green]",
    "warn": "[yellow]warn[/yellow]",
    "stop": "[bold red]STOP[/bold red]",
    "ask": "[bold magenta]ASK[/bold magenta]",
}
_ANSWERS = {"go": "[green]GO[/green]", "no-go": "[bold red]NO-GO[/bold red]", "cannot-say": "[bold magenta]CANNOT SAY[/bold magenta]"}


def print_plan(sheet: SessionSheet, console: Console) -> None:
    """Person, doses, settings, totals, checks."""
    console.print(f"[bold]{sheet.title}[/bold]  {sheet.on}  {_ANSWERS[sheet.answer]}")
    _lines("Person", sheet.person, console)
    _lines("Doses", sheet.doses, console)
    _lines("Entered for this plan, not on file", sheet.entered, console)
    _lines("By formula", sheet.by_formula, console)
    _lines("Parts into the bath", sheet.additions, console)
    _lines("Settings", sheet.settings, console)
    _lines("Limits", sheet.limits, console)
    _lines("Lifetime totals with this session", sheet.totals, console)
    table = Table(title="Checks", title_justify="left", expand=True)
    for name, width in (("", 6), ("Topic", 10), ("Reason", None), ("Sources", 26)):
        table.add_column(name, width=width, overflow="fold")
    for row in sheet.checks:
        if row.mark != "go":
            verified = "" if row.verified else " (unverified)"
            table.add_row(
                _MARKS.get(row.mark, row.mark),
                row.topic,
                _plain(row.reason + (f" OVERRIDDEN: {row.override}" if row.override else "")),
                ", ".join(row.sources) + verified,
            )
    fine = sum(row.mark == "go" for row in sheet.checks)
    if table.row_count:
        console.print(table)
    console.print(f"{fine} of {len(sheet.checks)} checks are go.")
    _lines("To watch", sheet.notes, console)
    _lines("Afterwards", sheet.afterwards, console)
    console.print(f"[dim]{'; '.join(f'{line.name} {line.shown}' for line in sheet.provenance)}. {sheet.notice}[/dim]")


def print_checklist(sheet: SessionSheet, console: Console) -> None:
    """The checklist with its signatures, and the run sheet."""
    table = Table(title="Checklist", title_justify="left", expand=True, show_lines=True)
    for name, width in (("", 3), ("Step", None), ("Write down", 30), ("Signed", 28)):
        table.add_column(name, width=width, overflow="fold")
    for row in sheet.steps:
        blanks = "\n".join("........................" for _ in range(row.people - len(row.signed)))
        signed = "\n".join((*row.signed, *([blanks] if blanks else [])))
        written = "\n".join(row.recorded or row.record)
        limits = f"\n{'; '.join(row.limits)}" if row.limits else ""
        table.add_row(str(row.number), _plain(row.text + limits), _plain(written), signed)
    console.print(table)
    if sheet.run_rows:
        run = Table("time", *sheet.run_columns, title="Run sheet", title_justify="left")
        for values in sheet.run_rows:
            run.add_row(*values)
        console.print(run)
    for warning in sheet.warnings:
        console.print(f"[yellow]{warning.at:%H:%M}[/yellow] {_plain(warning.text)}")
    if sheet.aborted:
        console.print(f"[bold red]Aborted:[/bold red] {_plain(sheet.aborted)}")


def print_calendar(made: Calendar, console: Console) -> None:
    """Entries by day, then conflicts."""
    table = Table("Day", "Until", "What", "Note", title=f"Calendar, {made.regimen}", title_justify="left")
    for entry in made.entries:
        done = " (done)" if entry.settled else ""
        table.add_row(str(entry.on), str(entry.until or ""), _plain(entry.title + done), _plain(entry.note))
    console.print(table)
    for window in made.windows:
        console.print(f"Window {window.earliest} to {window.latest}; warned before {window.warn_before} and after {window.warn_after}")
    if not made.conflicts:
        console.print("[green]No conflict.[/green]")
    for one in made.conflicts:
        mark = "[bold red]conflict[/bold red]" if one.hard else "[yellow]warning[/yellow]"
        console.print(f"{mark} {one.on} {one.kind}: {_plain(one.text)} [dim]({', '.join(one.sources)})[/dim]")


def print_response(review: ResponseReview, console: Console) -> None:
    """Definitions side by side, trends, ways."""
    console.print(f"[bold]Response on {review.on}[/bold]  review due: {_truth(review.due)}")
    table = Table("Score", "Definition", "Answer", "Needs", "Sources", title="Every definition under its own name", title_justify="left")
    for one in review.definitions:
        verified = "" if one.verified else " (unverified)"
        table.add_row(one.score, one.name, _truth(one.truth), ", ".join(one.missing), ", ".join(one.sources) + verified)
    console.print(table)
    moves = Table("What", "Course", "Last change", title="Trends", title_justify="left")
    for trend in review.trends:
        change = "" if trend.last_change is None else f"{trend.last_change:+g}"
        moves.add_row(trend.name, "  ".join(f"{point.value:g} ({point.on})" for point in trend.points), change)
    console.print(moves)
    for way in review.ways:
        console.print(f"\n{_truth(way.truth)} [bold]{way.name}[/bold]")
        for reason in (*way.needed, *way.speaks_for):
            console.print(f"    {_truth(reason.truth)} {_plain(reason.because)} [dim]({', '.join(reason.sources)})[/dim]")
        for sign in way.signs:
            console.print(f"    {_truth(sign.truth)} {_plain(sign.because)}: {_plain(sign.found)} [dim]({', '.join(sign.sources)})[/dim]")
    console.print("\n[dim]Ways do not exclude each other; the team decides with the patient.[/dim]")


def print_follow_up(plan: FollowUpPlan, reminders: Sequence[Reminder], console: Console) -> None:
    """Schedules that fit and what is due."""
    console.print(f"[bold]Follow-up after the operation of {plan.surgery_on or 'unknown date'}[/bold]")
    if plan.why_none:
        console.print(_plain(plan.why_none))
    for one in plan.schedules:
        verified = "" if one.verified else ", unverified"
        fits = "meant for this patient" if one.truth else "may be meant for this patient"
        console.print(f"- {_plain(one.name)}: {fits} [dim]({', '.join(one.sources)}{verified})[/dim]")
        for note in one.notes:
            console.print(f"    {_plain(note)}")
    if reminders:
        table = Table("State", "What", "From", "Latest", "Schedule", title="Due", title_justify="left")
        for row in reminders:
            table.add_row(row.state, row.what, str(row.earliest), str(row.latest), row.schedule)
        console.print(table)


def _lines(title: str, lines: Iterable[Line], console: Console) -> None:
    rows = tuple(lines)
    if not rows:
        return
    table = Table(title=title, title_justify="left", show_header=False, expand=True)
    table.add_column(width=32, overflow="fold")
    table.add_column(overflow="fold")
    table.add_column(width=26, overflow="fold", style="dim")
    for row in rows:
        verified = " (unverified)" if row.verified is False else ""
        table.add_row(_plain(row.name), _plain(row.shown), ", ".join(row.sources) + verified)
    console.print(table)


def _plain(text: str) -> str:
    """Text that may hold square brackets, as UCUM units do."""
    from rich.markup import escape

    return escape(text)


def _truth(truth: Truth) -> str:
    return {True: "[green]yes[/green]", False: "no", None: "[magenta]unknown[/magenta]"}[truth]


def _json(value: msgspec.Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def _formula(name: str) -> SurfaceFormula:
    return name  # pyright: ignore[reportReturnType]  (Typer has checked it against the list)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CourseRefused(f"Found '{text[:40]}' for a day", "a day written YYYY-MM-DD") from None


def _entered(pairs: Sequence[str] | None, last_systemic: str | None, on: date) -> dict[str, Value]:
    """Facts from the command line, as the declaration of each says they are typed."""
    given: dict[str, Value] = {}
    for pair in pairs or ():
        name, found, text = pair.partition("=")
        if not found:
            raise CourseRefused(f"Found '{pair[:60]}' for --set", "FACT=VALUE, as --set neuropathy_grade=1")
        given[name.strip()] = _value(text.strip())
    if last_systemic is not None:
        given["days_since_systemic"] = (on - _day(last_systemic)).days
        given["systemic_therapy_given"] = True
    return given


def _value(text: str) -> Value:
    if text.lower() in ("true", "yes"):
        return True
    if text.lower() in ("false", "no"):
        return False
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _cycles(text: str) -> tuple[Cycle, ...]:
    from peritia.course import cycles

    parts = text.split(":")
    hint = "NAME:FIRST:EVERY:COUNT:DAYS, as FOLFIRI:2026-12-01:14:6:3; drugs that matter last, as :irinotecan+bevacizumab"
    if len(parts) not in (5, 6) or not all(part.isdecimal() for part in parts[2:5]):
        raise CourseRefused(f"Found '{text[:60]}' for --cycles", hint)
    every, count, days = (int(part) for part in parts[2:5])
    drugs = tuple(parts[5].split("+")) if len(parts) == 6 else ()
    known = _drugs()
    if unknown := [drug for drug in drugs if drug not in known]:
        raise CourseRefused(f"no drug is named {unknown[0][:40]!r}", "a drug of the case, as bevacizumab")
    return cycles(parts[0], _day(parts[1]), every_days=every, count=count, days=days, drugs=drugs)  # pyright: ignore[reportArgumentType]


def _drugs() -> frozenset[str]:
    from typing import get_args

    from peritia.case.treatment import Drug

    return frozenset(get_args(Drug))


def _events(path: Path) -> list[Event]:
    from peritia.course.event import decode

    try:
        return [decode(line) for line in path.read_bytes().splitlines() if line.strip()]
    except OSError:
        raise CourseRefused(f"the file {path.name} cannot be read", "a file with one event a line") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise CourseRefused(f"a line of {path.name} is no event of a session", "one JSON value a line, as the session wrote them") from None


def _case(given: str) -> Case:
    """A case file, a FHIR bundle, or the name of a shipped patient."""
    path = Path(given)
    if not path.exists() and path.suffix == "":
        from peritia.patients import read

        return read(given)
    if path.suffix == ".json" and b'"resourceType"' in path.read_bytes()[:20_000]:
        from peritia.fhir import read_bundle

        return read_bundle(path)
    from peritia.case import read_case

    return read_case(path)
