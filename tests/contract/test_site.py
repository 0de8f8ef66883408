"""A site has the reports that were published as web pages, as long as what they tell may be seen."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from pdca.erasure.person import ErasePerson
from pdca.errors import Usage
from pdca.files import whole_file, write_new
from pdca.report.site_mark import MARK
from pdca.site import Site, check_ours, site
from pdca.store.jsontext import from_json, to_json
from pdca.store.rows import update
from pdca.whole_folder import put_in_place
from scheduler import inform
from scheduler.sweep import SweepCounts
from tests.contract import edits
from tests.contract.informing import DAY, by_method, confirmed, receipts, report
from tests.contract.test_progress import withhold
from tests.contract.world import PLAN, World


def made(world: World, audience: str = "public") -> Site:
    return site(world.reading, audience=audience, now=world.clock.now())


def published(world: World, folder: Path) -> dict[str, bytes]:
    """Publish the report, and give its pages by the names that they were given."""
    by_method(world, "web")
    assert confirmed(world, folder) == inform.InformCounts(handed_over=1)
    return {path.name: path.read_bytes() for path in (folder / "site").iterdir()}


def test_a_report_that_was_published_stands_in_the_site_under_its_name_to_the_letter(
    started: World, tmp_path: Path
) -> None:
    there = published(started, tmp_path)
    files = made(started).files
    assert there
    assert {name: files.get(name) for name in there} == there
    hashes = set(from_json(report(started)["hashes"]).values())
    assert {hashlib.sha256(files[name]).hexdigest() for name in there} == hashes
    for name in there:
        assert f'href="{name}"' in files[f"{PLAN}.{made(started).languages[0]}.html"].decode()


def test_the_site_takes_the_place_of_pages_that_were_published_before_it(started: World, tmp_path: Path) -> None:
    there = published(started, tmp_path)
    folder = tmp_path / "site"
    check_ours(folder, "public")
    put_in_place(folder, made(started).files)
    assert {*there, MARK} < {path.name for path in folder.iterdir()}
    proved = {one["sha256"] for one in receipts(started, report(started)["report_id"])}
    assert len(proved) == len(there)
    assert proved <= {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    (folder / "mine.txt").touch()
    with pytest.raises(Usage):
        check_ours(folder, "public")


def test_what_is_left_of_a_page_whose_writer_was_killed_goes_with_the_old_site(started: World, tmp_path: Path) -> None:
    there = published(started, tmp_path)
    folder = tmp_path / "site"
    killed = whole_file(folder / next(iter(there)), overwrite=True)
    write_new(killed.__enter__(), b"half")
    assert {*there} < {path.name for path in folder.iterdir()}
    check_ours(folder, "public")
    put_in_place(folder, made(started).files)
    assert all(path.is_file() for path in folder.iterdir())
    (folder / ".mine.html.abcd1234.new").mkdir()
    with pytest.raises(Usage):
        check_ours(folder, "public")


def test_a_report_that_told_what_is_withheld_by_now_is_in_the_site_no_longer(started: World, tmp_path: Path) -> None:
    there = published(started, tmp_path)
    withhold(started, "analyse", "partners")
    assert set(there) <= set(made(started).files)
    withhold(started, "analyse", "public")
    assert not set(there) & set(made(started).files)


def test_a_report_that_named_somebody_who_was_erased_is_in_the_site_no_longer(started: World, tmp_path: Path) -> None:
    naming = {"text": to_json({"nl": "Vastgesteld door Sofie Peeters."})}
    started.by("sofie", edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "analyse"}, **naming)]))
    there = published(started, tmp_path)
    assert b"Sofie Peeters" in b"".join(there.values())
    assert set(there) <= set(made(started).files)
    started.by_administrator(ErasePerson("sofie", "art-17", "Asked for in writing."))
    files = made(started).files
    assert not set(there) & set(files)
    assert b"Sofie Peeters" not in b"".join(files.values())


@pytest.mark.parametrize("audience", ["public", "partner"])
def test_a_letter_is_in_no_site(started: World, tmp_path: Path, audience: str) -> None:
    by_method(started, "letter")
    before = set(made(started, audience).files)
    confirmed(started, tmp_path)
    assert set(made(started, audience).files) == before


def test_only_the_mark_of_a_site_says_when_it_was_made(started: World) -> None:
    assert started.sweep_on(DAY) == SweepCounts(enforced=1)
    first = made(started).files
    started.go_to(started.clock.now() + timedelta(minutes=10))
    second = made(started).files
    assert {name for name in {*first, *second} if first.get(name) != second.get(name)} == {MARK}


def test_a_plan_that_becomes_restricted_has_no_page_and_no_report(started: World, tmp_path: Path) -> None:
    published(started, tmp_path)
    started.by_administrator(edits.complete_baseline())
    edits.edit(started, "sofie", lambda plan: plan.update(restricted=True))
    for name, content in made(started).files.items():
        assert PLAN not in name
        assert PLAN not in content.decode()
    assert made(started, "internal").plans == (PLAN,)
