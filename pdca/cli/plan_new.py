"""`pdca plan new`: a plan with a title and a period, to be filled in afterwards."""

from typing import Any

import click

from pdca.cli.context import Context
from pdca.cli.finding import find_programme
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import language_given, note, title_option, titles, what_came
from pdca.cli.house import open_house
from pdca.cli.naming import free_slug
from pdca.cli.output import Block, Row, emit_object
from pdca.cli.plan_document import on_the_command_line
from pdca.cli.words import DRY_RUN
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.report.gaps import outside
from pdca.store.driver import Connection
from pdca.store.driver import Row as Stored
from pdca.store.reads import plans
from pdca.unknown import unknown_objective
from pdca.words import need_fields


@click.command(
    "new",
    cls=Command,
    short_help=N_("Make a new plan."),
    help=N_(
        "Make a new plan under an objective, or under its programme where the method has no objectives above plans, by "
        "an administrator or by whoever holds the function that leads it. Without a period it has that of its "
        "programme; without --id it is called after its title. The title is in the language of --lang, otherwise in "
        "that of the organisation."
    ),
)
@title_option
@click.option("--objective", help=N_("The objective that it serves."))
@click.option(
    "--programme",
    "programme_word",
    metavar="PROGRAMME",
    help=N_("The programme, where there are several and the method has no objectives above plans."),
)
@click.option("--id", "wanted", metavar="SLUG", help=N_("What it is called in files; made from the title otherwise."))
@click.option("--lead", metavar="PARTY", help=N_("The function or stakeholder that leads it."))
@click.option("--period", metavar="START/END", help=N_("From the first to the last day: 2026-01-01/2026-12-31."))
@dry_run_option
@pass_context
def new(
    context: Context,
    texts: tuple[str, ...],
    objective: str | None,
    programme_word: str | None,
    wanted: str | None,
    lead: str | None,
    period: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Make a plan."""
    from pdca import methods
    from pdca.exchange.editing import CreatePlan
    from pdca.exchange.known import known_in
    from pdca.exchange.plan_file import plan_of
    from pdca.exchange.values import FORMAT, is_plan_number

    house = open_house(context)
    with house.reading() as connection:
        programme = _programme(connection, objective, programme_word)
        language = language_given(context, connection)
        title = titles("--title", texts, language)
        plan: dict[str, Any] = {
            "id": wanted
            or free_slug(
                next(iter(title.values())),
                {row["slug"].casefold() for row in connection.all(plans.PLAN_NAMES)},
                is_plan_number,
            ),
            "title": title,
            "period": _period(period, programme),
        }
        if lead:
            plan["lead"] = lead
        document = {"pdca": FORMAT, "language": language, "plan": plan}
        if objective is not None:
            document["objective"] = objective
        with on_the_command_line():
            placed = plan_of(document, known_in(connection), methods.of_plan(connection, programme), _("the new plan"))
    with house.performing(CreatePlan(placed, programme["programme_id"]), dry_run=dry_run) as (uow, outcome):
        warnings = [need_fields(need) for need in outside(uow.connection, outcome.summary["plan"])]
    view = {
        **outcome.summary,
        "objective": objective,
        "period": plan["period"],
        **({"warnings": warnings} if warnings else {}),
        **what_came(outcome, dry_run=dry_run),
    }
    emit_object(context, "pdca.plan-new/1", view, human=lambda: _made(view))
    note(context, warnings)


def _made(view: Row) -> list[Block]:
    blocks: list[Block] = [_("%(plan)s (%(slug)s) is made.") % view]
    if view["dry_run"]:
        return [*blocks, _(DRY_RUN)]
    return [
        *blocks,
        _("Next: `pdca plan edit %(plan)s` to fill it in; `pdca plan why-not %(plan)s` says what it lacks.") % view,
    ]


def _programme(connection: Connection, objective: str | None, word: str | None) -> Stored:
    """Find the programme of the objective, or the one that is named; raises Usage for an objective that is missing."""
    from pdca import methods

    wanted = None if objective is None else connection.one(plans.OBJECTIVE, objective_id=objective)
    if objective is not None and wanted is None:
        raise unknown_objective(objective)
    every = connection.all(plans.PROGRAMMES)
    direct = [one["programme_id"] for one in every if not methods.of_plan(connection, one).above_plan]
    if wanted:
        programme_id = wanted["programme_id"]
    elif word is None and len(direct) == 1:
        (programme_id,) = direct
    else:
        programme_id = find_programme(connection, word) if word or direct else None
    if wanted is None and programme_id not in direct:
        raise Usage(
            "objective-not-named",
            _("This does not say which objective the plan serves."),
            hint=_("Name it with --objective; `pdca objective list` shows them all."),
        )
    return next(one for one in every if one["programme_id"] == programme_id)


def _period(text: str | None, programme: Stored) -> dict[str, str]:
    if text is None:
        return {"from": programme["period_start"], "to": programme["period_end"]}
    first, slash, last = text.partition("/")
    if not slash:
        raise Usage(
            "bad-period",
            _("“%(text)s” is no period.") % {"text": text},
            hint=_("Write the first and the last day with / between them: 2026-01-01/2026-12-31."),
        )
    return {"from": first.strip(), "to": last.strip()}
