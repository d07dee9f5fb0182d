"""The commands and their options. Each loads what it needs when it runs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer

import gamecore
from gamecore.cli import files
from gamecore.cli.endings import Doors, ending
from gamecore.errors import InputError, RefusedError

__all__ = ["app"]

app = typer.Typer(
    cls=Doors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: rich alone would take longer to load than all the rest.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

File = Annotated[str, typer.Argument(metavar="FILE", help="Scenario file; - reads it from standard input.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the draws: the same seed gives the same result.")]
Draws = Annotated[int, typer.Option("--draws", min=1, help="Number of draws from the ranges.")]
Levers = Annotated[
    list[str], typer.Option("--lever", metavar="NAME", help="Pull a lever (NAME or NAME=AMOUNT); may be repeated.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

Proposes = Annotated[
    str | None, typer.Option("--proposes", metavar="PLAYER", help="Only the games in which this player proposes.")
]
FigureOut = Annotated[str | None, typer.Option("-o", "--out", metavar="OUT", help="Also draw it; .svg .png .pdf.")]

Game = Annotated[
    str, typer.Argument(metavar="FILE", help="Scenario, .nfg or .efg file; - reads it from standard input.")
]
GameType = Annotated[
    str | None, typer.Option("--type", metavar="TYPE", help="yaml, nfg or efg, where the file's name does not say.")
]

BRIEF_FORMATS = ("pdf", "html", "md", "png", "json")
FIGURE_FORMATS = ("svg", "png", "pdf")


class Sampling(StrEnum):
    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"


Spread = Annotated[
    Sampling, typer.Option("--sampling", help="How the draws are spread; `sobol` fills the space evenly.")
]

Workers = Annotated[
    int,
    typer.Option(
        "--workers", min=1, max=64, help="Processes that share the draws, for very many; no number depends on it."
    ),
]


class Copy(StrEnum):
    INTERNAL = "internal"
    SHARED = "shared"


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


class Form(StrEnum):
    AUTO = "auto"
    STRATEGIC = "strategic"
    TREE = "tree"


class FigureKind(StrEnum):
    TREE = "tree"
    PAYOFFS = "payoffs"
    FRONTIER = "frontier"


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if wanted:
        typer.echo(f"gamecore {gamecore.__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_tell_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where a fault of gamecore comes from.")] = False,
) -> None:
    """From a negotiation, written as a scenario file, to a one-page brief with three options.

    Exit codes: 0 done, 2 the input is wrong, 3 refused (too large, out of time), 1 a fault of gamecore.
    """


@app.command()
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="FILE", help="Scenario files; - is standard input.")],
    *,
    expect: Annotated[bool, typer.Option("--expect", help="Also compare with the results the file expects.")] = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
) -> None:
    """Tell every fault of scenario files, with its place.

    Prints a line for each file that is right. Faults, and with --expect results that are not as expected, end with exit
    code 2.
    """
    from gamecore.questions.summary import sentence

    ends: set[int] = set()
    for file in scenarios:
        try:
            scenario = files.read(file)
            typer.echo(files.shown(f"{file}: {sentence(scenario)}"))
            if expect and _missed(scenario, seed, draws, sampling.value):
                ends.add(InputError.exit_code)
        except (InputError, RefusedError) as error:
            ends.add(ending(error))
    if ends:
        raise typer.Exit(min(ends))


def _missed(scenario: Any, seed: int, draws: int, sampling: str) -> bool:
    """Tell what the file expects and what was found; whether something was missed."""
    from gamecore.cli.telling import tell_expectations
    from gamecore.expectations import check_expectations
    from gamecore.pipeline import Settings

    outcomes = check_expectations(scenario, Settings(seed=seed, draws=draws, sampling=sampling))
    if outcomes:
        tell_expectations(outcomes)
    counts = {
        status: sum(item.status == status for item in outcomes) for status in ("met", "missed", "not supported yet")
    }
    typer.echo(", ".join(f"{number} {status}" for status, number in counts.items()))
    return counts["missed"] > 0


def _analysis(file: str, seed: int, draws: int, sampling: Sampling, levers: list[str], *, workers: int = 1) -> Any:
    """Read and solve, with a bar if it takes long."""
    # Read first: a fault is told at once, before the solvers are loaded.
    scenario = files.read(file, levers)
    from gamecore.cli.progress import Progress
    from gamecore.pipeline import Settings, analysis_of

    with Progress() as progress:
        settings = Settings(seed=seed, draws=draws, sampling=sampling.value, workers=workers)
        return analysis_of(scenario, settings, progress=progress)


@app.command()
def analyse(
    file: File,
    *,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    workers: Workers = 1,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Solve a scenario and recommend.

    Tells values and ranks, the outcome by who proposes, the recommendation and why.
    """
    analysis = _analysis(file, seed, draws, sampling, lever, workers=workers)
    if json:
        from gamecore.pipeline import analysis_document

        files.print_document(analysis_document(analysis))
    else:
        from gamecore.cli.conflict import tell_any

        tell_any(analysis)


