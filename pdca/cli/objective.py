"""`pdca objective`: the objectives that were candidates, and what was decided over each."""

from typing import Final

import click

from pdca.cli.cells import legend, some_of
from pdca.cli.context import Context
from pdca.cli.finding import find_objective, find_programme
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Block, Column, Heading, Row, emit_object
from pdca.cli.programme_evaluation import said
from pdca.i18n import N_, _, localized
from pdca.programme import words
from pdca.report.completeness import held_back
from pdca.report.plans import listed
from pdca.report.programme import View, objectives, phenomena
from pdca.report.programme_evaluations import origin
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.words import marked

objective = Group(
    "objective",
    short_help=N_("List the objectives, and decide which are retained."),
    lazy={
        "add": ("pdca.cli.objective_change:add", N_("Add a candidate objective to a programme.")),
        "set": ("pdca.cli.objective_change:set_", N_("Change what is said of an objective, or where it stands.")),
        "remove": ("pdca.cli.objective_change:remove", N_("Remove an objective that was added by mistake.")),
    },
)


def _disposition(row: Row) -> str:
    above = row["plan_id"] or row["parent_id"]
    if row["disposition"] in {None, "candidate"} and above is not None:
        return _("follows %(objective)s") % {"objective": above}
    return words.disposition(row["disposition"])


def _title(row: Row) -> str:
    return marked(localized(row["title"]), row["assumed"])


COLUMNS: Final = (
    Column("objective_id", N_("Objective"), whole=True),
    Column("level", N_("Level"), show=lambda row: localized(row["level_label"])),
    Column("disposition", N_("Disposition"), show=_disposition),
    Column("title", N_("Title"), show=_title),
    Column("motive", N_("Motive")),
)
FIELDS: Final = (
    *(Column(name, name) for name in ("objective_id", "programme_id", "parent_id", "level", "disposition")),
    *(Column(name, name) for name in ("decided_on", "decided_by", "motive", "evidence", "watch", "phenomenon_id")),
    *(Column(name, name) for name in ("internal", "title", "assumed")),
)


@objective.command(
    "list",
    cls=ListCommand,
    short_help=N_("List every objective with what was decided over it, also what was not retained."),
)
@click.option("--programme", "programme_word", metavar="PROGRAMME", help=N_("Only those of this programme."))
@click.option("--disposition", type=click.Choice(tuple(words.DISPOSITION)), help=N_("Only those decided so."))
@pass_context
def list_(context: Context, programme_word: str | None, disposition: str | None) -> None:
    """List the objectives."""
    with open_house(context).reading() as connection:
        wanted = find_programme(connection, programme_word) if programme_word else None
        rows = [
            _with_last_decision(row)
            for row in objectives(connection)
            if wanted in (None, row["programme_id"]) and disposition in (None, row["disposition"])
        ]
    emit_rows(
        context,
        "objectives",
        COLUMNS,
        FIELDS,
        rows,
        empty=_("There are no such objectives."),
    )


def _with_last_decision(row: View) -> View:
    last = row["decisions"][-1] if row["decisions"] else {}
    return {**row, **{name: last.get(name) for name in ("decided_on", "decided_by", "motive", "evidence", "watch")}}


@objective.command(
    "show",
    cls=Command,
    short_help=N_("Show an objective with every decision over it, and what is worked out under it."),
)
@click.argument("word", metavar="OBJECTIVE")
@pass_context
def show(context: Context, word: str) -> None:
    """Show one objective."""
    with open_house(context).reading() as connection:
        view = _whole(connection, find_objective(connection, word, under_plans=True))
    emit_object(context, "pdca.objective/1", view, human=lambda: _page(view))


def _whole(connection: Connection, objective_id: str) -> View:
    every = objectives(connection)
    view = next(row for row in every if row["objective_id"] == objective_id)
    names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
    return {
        **view,
        "phenomenon": _phenomenon(phenomena(connection), view["phenomenon_id"]),
        "origin": origin(connection, objective_id),
        "decisions": [{**one, "decided_by_name": names.get(one["decided_by"])} for one in view["decisions"]],
        "plan": next((_brief(row, "plan_id") for row in listed(connection) if row["plan_id"] == view["plan_id"]), None),
        "objectives": [_brief(row, "objective_id") for row in every if row["parent_id"] == objective_id],
        "plans": [_brief(row, "plan_id") for row in listed(connection) if row["objective_id"] == objective_id],
        "activities": [
            {**_brief(row, "activity_id"), "title": from_json(row["title"]), "assumed": bool(row["assumed"])}
            for row in connection.all(plans.ACTIVITIES, plan_id=view["plan_id"])
            if row["objective_id"] == objective_id
        ],
    }


def _phenomenon(tree: list[View], wanted: str | None) -> View | None:
    for one in tree:
        if one["phenomenon_id"] == wanted:
            return _brief(one, "phenomenon_id")
        if found := _phenomenon(one["phenomena"], wanted):
            return found
    return None


def _brief(row: View, identity: str) -> View:
    return {identity: row[identity], "title": row["title"], "assumed": row["assumed"]}


