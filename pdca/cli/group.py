"""`pdca group`: who works on a plan; each change is one of the document of the plan."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import click

from pdca.cli.cells import Column, Row, legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, dry_run_option, pass_context, reason_option
from pdca.cli.given import emit_done
from pdca.cli.house import find_plan, lines, open_house
from pdca.cli.output import Block, Heading, Table, emit_object
from pdca.cli.party import find_party, kind
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.cli.words import parse_day, title
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _, localized
from pdca.store.reads import plans
from pdca.words import marked, need_fields, spoken

ROLES: Final = {"lead": N_("project leader"), "deputy": N_("deputy"), "member": N_("member")}

Member = dict[str, Any]

group = Group("group", short_help=N_("Show and change the project group of a plan."))


def _who(row: Row) -> str:
    name = marked(localized(row["name"]), row["assumed"])
    return name if row["kind"] == "function" else f"{name} ({kind(row)})"


def _since(row: Row) -> str:
    days = {"from": row["from_date"], "until": row["until_date"]}
    if row["from_date"] and row["until_date"]:
        return _("%(from)s until %(until)s") % days
    if row["from_date"]:
        return _("from %(from)s") % days
    return _("until %(until)s") % days if row["until_date"] else ""


def _people(row: Row) -> str:
    return ", ".join(marked(one["name"], one["assumed"]) for one in row["people"]) or _("nobody")


MEMBERS: Final = (
    Column("party_id", N_("Party"), whole=True),
    Column("name", N_("Who"), show=_who),
    Column(
        "discipline",
        N_("Discipline"),
        show=lambda row: marked(row["discipline"], row["discipline_assumed"]) if row["discipline"] else "",
    ),
    Column("role", N_("Role"), show=lambda row: spoken(ROLES, row["role"])),
    Column("from_date", N_("In the group"), show=_since),
    Column("people", N_("Held by"), show=_people),
)


@group.command(
    "show",
    cls=Command,
    short_help=N_("Show the project group of a plan."),
    help=N_(
        "Show the project group of a plan: by function, organisation and discipline, with leader and deputies, since "
        "when and until when, who was in it, and by when it is to be set up."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def show(context: Context, plan_word: str) -> None:
    """Show the project group."""
    from pdca.report.groups import of_plan

    house = open_house(context)
    with house.reading() as connection:
        row = connection.one(plans.PLAN, plan_id=find_plan(connection, plan_word)) or {}
        found, lacking = of_plan(connection, row, house.now(connection), house.actor(connection))
    view = {**found, "needs": [need_fields(need) for need in lacking]}
    emit_object(context, "pdca.group/1", view, human=lambda: _page(view))


def _page(view: dict[str, Any]) -> list[Block]:
    present = [row for row in view["members"] if row["present"]]
    absent = [row for row in view["members"] if not row["present"]]
    blocks: list[Block] = [Heading(f"{view['plan']}  {title(view)}")]
    blocks.append(_table(present) if present else _("Nobody is in the project group."))
    if absent:
        blocks += [Heading(_("Not in it today")), _table(absent)]
    words = {"disciplines": ", ".join(view["disciplines"]) or "-"}
    blocks.append(
        (
            _("Multidisciplinary: %(disciplines)s.")
            if view["multidisciplinary"]
            else _("Not multidisciplinary: %(disciplines)s.")
        )
        % words
    )
    if view["group_by"]:
        late = view["deadline"] and view["deadline"]["late"]
        template = (
            _("It is complete; it was to be set up by %(date)s.")
            if not view["needs"]
            else _("It was to be set up by %(date)s, and is late.")
            if late
            else _("It is to be set up by %(date)s.")
        )
        blocks.append(template % {"date": view["group_by"]})
    if view["needs"]:
        blocks.append(_("What is missing:") + "".join(lines(view["needs"])))
    assumed = view["assumed"] or any(row["assumed"] or row["discipline_assumed"] for row in view["members"])
    return [*blocks, *legend(assumed)]


def _table(members: list[Row]) -> Table:
    """Lay out members; when they came and go is only shown where that is said of any."""
    dated = any(_since(row) for row in members)
    return Table(tuple(column for column in MEMBERS if dated or column.key != "from_date"), members)


@group.command(
    "add",
    cls=Command,
    short_help=N_("Add a function or a stakeholder to the project group."),
    help=N_(
        "Add a function or a stakeholder to the project group, or change how it is in it. Who left and comes back is "
        "in it again; that it was away stands in the log. What is not said stays as it is."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("party_word", metavar="PARTY")
@click.option("--deputy/--no-deputy", default=None, help=N_("As deputy of the project leader, or not any more."))
@click.option("--from", "from_", metavar="DATE", help=N_("From this day on; left out, what was stated stays."))
@click.option("--until", metavar="DATE", help=N_("Until before this day."))
@dry_run_option
@pass_context
def add(
    context: Context,
    plan_word: str,
    party_word: str,
    deputy: bool | None,  # noqa: FBT001 - a flag of the command line
    from_: str | None,
    until: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a member."""
    first, last = parse_day("--from", from_), parse_day("--until", until)
    if first and last and last <= first:
        raise Usage(
            "dates-backwards",
            _("%(until)s does not lie after %(from)s.") % {"until": last, "from": first},
            hint=_("Give the first day, and the first day on which it is over."),
        )

    def change(written: Written, party: str) -> None:
        member = {
            "party": party,
            "role": None if deputy is None else "deputy" if deputy else "member",
            "from": first,
            "until": last,
        }
        said = {name: str(value) for name, value in member.items() if value is not None}
        if deputy and written.plan.get("lead") == party:
            raise Usage(
                "deputy-of-self",
                _("%(party)s leads the plan, and cannot be its own deputy.") % {"party": party},
                hint=_("Name another party."),
            )
        members = written.plan.setdefault("group", [])
        here = next((index for index, one in enumerate(members) if _party(one) == party), len(members))
        old = members[here] if here < len(members) else {}
        kept = _kept(old if isinstance(old, dict) else {}, written.today, first)
        members[here : here + 1] = [{**kept, **said}]

    template = _("%(party)s is deputy of the project leader.") if deputy else _("%(party)s is in the project group.")
    _change(context, plan_word, party_word, change, template, dry_run=dry_run)