@app.command()
def solve(
    file: Game,
    *,
    json: Json = False,
    limit: Annotated[str, typer.Option("--limit", metavar="TIME", help="Longest solve, such as 30s or 2m.")] = "9s",
    form: Annotated[
        Form, typer.Option("--form", help="`strategic` solves a tree's strategic form; `auto` takes what the game is.")
    ] = Form.AUTO,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why nobody moves, who would move first and what it would take.")
    ] = False,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="What nashpy finds on the same game, disagreements explained.")
    ] = False,
    also: Annotated[
        str | None,
        typer.Option(
            "--also",
            metavar="NAMES",
            help="What else to say, with commas between: security, dominance, rationalizable, zero-sum, commitment, "
            "quantal-response, learning, sequential, correlated; or all.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the beginnings that `--also learning` draws.")] = 1,
    kind: GameType = None,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Show a game and its equilibria.

    FILE is a scenario, or a game file: .nfg (strategic form) or .efg (tree). Every equilibrium found is shown with its
    proof; what was not searched within the limit is told.
    """
    from gamecore.cli import solving

    longest = solving.seconds(limit)
    names = solving.further(also)
    data = files.read_bytes(file, solving.MOST_BYTES)
    request = solving.Request(
        file="stdin" if file == files.STDIN else file,
        kind=solving.kind_of(file, data, kind),
        form=form.value,
        levers=tuple(lever),
        explain=explain,
        second_opinion=second_opinion,
        also=names,
        seed=seed,
        seconds=longest,
    )
    document = solving.solved_within(request, data)
    refused = document["status"] == "refused"
    if json:
        files.print_document(document)
    elif not refused:
        from gamecore.cli.telling import tell_solution

        tell_solution(document)
    if refused:
        raise RefusedError("; ".join(document["notes"]))


@app.command()
def convert(
    file: Game,
    out: Annotated[str, typer.Argument(metavar="OUT", help="Where to write; .nfg .efg .graphml .json .dot .xlsx.")],
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Labels in ASCII only, for readers before Gambit 17.")] = False,
    copy: Annotated[
        Copy,
        typer.Option("--copy", help="`shared`: a spreadsheet without what is confidential, a game only if nothing is."),
    ] = Copy.INTERNAL,
    limit: Annotated[str, typer.Option("--limit", metavar="TIME", help="Longest work, such as 30s or 2m.")] = "30s",
    kind: GameType = None,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Write a game for other programs, or a scenario's numbers as a spreadsheet.

    Gambit reads .nfg and .efg; .graphml, .json (node-link) and .dot are the tree for programs that draw. A tree written
    as .nfg is its reduced strategic form; a strategic form written as a tree is one in which everybody moves without
    seeing the others. A spreadsheet (.xlsx) is filled in by people and read back with `gamecore fill`.
    """
    from gamecore.cli import converting

    format = files.file_format(out, ("nfg", "efg", "graphml", "json", "dot", "xlsx"))
    files.writable([out], file)
    shared = copy is Copy.SHARED
    if format == "xlsx":
        data, notes = converting.as_spreadsheet(file, levers=lever, shared=shared)
    else:
        text, notes = converting.converted(
            file, format, kind=kind, levers=lever, plain=plain, shared=shared, limit=limit
        )
        data = text.encode()
    files.write_all({out: data})
    _tell_notes(notes)
    typer.echo(files.shown(f"wrote {out}"))


def _tell_notes(notes: Iterable[str]) -> None:
    for note in notes:
        typer.echo(files.shown(f"note: {note}"), err=True)


@app.command()
def fill(
    file: File,
    spreadsheet: Annotated[str, typer.Argument(metavar="XLSX", help="A spreadsheet that `convert` wrote, filled in.")],
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="OUT", help="Where to write the new scenario; .yaml .yml .json.")
    ],
) -> None:
    """Write the numbers of a filled-in spreadsheet into a scenario; comments and layout stay.

    Cells that say what the file says change nothing; formulas in cells are never run, their stored values count.
    """
    from gamecore.cli.converting import filled_in

    files.file_format(out, ("yaml", "yml", "json"))
    files.writable([out], file)
    files.write_all({out: filled_in(file, spreadsheet)})
    typer.echo(files.shown(f"wrote {out}"))


