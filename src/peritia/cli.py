"""The verbs in a terminal. Errors come as one message without a traceback; refused input ends with exit code 2 and writes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from peritia import __version__, cli_course, cli_delivery, cli_record, cli_serve
from peritia.cli_input import read_day, read_given_case, read_recorded_case
from peritia.errors import InputRefused, PeritiaError

app = typer.Typer(
    name="peritia",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Decide, plan and follow treatment of cancer of the peritoneum. Research and education only: not a medical device.",
)
knowledge_app = typer.Typer(no_args_is_help=True, help="The cited data files that every verdict rests on.")
app.add_typer(knowledge_app, name="knowledge")

On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Assess as of this day (YYYY-MM-DD). Default: today.")]
CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file (YAML or JSON), a FHIR bundle, or a shipped patient's name.")
]


@app.command()
def board(
    case: CaseArgument,
    on: On = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the dossier.")] = Path("out/board"),
    lang: Annotated[str, typer.Option("--lang", help="Language of the fixed texts: en or de.")] = "en",
    json: Annotated[bool, typer.Option("--json", help="Print the assessment as JSON instead of writing the dossier.")] = False,
    aliases: Annotated[Path | None, typer.Option("--aliases", help="Local codes to read as ours (YAML: 'system|code': our code).")] = None,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="PATH|URL", help="CASE is then the id of a case on this record: SQLite file or Postgres URL."),
    ] = None,
    as_known: Annotated[
        str | None, typer.Option("--as-known", metavar="DATE", help="The record as known at the end of this day (UTC).")
    ] = None,
    centre: Annotated[str, typer.Option("--centre", envvar="PERITIA_CENTRE", help="Whose case on record.")] = "local",
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Simulate PIPAC and HIPEC where they are open or undecided, and put it into the dossier.")
    ] = False,
    anatomy: cli_delivery.AnatomyOption = None,
    labels: cli_delivery.LabelsOption = None,
    fidelity: cli_delivery.FidelityOption = "fast",
) -> None:
    """Write the dossier for a tumour board: HTML, PDF, leaflet and JSON."""
    from peritia.case.facts import facts
    from peritia.knowledge import library
    from peritia.options import assess

    day = read_day(on)
    if record is None:
        if as_known is not None:
            raise PeritiaError("Found --as-known without --record", "the record that knew it", "add --record PATH or URL")
        read = read_given_case(case, aliases)
    else:
        read = read_recorded_case(case, record, centre, day, read_day(as_known, "--as-known") if as_known else None)
    found = facts(read, day)
    assessment = assess(found, day)
    if json:
        import msgspec

        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(assessment), indent=2) + b"\n")
        return
    from peritia.report import write_dossier

    section, beside = None, dict[str, bytes]()
    if simulate:
        simulated = cli_delivery.simulated_for_board(found, assessment, anatomy, labels, fidelity)
        # The verdicts are those of the case as it was; the predictions only join the facts that are shown.
        read, section, beside = cli_delivery.with_predictions(read, simulated, assessment, lang)
        found = facts(read, day)
        assessment = assess(found, day)
    written = write_dossier(read, found, assessment, library(), out, lang=lang, simulated=section, beside=beside)
    _print_verdicts(assessment)
    for path in written:
        typer.echo(f"  {path}")


@app.command()
def assess(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Parquet or CSV with one column a fact, or NDJSON with one FHIR bundle a line.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Verdicts, one row a patient (.parquet or .csv).")],
    on: On = None,
    aliases: Annotated[Path | None, typer.Option("--aliases", help="Local codes to read as ours.")] = None,
) -> None:
    """Assess many patients at once and count open, closed and undecided per option."""
    from peritia.cohort import assess_file, print_counts
    from peritia.fhir import Aliases, load_aliases

    known = load_aliases(aliases) if aliases else Aliases()
    counts = assess_file(source, out, on=read_day(on), aliases=known, progress=sys.stderr.isatty())
    print_counts(counts)
    typer.echo(f"  {out}")


@app.command()
def sql(
    dialect: Annotated[Literal["duckdb", "spark", "trino"], typer.Option("--dialect", help="Whose SQL.")] = "duckdb",
    table: Annotated[str, typer.Option("--table", help="Table of facts, one row a patient.")] = "facts",
) -> None:
    """Print the same assessment as one SQL query for an engine elsewhere."""
    from peritia.cohort import assessment_sql

    typer.echo(assessment_sql(dialect, table))


@app.command()
def cql() -> None:
    """Print every option, study and trial as one CQL library."""
    from peritia.cohort import assessment_cql

    typer.echo(assessment_cql())


@app.command()
def schema() -> None:
    """Print the JSON Schema of a case file."""
    import msgspec

    from peritia.case import case_schema

    typer.echo(msgspec.json.format(msgspec.json.encode(case_schema()), indent=2).decode())


@app.command()
def bundle(
    case: CaseArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write. Default: standard output.")] = None,
) -> None:
    """Write a case as a FHIR R4 bundle in mCODE shape."""
    from peritia.fhir import write_bundle

    text = write_bundle(read_given_case(case))
    if out is None:
        sys.stdout.buffer.write(text + b"\n")
    else:
        out.write_bytes(text)
        typer.echo(f"  {out}")


@app.command()
def patients() -> None:
    """List the shipped synthetic patients."""
    from peritia.patients import names, read

    width = max(map(len, names()))
    for name in names():
        typer.echo(f"{name:<{width}}  {read(name).title}")


@app.command()
def docs(folder: Annotated[Path, typer.Argument(help="Where the printed pages of the manual go.")]) -> None:
    """Print the manual's reference pages (facts, treatments, studies, sources) from the code and the data."""
    from peritia.manual import write_reference

    for path in write_reference(folder):
        typer.echo(f"  {path}")


@knowledge_app.command("check")
def knowledge_check() -> None:
    """Load every knowledge file, lint the citations, and list everything wrong at once."""
    from peritia.knowledge import library
    from peritia.knowledge.checks import check

    problems = check()
    for problem in problems:
        typer.echo(f"  - {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    loaded = library()
    typer.echo(f"knowledge {loaded.version} ({loaded.hash[:12]}): {loaded.counts()}")


@app.command()
def version() -> None:
    """Print the program's version."""
    typer.echo(f"peritia {__version__}")


app.add_typer(cli_delivery.app)  # without a name: its verbs stand beside the others
cli_course.mount(app)
app.add_typer(cli_record.record_app, name="record")
app.add_typer(cli_record.audit_app, name="audit")
app.command()(cli_serve.serve)


def _print_verdicts(assessment) -> None:  # pyright: ignore
    from peritia.report.terminal import print_verdicts

    print_verdicts(assessment)  # pyright: ignore[reportUnknownArgumentType]


def main() -> None:
    """Entry point: runs a verb, turns a known error into a message and exit code 2."""
    try:
        app()
    except InputRefused as refused:
        typer.echo(str(refused), err=True)
        raise SystemExit(2) from None
    except PeritiaError as error:
        typer.echo(f"{error}", err=True)
        raise SystemExit(2) from None
