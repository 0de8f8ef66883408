"""What may not leave does not: of a plan that is restricted, with what is withheld, to whom is informed no longer."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from pdca.erasure.person import ErasePerson
from pdca.failure import in_words
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.schedules.inform import SetInformation
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import information, plans
from pdca.store.rows import insert, update
from scheduler import inform
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract import edits
from tests.contract.informing import (
    DAY,
    PARTNER,
    approve,
    by_method,
    confirmed,
    decided,
    kept_back_by,
    mailed,
    moment,
    moments,
    on_the_day,
    report,
    reports,
)
from tests.contract.world import MOTIVE, PLAN, World, codes

HIDDEN: Final = "Onopvallende controles in de Brogniezstraat"


def test_a_mail_to_a_party_that_nobody_represents_is_not_approved(started: World) -> None:
    party = {"kind": "authority", "name": '{"nl":"Gouverneur"}', "discipline_assumed": 0, "assumed": 0}
    started.by_administrator(seed.Plant([insert("party", {"party_id": "governor"}, **party)]))
    decided(started, "2024-03-06", party="governor", method="mail", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 6))
    made = report(started)
    assert made["status"] == "prepared"
    assert codes(started.by("sofie", ApproveReport(made["report_id"]))) == ["nobody-represents"]


def test_a_plan_that_became_restricted_is_kept_from_the_partner(started: World) -> None:
    started.by("sofie", edits.plan(restricted=1))
    assert started.sweep_on(DAY) == SweepCounts(enforced=1)
    assert reports(started) == []
    event = started.last_event()
    assert (event["kind"], started.told(event["seq"])) == ("information.withheld", {"sofie": "lead", "marc": "group"})
    assert moment(started, DAY.isoformat())["status"] == "withheld"
    assert started.deadlines()[moment(started, DAY.isoformat())["information_id"]] == "done"


def test_a_report_that_was_prepared_before_the_plan_became_restricted_does_not_leave(prepared: World) -> None:
    prepared.by("sofie", edits.plan(restricted=1))
    assert codes(prepared.by("sofie", ApproveReport(report(prepared)["report_id"]))) == ["plan-restricted"]


@pytest.mark.parametrize("method", ["web", "letter", "webhook"])
def test_what_was_approved_before_the_plan_became_restricted_is_neither_written_nor_posted(
    started: World, tmp_path: Path, method: str
) -> None:
    by_method(started, method)
    started.by("sofie", edits.plan(restricted=1))
    before = started.last_event()
    folder = tmp_path / "handed-over"
    assert confirmed(started, folder) == inform.InformCounts(failed=1)
    assert not list(folder.rglob("*"))
    assert started.last_event() == before


def test_a_mail_that_waits_when_the_plan_becomes_restricted_does_not_leave(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    prepared.by("sofie", edits.plan(restricted=1))
    mailed(prepared, tmp_path)
    [mail] = prepared.rows(information.MESSAGES, plan_id=PLAN)
    assert kept_back_by(mail) == "plan-restricted"
    assert not [path for path in tmp_path.glob("*.eml") if b"information.report" in path.read_bytes()]


def no_longer(world: World) -> None:
    """Decide that the partner is informed no longer."""
    assert codes(world.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))) == []


def test_a_report_is_not_approved_once_the_party_is_informed_no_longer_nor_when_decided_anew(prepared: World) -> None:
    no_longer(prepared)
    name = report(prepared)["report_id"]
    assert codes(prepared.by("sofie", ApproveReport(name))) == ["report-cancelled", "informed-no-longer"]
    decided(prepared, "2024-03-20")
    assert codes(prepared.by("sofie", ApproveReport(name))) == ["report-cancelled"]
    assert moments(prepared) == {"2024-03-20": "2024-03-20"}


@pytest.mark.parametrize("method", ["web", "letter", "webhook"])
def test_what_was_approved_for_a_party_that_is_informed_no_longer_is_neither_written_nor_posted(
    started: World, tmp_path: Path, method: str
) -> None:
    by_method(started, method)
    no_longer(started)
    folder = tmp_path / "handed-over"
    assert confirmed(started, folder) == inform.InformCounts()
    assert not list(folder.rglob("*"))
    assert report(started)["status"] == "cancelled"


def test_a_mail_that_waits_when_the_party_is_informed_no_longer_does_not_leave(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    no_longer(prepared)
    mailed(prepared, tmp_path)
    [mail] = prepared.rows(information.MESSAGES, plan_id=PLAN)
    assert (mail["status"], mail["last_error"]) == ("lapsed", None)
    assert not [path for path in tmp_path.glob("*.eml") if b"information.report" in path.read_bytes()]


def test_a_report_that_makes_the_program_fail_keeps_neither_the_others_back_nor_what_is_known_of_mails(
    started: World, tmp_path: Path
) -> None:
    by_method(started, "web")
    name = report(started)["report_id"]
    started.by("sofie", edits.Edit([update("information_report", {"report_id": name}, facts="{}")]))
    decided(started, "2024-03-08", method="letter")
    started.sweep_on(date(2024, 3, 8))
    approve(started)
    decided(started, "2024-03-12", party="council", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 12))
    mailed(started, tmp_path)
    assert confirmed(started, tmp_path) == inform.InformCounts(handed_over=1, confirmed=1, failed=1)
    broken, letter, mail = reports(started)
    assert (broken["report_id"], broken["status"]) == (name, "approved")
    assert in_words(broken["failure"]) == "KeyError: 'evaluations'"
    assert (letter["status"], mail["status"]) == ("sent", "informed")


def test_a_report_that_names_somebody_who_was_erased_is_prepared_anew(prepared: World) -> None:
    naming = {"text": to_json({"nl": "Vastgesteld door Karel Claes."})}
    prepared.by("sofie", edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "analyse"}, **naming)]))
    first = prepared.by("marc", PrepareReport(report(prepared)["information_id"])).summary["report"]
    prepared.by_administrator(ErasePerson("karel", "art-17", "Asked for in writing."))
    assert codes(prepared.by("sofie", ApproveReport(first))) == ["report-altered"]
    again = prepared.by("marc", PrepareReport(report(prepared)["information_id"])).summary["report"]
    assert codes(prepared.by("sofie", ApproveReport(again))) == []


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_a_report_with_a_rubric_that_was_withheld_since_does_not_leave(
    started: World, tmp_path: Path, audience: str
) -> None:
    by_method(started, "web")
    decided(started, "2024-03-07")
    started.sweep_on(date(2024, 3, 7))
    started.by(
        "sofie",
        edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "repressief"}, withheld_from=f'["{audience}"]')]),
    )
    mail, page = report(started), reports(started)[-2]
    counts = confirmed(started, tmp_path / "handed-over")
    outcome = started.by("sofie", ApproveReport(mail["report_id"]))
    assert (counts.failed, codes(outcome)) == {"public": (1, []), "partners": (0, ["report-tells-withheld"])}[audience]
    withheld = page if audience == "public" else mail
    started.by("marc", PrepareReport(withheld["information_id"]))
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == []


def test_a_report_with_an_activity_that_came_under_a_withheld_rubric_since_does_not_leave(started: World) -> None:
    hidden = {"plan_id": PLAN, "rubric_id": "analyse"}
    started.by("sofie", edits.Edit([update("rubric", hidden, withheld_from='["partners"]')]))
    on_the_day(started)
    [told] = from_json(report(started)["facts"])["activities"]
    name = {"activity_id": told["activity_id"]}
    started.by("sofie", edits.Edit([update("activity", name, rubric_id="analyse")]))
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == ["report-tells-withheld"]
    started.by("marc", PrepareReport(report(started)["information_id"]))
    assert from_json(report(started)["facts"])["activities"] == []
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == []


def test_nor_one_with_an_indicator_that_only_an_activity_under_a_withheld_rubric_has_by_now(started: World) -> None:
    hidden = {"plan_id": PLAN, "rubric_id": "repressief"}
    acts = started.rows(plans.ACTIVITIES, plan_id=PLAN)
    apart = [update("activity", {"activity_id": one["activity_id"]}, indicator_id=None) for one in acts]
    started.by("sofie", edits.Edit([update("rubric", hidden, withheld_from='["partners"]'), *apart]))
    on_the_day(started)
    changes = [update("activity", {"activity_id": one["activity_id"]}, indicator_id="thefts") for one in acts]
    started.by("sofie", edits.Edit(changes))
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == ["report-tells-withheld"]


def test_a_rubric_that_is_withheld_stands_in_no_page_of_a_report_for_the_partner(started: World) -> None:
    hidden = {"text": to_json({"nl": HIDDEN}), "withheld_from": '["partners"]'}
    written = {"plan_id": PLAN, "rubric_id": "repressief"}
    started.by("sofie", edits.Edit([update("rubric", written, **hidden)]))
    decided(started, "2024-03-06", party="council")
    started.sweep_on(date(2024, 3, 6))
    found = {row["audience"]: row["facts"] + row["contents"] for row in reports(started)}
    assert HIDDEN not in found["partner"]
    assert HIDDEN in found["authority"]