def _kept(old: Member, today: date, first: date | None) -> Member:
    """What stays of a membership where nothing else is said; one that is over begins anew, with nothing of before."""
    until = date.fromisoformat(old["until"]) if old.get("until") else None
    over = until is not None and (until <= today or (first is not None and first >= until))
    return {} if over else old


@group.command(
    "remove",
    cls=Command,
    short_help=N_("Let a membership of the project group end."),
    help=N_(
        "Let a membership of the project group end, today or on another day. Who was in the group stays in it as "
        "somebody who was."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("party_word", metavar="PARTY")
@click.option("--on", "on_", metavar="DATE", help=N_("The first day on which it is over; otherwise today."))
@dry_run_option
@pass_context
def remove(
    context: Context,
    plan_word: str,
    party_word: str,
    on_: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Let a membership end."""
    asked = parse_day("--on", on_)

    def change(written: Written, party: str) -> None:
        day = asked or written.today
        members = written.plan.get("group", [])
        here = next((index for index, one in enumerate(members) if _party(one) == party), None)
        if here is None:
            raise NotFound(
                "not-in-group",
                _("%(party)s is not in the project group of %(plan)s.") % {"party": party, "plan": written.plan_id},
                hint=_("`pdca group show %(plan)s` shows who is.") % {"plan": written.plan_id},
            )
        old: Member = members[here] if isinstance(members[here], dict) else {"party": party}
        if old.get("until") and date.fromisoformat(old["until"]) <= day:
            raise Usage(
                "left-group-already",
                _("%(party)s is in the project group until %(day)s only.") % {"party": party, "day": old["until"]},
                hint=_("Name an earlier day."),
            )
        if old.get("from") and date.fromisoformat(old["from"]) >= day:
            # It never began: there is nothing of which a history could stay.
            del members[here]
        else:
            members[here] = {**old, "until": day.isoformat()}

    _change(context, plan_word, party_word, change, _("%(party)s leaves the project group."), dry_run=dry_run)


@group.command(
    "lead",
    cls=Command,
    short_help=N_("Let a function or stakeholder lead a plan."),
    help=N_("Let a function or a stakeholder lead a plan. That the lead passed to it, and when, stays with the plan."),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("party_word", metavar="PARTY")
@reason_option
@dry_run_option
@pass_context
def lead(
    context: Context,
    plan_word: str,
    party_word: str,
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Let a party lead."""

    def change(written: Written, party: str) -> None:
        before = written.plan.get("lead")
        if before == party:
            return
        written.plan["lead"] = party
        members = written.plan.get("group", [])
        # Whoever leads is nobody's deputy.
        written.plan["group"] = [
            party if isinstance(one, dict) and one["party"] == party and one.get("role") == "deputy" else one
            for one in members
        ]
        if before is not None:
            handovers = written.plan.setdefault("handovers", [])
            handovers.append({"to": party, "date": written.today.isoformat()})

    template = _("%(party)s leads the plan.")
    _change(context, plan_word, party_word, change, template, reason=reason, dry_run=dry_run)


@group.command(
    "discipline",
    cls=Command,
    short_help=N_("State which discipline a function or stakeholder brings in."),
    help=N_(
        "State which discipline a function or a stakeholder brings in, in every project group that it is in; a group "
        "needs several of them. Only an administrator does this."
    ),
)
@click.argument("party_word", metavar="PARTY")
@click.argument("text", metavar="DISCIPLINE")
@dry_run_option
@pass_context
def discipline(
    context: Context,
    party_word: str,
    text: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """State a discipline."""
    from pdca.people.discipline import StateDiscipline

    house = open_house(context)
    with house.reading() as connection:
        party = str(find_party(connection, party_word)["party_id"])
    outcome = house.apply(StateDiscipline(party, text), dry_run=dry_run)
    words = _("%(party)s brings in: %(discipline)s.") % outcome.summary
    emit_done(context, "pdca.discipline/1", outcome, [words], dry_run=dry_run)


def _change(
    context: Context,
    plan_word: str,
    party_word: str,
    change: Callable[[Written, str], None],
    words: str,
    *,
    reason: str | None = None,
    dry_run: bool,
) -> None:
    house = open_house(context)
    with house.reading() as connection:
        party = str(find_party(connection, party_word)["party_id"])
    found = rewrite_plan(house, plan_word, lambda one: change(one, party), reason=reason, dry_run=dry_run)
    said = f"{found.outcome.summary['plan']}: {words % {'party': party}}"
    emit_rewritten(context, "pdca.group-changed/1", found, {"party": party}, said, dry_run=dry_run)


def _party(member: str | Member) -> str:
    return member if isinstance(member, str) else str(member["party"])
