"""What keeps a report from leaving: the rules, nobody whom it reaches, and what failed the last time it was tried."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pdca.failure import Failure, code_of, in_words
from pdca.fingerprint import is_as_frozen
from pdca.i18n import N_, _
from pdca.not_arrived import messages_of
from pdca.notify.outbox import holders
from pdca.report.audiences import hidden_from, told_of, withheld_names
from pdca.report.plans import opened
from pdca.restricted import kept_from
from pdca.schedules.information_moments import ended
from pdca.schedules.manner import Manner, audience_of, restricted
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, partners, people, plans
from pdca.words import Told, need_fields
from workflows.guards import Need
from workflows.instants import from_text
from workflows.need import Param

_KEPT_BACK: Final = "report-kept-back"
_REPRESENTS_NO_MORE: Final = "represents-no-more"


def party_and_decision(connection: Connection, plan: Row, moment: Row, number: int | None) -> tuple[Row, Row]:
    """Load who is informed, and by which decision; of a moment that a file states, what holds without one."""
    party = connection.one(partners.PARTY, party_id=moment["party_id"]) or {}
    if number is None:
        return party, _undecided(plan, moment)
    return party, connection.one(information.DECISION, plan_id=moment["plan_id"], number=number) or {}


def _undecided(plan: Row, moment: Row) -> Row:
    if moment["due_at"] is None:
        return {}
    time = from_text(moment["due_at"]).astimezone(ZoneInfo(plan["zone"])).time()
    manner = Manner(from_json(moment["method"]))
    return {"number": None, **manner.columns(), "time": time.isoformat("minutes"), "zone": plan["zone"]}


def withheld(plan: Row, party: Row, decision: Row) -> bool:
    """Tell whether a restricted plan is kept from a party, for which the group decided nothing else."""
    return kept_from(plan, audience_of(party, decision["method"]), decided=bool(decision["although_restricted"]))


def is_withheld(plan: Row, party: Row, decision: Row) -> tuple[Need, ...]:
    """Ask that the plan is not kept from the party; it may have become restricted since that was decided."""
    return (restricted(plan),) if withheld(plan, party, decision) else ()


def kept_back(connection: Connection, report: Row) -> tuple[Need, ...]:
    """Tell why a report may not leave, or not lie where it was written: it was let go, or what `may_leave` asks."""
    plan = connection.one(plans.PLAN, plan_id=report["plan_id"]) or {}
    moment = connection.one(information.MOMENT, information_id=report["information_id"]) or {}
    party, decision = party_and_decision(connection, plan, moment, report["schedule_number"])
    gone = (standing(report),) if report["status"] in ("replaced", "cancelled") else ()
    return (*gone, *may_leave(connection, plan, party, decision, report))


def may_leave(connection: Connection, plan: Row, party: Row, decision: Row, report: Row) -> tuple[Need, ...]:
    """Ask that the party may be informed, and still is, and that the report is what was prepared and tells no more.

    What arrived before the group decided to inform the party no longer may stay where it is.
    """
    return (
        *is_withheld(plan, party, decision),
        *(still_informed(connection, report, party) if report["status"] != "informed" else ()),
        *still_fit(connection, plan, report),
    )


def still_informed(connection: Connection, row: Row, party: Row) -> tuple[Need, ...]:
    """Ask that the party of a report or moment is informed, as far as its project group decided about it."""
    decisions = connection.all(information.DECISIONS, plan_id=row["plan_id"])
    last = next((one for one in reversed(decisions) if one["party_id"] == row["party_id"]), None)
    if last is None or not ended(last):
        return ()
    return (
        Need(
            "informed-no-longer",
            N_("The project group decided that “%(name)s” is informed no longer."),
            {"plan": row["plan_id"], **_named(party)},
            N_("If it is to be informed all the same, decide so anew."),
            "pdca information set %(plan)s --for %(party)s --method … --date … --reason …",
        ),
    )


def _named(party: Row) -> dict[str, Param]:
    return {"party": party["party_id"], "name": from_json(party["name"])}


def standing(report: Row) -> Need:
    """Say in what status a report is, that it ought not to be in."""
    texts = {
        "prepared": N_("%(report)s was not approved yet."),
        "approved": N_("%(report)s was approved already."),
        "sent": N_("%(report)s was sent already."),
        "informed": N_("The receipt of %(report)s was recorded already."),
        "replaced": N_("%(report)s was prepared anew since; it is not sent any more."),
        "cancelled": N_("%(report)s was cancelled; it is not sent any more."),
    }
    return Need(
        f"report-{report['status']}",
        texts[report["status"]],
        {"report": report["report_id"]},
        N_("This shows where it stands."),
        "pdca information report %(report)s",
    )


def is_altered(report: Row) -> tuple[Need, ...]:
    """Ask that the pages of a report are what was prepared; where somebody's name was erased since, they are not."""
    if is_as_frozen(report):
        return ()
    return (
        Need(
            "report-altered",
            N_("%(report)s is not what was prepared any more."),
            {"report": report["report_id"], "information": report["information_id"]},
            N_("Prepare it anew."),
            "pdca information prepare %(information)s",
        ),
    )


