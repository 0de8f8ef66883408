"""What was written before something was hidden: said when it is hidden, seen by doctor, taken away by what delivers."""

import stat
from pathlib import Path

import pytest

from tests.unit.cli.one_plan import PLAN
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

SITE = Path("information/site")
STILL = "What was written before still shows it"


def doctor() -> tuple[str, str]:
    [found] = [row for row in run("doctor", "--json").json["checks"] if row["check"] == "written"]
    return found["status"], found["message"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("rubric", "withhold", PLAN, "analyse", "--from", "public", "--reason", "x y"), True),
        (("rubric", "release", PLAN, "analyse", "--reason", "x y"), False),
        (("evaluation", "withhold", PLAN, "lessons", "--from", "partner", "--reason", "x y"), True),
        (("plan", "set", PLAN, "restricted=yes"), True),
        (("plan", "set", PLAN, "title.nl=Zomer"), False),
    ],
)
def test_who_hides_something_is_told_what_becomes_of_that_which_was_written(
    command: tuple[str, ...], told: bool
) -> None:
    assert (STILL in run(*command, "--dry-run").out) is told
    ran = run(*command)
    assert ran.status == 0
    assert (STILL in ran.out) is told
    assert STILL not in run(*command).out


def test_a_site_that_shows_what_is_withheld_is_seen_by_doctor_and_written_anew_by_what_delivers() -> None:
    assert run("report", "site", "--audience", "public").status == 0
    assert doctor()[0] == "ok"
    run("rubric", "withhold", PLAN, "analyse", "--from", "public", "--reason", "x y")
    status, words = doctor()
    assert (status, PLAN in words) == ("warning", True)
    assert "nine hotspots" in (SITE / f"{PLAN}.nl.html").read_text()
    assert run("notify", "deliver", "--dry-run").status == 0
    assert "nine hotspots" in (SITE / f"{PLAN}.nl.html").read_text()
    assert run("notify", "deliver").status == 0
    assert "nine hotspots" not in (SITE / f"{PLAN}.nl.html").read_text()
    assert doctor()[0] == "ok"


@pytest.mark.parametrize(("audience", "others"), [("authority", 0), ("partner", 0), ("internal", 0), ("public", 4)])
def test_only_what_is_for_the_public_can_be_read_by_everybody_on_the_machine(audience: str, others: int) -> None:
    assert run("report", "site", "--audience", audience, "--out", "there").status == 0
    assert run("report", "plan", PLAN, "--audience", audience, "--out", "one.html").status == 0
    files = [*Path("there").iterdir(), Path("one.html")]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o007 for path in files} == {others}
    assert bool(Path("there").stat().st_mode & 0o007) is bool(others)
