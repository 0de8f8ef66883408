"""What was written before it was withheld, restricted or erased is taken away; doctor tells while it lies there."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pdca.cli.information_words import report_page
from pdca.erasure.person import ErasePerson
from pdca.information.approve import ApproveReport
from pdca.information.hand_over import hand_over
from pdca.information.in_folder import published_in
from pdca.information.prepare import PrepareReport
from pdca.information.receive import RecordReceipt
from pdca.report.health_check import OK, WARNING
from pdca.report.information import report as report_view
from pdca.report.site_mark import MARK, read_mark
from pdca.schedules.inform import SetInformation
from pdca.site import site
from pdca.store.jsontext import to_json
from pdca.store.reads import plans
from pdca.store.rows import insert, update
from pdca.whole_folder import put_in_place
from pdca.written import written
from scheduler import inform, withdraw
from scheduler.channels.file import FileChannel
from scheduler.daemon import Daemon
from scheduler.withdraw import WithdrawCounts
from tests.contract import edits
from tests.contract.informing import DAY, PARTNER, decided, report
from tests.contract.test_progress import withhold
from tests.contract.world import MOTIVE, PLAN, World, codes

if TYPE_CHECKING:
    from pdca.information.in_folder import Seen

ACTING: Final = "Fietsen merken op het plein"
NAMED: Final = "Vastgesteld door Sofie Peeters."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of letters and pages."""
    made = tmp_path / "information"
    made.mkdir()
    return made


@pytest.fixture
def started(world: World) -> World:
    world.by_administrator(edits.complete_baseline())
    naming = {"text": to_json({"nl": NAMED})}
    world.by("sofie", edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "analyse"}, **naming)]))
    world.take("start")
    return world


def approved(world: World, method: str, **manner: object) -> None:
    """Approve the report of the day, that goes by this method."""
    decided(world, DAY.isoformat(), method=method, manner=manner)
    world.sweep_on(DAY)
    assert codes(world.by("sofie", ApproveReport(report(world)["report_id"]))) == []


def handed_over(world: World, method: str, folder: Path, **manner: object) -> list[Path]:
    """Hand a report over, and give its files."""
    approved(world, method, **manner)
    inform.run_once(world.house, folder, lambda _name: FileChannel(folder))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files
    return files


def restrict(world: World) -> None:
    edits.edit(world, "sofie", lambda plan: plan.update(restricted=True))


def hide(world: World) -> None:
    withhold(world, "analyse", "public", "partners")


def erase(world: World) -> None:
    world.by_administrator(ErasePerson("sofie", "art-17", "Asked for in writing."))


def write_site(world: World, folder: Path) -> None:
    put_in_place(folder / "site", site(world.reading, audience="public", now=world.clock.now()).files)


def swept(world: World, folder: Path) -> WithdrawCounts:
    return withdraw.run_once(world.house, folder)


@pytest.mark.parametrize("change", [restrict, hide, erase])
def test_a_page_that_was_published_is_taken_away_and_that_is_in_the_log(
    started: World, folder: Path, change: Callable[[World], None]
) -> None:
    files = handed_over(started, "web", folder)
    assert swept(started, folder) == WithdrawCounts()
    assert written(started.reading, folder)[0] == OK
    change(started)
    status, words, _hint = written(started.reading, folder)
    assert (status, report(started)["report_id"] in words) == (WARNING, True)
    assert swept(started, folder) == WithdrawCounts(withdrawn=1)
    assert not any(path.exists() for path in files)
    event = started.last_event()
    assert (event["kind"], report(started)["status"]) == ("information.withdrawn", "informed")
    assert report(started)["withdrawn_at"] == event["at"]
    view = report_view(started.reading, report(started)["report_id"], started.clock.now())
    assert view is not None
    assert f"  Taken out of its folder: {DAY}" in report_page(view)
    assert written(started.reading, folder)[0] == OK
    assert swept(started, folder) == WithdrawCounts()
    assert list(started.verified().findings) == []


def test_a_page_stays_as_long_as_what_it_tells_may_be_seen(started: World, folder: Path) -> None:
    files = handed_over(started, "web", folder)
    withhold(started, "analyse", "partners")
    assert swept(started, folder) == WithdrawCounts()
    assert all(path.exists() for path in files)


