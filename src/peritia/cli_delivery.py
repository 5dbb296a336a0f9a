"""The verbs of delivery in a terminal: plan, simulate, compare, warmup, validate. Results appear whole or not at all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from peritia.cli_input import read_day, read_given_case, read_recorded_case
from peritia.errors import PeritiaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peritia.case import Case, FactValue
    from peritia.options.assessment import Assessment
    from peritia.report.simulated_content import SimulatedSection
    from peritia.report.simulation import Simulation

app = typer.Typer(no_args_is_help=True, help="Where the drug goes: plan and simulate PIPAC and HIPEC. Research and education only.")
plan_app = typer.Typer(no_args_is_help=True, help="Make a plan file for one patient and regimen.")
app.add_typer(plan_app, name="plan")

CaseOption = Annotated[
    str, typer.Option("--case", metavar="CASE", help="A case file, a FHIR bundle, a shipped patient's name; with --record its id.")
]
RecordOption = Annotated[str | None, typer.Option("--record", metavar="PATH|URL", help="Take the case from this record.")]
CentreOption = Annotated[str, typer.Option("--centre", envvar="PERITIA_CENTRE", help="Whose record.")]
RegimenOption = Annotated[str, typer.Option("--regimen", metavar="NAME", help="A regimen of the knowledge files.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Plan file to write. Default: standard output.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The case as of this day (YYYY-MM-DD). Default: today.")]
Fidelity = Literal["fast", "field"]
AnatomyOption = Annotated[
    Path | None, typer.Option("--anatomy", metavar="FILE", help="A label volume (NIfTI). Default: the parametric abdomen.")
]
LabelsOption = Annotated[Path | None, typer.Option("--labels", metavar="FILE", help="The label table of that volume.")]
FidelityOption = Annotated[Fidelity, typer.Option("--fidelity", help="fast: closed forms; field: flow and droplets on the grid.")]


@plan_app.command("pipac")
def plan_pipac(
    case: CaseOption,
    regimen: RegimenOption = "pipac-oxaliplatin-120",
    nozzle: Annotated[str | None, typer.Option("--nozzle", help="Where and how aimed: 'epigastrium, aimed at bowel'.")] = None,
    device: Annotated[str | None, typer.Option("--device", help="A nozzle of the knowledge files.")] = None,
    record: RecordOption = None,
    centre: CentreOption = "local",
    on: OnOption = None,
    out: OutOption = None,
) -> None:
    """Doses, volumes and minutes of a PIPAC session as a readable file."""
    _plan("pipac", regimen, _case(case, record, centre, on), out, {"nozzle": nozzle, "device": device})


@plan_app.command("hipec")
def plan_hipec(
    case: CaseOption,
    regimen: RegimenOption = "hipec-cisplatin-100-ovhipec",
    inflow_c: Annotated[float | None, typer.Option("--inflow", help="Inflow temperature, C.")] = None,
    core_c: Annotated[float | None, typer.Option("--core", help="Core temperature at the start, C.")] = None,
    cooling_w: Annotated[float | None, typer.Option("--cooling", help="Heat taken from the body, W.")] = None,
    record: RecordOption = None,
    centre: CentreOption = "local",
    on: OnOption = None,
    out: OutOption = None,
) -> None:
    """Doses, bath, flow and temperatures of a HIPEC session as a readable file."""
    _plan(
        "hipec",
        regimen,
        _case(case, record, centre, on),
        out,
        {"inflow_temperature_c": inflow_c, "starting_core_c": core_c, "cooling_w": cooling_w},
    )


@app.command()
def simulate(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the result.")],
    anatomy: AnatomyOption = None,
    table: LabelsOption = None,
    fidelity: FidelityOption = "fast",
    spacing_mm: Annotated[float, typer.Option("--spacing", help="Voxel edge, mm.")] = 4.0,
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Draw the figures.")] = True,
) -> None:
    """Simulate a plan; write the result, tables, volumes and figures into a folder."""
    from peritia.delivery import predicted, prediction_text, read_plan, save
    from peritia.delivery import simulate as run
    from peritia.delivery.exports import write_tables
    from peritia.delivery.figures import figures
    from peritia.delivery.plan import plan_text
    from peritia.delivery.storage import write_atomically

    wanted = read_plan(plan)
    _announce_compiling()
    with _progress() as told, _all_or_nothing(out) as folder:
        told("anatomy", 0.0)
        cavity = _anatomy(wanted, anatomy, table, spacing_mm / 1000)
        made = run(wanted, cavity, fidelity=fidelity, progress=lambda what, part: told(what, 0.05 + 0.8 * part))
        told("writing", 0.87)
        save(made, folder / "delivery.npz")
        write_atomically(folder / "predictions.yaml", prediction_text((predicted(made),)).encode())
        write_atomically(folder / "plan.yaml", plan_text(wanted).encode())
        write_tables(made, folder)
        if pictures:
            for name, svg in figures(made):
                write_atomically(folder / f"{name}.svg", svg.encode())
        told("done", 1.0)
    _print(made)
    typer.echo(f"  {out}")


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A result (delivery.npz) or its folder.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Difference map (SVG), where both share an anatomy.")] = None,
) -> None:
    """Two results side by side, by region; and the difference on the peritoneum."""
    from peritia.delivery import compare as put_together
    from peritia.delivery import load
    from peritia.delivery.figures import difference_map
    from peritia.delivery.storage import write_atomically

    first, second = (load(path / "delivery.npz" if path.is_dir() else path) for path in (a, b))
    found = put_together(first, second)
    for note in found.notes:
        typer.echo(f"  {note}")
    typer.echo(
        f"{'drug':<14}{'region':<18}{'A mg/m2':>10}{'B mg/m2':>10}{'A mm':>8}{'B mm':>8}   (mean uptake; depth of a tenth of the exposure)"
    )
    for one, other in found.regions:
        amounts = f"{one.taken_up_mg_per_m2:>10.1f}{other.taken_up_mg_per_m2:>10.1f}{one.depth_tenth_mm:>8.2f}{other.depth_tenth_mm:>8.2f}"
        typer.echo(f"{one.drug:<14}{one.region:>2} {one.name:<15}{amounts}")
    for one, other in found.metrics:
        typer.echo(
            f"{one.drug}: coverage {one.coverage:.2f} / {other.coverage:.2f}, homogeneity {one.homogeneity:.2f} / {other.homogeneity:.2f}"
        )
    if out is not None and found.difference:
        write_atomically(out, difference_map(found, first, found.shared[0], (a.stem, b.stem)).encode())
        typer.echo(f"  {out}")


PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file.")]
SpacingOption = Annotated[float, typer.Option("--spacing", help="Voxel edge, mm.")]
ProcessesOption = Annotated[int, typer.Option("--processes", min=1, help="Runs at once on this machine; the result stays the same.")]
EngineOption = Annotated[Literal["processes", "dask"], typer.Option("--engine", help="dask: the scheduler or cluster set there.")]


@app.command("optimise")
def optimise_(
    plan: PlanArgument,
    vary: Annotated[list[str], typer.Option("--vary", metavar="FIELD=VALUE", help="A value to try; repeat for more values and fields.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the chosen plan and its result.")],
    aim: Annotated[
        Literal["coverage", "homogeneity", "worst-region"], typer.Option("--aim", help="What is to be as high as can be.")
    ] = "coverage",
    limit: Annotated[
        list[str] | None, typer.Option("--limit", metavar="NUMBER=BOUND", help="Upper bound, such as core_peak_c=39.5.")
    ] = None,
    anatomy: AnatomyOption = None,
    table: LabelsOption = None,
    spacing_mm: SpacingOption = 4.0,
    processes: ProcessesOption = 1,
    engine: EngineOption = "processes",
) -> None:
    """Try plans on the fast model within limits, and run the best again at field fidelity."""
    from peritia.delivery import confirm, optimise, read_plan, save
    from peritia.delivery.plan import plan_text
    from peritia.delivery.storage import write_atomically

    wanted = read_plan(plan)
    limits = {name: _number(text, "--limit") for name, text in (_pair(one, "--limit") for one in limit or [])}
    over: dict[str, list[Any]] = {}
    for name, value in (_pair(one, "--vary") for one in vary):
        over.setdefault(name, []).append(_value(value))
    with _progress() as told, _all_or_nothing(out) as folder:
        cavity = _anatomy(wanted, anatomy, table, spacing_mm / 1000)
        tried = optimise(
            wanted,
            cavity,
            over=over,
            aim=aim,
            limits=limits,
            processes=processes,
            engine=engine,
            progress=lambda part: told("trying", 0.4 * part),
        )
        chosen = confirm(tried, cavity, aim=aim, limits=limits, progress=lambda what, part: told(what, 0.4 + 0.6 * part))
        save(chosen.delivery, folder / "delivery.npz")
        write_atomically(folder / "plan.yaml", plan_text(chosen.candidate.plan).encode())
    for one in tried:
        figure = "left out" if one.figure is None else f"{one.figure:.4g}"
        typer.echo(f"  {figure:>9}  {', '.join(f'{name}: {value}' for name, value in one.changes.items())}  {one.refused}")
    for one in chosen.broken:
        typer.echo(f"  passed over, {one.refused}: {dict(one.changes)}")
    best = chosen.candidate
    typer.echo(f"chosen: {dict(best.changes)}; {aim} {best.figure:.4g} on the fast model, {best.field_figure:.4g} at field fidelity")
    typer.echo(f"  {out}")


@app.command("uncertainty")
def uncertainty_(
    plan: PlanArgument,
    runs: Annotated[int, typer.Option("--runs", help="Points of the design, a power of two: 32 for a look, 256 for a figure.")] = 32,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for bands.csv and influences.csv.")] = None,
    anatomy: AnatomyOption = None,
    table: LabelsOption = None,
    spacing_mm: SpacingOption = 6.0,
    processes: ProcessesOption = 1,
    engine: EngineOption = "processes",
) -> None:
    """Bands on every figure of a plan from the stated ranges of its numbers, and which of them matters most."""
    from peritia.delivery import read_plan, uncertainty
    from peritia.delivery.exports import bands_csv, influences_csv
    from peritia.delivery.storage import write_atomically

    wanted = read_plan(plan)
    with _progress() as told:
        cavity = _anatomy(wanted, anatomy, table, spacing_mm / 1000)
        found = uncertainty(wanted, cavity, runs, processes=processes, engine=engine, progress=lambda part: told("varying", part))
    typer.echo(f"{found.runs} runs, {len(found.varied)} numbers varied over their stated ranges; 5 to 95 % of the runs")
    for band in found.bands:
        most = found.decisive(band.name)
        share = f"most from {most.parameter} ({most.total:.2f} ± {most.total_half_width:.2f})" if most.total > 0 else "nothing varies it"
        if most.total_half_width > 1:
            share = "too few runs to say what matters most"
        typer.echo(f"  {band.name:<48}{band.planned:>10.4g}   {band.low:.4g} to {band.high:.4g}   {share}")
    if out is not None:
        with _all_or_nothing(out) as folder:
            write_atomically(folder / "bands.csv", bands_csv(found))
            write_atomically(folder / "influences.csv", influences_csv(found))
        typer.echo(f"  {out}")


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise PeritiaError(f"Found '{text}' for {option}", "NAME=VALUE", f"for example {option} nozzle='umbilicus, aimed at pelvis'")
    return name, value


def _value(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PeritiaError(f"Found '{text}' for {option}", "a number", f"for example {option} core_peak_c=39.5") from None


@app.command()
def warmup() -> None:
    """Compile the kernels once and keep them, so that no simulation waits for it."""
    from peritia.delivery.warming import warm_up

    _announce_compiling(always=True)
    with _progress() as told:
        seconds = warm_up(told)
    typer.echo(f"  ready after {seconds:.0f} s")


@app.command()
def validate(
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the tables, grid convergence among them.")] = None,
    field: Annotated[bool, typer.Option("--field", help="Grid convergence at field fidelity too: about half an hour.")] = False,
) -> None:
    """Published numbers against ours, with one set of parameters. Rows that miss are shown as missed."""
    from peritia.delivery.convergence import convergence_markdown, grid_convergence
    from peritia.delivery.storage import write_atomically
    from peritia.delivery.validation import published_table, reference_plan, table_markdown

    rows = published_table()
    for row in rows:
        typer.echo(f"{'met   ' if row.met else 'MISSED'}  {row.what:<62} published {row.published:<18} ours {row.ours_text}")
        if not row.met:
            typer.echo(f"        {row.reason}")
    if out is not None:
        write_atomically(out / "validation.md", table_markdown(rows).encode())
        written = ["validation.md"]
        fidelities: tuple[Fidelity, ...] = ("fast", "field") if field else ("fast",)
        with _progress() as told:
            for fidelity in fidelities:
                for name, regimen in (("pipac", "pipac-oxaliplatin-120"), ("hipec", "hipec-cisplatin-100-ovhipec")):
                    rows_ = grid_convergence(reference_plan(regimen), fidelity=fidelity, progress=lambda part, name=name: told(name, part))
                    written.append(f"grids-{name}{'-field' if fidelity == 'field' else ''}.md")
                    write_atomically(out / written[-1], convergence_markdown(rows_, fidelity).encode())
        typer.echo(f"  {out}: {', '.join(written)}")


def simulated_for_board(
    found: Mapping[str, FactValue], assessment: Assessment, volume: Path | None, table: Path | None, fidelity: Fidelity
) -> Simulation:
    """What ``board --simulate`` shows: the sessions that are open or undecided for this patient."""
    from peritia.knowledge import library
    from peritia.report.simulation import simulation

    _announce_compiling()
    with _progress() as told:
        return simulation(
            found,
            assessment,
            library().regimens,
            anatomy=lambda plan: _anatomy(plan, volume, table, 0.004),
            fidelity=fidelity,
            on_labels="" if volume is None else volume.name,
            progress=told,
        )


def with_predictions(case: Case, made: Simulation, assessment: Assessment, lang: str) -> tuple[Case, SimulatedSection, dict[str, bytes]]:
    """The case with what was predicted, the section of the dossier, and the files that stand beside it."""
    import msgspec

    from peritia.delivery import prediction_text
    from peritia.delivery.storage import delivery_bytes
    from peritia.report.simulated_section import simulated_section

    predictions = made.predictions(assessment)
    beside = {f"simulated-{one.choice.technique}.npz": delivery_bytes(one.delivery) for one in made.made}
    if predictions:
        beside["predictions.yaml"] = prediction_text(predictions).encode()
    return msgspec.structs.replace(case, predicted=(*case.predicted, *predictions)), simulated_section(made, lang), beside


def _plan(kind: str, regimen: str, found: tuple[Case, date], out: Path | None, changes: dict[str, Any]) -> None:
    from peritia.case.facts import facts
    from peritia.delivery import plan_from_regimen, plan_text
    from peritia.delivery.storage import write_atomically

    chosen = {name: value for name, value in changes.items() if value is not None}
    made = plan_from_regimen(regimen, facts(*found), **chosen)
    if made.kind != kind:
        raise PeritiaError(f"Found that {regimen} is for {made.kind.upper()}", f"a regimen for {kind.upper()}", f"peritia plan {made.kind}")
    for warning in made.warnings:
        typer.echo(f"  note: {warning}", err=True)
    text = plan_text(made)
    if out is None:
        typer.echo(text)
    else:
        write_atomically(out, text.encode())
        typer.echo(f"  {out}")


def _case(given: str, record: str | None, centre: str, on: str | None) -> tuple[Case, date]:
    day = read_day(on)
    return (read_given_case(given) if record is None else read_recorded_case(given, record, centre, day)), day


def _anatomy(plan: Any, volume: Path | None, table: Path | None, spacing_m: float) -> Any:
    from peritia.delivery import Anatomy, anatomy_for

    if volume is None:
        return anatomy_for(plan, spacing_m=spacing_m)
    if table is None:
        raise PeritiaError("Found a label volume without its table", "--labels FILE", "a YAML file that maps label numbers to tissues")
    gas = plan.kind == "pipac"
    litres = plan.gas_volume_l if gas else plan.bath_volume_l
    return Anatomy.from_labels(volume, table, fill="gas" if gas else "liquid", volume_l=litres, spacing_m=spacing_m)


def _announce_compiling(*, always: bool = False) -> None:
    """Say that a first run compiles, so that nobody takes the wait for a fault. What is compiled is kept beside the package."""
    import peritia.numerics

    if always or not any(Path(peritia.numerics.__file__).parent.rglob("*.nbi")):
        typer.echo("Compiling the numerical kernels (once on this machine; up to two minutes)", err=not always)


@contextmanager
def _all_or_nothing(out: Path) -> Generator[Path]:
    """A folder beside ``out`` whose files move into it only when all are written; Ctrl-C leaves nothing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield part
        out.mkdir(exist_ok=True)
        for path in part.iterdir():
            path.replace(out / path.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _progress() -> Generator[Callable[[str, float], None]]:
    """A bar with the time left, on a terminal; silence elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<16}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def told(what: str, part: float) -> None:
            bar.update(task, completed=part, description=what)

        yield told


def _print(made: Any) -> None:
    from peritia.delivery.metrics import drug_metrics

    run = made.run
    typer.echo(
        f"{made.plan.title or made.plan.kind.upper()} on {made.anatomy}, {run.fidelity} fidelity, {run.wall_s:.1f} s, {run.cells} cells"
    )
    for one in made.drugs:
        m = drug_metrics(made, one)
        typer.echo(
            f"  {one.drug}: mean uptake {m.mean_mg_per_m2:.1f} mg/m2, D95 {m.d95_mg_per_m2:.1f}, coverage {m.coverage:.2f}, "
            f"homogeneity {m.homogeneity:.2f}, worst region {m.worst_region}, a tenth of the exposure at {m.mean_depth_tenth_mm:.2f} mm"
        )
    for curve in made.plasma:
        peak = f"peak {curve.peak:.3g} mg/L at {curve.peak_at_min:.0f} min, AUC24 {curve.auc_24h:.3g} mg h/L"
        typer.echo(f"  {curve.drug} in plasma ({curve.species}): {peak}")
    for one in made.nodules:
        served = (
            "IC50 not known" if one.share_above_ic50 != one.share_above_ic50 else f"{100 * one.share_above_ic50:.0f} % above one IC50 hour"
        )
        typer.echo(
            f"  {one.drug} in {one.name} ({one.diameter_mm:g} mm, region {one.region}): half at {one.depth_half_mm:.2f} mm, a tenth at "
            f"{one.depth_tenth_mm:.2f} mm, {served}, {one.ug_per_g:.3g} ug/g, own pressure {one.centre_pressure_mmhg:.1f} mmHg"
        )
    for name, value in made.numbers.items():
        typer.echo(f"  {name} {value:.4g}")
    for balance in made.balances:
        typer.echo(f"  balance of {balance.name}: off by {balance.error:.1e}")
    weak = sum(used.status == "recalled" for used in made.used)
    typer.echo(f"  {len(made.used)} numbers used, {weak} of them not verified at their source; neglected: {'; '.join(made.neglected)}")
