"""A report that does not leave says why, until it does: to who lists the reports, and to who asks what is next."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.cli.row_values import RowWords
from pdca.erasure.person import ErasePerson
from pdca.failure import code_of
from pdca.house import installation
from pdca.i18n import LANGUAGES, speaking
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.report import messages
from pdca.report.agenda import agenda
from pdca.report.health import CONTENTS
from pdca.report.health_check import WARNING
from pdca.report.information import report as one_report
from pdca.report.information import reports as listed
from pdca.report.status import status
from pdca.store.jsontext import to_json
from pdca.store.reads import people
from pdca.store.rows import update
from scheduler import deliver, inform
from scheduler.channels.answer import Answer, Never
from scheduler.channels.file import FileChannel
from tests.contract import edits
from tests.contract.informing import PARTNER, decided, report
from tests.contract.world import PLAN, World, codes

DAY: Final = date(2024, 3, 6)


class Refusing(FileChannel):
    """A mail server that takes nothing."""

    def send(self, _message: object) -> Answer:
        return Never("550 no such user")


def approved(world: World, method: str) -> str:
    """A report that was approved, of a plan at work."""
    decided(world, DAY.isoformat(), method=method)
    world.take("start")
    world.sweep_on(DAY)
    name = str(report(world)["report_id"])
    assert codes(world.by("sofie", ApproveReport(name))) == []
    return name


def run(world: World, folder: Path) -> inform.InformCounts:
    return inform.run_once(world.house, folder, lambda _name: FileChannel(folder))


def why(world: World, name: str) -> list[str]:
    """By what code it is said that a report has not gone, everywhere the same."""
    now = world.clock.now()
    [row] = [one for one in listed(world.reading, now) if one["report_id"] == name]
    found = [one["code"] for one in row["not_gone"]]
    view = status(world.reading, installation(world.reading), now)
    assert {one["report"]: [reason["code"] for reason in one["reasons"]] for one in view["reports_not_gone"]} == (
        {name: found} if found else {}
    )
    state, words, _hint = CONTENTS["information"](world.house, world.reading, now)
    assert (state == WARNING) == bool(found)
    assert all(one["need"] in words for one in row["not_gone"][:1])
    tasks = [one for one in agenda(world.reading, now, None, PLAN) if one["what"] == "information"]
    assert [[reason["code"] for reason in one["not_gone"]] for one in tasks if one["report"] == name] in ([found], [])
    assert all(one["command"] == f"pdca information report {name}" for one in tasks if one["not_gone"])
    return found


def test_a_folder_that_cannot_be_written_is_named_until_the_letter_is_there(world: World, tmp_path: Path) -> None:
    name = approved(world, "letter")
    assert why(world, name) == []
    in_the_way = tmp_path / "letters"
    in_the_way.write_text("a file where the folder should be", encoding="utf-8")
    assert run(world, tmp_path).failed == 1
    assert why(world, name) == ["hand-over-failed"]
    stored = json.loads(report(world)["failure"])
    assert (stored["code"], stored["params"]["folder"]) == ("folder-not-made", str(in_the_way))
    event = world.last_event()
    assert event["kind"] == "information.failed"
    assert run(world, tmp_path).failed == 1
    assert world.last_event() == event, "what is known already is no news"
    in_the_way.unlink()
    assert run(world, tmp_path).handed_over == 1
    assert (why(world, name), report(world)["failure"]) == ([], None)


@pytest.mark.parametrize("scheduler", ["en", "nl"])
def test_why_it_could_not_go_is_told_in_the_language_of_who_reads_it_whatever_the_scheduler_speaks(
    world: World, tmp_path: Path, scheduler: str
) -> None:
    name = approved(world, "letter")
    (tmp_path / "letters").write_text("a file where the folder should be", encoding="utf-8")
    with speaking(scheduler):
        run(world, tmp_path)
        run(world, tmp_path)
    told = {}
    for language in LANGUAGES:
        with speaking(language):
            [row] = [one for one in listed(world.reading, world.clock.now()) if one["report_id"] == name]
            told[language] = row["not_gone"][0]["need"]
            logged = RowWords(world.reading, PLAN).value("information_report", "failure", report(world)["failure"])
            assert logged in told[language]
    assert "cannot be made" in told["en"]
    assert "kan niet gemaakt worden" in told["nl"]
    assert "ne peut pas être créé" in told["fr"]


@pytest.mark.parametrize("method", ["letter", "web", "webhook"])
def test_the_rule_that_keeps_it_back_is_named(world: World, tmp_path: Path, method: str) -> None:
    name = approved(world, method)
    world.by("sofie", edits.plan(restricted=1))
    run(world, tmp_path)
    assert why(world, name) == ["plan-restricted"]


def without_address(world: World) -> None:
    change = update("person", {"person_id": world.person_id("anna")}, email=None)
    world.by_administrator(edits.Edit([change]))


def unrepresented(world: World) -> None:
    [held] = [row for row in world.rows(people.APPOINTMENTS) if row["party_id"] == PARTNER]
    name = {key: held[key] for key in ("person_id", "party_id", "from_date")}
    world.by_administrator(edits.Edit([update("appointment", name, until_date="2024-02-01")]))


@pytest.mark.parametrize(
    ("change", "code"), [(without_address, "no-address-to-inform"), (unrepresented, "nobody-represents")]
)
def test_that_a_mail_would_reach_nobody_is_said_while_it_waits_and_it_is_not_approved(
    world: World, change: Callable[[World], None], code: str
) -> None:
    decided(world, DAY.isoformat(), method="mail", manner={"by_itself": True})
    world.take("start")
    change(world)
    world.sweep_on(DAY)
    assert report(world)["status"] == "prepared"
    assert why(world, report(world)["report_id"]) == [code]
    assert codes(world.by("sofie", ApproveReport(report(world)["report_id"]))) == [code]


def test_a_mail_that_was_given_up_is_named_with_the_reason(world: World, tmp_path: Path) -> None:
    name = approved(world, "mail")
    assert why(world, name) == []
    assert deliver.run_until_done(world.house, lambda _name: Refusing(tmp_path)).dead
    assert why(world, name) == ["mail-given-up"]
    [row] = [one for one in listed(world.reading, world.clock.now()) if one["report_id"] == name]
    assert "550 no such user" in row["not_gone"][0]["need"]


def test_a_mail_does_not_go_to_who_no_longer_represents_the_party(world: World, tmp_path: Path) -> None:
    name = approved(world, "mail")
    unrepresented(world)
    deliver.run_until_done(world.house, lambda _name: FileChannel(tmp_path))
    [row] = [one for one in world.dump()["notification"] if one["kind"] == "information.report"]
    assert (row["status"], code_of(row["last_error"])) == ("dead", "represents-no-more")
    assert why(world, name) == ["mail-given-up"]


def restricted(world: World) -> None:
    assert codes(world.by("sofie", edits.plan(restricted=1))) == []


@pytest.mark.parametrize(
    ("change", "in_dutch", "in_french"),
    [
        (unrepresented, "vertegenwoordigt de partij niet meer.", "ne représente plus la partie."),
        (restricted, "worden er niet over geïnformeerd.", "en sont pas informés."),
    ],
)
def test_why_a_mail_was_given_up_is_told_in_the_language_of_who_reads_it_and_how_to_mend_it(
    world: World, tmp_path: Path, change: Callable[[World], None], in_dutch: str, in_french: str
) -> None:
    name = approved(world, "mail")
    change(world)
    deliver.run_until_done(world.house, lambda _name: FileChannel(tmp_path))
    [mail] = [one for one in messages.listed(world.reading) if one["kind"] == "information.report"]
    for language, words in {"nl": in_dutch, "fr": in_french}.items():
        with speaking(language):
            [row] = [one for one in listed(world.reading, world.clock.now()) if one["report_id"] == name]
            [again] = [one for one in messages.listed(world.reading) if one["kind"] == "information.report"]
            logged = RowWords(world.reading, PLAN).value("notification", "last_error", last_error(world))
            [shown] = [
                one for one in whole(world, name)["messages"] if one["notification_id"] == mail["notification_id"]
            ]
        reason = row["not_gone"][0]
        assert words in reason["need"]
        assert ".." not in reason["need"]
        assert reason["command"] == f"pdca information prepare {row['information_id']}"
        assert again["last_error"] == logged == shown["last_error"]
        assert words.removesuffix(".") in logged


@pytest.mark.parametrize("change", [without_address, unrepresented])
def test_who_is_not_reached_is_called_by_name_in_the_language_of_the_reader(
    world: World, change: Callable[[World], None]
) -> None:
    decided(world, DAY.isoformat(), method="mail")
    world.take("start")
    names = to_json({"nl": "Vervoerbedrijf", "fr": "Société de transport"})
    world.by_administrator(edits.Edit([update("party", {"party_id": PARTNER}, name=names)]))
    world.sweep_on(DAY)
    change(world)
    for language, name in {"nl": "Vervoerbedrijf", "fr": "Société de transport"}.items():
        with speaking(language):
            [row] = listed(world.reading, world.clock.now())
            [reason] = row["not_gone"]
        assert name in reason["need"]


def last_error(world: World) -> str:
    [row] = [one for one in world.dump()["notification"] if one["kind"] == "information.report"]
    return str(row["last_error"])


def whole(world: World, name: str) -> dict[str, Any]:
    found = one_report(world.reading, name, world.clock.now())
    assert found is not None
    return found


def test_that_the_only_recipient_of_a_mail_was_erased_is_said_until_it_is_prepared_anew(world: World) -> None:
    name = approved(world, "mail")
    world.by_administrator(ErasePerson("anna", "art-17", "Asked for in writing."))
    assert why(world, name) == ["no-mail-left"]
    world.by("marc", PrepareReport(report(world)["information_id"]))
    [row] = [one for one in listed(world.reading, world.clock.now()) if one["report_id"] == name]
    assert (row["status"], row["not_gone"]) == ("replaced", [])


def test_a_report_that_only_waits_for_people_is_not_said_to_be_held_up(world: World, tmp_path: Path) -> None:
    name = approved(world, "letter")
    run(world, tmp_path)
    assert (report(world)["status"], why(world, name)) == ("sent", [])
