"""`pdca plan why-not`: every unmet need of every trigger, each with the command that mends it on a line of its own."""

import pytest

from tests.unit.cli.running import run, run_on_terminal
from tests.unit.cli.zone import pdca

pytestmark = pytest.mark.usefixtures("zone_at_start")

WHY_NOT = ("plan", "why-not", "P-001", "--as", "claudine")


def test_every_need_of_every_trigger_comes_with_its_command_in_json() -> None:
    triggers = {one["trigger"]: one for one in run(*WHY_NOT, "--json").json["triggers"]}
    assert set(triggers) == {"start", "suspend"}
    commands = {need["code"]: need["command"] for need in triggers["start"]["needs"]}
    assert commands == {
        "not-allowed": "pdca group show P-001",
        "not-approved": "pdca plan approve P-001 --for start --reason …",
    }
    (motive,) = (need for need in triggers["suspend"]["needs"] if need["code"] == "no-motive")
    assert motive["command"] == "pdca plan advance P-001 --trigger suspend --reason …"


def test_on_a_narrow_terminal_words_are_broken_and_commands_are_not() -> None:
    shown = run_on_terminal(*WHY_NOT, columns=40).out.splitlines()
    assert "      pdca plan approve P-001 --for start --reason …" in shown
    assert "      pdca plan advance P-001 --trigger suspend --reason …" in shown
    assert max(len(line) for line in shown if not line.startswith("      pdca ")) <= 40


def test_a_command_that_is_named_mends_what_it_is_named_for() -> None:
    pdca("plan", "approve", "P-001", "--for", "start", "--reason", "Gelezen.", "--as", "claudine")
    (start,) = run(*WHY_NOT, "--trigger", "start", "--json").json["triggers"]
    assert "not-approved" not in {need["code"] for need in start["needs"]}