@pytest.mark.parametrize("change", [restrict, hide, erase])
def test_a_letter_that_was_not_posted_is_taken_away(
    started: World, folder: Path, change: Callable[[World], None]
) -> None:
    files = handed_over(started, "letter", folder)
    change(started)
    assert swept(started, folder) == WithdrawCounts(withdrawn=1)
    assert not any(path.exists() for path in files)


def test_so_is_one_that_was_prepared_anew(started: World, folder: Path) -> None:
    files = handed_over(started, "letter", folder)
    assert codes(started.by("marc", PrepareReport(report(started)["information_id"]))) == []
    assert swept(started, folder) == WithdrawCounts(withdrawn=1)
    assert not any(path.exists() for path in files)


@pytest.mark.parametrize(("change", "gone"), [(restrict, False), (hide, False), (erase, True)])
def test_the_copy_of_a_letter_that_was_posted_stays_unless_it_names_somebody_who_was_erased(
    started: World, folder: Path, change: Callable[[World], None], gone: bool
) -> None:
    files = handed_over(started, "letter", folder)
    assert codes(started.by("marc", RecordReceipt(report(started)["report_id"], DAY, "RR 1", "Anna Smith"))) == []
    change(started)
    assert swept(started, folder) == WithdrawCounts(withdrawn=int(gone))
    assert any(path.exists() for path in files) is not gone


@pytest.mark.parametrize("posted", [False, True])
def test_a_letter_goes_when_whom_it_is_addressed_to_is_erased(started: World, folder: Path, posted: bool) -> None:
    files = handed_over(started, "letter", folder)
    if posted:
        assert codes(started.by("marc", RecordReceipt(report(started)["report_id"], DAY, "RR 1", "Onthaal"))) == []
    seen: Seen = {}
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts()
    started.by_administrator(ErasePerson("anna", "art-17", "Asked for in writing."))
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts(withdrawn=1)
    assert not any(path.exists() for path in files)


def test_so_it_does_when_that_person_was_appointed_on_the_very_day(started: World, folder: Path) -> None:
    karel = {"person_id": started.person_id("karel"), "party_id": PARTNER, "from_date": DAY.isoformat()}
    started.by_administrator(edits.Edit([insert("appointment", karel, until_date=None)]))
    files = handed_over(started, "letter", folder)
    started.by_administrator(ErasePerson("karel", "art-17", "Asked for in writing."))
    assert swept(started, folder) == WithdrawCounts(withdrawn=1)
    assert not any(path.exists() for path in files)
    assert list(started.verified().findings) == []


def test_a_letter_written_after_an_erasure_names_nobody_who_was_erased_and_stays(started: World, folder: Path) -> None:
    started.by_administrator(ErasePerson("anna", "art-17", "Asked for in writing."))
    files = handed_over(started, "letter", folder)
    assert swept(started, folder) == WithdrawCounts()
    assert all(path.exists() for path in files)


@pytest.mark.parametrize(("method", "gone"), [("letter", True), ("web", False)])
def test_what_did_not_go_yet_is_taken_away_when_the_party_is_informed_no_longer_and_what_did_stays(
    started: World, folder: Path, method: str, gone: bool
) -> None:
    files = handed_over(started, method, folder)
    seen: Seen = {}
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts()
    assert codes(started.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))) == []
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts(withdrawn=int(gone))
    assert any(path.exists() for path in files) is not gone


@pytest.mark.parametrize("method", ["letter", "web"])
def test_what_was_written_and_not_recorded_is_taken_away_too(started: World, folder: Path, method: str) -> None:
    approved(started, method)
    hand_over(started.reading, report(started)["report_id"], folder, started.clock.now())
    assert swept(started, folder) == WithdrawCounts()
    restrict(started)
    assert report(started)["status"] == "approved"
    assert swept(started, folder) == WithdrawCounts(withdrawn=1)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    edits.edit(started, "sofie", lambda plan: plan.update(restricted=False))
    inform.run_once(started.house, folder, lambda _name: FileChannel(folder))
    assert [path for path in folder.rglob("*") if path.is_file()]
    assert report(started)["withdrawn_at"] is None


