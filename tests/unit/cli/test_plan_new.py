"""`pdca plan new`: what a plan that is made has, and what cannot be one."""

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")


def test_a_plan_outside_its_programme_is_made_and_moved_and_that_is_said() -> None:
    made = run("plan", "new", "--title", "Later", "--objective", "OD1.1", "--period", "2027-01-01/2027-12-31")
    assert made.status == 0
    assert "The plan runs from 2027-01-01 to 2027-12-31, and zvp-2020-2025 from 2020-01-01 to 2025-12-31" in made.err
    plan = made.out.split()[0]
    assert "warnings" not in run("plan", "set", plan, "note=Zo bedoeld.", "--json").json
    moved = run("plan", "set", plan, "period.to=2028", "--json").json
    assert [one["code"] for one in moved["warnings"]] == ["plan-outside-programme"]
    assert "warnings" not in run("plan", "set", plan, "period.from=2025-06-01", "--json").json


def test_an_id_that_would_look_like_a_number_of_the_program_is_counted_on() -> None:
    assert run("plan", "new", "--title", "P 2", "--objective", "OD1.1", "--json").json["slug"] == "p-2-2"
    assert run("plan", "new", "--title", "P 2", "--objective", "OD1.1", "--json").json["slug"] == "p-2-3"


def test_a_new_plan_has_a_number_an_id_of_its_title_and_the_period_of_its_programme() -> None:
    view = run("plan", "new", "--title", "Hé, nieuw plan!", "--objective", "OD1.1", "--json").json
    assert (view["plan"], view["slug"]) == ("P-013", "he-nieuw-plan")
    ran = run("plan", "new", "--title", "Hé nieuw plan", "--objective", "OD1.1")
    assert "P-014 (he-nieuw-plan-2) is made.\nNext: `pdca plan edit P-014`" in ran.out
    plan = run("export", "--plan", "P-013", "--format", "json").json["plan"]
    assert (plan["title"], plan["period"]) == ("Hé, nieuw plan!", {"from": "2020-01-01", "to": "2025-12-31"})
    view = run("plan", "set", "P-013", "rubrics.analyse=Kort", "--json").json
    assert view["changed"] == [{"field": "rubrics.analyse", "before": None, "after": "Kort"}]
    period = ("--period", "2024-03/2024-09", "--lead", "korpschef", "--id", "MIJN", "--lang", "fr")
    assert run("plan", "new", "--title", "Été", "--objective", "OD1.1", *period).status == 0
    plan = run("export", "--plan", "MIJN", "--format", "json").json["plan"]
    assert plan["period"] == {"from": "2024-03-01", "to": "2024-09-30"}
    assert (plan["title"], plan["lead"]) == ({"fr": "Été"}, "korpschef")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--objective", "OD9"), 4, "objective-unknown"),
        (("--objective", "OD1.1", "--id", "ap-zp2023"), 2, "plan-exists"),
        (("--objective", "OD1.1", "--id", "P-100"), 2, "import-reserved-id"),
        (("--objective", "OD1.1", "--lead", "nobody"), 2, "import-unknown-reference"),
        (("--objective", "OD1.1", "--period", "2024"), 2, "bad-period"),
        (("--objective", "OD1.1", "--period", "2024/2023"), 2, "import-ends-before-start"),
        (("--objective", "OD1.1", "--as", "claudine"), 3, "not-the-lead"),
    ],
)
def test_a_new_plan_that_cannot_be_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    before = run("plan", "list", "--json").json
    ran = run("plan", "new", "--title", "Plan", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert run("plan", "list", "--json").json == before


def test_a_title_without_a_letter_that_an_id_can_hold_asks_for_one() -> None:
    ran = run("plan", "new", "--title", "Ωμέγα", "--objective", "OD1.1", "--json")
    assert (ran.status, ran.error["code"]) == (2, "no-slug")


def test_a_dry_run_makes_no_plan() -> None:
    view = run("plan", "new", "--title", "Plan", "--objective", "OD1.1", "--dry-run", "--json").json
    assert (view["plan"], view["event"]) == ("P-013", None)
    assert len(run("plan", "list", "--json").json["plans"]) == 12
