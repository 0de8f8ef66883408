"""The scripted project groups of the demo: who starts, records, concludes and decides, when, and how late.

They know no more than a real group would: they look at the state of their plans and act some days later, through the
same commands as everybody. What they write is invented and says so.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from pdca import methods
from pdca.engine import Command, Outcome
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.evaluations.known_figures import known_figures
from pdca.exchange.document import Document
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import read_plan
from pdca.exchange.plan_records import Plan
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.plans.watch import LookAgain
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations, people, plans
from scheduler import amend, cast_cycle, cast_informing
from scheduler.cast_cycle import INVENTED
from workflows.instants import from_text
from workflows.method import pick
from workflows.schedule import due_instant

NO_FIGURE: Final = INVENTED + "geen cijfer van voor het plan gepubliceerd."
OFFICE_HOURS: Final = time(10, 30)
AFTERNOON: Final = time(15, 0)
APPROVERS: Final = ("korpschef", "zonaal_commissaris", "programmamanager")
"""Who approves a step, the first who does not lead the plan."""

# Days between what happens and what the group does about it; the method allows 14 to record and 30 to decide.
RECORDS_AFTER: Final = 6
CONCLUDES_AFTER: Final = 2
DECIDES_AFTER: Final = 9
MENDS_AFTER: Final = 4
STARTS_LATE: Final = {"AP-HRM": 45, "AP-GAUW": 12}
RECORDS_LATE: Final = {"AP-VERKEER": 25, "AP-IFG": 17, "AP-ZUIDSTATION": 8}
MENDS_LATE: Final = {"AP-RADICAL": 200, "AP-MMM": 310}
"""A plan that waits so long is in Plan on its evaluation date: recorded as missed, and escalated."""


MENDINGS: Final[dict[str, Callable[[Plan], Plan]]] = {
    "AP-BOSPARK": lambda plan: amend.with_indicator(plan, "drug_feiten", NO_FIGURE),
    "AP-RADICAL": lambda plan: amend.with_indicator(plan, "onveiligheidsgevoel", NO_FIGURE),
    "AP-ZUIDSTATION": amend.with_ends,
    "AP-MMM": lambda plan: amend.with_member(plan, "huisvesting"),
}
"""How a group makes its plan ready after the first refusal."""

MISSED_MOMENTS: Final = {"AP-RADICAL": "2023-12-15"}
"""When a plan is evaluated for which no moment to come was published."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Something done on a fixed day: by a person who holds a function, to the plan of a slug."""

    day: str
    slug: str
    function: str
    command: Callable[[str, Row | None], Command]


def _extension(_plan_id: str, moment: Row | None) -> Command:
    assert moment is not None  # noqa: S101 - the script names a plan with a moment to come
    return RequestExtension(
        moment["evaluation_id"], date(2022, 5, 16), INVENTED + "de ongevallencijfers van het gewest komen pas in mei."
    )


def _approval(_plan_id: str, moment: Row | None) -> Command:
    assert moment is not None  # noqa: S101 - as above
    return ApproveExtension(moment["evaluation_id"], INVENTED + "akkoord, zonder cijfers is er niets te evalueren.")


def _trigger(trigger: str, reason: str) -> Callable[[str, Row | None], Command]:
    return lambda plan_id, _moment: Advance(plan_id, trigger, attempt=Attempt(INVENTED + reason))


