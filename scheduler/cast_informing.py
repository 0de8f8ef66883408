"""Whom the scripted groups of the demo inform of the progress made, and what they and their partners do about it.

All of it is invented, by which it is marked: of the zone itself no schedule is known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pdca.engine import Command
from pdca.information.approve import ApproveReport
from pdca.information.receive import RecordReceipt
from pdca.partners.reaction import Answer, React
from pdca.schedules.inform import SetInformation
from pdca.schedules.manner import Manner
from pdca.schedules.working_out import Wish
from pdca.store.driver import Connection, Row
from pdca.store.reads import information, partners
from scheduler.cast_cycle import INVENTED
from workflows.instants import from_text
from workflows.schedule import parse_stated

APPROVES_AFTER: Final = 2
APPROVES_LATE: Final = {("AP-IFG", "2024-02-01"): 20}
"""A report that waits so many days to be approved is overdue, and escalated."""

RECEIPT_AFTER: Final = 1
FRIDAY: Final = 4
REFERENCES: Final = {"letter": "aangetekende zending 1", "meeting": "verslag van het overleg, punt 4"}
RECEIVED_BY: Final = INVENTED + "de vaste contactpersoon."
REACTS_AFTER: Final = 5
ANSWERS_AFTER: Final = 9
REACTIONS: Final = {
    ("AP-HOTSPOT", "huisvesting"): (
        "in ons overzicht van Peterbos ontbreekt blok 9.",
        "blok 9 staat in het volgende verslag.",
    ),
    ("AP-GAUW", "mivb"): (
        "kan het verslag ook de cijfers per metrostation geven?",
        "die cijfers vragen we op bij de federale politie.",
    ),
}
"""What a partner says back to the first report it is sent, and what it is answered."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a group decides on a day, by one who holds a function in it: whom to inform of a plan, how and when."""

    day: str
    slug: str
    function: str
    party: str
    manner: Manner
    wish: Wish
    why: str

    def command(self, plan_id: str, _moment: Row | None) -> Command:
        """Give the decision as a command."""
        return SetInformation(plan_id, self.party, self.manner, self.wish, INVENTED + self.why)


def _on(*days: str) -> Wish:
    return Wish(dates=tuple(parse_stated(day) for day in days))


def _yearly(months: str, day: int) -> Wish:
    return Wish(rules=(f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={day}",), roll="next")


DECISIONS: Final = (
    Decided(
        *("2021-03-01", "AP-VERKEER", "projectleider", "bevolking"),
        Manner("web"),
        _yearly("5", 15),
        "de bevolking leest elk jaar op de website hoever het plan staat.",
    ),
    Decided(
        *("2021-05-04", "AP-GAUW", "projectleider", "mivb"),
        Manner("mail", by_itself=True),
        _yearly("6,12", 15),
        "de MIVB krijgt elk halfjaar een verslag, zonder dat iemand het nog nakijkt.",
    ),
    Decided(
        *("2022-01-10", "AP-IFG", "projectleider", "parket"),
        Manner("letter"),
        _yearly("2", 1),
        "het parket vraagt elk jaar een verslag op papier.",
    ),
    Decided(
        *("2023-09-18", "AP-ZUIDSTATION", "nccn", "nmbs"),
        Manner("meeting"),
        _on("2024-01-16", "2024-09-10"),
        "de NMBS hoort het op het overleg over het station.",
    ),
    Decided(
        *("2024-01-22", "AP-HOTSPOT", "pijler_operationeel", "huisvesting"),
        Manner("mail"),
        _on("2024-05-06", "2024-11-04", "2025-05-05"),
        "de huisvestingsmaatschappij beheert de blokken en wil meedenken.",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does about a report: when, who (a party that he or she holds; None: whoever leads the plan)."""

    name: tuple[str, ...]
    at: datetime
    party: str | None
    command: Callable[[Connection, date], Command]


def steps(connection: Connection) -> Iterator[tuple[str, Step]]:
    """Give, with its plan, what is to be done about each report as it stands."""
    for report in connection.all(information.EVERY_REPORT):
        for step in _of_report(report):
            yield report["plan_id"], step


def _of_report(report: Row) -> Iterator[Step]:
    name, status, key = report["report_id"], report["status"], (report["slug"], report["party_id"])
    if status == "prepared":
        days = APPROVES_LATE.get((report["slug"], report["due_date"]), APPROVES_AFTER)
        reason = INVENTED + "gelezen en akkoord bevonden."
        yield _step(("approve", name), report["prepared_at"], days, lambda _c, _d: ApproveReport(name, reason))
    elif status in ("approved", "sent") and report["method"] in REFERENCES:
        reference = INVENTED + REFERENCES[report["method"]]
        yield _step(
            ("receipt", name),
            report["approved_at"],
            RECEIPT_AFTER,
            lambda _c, day: RecordReceipt(name, day, reference, RECEIVED_BY),
        )
    elif status == "informed" and key in REACTIONS:
        said, answer = (INVENTED + text for text in REACTIONS[key])
        plan_id, party = report["plan_id"], report["party_id"]
        yield _step(
            ("react", *key),
            report["sent_at"],
            REACTS_AFTER,
            lambda _c, day: React(plan_id, party, day, said, name),
            party,
        )
        yield _step(
            ("answer", *key),
            report["sent_at"],
            ANSWERS_AFTER,
            lambda connection, _d: Answer(_first_reaction(connection, plan_id, party), answer),
        )


def _step(
    name: tuple[str, ...],
    since: str,
    days: int,
    command: Callable[[Connection, date], Command],
    party: str | None = None,
) -> Step:
    at = from_text(since) + timedelta(days=days)
    weekend = max(at.weekday() - FRIDAY, 0)
    return Step(("report", *name), at + timedelta(days=3 - weekend if weekend else 0), party, command)


def _first_reaction(connection: Connection, plan_id: str, party: str) -> str:
    rows = connection.all(partners.REACTIONS, plan_id=plan_id)
    return next(str(row["reaction_id"]) for row in rows if row["party_id"] == party)
