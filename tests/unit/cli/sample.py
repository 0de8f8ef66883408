"""Commands made for the tests, in the program's own frame: `python -m tests.unit.cli.sample sample list`."""

import sys
from collections.abc import Iterator
from datetime import date

import click

from pdca.cli.context import Context
from pdca.cli.frame import Group, ListCommand, dry_run_option, pass_context, yes_option
from pdca.cli.main import main, root
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_list, emit_object
from pdca.errors import Conflict, Failed, NotFound, PartlySent, Place, Refused, TryAgain
from pdca.log import configure, get_logger

sample = Group("sample", short_help="Commands made for the tests.")

COLUMNS = (
    Column("plan", "Plan", whole=True),
    Column("title", "Title"),
    Column("state", "State", show=lambda row: str(row["state"]).upper()),
    Column("late", "Late"),
    Column("members", "Members"),
    Column("days", "Days", right=True),
)
ROWS: tuple[Row, ...] = (
    {
        "plan": "P-001",
        "title": {"nl": "Fietsdiefstal terugdringen in de stationsbuurt", "fr": "Réduire les vols de vélos à la gare"},
        "state": "do",
        "late": False,
        "members": ["lead", "analyst"],
        "days": 12,
    },
    {
        "plan": "P-002",
        "title": 'a\ttab, a\nline, a \\ and "quotes" \x1b]0;x\x07 [red]',
        "state": "check",
        "late": True,
        "members": [],
        "days": None,
    },
)
FAILURES = {
    "failed": Failed(
        "disk-full", "The disk is full.", hint="Make room.", place=Place("zone.yaml", 3, 7, "plans[0].id")
    ),
    "refused": Refused(
        "needs-unmet",
        "P-001 cannot start yet.\n  - Rubric “\x1b[2Jvictims” is empty.",
    ).naming(({"code": "rubric-empty"}, {"code": "no-activity", "since": date(2025, 3, 1)})),
    "not-found": NotFound("plan-unknown", "There is no plan P-9.", hint="See `pdca plan list`."),
    "conflict": Conflict("plan-changed", "Somebody else changed P-001."),
    "partly": PartlySent("partly-sent", "1 of 2 was sent."),
    "later": TryAgain("database-busy", "The database is busy."),
}


@sample.command("list", cls=ListCommand, short_help="List.")
@click.option("--none", is_flag=True)
@pass_context
def list_(context: Context, none: bool) -> None:
    emit_list(context, "plans", COLUMNS, () if none else ROWS, more={"total": 2}, empty="There are no plans.")


@sample.command("show", short_help="Show.")
@pass_context
def show(context: Context) -> None:
    def human() -> Iterator[Block]:
        yield Heading("P-001 Fietsdiefstal")
        yield "  A sentence that is certainly too long for a narrow screen of forty cells, with P-001 in it. \x1b[2J"
        yield Table(COLUMNS, ROWS)

    emit_object(context, "pdca.plan/1", {"plan": "P-001", "title": {"nl": "Fiets", "en": "Bicycle"}}, human)


@sample.command("told", short_help="Show what the context tells.")
@pass_context
def told(context: Context) -> None:
    now = context.requested_now
    fields = {
        "database": context.database_url,
        "lang": context.language,
        "as": context.as_person,
        "opened_at": context.opened_at.isoformat(),
        "now": context.clock.now().isoformat(),
        "requested_now": now and now.isoformat(),
    }
    emit_object(context, "pdca.told/1", fields)


@sample.command("change", short_help="Change something.")
@dry_run_option
@yes_option
@pass_context
def change(context: Context, dry_run: bool, yes: bool) -> None:
    if not dry_run:
        context.confirm("Change it?", yes=yes)
    emit_object(context, "pdca.changed/1", {"changed": not dry_run})


@sample.command("fail", short_help="Fail.")
@click.argument("how", type=click.Choice(sorted(FAILURES)))
def fail(how: str) -> None:
    raise FAILURES[how]


@sample.command("number", short_help="Take a number.")
@click.option("--days", type=int, required=True)
def number(days: int) -> None:
    click.echo(days)


@sample.command("crash", short_help="Fall over.")
@click.option("--motive")
def crash(motive: str | None) -> None:
    message = f"postgresql://zone:hunter2@db/zone is away; {len(motive or '')}"
    raise RuntimeError(message)


@sample.command("interrupt", short_help="Be interrupted.")
def interrupt() -> None:
    raise KeyboardInterrupt


@sample.command("leave", short_help="Leave with a status of its own.")
@pass_context
def leave(context: Context) -> None:
    context.exit(10)


@sample.command("long", cls=ListCommand, short_help="Write much.")
@pass_context
def long(context: Context) -> None:
    emit_list(context, "plans", (Column("plan", "Plan"),), ({"plan": f"P-{number}"} for number in range(200_000)))


@sample.command("talk", short_help="Write a log.")
@pass_context
def talk(context: Context) -> None:
    configure(context.settings.log_format, clock=context.clock, colour="NO_COLOR" not in context.environ)
    get_logger("sample", tick=7).info("mail sent", db_password="hunter2", url="smtp://me:hunter2@mail.example")  # noqa: S106


# Hidden: pages made from the commands, in the same process, are not to show it.
sample.hidden = True
root.add_command(sample)

if __name__ == "__main__":
    sys.exit(main())