FIXED: Final = (
    Fixed("2021-01-11", "AP-GAUW", "projectleider", _trigger("suspend", "de ploegen handhaven de coronamaatregelen.")),
    Fixed("2021-05-03", "AP-GAUW", "projectleider", _trigger("resume", "de reizigers zijn terug.")),
    Fixed("2022-03-01", "AP-VERKEER", "projectleider", _extension),
    Fixed("2022-03-03", "AP-VERKEER", "korpschef", _approval),
    *(Fixed(one.day, one.slug, one.function, one.command) for one in cast_informing.DECISIONS),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a group decides in Adjust, and the next evaluation that it fixes with that."""

    trigger: str
    attempt: Attempt
    following: date | None = None


@dataclass(order=True)
class Act:
    """One thing somebody will do; ordered by when."""

    at: datetime
    number: int
    do: Callable[[House], object] = field(compare=False)


class ProjectGroups:
    """The cast of the demo, over the document as published (with what was found)."""

    def __init__(self, published: Document, current: Document) -> None:
        self.published = {placed.plan.id: placed.plan for placed in published.all_plans()}
        self.current = current
        self.agenda: list[Act] = []
        self.planned: set[tuple[Any, ...]] = set()
        self.number = 0
        self.refusals = 0

    def next_act(self, connection: Connection, now: datetime) -> datetime | None:
        """Look at every plan, put what its group will do on the agenda, and tell when the first of it happens."""
        rows = {row["plan_id"]: row for row in connection.all(plans.PLANS)}
        for row in rows.values():
            self._plan(connection, row, now)
        for plan_id, step in cast_informing.steps(connection):
            day = step.at.date()
            self._once(step.name, _office(day), partial(self._inform, row=rows[plan_id], step=step, day=day))
        for one in FIXED:
            self._once(("fixed", one.day, one.slug), _office(date.fromisoformat(one.day)), self._fixed(one))
        return self.agenda[0].at if self.agenda else None

    def act(self, house: House, now: datetime) -> None:
        """Do everything whose time has come."""
        while self.agenda and self.agenda[0].at <= now:
            heapq.heappop(self.agenda).do(house)

    def _once(self, key: tuple[Any, ...], at: datetime, do: Callable[[House], object]) -> None:
        if key not in self.planned:
            self.planned.add(key)
            self.number += 1
            heapq.heappush(self.agenda, Act(at, self.number, do))

    def _plan(self, connection: Connection, row: Row, now: datetime) -> None:
        plan_id, slug = row["plan_id"], row["slug"]
        since = from_text(row["state_since"])
        if row["state"] == "plan":
            first = max(date.fromisoformat(row["period_start"]), (since + timedelta(days=3)).date())
            day = first + timedelta(days=STARTS_LATE.get(slug, 0))
            self._once(("predict", plan_id, row["cycle"]), _before(day), lambda house: self._predict(house, row))
            self._once(
                ("approve", plan_id, row["cycle"]), _before(day), lambda house: self._approve(house, row, "start")
            )
            self._once(("start", plan_id, row["cycle"]), _office(day), lambda house: self._start(house, row))
        elif row["state"] == "check":
            self._check(connection, row, now)
        elif row["state"] == "adjust":
            day = (since + timedelta(days=DECIDES_AFTER)).date()
            self._once(("end", plan_id, row["cycle"]), _before(day), lambda house: self._approve_end(house, row))
            self._once(("decide", plan_id, row["cycle"]), _office(day), lambda house: self._decide(house, row))
        elif row["state"] == "daily_operations":
            again = (connection.one(plans.PLAN, plan_id=plan_id) or {})["watch_again"]
            day = date.fromisoformat(again)
            self._once(("look again", plan_id, again), _office(day), lambda house: self._look_again(house, row, day))

    def _check(self, connection: Connection, row: Row, now: datetime) -> None:
        for moment in connection.all(evaluations.OF_PLAN, plan_id=row["plan_id"]):
            if moment["cycle"] != row["cycle"]:
                continue
            key = moment["evaluation_id"]
            if moment["status"] == "open":
                days = RECORDS_LATE.get(row["slug"], RECORDS_AFTER)
                at = _office((from_text(moment["opened_at"]) + timedelta(days=days)).date())
                self._once(("record", key), max(at, now), partial(self._record, row=row, moment=moment))
            elif moment["status"] == "recorded":
                at = _office((from_text(moment["recorded_at"]) + timedelta(days=CONCLUDES_AFTER)).date())
                self._once(("conclude", key), at, lambda house: self._conclude(house, row))

    def _start(self, house: House, row: Row) -> None:
        reason = INVENTED + "het actieplan is uitgewerkt en de projectgroep is samengesteld."
        outcome = self._as_lead(house, row, "start", Attempt(reason))
        mending = MENDINGS.get(row["slug"])
        if not outcome.refusal or mending is None:
            return
        days = MENDS_LATE.get(row["slug"], MENDS_AFTER)
        with house.reading() as connection:
            at = _office((house.now(connection) + timedelta(days=days)).date())
        self._once(("mend", row["plan_id"]), at, lambda later: self._mend(later, row, mending))

    def _mend(self, house: House, row: Row, mending: Callable[[Plan], Plan]) -> None:
        """Add what was missing; that voids an approval given before, so the plan is approved anew."""
        self._amend(house, row["slug"], mending)
        if missed := MISSED_MOMENTS.get(row["slug"]):
            self._fix_moment(house, row, missed)
        with house.reading() as connection:
            day = (house.now(connection) + timedelta(days=MENDS_AFTER)).date()
        attempt = Attempt(INVENTED + "wat ontbrak is aangevuld.")
        self._once(("approve again", row["plan_id"]), _before(day), lambda later: self._approve(later, row, "start"))
        self._once(
            ("start again", row["plan_id"]), _office(day), lambda later: self._as_lead(later, row, "start", attempt)
        )

    def _approve(self, house: House, row: Row, purpose: str) -> None:
        with house.reading() as connection:
            lead = (connection.one(plans.PLAN, plan_id=row["plan_id"]) or {})["lead_id"]
            approver = _somebody(connection, list(APPROVERS), but_not=lead)
        reason = INVENTED + "gelezen en akkoord bevonden."
        self._do(house, approver, Approve(row["plan_id"], purpose, reason))

    def _approve_end(self, house: House, row: Row) -> None:
        purpose = self._decision(house, row).trigger
        with house.reading() as connection:
            now = house.now(connection)
            decisions = list(cast_cycle.decisions(connection, row["plan_id"], now, purpose))
        for decision in decisions:
            self._do(house, self._lead(house, row), decision)
        if purpose == "continue":
            self._predict(house, row)
        if purpose in ("close", "embed"):
            self._approve(house, row, purpose)

    def _record(self, house: House, row: Row, moment: Row) -> None:
        with house.reading() as connection:
            lead = connection.one(plans.PLAN, plan_id=row["plan_id"]) or {}
            group = [member["party_id"] for member in connection.all(plans.GROUP, plan_id=row["plan_id"])]
            recorder = _somebody(connection, [*group, "analist"], but_not=lead["lead_id"])
            taken = known_figures(connection, row, house.now(connection))
            findings = self._findings(row["slug"], moment)
            command = cast_cycle.recording(connection, row, moment, recorder, findings, taken)
        self._do(house, recorder, command)

    def _predict(self, house: House, row: Row) -> None:
        self._do(house, self._lead(house, row), cast_cycle.prediction(row["plan_id"]))

    def _conclude(self, house: House, row: Row) -> None:
        with house.reading() as connection:
            answers = list(cast_cycle.answers(connection, row["plan_id"], house.now(connection).date()))
        for answer in answers:
            self._do(house, self._lead(house, row), answer)
        reason = INVENTED + "de bevindingen zijn in de projectgroep besproken."
        self._as_lead(house, row, "conclude", Attempt(reason))

    def _look_again(self, house: House, row: Row, day: date) -> None:
        found = INVENTED + "het loopt goed in de dagelijkse werking."
        self._do(house, self._lead(house, row), LookAgain(row["plan_id"], day.replace(year=day.year + 1), found))

    def _inform(self, house: House, row: Row, step: cast_informing.Step, day: date) -> None:
        with house.reading() as connection:
            person = _somebody(connection, [step.party]) if step.party else self._lead(house, row)
            command = step.command(connection, day)
        self._do(house, person, command)

    def _findings(self, slug: str, moment: Row) -> str:
        for published in self.published[slug].evaluations:
            if (published.kind, published.date.text) == (moment["kind"], moment["stated_date"]) and published.findings:
                return "; ".join(pick(finding.text, "nl") for finding in published.findings)
        return INVENTED + "er werd niets gepubliceerd over deze evaluatie."

    def _decide(self, house: House, row: Row) -> None:
        decision = self._decision(house, row)
        if decision.following is not None:
            following = decision.following.isoformat()
            self._fix_moment(house, row, following)
        self._as_lead(house, row, decision.trigger, decision.attempt)

    def _decision(self, house: House, row: Row) -> Decision:
        """Tell what the group makes of the evaluation it has concluded."""
        with house.reading() as connection:
            now = house.now(connection)
            moments = connection.all(evaluations.OF_PLAN, plan_id=row["plan_id"])
        last = max((one for one in moments if one["cycle"] == row["cycle"]), key=lambda one: one["opened_at"])
        to_come = [one for one in moments if one["status"] == "planned" and from_text(one["due_at"]) > now]
        ends = date.fromisoformat(row["period_end"])
        if row["slug"] == "AP-FIETS":
            reason = INVENTED + "de brigade rijdt; het werk hoort voortaan bij de dagelijkse werking."
            return Decision("embed", Attempt(reason, watch="fietsen", watch_again=date(2021, 12, 31)))
        if to_come and last["kind"] == "final_of_lead":
            reason = INVENTED + "de coördinatie gaat naar safe.brussels; de aanpak wordt herbekeken."
            return Decision("replan", Attempt(reason))
        if to_come:
            return Decision("continue", Attempt(INVENTED + "de aanpak werkt en loopt door."))
        if last["kind"] != "final" and ends > now.date() + timedelta(days=120):
            following = min(date(now.year + 1, 12, 15), ends - timedelta(days=14))
            reason = INVENTED + "de projectgroep legde een volgende evaluatie vast."
            return Decision("continue", Attempt(reason), following)
        return Decision("close", Attempt(INVENTED + "de looptijd is voorbij en het plan is geëvalueerd."))

    def _amend(self, house: House, slug: str, change: Callable[[Plan], Plan]) -> None:
        self.current = amend.one_plan(self.current, slug, change)
        # Whoever founded the installation looks after the programme and imports what the group wrote.
        house.apply(ImportDocument(amend.only(self.current, slug)))

    def _fix_moment(self, house: House, row: Row, day: str) -> None:
        # Whoever leads the plan fixes the moment, and no import.
        with house.reading() as connection:
            document = plan_document(connection, row["plan_id"])
            known = known_in(connection)
            definition = methods.of_plan(connection, row)
        moment = {"date": day, "kind": "yearly", "planned": True, "assumed": True}
        document["plan"].setdefault("evaluations", []).append(moment)
        placed = read_plan(yaml_text(document, ""), known=known, definition=definition)
        self._do(house, self._lead(house, row), EditPlan(row["plan_id"], placed))

    def _lead(self, house: House, row: Row) -> str:
        with house.reading() as connection:
            lead = (connection.one(plans.PLAN, plan_id=row["plan_id"]) or {})["lead_id"]
            return _somebody(connection, [lead])

    def _as_lead(self, house: House, row: Row, trigger: str, attempt: Attempt) -> Outcome:
        return self._do(house, self._lead(house, row), Advance(row["plan_id"], trigger, attempt=attempt))

    def _fixed(self, one: Fixed) -> Callable[[House], object]:
        def do(house: House) -> Outcome:
            with house.reading() as connection:
                plan = next(row for row in connection.all(plans.PLANS) if row["slug"] == one.slug)
                moments = connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"])
                person = _somebody(connection, [one.function])
            coming = next((moment for moment in moments if moment["status"] == "planned"), None)
            return self._do(house, person, one.command(plan["plan_id"], coming))

        return do

    def _do(self, house: House, person: str, command: Command) -> Outcome:
        outcome = replace(house, as_person=person).apply(command)
        self.refusals += bool(outcome.refusal)
        return outcome


def _office(day: date) -> datetime:
    return due_instant(day, OFFICE_HOURS, "Europe/Brussels")


def _before(day: date) -> datetime:
    """The afternoon before a day on which something is done."""
    return due_instant(day - timedelta(days=1), AFTERNOON, "Europe/Brussels")


def _somebody(connection: Connection, parties: list[str], but_not: str | None = None) -> str:
    """Find a person who holds one of the parties, in their order, and does not hold the one excluded."""
    held = connection.all(people.APPOINTMENTS)
    excluded = {row["person_id"] for row in held if row["party_id"] == but_not}
    for party in parties:
        for row in held:
            if row["party_id"] == party and row["person_id"] not in excluded:
                return str(row["person_id"])
    message = f"nobody in the cast holds {', '.join(parties)}"
    raise LookupError(message)
