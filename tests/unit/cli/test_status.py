"""How the installation stands, and the board."""

import pytest

from tests.unit.cli.running import run, run_on_terminal


@pytest.mark.usefixtures("zone_at_start")
def test_at_the_start_nothing_is_overdue() -> None:
    view = run("status", "--json").json
    assert (view["schema"], view["plans"]["plan"], view["overdue"]) == ("pdca.status/1", 12, [])
    assert view["installation"]["simulated"] is True
    first = view["next"][0]
    assert (first["plan"], first["what"], first["lead"]["party_id"]) == ("P-007", "start", "projectleider")
    assert run("status", "--check").status == 0


@pytest.mark.usefixtures("neglected_zone")
def test_where_nobody_acts_what_is_overdue_is_named_with_who_leads_it() -> None:
    view = run("status", "--json").json
    overdue = {(row["plan"], row["what"]) for row in view["overdue"]}
    assert ("P-007", "start") in overdue
    assert ("P-009", "missed") in overdue
    assert all(row["lead"]["name"] for row in view["overdue"])
    assert not overdue & {(row["plan"], row["what"]) for row in view["next"]}
    out = run("status").out
    assert out.startswith("SIMULATION")
    assert "projectleider ~" in out
    assert "~ assumed" in out


@pytest.mark.usefixtures("neglected_zone")
def test_a_check_exits_with_10_when_something_is_overdue() -> None:
    ran = run("status", "--check", "--json")
    assert ran.status == 10
    assert ran.json["overdue"]
    assert run("status").status == 0


@pytest.mark.usefixtures("neglected_zone")
def test_what_a_suspended_plan_was_to_do_is_held_and_not_overdue() -> None:
    before = run("status", "--json").json
    run("plan", "advance", "P-009", "--trigger", "suspend", "--reason", "No riders.", "--as", "joachim")
    after = run("status", "--json").json
    assert after["plans"]["suspended"] == 1
    assert after["held"] > before["held"] == 0
    assert "P-009" not in {row["plan"] for row in after["overdue"]}


def test_a_real_installation_says_that_nothing_enforces_its_dates() -> None:
    run("init")
    ran = run("status")
    assert "SIMULATION" not in ran.out
    assert "no plans yet" in ran.out


@pytest.mark.usefixtures("neglected_zone")
@pytest.mark.parametrize("columns", [200, 80, 60, 40, 30])
@pytest.mark.parametrize("command", ["status", "board"])
def test_it_fits_a_terminal_of_any_width(command: str, columns: int) -> None:
    ran = run_on_terminal(command, columns=columns, changes={"NO_COLOR": "1"})
    assert ran.status == 0
    assert max(len(line) for line in ran.out.splitlines()) <= columns
    assert "P-009" in ran.out


@pytest.mark.usefixtures("zone_at_start")
def test_the_board_stands_side_by_side_where_there_is_room_and_stacked_where_there_is_none() -> None:
    wide = run_on_terminal("board", columns=80).out
    assert any("Plan (12)" in line and "Adjust (0)" in line for line in wide.splitlines())
    narrow = run_on_terminal("board", columns=40).out
    assert not any("Plan (12)" in line and "Adjust (0)" in line for line in narrow.splitlines())
    assert all(f"P-{number:03d}" in out for number in range(1, 13) for out in (wide, narrow))


@pytest.mark.usefixtures("zone_at_start")
def test_the_board_marks_what_is_restricted_or_assumed() -> None:
    out = run_on_terminal("board", columns=120).out
    assert "Actieplan radicalisme" in out
    assert "[restricted] ~" in out.replace("\n", " ")
    assert "~ assumed" in out


@pytest.mark.usefixtures("neglected_zone")
def test_the_board_shouts_what_is_late_and_what_it_is() -> None:
    out = run_on_terminal("board", "--lang", "nl", columns=100).out
    assert "SIMULATIE" in out
    assert "TE LAAT 20" in out


@pytest.mark.usefixtures("zone_at_start")
def test_off_a_terminal_the_board_is_the_list_of_plans() -> None:
    assert run("board").out == run("plan", "list").out
    assert run("board", "--json").out == run("plan", "list", "--json").out


def test_a_board_without_plans_says_so() -> None:
    run("init")
    assert "no plans yet" in run_on_terminal("board").out
