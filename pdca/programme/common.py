"""What every decision about a programme has in common: who may record it, and how dates and titles are given."""

from collections.abc import Collection, Mapping
from datetime import datetime

from pdca.engine import Desk
from pdca.errors import NoRight, Usage
from pdca.i18n import N_, _
from pdca.programme.words import HANDED_IN
from pdca.shapes import check_one_line
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.reads import people, plans, programme
from pdca.unknown import unknown_objective, unknown_programme
from workflows.need import Need, blank
from workflows.schedule import ScheduleError, StatedDate, parse_stated


def must_be_in_charge(desk: Desk, what: str) -> None:
    """Refuse anybody but administrators and whoever heads the body or answers for it, or acts for who does.

    `what` is marked by `N_` and goes on from “may”.
    """
    if desk.actor.access == "administrator" and desk.actor.on_behalf_of is None:
        return
    if not _stands(desk, {"chief", "authority"}):
        raise NoRight(
            "not-in-charge",
            _("Only an administrator, or whoever heads the body or answers for it, may %(what)s.") % {"what": _(what)},
            hint=_("Ask one of them; `pdca person list` shows who they are."),
            actor=desk.actor,
        )


def heads_the_body(desk: Desk) -> bool:
    """Tell whether the actor heads the body, or acts for who does; then what follows is in that name."""
    return _stands(desk, {"chief"})


def _stands(desk: Desk, roles: Collection[str]) -> bool:
    """Tell whether the actor holds a party of one of the roles, or acts for who does; raises Usage for several."""
    parties = {row["party_id"] for row in desk.connection.all(programme.IN_CHARGE) if row["escalation"] in roles}
    today = local_day(desk.connection, desk.uow.now).isoformat()
    held = desk.connection.all(people.STANDINGS, person_id=desk.actor.person_id, today=today)
    by_whom = {row["absent_id"] for row in held if row["party_id"] in parties}
    if desk.actor.on_behalf_of is not None:
        by_whom &= {desk.actor.on_behalf_of}
    if by_whom and None not in by_whom:
        if len(by_whom) > 1:
            raise Usage(
                "several-absent",
                _("You act for several people who may do this: %(people)s.") % {"people": ", ".join(sorted(by_whom))},
                hint=_("Say for whom, with --on-behalf-of PERSON."),
            )
        desk.act_for(by_whom.pop())
        return True
    return bool(by_whom)


def find_programme(connection: Connection, programme_id: str) -> Row:
    """Load a programme; raises NotFound."""
    found = connection.one(programme.PROGRAMME, programme_id=programme_id)
    if found is None:
        raise unknown_programme(programme_id)
    return found


def find_objective(connection: Connection, objective_id: str) -> Row:
    """Load an objective; raises NotFound."""
    found = connection.one(plans.OBJECTIVE, objective_id=objective_id)
    if found is None:
        raise unknown_objective(objective_id)
    return found


def stated(text: str, now: datetime, connection: Connection, *, past: bool = True) -> StatedDate:
    """Read a date as it is stated, "2020-03-12" or "2020-03"; with `past` it must not lie wholly after today.

    Raises Usage.
    """
    try:
        found = parse_stated(text)
    except ScheduleError as error:
        raise Usage("date-unreadable", _("“%(text)s” is no date.") % {"text": text}, hint=_(error.hint)) from error
    if past and found.first_day > local_day(connection, now):
        raise Usage(
            "date-to-come",
            _("%(text)s is still to come.") % {"text": text},
            hint=_("Record what was decided once it is."),
        )
    return found


def filled(code: str, what: str, text: str, hint: str = N_("State it.")) -> str:
    """Give a text back that says something; raises Usage otherwise.

    `what` is marked by `N_` and begins a sentence; `hint` is marked so too.
    """
    if not text.strip():
        raise Usage(code, _("%(what)s: nothing is stated.") % {"what": _(what)}, hint=_(hint))
    return text


def check_title(code: str, title: Mapping[str, str]) -> None:
    """Refuse a title that says nothing or is more than one line; raises Usage. `title` maps a language to a text."""
    for text in title.values() or ("",):
        check_one_line(_("The title"), filled(code, N_("The title"), text))


def without_motive(programme_row: Row, reason: str | None, of: Mapping[str, str], command: str) -> tuple[Need, ...]:
    """Say that what authorities have before them, or have approved, is put otherwise with a motive only.

    `command` is the template of the command line that gives one, filled by `of`.
    """
    if programme_row["status"] not in HANDED_IN or not blank(reason):
        return ()
    return (
        Need(
            "handed-in-without-motive",
            N_("%(programme)s was handed in for approval: what it says is changed with a motive only."),
            {"programme": programme_row["programme_id"], **of},
            N_("Say why. What changes its substance is decided by the authorities, as an addendum."),
            command,
        ),
    )