@app.command()
def brief(
    file: File,
    out: Annotated[
        list[str],
        typer.Option("-o", "--out", metavar="OUT", help="Where to write; .pdf .html .md .png .json; may be repeated."),
    ],
    *,
    copy: Annotated[
        Copy, typer.Option("--copy", help="`shared` leaves out whatever a confidential number reaches.")
    ] = Copy.INTERNAL,
    paper: Annotated[Paper, typer.Option("--paper", help="Paper of PDF and PNG.")] = Paper.A4,
    date: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Date printed on the page.")] = None,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    workers: Workers = 1,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Write the one-page brief.

    The ending of OUT says the format; several outputs come from one analysis.
    """
    formats = {name: files.file_format(name, BRIEF_FORMATS) for name in out}
    files.writable(out, file)
    _check_date(date)
    analysis = _analysis(file, seed, draws, sampling, lever, workers=workers)
    from gamecore.brief import render_with_notes

    printed = {
        name: render_with_notes(analysis, format, copy=copy.value, paper=paper.value, date=date)
        for name, format in formats.items()
    }
    files.write_all({name: page.content for name, page in printed.items()})
    _tell_notes(dict.fromkeys(note for page in printed.values() for note in page.notes))
    for name in out:
        typer.echo(files.shown(f"wrote {name}"))


def _check_date(date: str | None) -> None:
    """Refuse a wrong date before the work is done."""
    import datetime as dt

    if date is not None:
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            raise InputError(f"--date {date}: write a date such as 2021-01-04") from None


@app.command()
def figure(
    file: File,
    kind: Annotated[
        FigureKind, typer.Argument(help="The game tree, the payoff table with best replies, or the frontier.")
    ],
    out: Annotated[str, typer.Option("-o", "--out", metavar="OUT", help="Where to write; .svg .png .pdf.")],
    *,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Draw a figure of the annex."""
    format = files.file_format(out, FIGURE_FORMATS)
    files.writable([out], file)
    analysis = _analysis(file, seed, draws, sampling, lever)
    from gamecore import brief as pages

    files.write_all({out: pages.figure(analysis, kind.value, format)})
    typer.echo(files.shown(f"wrote {out}"))


@app.command()
def information(
    file: File,
    *,
    about: Annotated[
        list[str],
        typer.Option(
            "--about", metavar="NAME", help="An input or event; NAME,NAME are learnt together. May be repeated."
        ),
    ] = [],  # noqa: B006 - typer copies it
    accuracy: Annotated[
        str | None, typer.Option("--accuracy", metavar="CHANCE", help="Also a noisy signal, such as 80%.")
    ] = None,
    seen_by: Annotated[
        list[str], typer.Option("--seen-by", metavar="PLAYER", help="Tell events to this player only; may be repeated.")
    ] = [],  # noqa: B006 - typer copies it
    out: FigureOut = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """What it is worth to know more, to each player alone and in the game.

    Of every uncertain number and every event, or of those asked about; knowing may cost, because all others act too.
    """
    from gamecore.cli.weighing import tell_information, weigh_information

    scenario, found = weigh_information(
        file,
        lever,
        about=about,
        accuracy=accuracy,
        seen_by=seen_by,
        draws=draws,
        seed=seed,
        sampling=sampling.value,
        out=out,
    )
    if json:
        from gamecore.advice.weighing import information_document

        files.print_document(information_document(scenario, found))
    else:
        tell_information(scenario, found)


@app.command()
def waiting(
    file: File,
    *,
    now: Annotated[str, typer.Option("--now", metavar="OPTION", help="The option to act now.")] = "",
    wait: Annotated[str, typer.Option("--wait", metavar="OPTION", help="The option to wait.")] = "",
    same: Annotated[
        str, typer.Option("--same", metavar="OPTION", help="The later option that is the same plan as now.")
    ] = "",
    out: FigureOut = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """What waiting is worth to each player, and why: calendar, conditions, another plan, news, standing by.

    Also what being able to wait is worth in the game, and where waiting stops being better than acting now.
    """
    from gamecore.cli.weighing import tell_waiting, weigh_waiting

    scenario, ways = weigh_waiting(
        file, lever, now=now, wait=wait, same=same, draws=draws, seed=seed, sampling=sampling.value, out=out
    )
    if json:
        from gamecore.advice.weighing import waiting_document

        files.print_document(waiting_document(scenario, ways, draws=draws, seed=seed))
    else:
        tell_waiting(scenario, ways, draws=draws, seed=seed)


@app.command()
def cashflow(
    file: File,
    *,
    option: Annotated[
        str | None, typer.Option("--option", metavar="KEY", help="One option, by its key such as plan=wait.")
    ] = None,
    when: Annotated[
        str | None,
        typer.Option("--when", metavar="NAME=VALUE", help="What holds, such as plan=wait,pandemic=severe."),
    ] = None,
    player: Annotated[str | None, typer.Option("--player", metavar="PLAYER", help="Only this player.")] = None,
    out: Annotated[
        str | None, typer.Option("-o", "--out", metavar="OUT", help="Also write every cash flow; .csv .xlsx.")
    ] = None,
    json: Json = False,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """Every cash flow by year and source: undiscounted, risk-adjusted, discounted; adds up to the option's worth.

    Also what falls within 12 months and 3 years, and what a side with `cash` or a `runway` cannot fund, by month.
    """
    from gamecore.cli.cashflow import find_cash, tell_cash

    scenario, plans = find_cash(file, lever, option=option, when=when, player=player, out=out)
    if json:
        from gamecore.questions.cash import cash_document

        files.print_document(cash_document(scenario, plans))
    else:
        tell_cash(scenario, plans)


@app.command()
def tornado(
    file: File,
    *,
    player: Annotated[
        str | None,
        typer.Option("--player", metavar="PLAYER", help="Whose value the bars show; `together` for the sum."),
    ] = None,
    proposes: Proposes = None,
    out: FigureOut = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """What moves the value of the recommended option, and where the outcome changes.

    Each uncertain number alone from P10 to P90; thresholds are found by solving, also beyond the range.
    """
    from gamecore.cli.sensitivity import find_tornado, tell_tornado

    analysis, found = find_tornado(file, lever, player=player, proposes=proposes, draws=draws, seed=seed, out=out)
    if json:
        from gamecore.advice.sensitivity import sensitivity_document

        files.print_document(sensitivity_document(analysis, found))
    else:
        tell_tornado(analysis, found)


@app.command("map")
def map_(
    file: File,
    *,
    x: Annotated[str, typer.Option("--x", metavar="INPUT", help="Input across; INPUT=LOW..HIGH says from where to.")],
    y: Annotated[str, typer.Option("--y", metavar="INPUT", help="Input upwards, likewise.")],
    proposes: Proposes = None,
    steps: Annotated[int, typer.Option("--steps", min=2, help="Steps of the grid across, 200 at most.")] = 64,
    out: FigureOut = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """The outcome for every pair of values of two inputs, with the area of no agreement."""
    from gamecore.cli.sensitivity import find_map, tell_map

    analysis, found = find_map(file, lever, x=x, y=y, proposes=proposes, steps=steps, draws=draws, seed=seed, out=out)
    if json:
        from gamecore.advice.sensitivity import sensitivity_document

        files.print_document(sensitivity_document(analysis, found))
    else:
        tell_map(analysis, found)


@app.command()
def compromise(
    file: File,
    *,
    decision: Annotated[
        str | None, typer.Option("--decision", metavar="NAME", help="The options of one decision, not whole plans.")
    ] = None,
    rule: Annotated[
        list[str],
        typer.Option(
            "--rule",
            metavar="RULE",
            help="Only this rule: nash, kalai-smorodinsky, egalitarian, proportional or utilitarian; may be repeated.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    weights: Annotated[
        str | None,
        typer.Option("--weights", metavar="PLAYER=NUMBER", help="How much each counts, such as diamond=2,sapphire=1."),
    ] = None,
    lotteries: Annotated[bool, typer.Option("--lotteries", help="Also with options drawn by lot.")] = False,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="OPTION", help="Where trades begin; the plan as it stood if not given."),
    ] = None,
    json: Json = False,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """What both can live with: fair divisions, what each option leaves on the table, payments, trades.

    Over every plan people can name, or the options of one decision, at base values; for our own people only.
    """
    from gamecore.cli.compromise import find_compromises, tell_compromises

    found = find_compromises(
        file, lever, decision=decision, rule=rule, weights=weights, lotteries=lotteries, start=start
    )
    if json:
        from gamecore.questions.compromise import compromise_document

        files.print_document(compromise_document(found))
    else:
        tell_compromises(found)


@app.command()
def levers(
    file: File,
    *,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="OUTCOME", help="Also when this would come about, such as plan=start."),
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs/--no-pairs", help="Also two changes at once.")] = True,
    every: Annotated[bool, typer.Option("--all", help="Every change found, not only the best.")] = False,
    player: Annotated[
        str | None, typer.Option("--player", metavar="PLAYER", help="For this player; the one advised if not given.")
    ] = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Annotated[
        int, typer.Option("--draws", min=1, help="Number of draws for each of the best proposals.")
    ] = 2_000,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """How the game could be changed: what to change, what then happens, to whose gain, and what to say.

    The levers of the file and changes found without them, alone and in pairs, each solved again; what clauses are
    worth; with --target when an outcome would come about. For our own people only.
    """
    from gamecore.cli.levers import find_changes, tell_changes

    found = find_changes(file, lever, target=target, pairs=pairs, player=player, draws=draws, seed=seed)
    if json:
        from gamecore.questions.lever_document import changes_document

        files.print_document(changes_document(found))
    else:
        tell_changes(found, every=every)


@app.command()
def partner(
    file: File,
    out: Annotated[
        list[str],
        typer.Option("-o", "--out", metavar="OUT", help="Also write the partner's page; .pdf .html .md .png .json."),
    ] = [],  # noqa: B006 - typer copies it
    *,
    player: Annotated[
        str | None,
        typer.Option("--player", metavar="NAME", help="Whose seat; the first player not advised if not given."),
    ] = None,
    copy: Annotated[
        Copy, typer.Option("--copy", help="`internal` only: the page shows our estimate of the partner's values.")
    ] = Copy.INTERNAL,
    paper: Annotated[Paper, typer.Option("--paper", help="Paper of PDF and PNG.")] = Paper.A4,
    date: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Date printed on the page.")] = None,
    json: Json = False,
    seed: Seed = 1,
    draws: Draws = 10_000,
    sampling: Spread = Sampling.LATIN_HYPERCUBE,
    lever: Levers = [],  # noqa: B006 - typer copies it
) -> None:
    """The partner's seat: what the partner prefers, answers to each of our moves, and can say.

    With -o also the partner's page: the brief of the same file with the partner advised. The partner's values are those
    of the file, so they are our estimate: for our own people only.
    """
    from gamecore.cli.partner import find_partner, tell_partner

    _check_date(date)
    found = find_partner(
        file,
        lever,
        player=player,
        copy=copy.value,
        out=out,
        paper=paper.value,
        date=date,
        seed=seed,
        draws=draws,
        sampling=sampling.value,
    )
    if json:
        from gamecore.questions.partner import partner_document

        files.print_document(partner_document(found))
    else:
        tell_partner(found)


@app.command()
def new(
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="OUT", help="Where to write the scenario; standard output if not given."),
    ] = None,
) -> None:
    """Ask the four questions, write a scenario file."""
    from gamecore.cli.asking import ask, check_replacing
    from gamecore.scenario import new_scenario

    if out is not None:
        files.writable([out], files.STDIN)
        check_replacing(out)
    text = new_scenario(ask())
    if out is None:
        files.print_text(text)
    else:
        files.write_all({out: text.encode()})
        typer.echo(files.shown(f"wrote {out}; next: gamecore check {out}"), err=True)


@app.command()
def schema(
    *, analysis: Annotated[bool, typer.Option("--analysis", help="That of `analyse --json` instead.")] = False
) -> None:
    """Print the JSON Schema that editors use."""
    if analysis:
        from gamecore.pipeline import analysis_schema

        files.print_document(analysis_schema())
    else:
        from gamecore.scenario import json_schema

        files.print_document(json_schema())


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8000,
    *,
    max_body_bytes: Annotated[int | None, typer.Option("--max-body-bytes", min=1, help="Largest request body.")] = None,
    max_draws: Annotated[
        int | None, typer.Option("--max-draws", min=1, help="Most draws a request may ask for.")
    ] = None,
    solve_seconds: Annotated[float | None, typer.Option("--solve-seconds", min=0.001, help="Longest solve.")] = None,
    solves_at_once: Annotated[int | None, typer.Option("--solves-at-once", min=1, help="Worker processes.")] = None,
    max_waiting: Annotated[
        int | None, typer.Option("--max-waiting", min=0, help="Requests that may wait for one.")
    ] = None,
) -> None:
    """Start the REST service. Limits not given come from GAMECORE_... variables, else from their defaults."""
    from gamecore.cli.serving import start

    limits = {
        "max_body_bytes": max_body_bytes,
        "max_draws": max_draws,
        "solve_seconds": solve_seconds,
        "solves_at_once": solves_at_once,
        "max_waiting": max_waiting,
    }
    start(host, port, {name: value for name, value in limits.items() if value is not None})