def test_the_daemon_takes_it_away(started: World, folder: Path) -> None:
    files = handed_over(started, "web", folder)
    daemon = Daemon(started.house, lambda _name: FileChannel(folder), 60, started.clock, information_folder=folder)
    daemon.deliver()
    assert all(path.exists() for path in files)
    hide(started)
    daemon.deliver()
    assert not any(path.exists() for path in files)


def test_a_plan_that_did_not_change_is_not_looked_at_again(started: World, folder: Path) -> None:
    [page, *_more] = handed_over(started, "web", folder)
    seen: Seen = {}
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts()
    assert seen == {PLAN: (started.plan()["version"], 0)}
    hide(started)
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts(withdrawn=1)
    assert withdraw.run_once(started.house, folder, seen) == WithdrawCounts()
    assert seen == {PLAN: (started.plan()["version"], 0)}
    assert not page.exists()


@pytest.mark.parametrize("change", [restrict, hide, erase])
def test_a_site_that_stands_where_pages_are_published_is_written_anew(
    started: World, folder: Path, change: Callable[[World], None]
) -> None:
    place = folder / "site"
    write_site(started, folder)
    assert NAMED in "".join(path.read_text() for path in place.iterdir())
    assert swept(started, folder) == WithdrawCounts()
    change(started)
    status, words, _hint = written(started.reading, folder)
    assert (status, str(place) in words) == (WARNING, True)
    assert swept(started, folder) == WithdrawCounts(rewritten=1)
    assert NAMED not in "".join(path.read_text() for path in place.iterdir())
    assert written(started.reading, folder)[0] == OK
    assert swept(started, folder) == WithdrawCounts()


def test_so_is_one_with_an_activity_that_came_under_a_withheld_rubric_since(started: World, folder: Path) -> None:
    hide(started)
    [acting] = started.rows(plans.ACTIVITIES, plan_id=PLAN)
    name = {"activity_id": acting["activity_id"]}
    started.by("sofie", edits.Edit([update("activity", name, rubric_id="repressief", title=to_json({"nl": ACTING}))]))
    write_site(started, folder)
    assert ACTING in "".join(path.read_text() for path in (folder / "site").iterdir())
    assert swept(started, folder) == WithdrawCounts()
    started.by("sofie", edits.Edit([update("activity", name, rubric_id="analyse")]))
    assert written(started.reading, folder)[0] == WARNING
    assert swept(started, folder) == WithdrawCounts(rewritten=1)
    assert ACTING not in "".join(path.read_text() for path in (folder / "site").iterdir())


def test_a_site_written_anew_leaves_the_pages_that_the_group_publishes_although_the_plan_is_restricted(
    started: World, folder: Path
) -> None:
    files = handed_over(started, "web", folder, although_restricted=True)
    pages = {path: path.read_bytes() for path in files}
    write_site(started, folder)
    restrict(started)
    assert swept(started, folder) == WithdrawCounts(rewritten=1)
    assert not list((folder / "site").glob(f"{PLAN}.*"))
    assert {path: path.read_bytes() for path in files} == pages
    assert swept(started, folder) == WithdrawCounts()


def test_it_leaves_a_page_that_was_published_and_not_recorded_yet_and_none_that_may_not_be_shown(
    started: World, folder: Path
) -> None:
    write_site(started, folder)
    approved(started, "web")
    hand_over(started.reading, report(started)["report_id"], folder, started.clock.now())
    pages = published_in(started.reading, folder)
    assert {name: (folder / "site" / name).read_bytes() for name in pages} == pages
    started.by_administrator(ErasePerson("anna", "art-17", "Asked for in writing."))
    assert swept(started, folder) == WithdrawCounts(rewritten=1)
    assert {name: (folder / "site" / name).read_bytes() for name in pages} == pages
    assert pages
    hide(started)
    assert published_in(started.reading, folder) == {}


