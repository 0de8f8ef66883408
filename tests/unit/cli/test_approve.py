"""`pdca plan approve`: a second pair of eyes, for exactly the plan as it is."""

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

START = ("plan", "advance", "P-001", "--trigger", "start", "--as", "adelheid", "--reason", "Zomer.")


def approve(by: str, *more: str, purpose: str = "start", reason: str = "Gelezen.") -> tuple[int, dict[str, object]]:
    ran = run("plan", "approve", "P-001", "--for", purpose, "--reason", reason, "--as", by, "--json", *more)
    return ran.status, ran.json if ran.status == 0 else ran.error


def unmet() -> set[str]:
    (start,) = run("plan", "why-not", "P-001", "--trigger", "start", "--as", "adelheid", "--json").json["triggers"]
    return {need["code"] for need in start["needs"]}


def test_a_plan_that_somebody_else_approved_can_start() -> None:
    assert "not-approved" in unmet()
    status, view = approve("claudine")
    assert (status, view["schema"], view["plan"], view["purpose"]) == (0, "pdca.approve/1", "P-001", "start")
    assert unmet() == set()
    assert run(*START).status == 0


def test_who_leads_the_plan_does_not_approve_it() -> None:
    status, error = approve("adelheid")
    assert (status, error["code"]) == (3, "refused")
    assert "approver-owns-plan" in str(error["needs"])
    assert "not-approved" in unmet()


def test_what_was_read_is_approved_or_nothing() -> None:
    read = run("plan", "show", "P-001", "--json").json["content_sha256"]
    assert f"Content to approve: {read[:12]}\n" in run("plan", "show", "P-001").out
    status, error = approve("claudine", "--content", "0" * 12)
    assert (status, error["code"]) == (5, "content-changed")
    assert approve("claudine", "--content", read[:7])[1]["code"] == "content-unusable"
    assert "not-approved" in unmet()
    assert approve("claudine", "--content", read[:12])[1]["content_sha256"] == read
    assert unmet() == set()


def test_the_answer_names_the_content_that_was_approved() -> None:
    read = run("plan", "show", "P-001", "--json").json["content_sha256"]
    ran = run("plan", "approve", "P-001", "--for", "start", "--reason", "Gelezen.", "--as", "claudine")
    assert f"Approved content: {read}\n" in ran.out


def test_of_a_used_approval_it_is_said_that_the_plan_was_changed_since() -> None:
    approve("claudine")
    assert run(*START).status == 0
    assert "used: the step was taken" in run("plan", "approvals", "P-001", "--format", "table").out
    assert run("plan", "set", "P-001", "title=Anders", "--as", "adelheid").status == 0
    (row,) = run("plan", "approvals", "P-001", "--json").json["approvals"]
    assert (row["status"], row["fits"]) == ("used", False)
    assert "not what was approved: the plan was edited (event" in " ".join(
        run("plan", "approvals", "P-001", "--format", "table").out.split()
    )


def test_a_dry_run_approves_nothing() -> None:
    status, view = approve("claudine", "--dry-run")
    assert (status, view["dry_run"]) == (0, True)
    assert "not-approved" in unmet()


def test_a_step_that_needs_no_approval_is_not_approved() -> None:
    assert approve("claudine", purpose="conclude")[1]["code"] == "purpose-unknown"


def test_the_answer_names_the_step_as_the_method_calls_it() -> None:
    ran = run("plan", "approve", "P-001", "--for", "start", "--reason", "Gelezen.", "--as", "claudine", "--lang", "fr")
    assert "P-001\u00a0: «\u00a0Lancer\u00a0» est approuvé" in ran.out


def test_the_approvals_say_on_whose_behalf_somebody_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-10-15T10:00:00Z")
    days = ("--from", "2024-10-15", "--until", "2024-10-20")
    assert run("person", "substitute", "claudine", "--by", "kaatje", *days, "--reason", "Verlof.").status == 0
    status, view = approve("kaatje", "--on-behalf-of", "claudine")
    assert status == 0, view
    (row,) = run("plan", "approvals", "P-001", "--json").json["approvals"]
    assert row["on_behalf_of_name"].startswith("Claudine")
    table = run("plan", "approvals", "P-001", "--format", "table", "--lang", "nl").out
    assert "namens Claudine" in " ".join(table.split())
