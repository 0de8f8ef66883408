"""Of whom a restricted plan is kept is one rule, and every place in which somebody might hear of it keeps to that."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.calendars.feed import Book
from pdca.calendars.readers import Audience, Reader, Somebody
from pdca.cycles.follow_up import RaiseFollowUp
from pdca.errors import Refused
from pdca.report.audiences import AUDIENCES, check_open_to
from pdca.report.plan_lines import lines
from pdca.restricted import NOT_INFORMED, OUTSIDE
from pdca.store.driver import Row
from pdca.store.rows import update
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from tests.contract import edits
from tests.contract.informing import PARTNER, decide
from tests.contract.world import PLAN, World, codes, morning

DAY: Final = date(2024, 3, 5)
LATER: Final = DAY + timedelta(days=1)
KINDS: Final = ("function", "internal", "partner", "authority", "public")


def calendar(world: World, reader: Reader) -> str:
    with world.house.reading() as connection:
        return Book.of(connection).written("person", reader, "en", None).decode().replace("\r\n ", "")


def told_as_owner(world: World) -> list[Row]:
    return [row for row in world.dump()["notification"] if (row["kind"], row["why"]) == ("followup.due", "owner")]


def restrict(world: World) -> None:
    world.by_administrator(edits.plan(restricted=1))


@pytest.mark.parametrize("kind", KINDS)
def test_who_stands_outside_hears_nothing_of_it_by_message_or_calendar_not_even_what_is_theirs(
    world: World, tmp_path: Path, kind: str
) -> None:
    world.take("start")
    world.by_administrator(edits.Edit([update("party", {"party_id": PARTNER}, kind=kind)]))
    for day in (DAY, LATER):
        assert world.by("sofie", RaiseFollowUp(PLAN, "De buurt bevragen.", PARTNER, day)).refusal == ()
    world.sweep_on(morning(DAY))
    [waiting] = told_as_owner(world)
    restrict(world)
    run_once(world.house, FileChannel(tmp_path), limit=1_000)
    after = {row["notification_id"]: row["status"] for row in told_as_owner(world)}
    assert after == {waiting["notification_id"]: "lapsed" if kind in OUTSIDE else "sent"}
    world.sweep_on(morning(LATER))
    assert (len(told_as_owner(world)) == 1) is (kind in OUTSIDE)
    anna = Somebody.of(world.reading, world.person_id("anna"))
    assert (PLAN not in calendar(world, anna)) is (kind in OUTSIDE)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_that_is_not_informed_of_it_finds_it_in_no_report_board_or_calendar(
    world: World, audience: str
) -> None:
    restrict(world)
    kept = audience in NOT_INFORMED
    try:
        check_open_to(world.plan(), audience)
    except Refused:
        assert kept
    else:
        assert not kept
    found, _parts = lines(world.reading, audience=audience, now=world.clock.now())
    assert (PLAN not in {one["plan_id"] for one in found}) is kept
    assert (PLAN not in calendar(world, Audience(audience))) is kept
    world.by_administrator(edits.Edit([update("party", {"party_id": PARTNER}, kind=audience)]))
    assert ("plan-restricted" in codes(decide(world, DAY.isoformat()))) is kept