def test_a_report_that_makes_the_program_fail_does_not_keep_the_others_where_they_may_not_be(
    started: World, folder: Path
) -> None:
    [letter] = handed_over(started, "letter", folder)
    broken = report(started)["report_id"]
    later = date(2024, 3, 8)
    decided(started, later.isoformat(), method="web")
    started.sweep_on(later)
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == []
    inform.run_once(started.house, folder, lambda _name: FileChannel(folder))
    assert [*(folder / "site").iterdir()]
    restrict(started)
    started.by("sofie", edits.Edit([update("information_report", {"report_id": broken}, facts="{}")]))
    assert swept(started, folder) == WithdrawCounts(withdrawn=1, failed=1)
    assert letter.exists()
    assert not [*(folder / "site").iterdir()]


def test_a_page_of_which_nothing_can_be_told_keeps_no_site_as_it_was(started: World, folder: Path) -> None:
    pages = handed_over(started, "web", folder)
    write_site(started, folder)
    assert [page for page in pages if page.exists()]
    name = {"report_id": report(started)["report_id"]}
    started.by("sofie", edits.Edit([update("information_report", name, facts="{}")]))
    hide(started)
    assert swept(started, folder) == WithdrawCounts(rewritten=1, failed=1)
    assert NAMED not in "".join(path.read_text() for path in (folder / "site").iterdir())
    assert not [page for page in pages if page.exists()]


def test_the_mark_of_a_site_names_what_is_shown_and_nothing_that_is_not(started: World, folder: Path) -> None:
    hide(started)
    write_site(started, folder)
    mark = read_mark(folder / "site")
    assert mark.shown is not None
    assert "analyse" not in (folder / "site" / MARK).read_text()
    assert "repressief" in mark.shown[PLAN]


def test_a_site_with_something_of_others_in_it_is_left_alone_and_said_to_be_so(started: World, folder: Path) -> None:
    write_site(started, folder)
    (folder / "site" / "CNAME").write_text("plans.example")
    hide(started)
    assert swept(started, folder) == WithdrawCounts(failed=1)
    assert written(started.reading, folder)[0] == WARNING


def left_behind(folder: Path) -> Path:
    """What a writer of a letter leaves when it is killed."""
    place = folder / "letters" / ".P-001-R-009.nl.pdf.abc123.new"
    place.mkdir(parents=True)
    (place / "P-001-R-009.nl.pdf").write_text(NAMED)
    return place


def test_what_was_left_of_a_letter_by_a_kill_goes_at_the_next_run(started: World, folder: Path) -> None:
    place = left_behind(folder)
    assert swept(started, folder) == WithdrawCounts()
    assert not place.exists()


def test_a_site_that_was_not_put_back_by_a_kill_is_there_before_a_page_is_published(
    started: World, folder: Path
) -> None:
    write_site(started, folder)
    place = folder / ".site.abc123.new"
    place.mkdir()
    (folder / "site").rename(place / "new")
    (place / "old").mkdir()
    handed_over(started, "web", folder)
    assert read_mark(folder / "site").audience == "public"
    assert [path.name for path in folder.iterdir()] == ["site"]


def test_letters_are_not_for_everybody_on_the_machine_and_pages_are(started: World, folder: Path) -> None:
    [letter] = handed_over(started, "letter", folder)
    assert {letter.stat().st_mode & 0o007, letter.parent.stat().st_mode & 0o007} == {0}
    letter.parent.chmod(0o755)
    status, words, _hint = written(started.reading, folder)
    assert (status, words) == (WARNING, "Everybody on this machine can read the letters.")


def test_a_page_can_be_read_by_a_web_server(started: World, folder: Path) -> None:
    page, *_more = handed_over(started, "web", folder)
    assert page.stat().st_mode & 0o004
    assert page.parent.stat().st_mode & 0o005 == 0o005


@pytest.mark.parametrize(("private", "others"), [(True, 0), (False, 0o005)])
def test_a_site_that_is_not_for_the_public_is_for_its_owner_and_group(folder: Path, private: bool, others: int) -> None:
    put_in_place(folder / "site", {"index.html": b"x"}, private=private)
    assert (folder / "site").stat().st_mode & 0o007 == others
    assert (folder / "site" / "index.html").stat().st_mode & 0o007 == (0 if private else 0o004)