def _page(view: View) -> list[Block]:
    blocks: list[Block] = [
        Heading(f"{view['objective_id']}  {_title(view)}"),
        _("%(level)s of %(programme)s") % {"level": localized(view["level_label"]), "programme": view["programme_id"]},
        _("Disposition: %(disposition)s") % {"disposition": _disposition(view)},
    ]
    if view["plan"]:
        blocks.append(_("Plan: %(value)s") % {"value": f"{view['plan']['plan_id']} {_title(view['plan'])}"})
    if view["note"]:
        blocks.append(_("Note: %(note)s") % {"note": view["note"]})
    if view["phenomenon"]:
        named = f"{_title(view['phenomenon'])} ({view['phenomenon']['phenomenon_id']})"
        blocks.append(_("Phenomenon: %(phenomenon)s") % {"phenomenon": named})
    if view["origin"]:
        blocks += _origin(view["origin"])
    if view["objectives"]:
        blocks += [Heading(_("Objectives under it")), *_named(view["objectives"], "objective_id")]
    if view["plans"]:
        blocks += [Heading(_("Action plans")), *_named(view["plans"], "plan_id")]
    if view["activities"]:
        blocks += [Heading(_("Activities")), *_named(view["activities"], "activity_id")]
    if view["decisions"]:
        blocks.append(Heading(_("Decisions")))
        for one in view["decisions"]:
            blocks += _decision(one)
    shown = [view, *view["objectives"], *view["plans"], *view["activities"], *view["decisions"]]
    shown += [view[name] for name in ("phenomenon", "origin", "plan") if view[name]]
    return [*blocks, *legend(any(row.get("assumed") for row in shown))]


def _origin(theme: View) -> list[Block]:
    head = _("From %(evaluation)s, theme “%(theme)s”") % {"evaluation": theme["evaluation_id"], "theme": _title(theme)}
    return [Heading(head), *(f"  {line}" for line in said({**theme, "objectives": []}))]


def _named(rows: list[View], identity: str) -> list[Block]:
    return [f"  {row[identity]} {_title(row)}" for row in rows]


def _decision(one: View) -> list[Block]:
    by = localized(one["decided_by_name"]) if one["decided_by_name"] else one["decided_by"]
    head = _("%(date)s: %(disposition)s, decided by %(by)s") % {
        "date": one["decided_on"],
        "disposition": words.disposition(one["disposition"]),
        "by": by,
    }
    blocks: list[Block] = ["  " + marked(head, one["assumed"])]
    parts = {
        "motive": _("Motive: %(text)s"),
        "evidence": _("Evidence: %(text)s"),
        "watch": _("Still watched: %(text)s"),
    }
    return [*blocks, *("    " + part % {"text": one[name]} for name, part in parts.items() if one[name])]


motive_option = click.option("--motive", required=True, help=N_("Why; it is kept and shown."))
by_option = click.option("--by", required=True, help=N_("Who decided: a party that is known here, or its name."))
on_option = click.option("--on", "decided_on", required=True, metavar="DATE", help=N_("When, as far as it is known."))
evidence_option = click.option("--evidence", help=N_("What the decision rests on."))


@objective.command(
    "retain",
    cls=Command,
    short_help=N_("Retain an objective, so that plans under it can start."),
    help=N_(
        "Record that an objective was retained, so that plans under it can start. Every decision is kept and the "
        "latest holds: what was not retained can return."
    ),
)
@click.argument("word", metavar="OBJECTIVE")
@motive_option
@by_option
@on_option
@evidence_option
@dry_run_option
@pass_context
def retain(
    context: Context,
    word: str,
    motive: str,
    by: str,
    decided_on: str,
    evidence: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Retain an objective."""
    _decide(context, word, ("retained", motive, evidence, decided_on, by, None), dry_run=dry_run)


@objective.command(
    "decide",
    cls=Command,
    short_help=N_("Record what was decided over an objective: retained, daily operations, …"),
    help=N_(
        "Record what was decided over an objective: that it is retained, goes to daily operations (then --watch says "
        "what is still watched there), becomes a point of attention, or is dropped. What was not retained stays listed."
    ),
)
@click.argument("word", metavar="OBJECTIVE")
@click.option("--disposition", required=True, type=click.Choice(words.DECIDED), help=N_("What becomes of it."))
@motive_option
@by_option
@on_option
@evidence_option
@click.option("--watch", help=N_("What is still watched; daily operations need it."))
@dry_run_option
@pass_context
def decide(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    word: str,
    disposition: str,
    motive: str,
    by: str,
    decided_on: str,
    evidence: str | None,
    watch: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Decide over an objective."""
    _decide(context, word, (disposition, motive, evidence, decided_on, by, watch), dry_run=dry_run)


def _decide(
    context: Context, word: str, decision: tuple[str, str, str | None, str, str, str | None], *, dry_run: bool
) -> None:
    from pdca.programme.retain import Retain

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_objective(connection, word)
    with house.performing(Retain(wanted, *decision), dry_run=dry_run) as (uow, outcome):
        waiting = held_back(uow.connection, wanted)
    check(outcome, wanted, dry_run=dry_run)
    lines = [
        _("%(objective)s: %(before)s → %(after)s")
        % {
            "objective": wanted,
            "before": words.disposition(outcome.summary["before"]),
            "after": words.disposition(outcome.summary["disposition"]),
        }
    ]
    if waiting:
        lines.append(
            _("These plans cannot start unless what they serve is retained: %(plans)s.") % {"plans": some_of(waiting)}
        )
    emit_done(context, "pdca.objective-decided/1", outcome, lines, dry_run=dry_run, more={"plans_held_back": waiting})
