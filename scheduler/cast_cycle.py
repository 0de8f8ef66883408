"""What the scripted groups of the demo write about their cycles: what they expect, find, decide and leave to follow up.

All of it is invented and says so.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from pdca.cycles.decide import DecideActivity
from pdca.cycles.follow_up import AnswerFollowUp, RaiseFollowUp
from pdca.cycles.predict import Predict
from pdca.engine import Command
from pdca.evaluations.capacity import Stated
from pdca.evaluations.known_figures import Taken
from pdca.evaluations.record import RecordEvaluation
from pdca.plans.facts import undecided
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, plans

INVENTED: Final = "Voorbeeld, niet van de zone: "
LENT: Final = INVENTED + "een deel van de ploeg was elders ingezet."
SHORT_OF_PEOPLE: Final = ("AP-VERKEER", "AP-IFG")
ANSWERED_WITHIN: Final = timedelta(days=90)


def prediction(plan_id: str) -> Command:
    """What a group expects of the cycle that begins."""
    return Predict(plan_id, INVENTED + "tegen de evaluatie verwachten we minder feiten dan in het jaar ervoor.")


def recording(
    connection: Connection, row: Row, moment: Row, recorder: str, effect: str, taken: Mapping[str, Taken]
) -> RecordEvaluation:
    """What is found at an evaluation: effective where a figure is known, and short of people in some plans."""
    measured = any("value" in result for result in taken.values())
    measured_by = connection.all(plans.PLAN_INDICATORS, plan_id=row["plan_id"])
    unknown = [one["indicator_id"] for one in measured_by if one["indicator_id"] not in taken]
    short = row["slug"] in SHORT_OF_PEOPLE
    return RecordEvaluation(
        moment["evaluation_id"],
        "effective" if measured else "inconclusive",
        INVENTED + ("niet alles kon doorgaan: er was te weinig capaciteit." if short else "uitgevoerd zoals gepland."),
        effect,
        "daily_work" if short and measured else "unclear",
        INVENTED
        + (
            "de daling is te danken aan het goede dagelijkse werk, niet aan dit plan."
            if short and measured
            else "niet nagegaan in hoeverre het plan zelf de oorzaak is."
        ),
        INVENTED + "ook waar het plan niet liep, daalden de feiten." if short and measured else "",
        INVENTED + ("minder dan gepland." if short else "ingezet zoals gepland."),
        {name: {"missing": INVENTED + "geen cijfer gepubliceerd."} for name in unknown},
        list(_deployed(connection, row["plan_id"], int(moment["due_date"][:4]), short=short)),
        INVENTED + "cijfers vroeger opvragen." if measured else None,
        [{"person": recorder}, {"party": "analist"}],
    )


def decisions(connection: Connection, plan_id: str, now: datetime, trigger: str) -> Iterator[Command]:
    """What Adjust makes of each activity and leaves to the next cycle; without one, nothing is left open."""
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    if trigger not in ("continue", "replan"):
        for one in connection.all(cycles.OPEN_FOLLOW_UPS, plan_id=plan_id):
            yield AnswerFollowUp(one["follow_up_id"], "done", INVENTED + "het plan loopt af; de cijfers zijn er.")
        return
    for number, activity in enumerate(undecided(connection, plan)):
        decision = "adapt" if number == 0 else "adopt"
        reason = INVENTED + ("meer op de uren waarop het misloopt." if number == 0 else "dat werkt.")
        yield DecideActivity(plan_id, activity["activity_id"], decision, reason)
    due = now.date() + ANSWERED_WITHIN
    if plan["lead_id"]:
        yield RaiseFollowUp(plan_id, INVENTED + "de cijfers per wijk opvragen.", plan["lead_id"], due)


def answers(connection: Connection, plan_id: str, today: date) -> Iterator[Command]:
    """How a group answers what an earlier cycle left to it: the first time it carries it over, then it is done."""
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    for one in connection.all(cycles.OPEN_FOLLOW_UPS, plan_id=plan_id):
        if one["cycle"] >= plan["cycle"]:
            continue
        if one["answer"] is None and plan["cycle"] % 2 == 0:
            late = INVENTED + "de cijfers per wijk waren er nog niet."
            yield AnswerFollowUp(one["follow_up_id"], "carried", late, today + ANSWERED_WITHIN)
        else:
            yield AnswerFollowUp(one["follow_up_id"], "done", INVENTED + "de cijfers per wijk zijn er.")


def _deployed(connection: Connection, plan_id: str, year: int, *, short: bool) -> Iterator[Stated]:
    for line in connection.all(cycles.MEANS_OF_PLAN, plan_id=plan_id):
        if line["year"] != year or line["planned"] is None:
            continue
        planned = Decimal(line["planned"])
        amount = planned // 2 if short else planned
        yield Stated(line["activity_id"], year, line["kind"], str(amount), LENT if amount < planned else None)