def still_fit(connection: Connection, plan: Row, report: Row) -> tuple[Need, ...]:
    """Ask that a report is what was prepared, and tells nothing that was withheld from its readers since."""
    altered = is_altered(report)
    if altered:
        return altered
    rubrics = map(opened, connection.all(plans.RUBRICS, plan_id=plan["plan_id"]))
    hidden = hidden_from(report["audience"], opened(plan), rubrics)
    there = connection.all(plans.ACTIVITIES, plan_id=plan["plan_id"])
    if not told_of(from_json(report["facts"]), withheld_names(hidden, there)):
        return ()
    return (
        Need(
            "report-tells-withheld",
            N_("%(report)s tells what has been withheld from its readers since it was prepared."),
            {"report": report["report_id"], "information": report["information_id"]},
            N_("Prepare it anew, without that."),
            "pdca information prepare %(information)s",
        ),
    )


def reaches_nobody(connection: Connection, report: Row, party: Row, now: datetime) -> tuple[Need, ...]:
    """Ask that a mail reaches somebody: whoever represents the party at `now`, at an address."""
    if report["method"] != "mail":
        return ()
    there = holders(connection, party["party_id"], now)
    if not there:
        return (
            Need(
                "nobody-represents",
                N_("Nobody represents “%(name)s”, so a mail reaches nobody."),
                _named(party),
                N_("Say who represents it, or decide on another method."),
                "pdca person appoint PERSON %(party)s",
            ),
        )
    if any(row["email"] for row in connection.all(people.PEOPLE) if row["person_id"] in there):
        return ()
    return (
        Need(
            "no-address-to-inform",
            N_("Nobody who represents “%(name)s” has an e-mail address, so a mail reaches nobody."),
            _named(party),
            N_("Give an address in a file of people, or decide on another method."),
            "pdca import FILE",
        ),
    )


def not_gone(connection: Connection, now: datetime, plan_id: str | None = None) -> dict[str, list[Told]]:
    """Give by report, of one plan or of all, what keeps it from going, as fields in the language of the reader.

    A report that only waits for somebody to approve, to post or to present it is not among them.
    """
    names = {row["person_id"]: str(row["name"]) for row in connection.all(people.PEOPLE)}
    found: dict[str, list[Told]] = defaultdict(list)
    for row in connection.all(information.OPEN):
        if plan_id in (None, row["plan_id"]):
            for need in _needs(connection, row, names, now):
                found[row["report_id"]].append(need_fields(need))
    return found


def _needs(connection: Connection, row: Row, names: dict[str, str], now: datetime) -> Iterator[Need]:
    mailed = (row["status"], row["method"]) == ("sent", "mail")
    mails = messages_of(connection, row["plan_id"], row["report_id"]) if mailed else []
    leaves = row["status"] == "approved" and row["method"] != "meeting"
    if row["status"] == "prepared" or leaves or any(mail["status"] == "pending" for mail in mails):
        report = connection.one(information.REPORT, report_id=row["report_id"]) or {}
        plan = connection.one(plans.PLAN, plan_id=row["plan_id"]) or {}
        moment = connection.one(information.MOMENT, information_id=row["information_id"]) or {}
        party, decision = party_and_decision(connection, plan, moment, report["schedule_number"])
        yield from may_leave(connection, plan, party, decision, report)
        if row["status"] == "prepared":
            yield from reaches_nobody(connection, report, party, now)
        elif report["failure"]:
            yield _failed(row, report["failure"])
    if mailed and not mails:
        yield _none_left(row)
    yield from (_given_up(row, mail, names) for mail in mails if mail["status"] == "dead")


def _none_left(row: Row) -> Need:
    """Say that nothing is left of the mails of a report: whoever was to have it was erased."""
    return Need(
        "no-mail-left",
        N_("No mail with %(report)s is left."),
        {"report": row["report_id"], "information": row["information_id"]},
        N_("Prepare it anew."),
        "pdca information prepare %(information)s",
    )


def _failed(row: Row, failure: str) -> Need:
    return Need(
        "hand-over-failed",
        N_("%(report)s could not be handed over: %(reason)s"),
        {"report": row["report_id"], "reason": in_words(failure)},
        N_("It is tried again at every run of the scheduler; or now, once that is mended:"),
        "pdca information send %(report)s",
    )


def report_kept_back(needs: tuple[Need, ...]) -> Failure:
    """Say why a mail does not leave with its report: the first of what keeps that back."""
    first = needs[0]
    why = Failure(first.code, first.text, first.params)
    return Failure(_KEPT_BACK, N_("the report is kept back: %(reason)s"), {"reason": why})


def represents_no_more() -> Failure:
    """Say that a mail does not leave, for its recipient stands for the party no more."""
    return Failure(_REPRESENTS_NO_MORE, N_("the recipient does not represent the party any more"))


def _given_up(row: Row, mail: Row, names: dict[str, str]) -> Need:
    error = mail["last_error"]
    text = N_("The mail to %(person)s was given up: %(reason)s.")
    # What is told in whole sentences brings its own full stop.
    reason = in_words(error).removesuffix(".") if error else _("[erased]")
    params = {"person": names[mail["person_id"]], "reason": reason}
    if error and code_of(error) in (_KEPT_BACK, _REPRESENTS_NO_MORE):
        # Let go again it would be given up again.
        return Need(
            "mail-given-up",
            text,
            {**params, "information": row["information_id"]},
            N_("Prepare it anew."),
            "pdca information prepare %(information)s",
        )
    return Need(
        "mail-given-up",
        text,
        {**params, "message": mail["notification_id"]},
        N_("Once that is mended, an administrator lets it go again:"),
        "pdca notify retry %(message)s --reason …",
    )
