"""Oddities of plans, programmes and bodies, each by the number it was filed under."""

from pathlib import Path

import pytest

from tests import seed
from tests.acceptance.oddities import CHIEF, DAY_AFTER, DAY_BEFORE, done, record, view
from tests.contract.world import MOMENTS, furnish, opened
from tests.own_method import version
from tests.unit.cli.running import run
from tests.unit.exchange import large

pytestmark = pytest.mark.usefixtures("example")


def test_e21_the_last_day_of_a_plan_moves_and_the_one_before_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = done("plan", "show", "AP-ZP2023")["period_end"]
    done("plan", "set", "AP-ZP2023", "period.to=2024-12-31", "--reason", "Een jaar verlengd.", *CHIEF)
    monkeypatch.setenv("PDCA_NOW", DAY_AFTER)
    assert done("plan", "show", "AP-ZP2023")["period_end"] == "2024-12-31"
    assert run("plan", "show", "AP-ZP2023", "--as-of", DAY_BEFORE, "--json").json["period_end"] == first
    [moved] = done("plan", "diff", "AP-ZP2023", "--from", DAY_BEFORE)["changes"]
    assert (moved["before"], moved["after"]) == (first, "2024-12-31")
    assert "Een jaar verlengd." in {event["reason"] for event in done("plan", "history", "AP-ZP2023")["events"]}
    programme, step = "zvp-2020-2025", "zonale veiligheidsraad: goedkeuring"
    said = ("--text", "De nota komt een jaar later.", "--step", step)
    done("programme", "prolong", programme, "--until", "2026-12-31", *said)
    assert done("programme", "show", programme)["period_end"] == "2025-12-31"
    done("programme", "decide", programme, "--step", "1", "--approve", "--on", "2024-11-01")
    shown = done("programme", "show", programme)
    assert (shown["period_end"], shown["versions"][-1]["kind"]) == ("2026-12-31", "prolongation")
    assert shown["versions"][0]["period_end"] == "2025-12-31"


def test_e22_an_addendum_is_a_version_with_an_approval_of_its_own() -> None:
    programme, step = "zvp-2020-2025", "zonale veiligheidsraad: goedkeuring"
    before = done("programme", "show", programme)["versions"]
    done("programme", "addendum", programme, "--text", "Afgestemd op het nationale plan.", "--step", step)
    waiting = done("programme", "show", programme)
    assert (waiting["status"], waiting["versions"][-1]["status"]) == ("approved", "proposed")
    done("programme", "decide", programme, "--step", "1", "--approve", "--on", "2024-11-01")
    *earlier, added = done("programme", "show", programme)["versions"]
    assert (earlier, added["kind"], added["status"]) == (before, "addendum", "approved")
    [decision] = added["approvals"]
    assert decision["decided_on"] == "2024-11-01"


def test_e23_the_lead_passes_to_another_and_each_has_his_time(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = "AP-ZUIDSTATION"
    done("group", "lead", plan, "safe", "--reason", "Het crisiscentrum geeft de leiding over.")
    done("person", "appoint", "adelheid", "pijler_nabijheid", "--from", "2024-12-01")
    done("group", "add", plan, "communicatie", "--from", "2024-11-01", "--until", "2025-01-01")
    monkeypatch.setenv("PDCA_NOW", DAY_AFTER)
    assert done("plan", "show", plan)["lead_id"] == "safe"
    assert done("plan", "show", plan, "--as-of", DAY_BEFORE)["lead_id"] == "nccn"
    members = {row["party_id"]: row for row in done("group", "show", plan)["members"]}
    assert members["safe"]["role"] == "lead"
    assert (members["communicatie"]["from_date"], members["communicatie"]["until_date"]) == ("2024-11-01", "2025-01-01")
    assert {"date": "2024-11-02", "to": "safe"} in done("plan", "show", plan)["details"]["handovers"]
    reasons = [one["reason"] for one in done("plan", "history", plan)["events"]]
    assert "Het crisiscentrum geeft de leiding over." in reasons
    held = [one["name"] for one in done("function", "show", "pijler_nabijheid")["holders"]]
    monkeypatch.setenv("PDCA_NOW", "2024-12-01T09:00:00+01:00")
    joined = [one["name"] for one in done("function", "show", "pijler_nabijheid")["holders"]]
    assert (len(held), len(joined)) == (1, 2)


def test_e24_levels_and_the_rhythm_of_each_are_settings(tmp_path: Path) -> None:
    levels = "".join(
        f'[[levels]]\nid = "{name}"\nkind = "objective"\norder = {order}\nrhythm = "FREQ=YEARLY;INTERVAL={years}"\n'
        f'label = {{ nl = "{name}", fr = "{name}", en = "{name}" }}\n\n'
        for order, (name, years) in enumerate((("strategisch", 4), ("tactisch", 2), ("operationeel", 1)), 1)
    ) + "".join(
        f'[[levels]]\nid = "{name}"\nkind = "{kind}"\norder = {order}\n'
        f'label = {{ nl = "{name}", fr = "{name}", en = "{name}" }}\n\n'
        for order, (name, kind) in ((4, ("plan", "plan")), (5, ("activiteit", "activity")))
    )
    shipped = version(1)
    start, end = shipped.index("[[levels]]"), shipped.index("# --- Escalation")
    file = tmp_path / "eigen.toml"
    file.write_text(shipped[:start] + levels + shipped[end:], encoding="utf-8")
    done("workflow", "check", str(file))
    shown = done("workflow", "show", str(file))["levels"]
    assert [(one["id"], one["rhythm"]) for one in shown] == [
        ("strategisch", "FREQ=YEARLY;INTERVAL=4"),
        ("tactisch", "FREQ=YEARLY;INTERVAL=2"),
        ("operationeel", "FREQ=YEARLY;INTERVAL=1"),
        ("plan", None),
        ("activiteit", None),
    ]


def test_e25_an_objective_without_a_plan_is_no_error_and_its_plan_may_come_later() -> None:
    programme = "zvp-2020-2025"
    drugs = done("objective", "add", "--title", "nl=Drugs", "--programme", programme, "--parent", "SD1")["objective"]
    gaps = done("completeness", "--programme", programme)["gaps"]
    assert "objective-without-plan" in {one["code"] for one in gaps if one["subject"] == drugs}
    done("plan", "new", "--title", "nl=Actieplan drugs", "--objective", drugs, "--period", "2025-01-01/2025-12-31")
    gaps = done("completeness", "--programme", programme)["gaps"]
    assert "objective-without-plan" not in {one["code"] for one in gaps if one["subject"] == drugs}


def test_e30_a_body_hands_its_plans_to_another_with_the_figures_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("plan", "advance", "AP-ZP2023", "--trigger", "suspend", "--reason", "De zones zijn samengevoegd.", *CHIEF)
    assert run("export", "--out", "over.yaml").status == 0
    text = (tmp_path / "over.yaml").read_text(encoding="utf-8")
    for old, new in (("pz-zuid-5341", "pz-brussel"), ("Politiezone Zuid", "Politiezone Brussel")):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "over.yaml").write_text(text, encoding="utf-8")
    before = view(of="minderjarigen")["series"]
    plans = {row["slug"] for row in done("plan", "list")["plans"]}

    monkeypatch.setenv("PDCA_NOW", "2025-01-02T09:00:00+01:00")
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'merged.db'}")
    done("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels")
    done("import", "over.yaml")
    assert {row["slug"] for row in done("plan", "list")["plans"]} == plans
    assert {row["state"] for row in done("plan", "list")["plans"]} == {"plan"}
    assert done("status")["installation"]["name"]["nl"] == "Politiezone Brussel"
    done("indicator", "break", "minderjarigen", "--from", "2025", "--reason", "Zes zones werden er een.")
    record("2025-06-15/2025-09-15", "12.1", of="minderjarigen")
    *kept, after = view(of="minderjarigen")["series"]
    values = [(one["period"], one["value"], one["change"]) for one in before]
    assert [(one["period"], one["value"], one["change"]) for one in kept] == values
    assert (after["change"], after["not_compared"]) == (None, "Zes zones werden er een.")


def test_e31_lists_show_two_hundred_plans_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 200
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'large.db'}")
    monkeypatch.setenv("PDCA_NOW", "2024-01-02T09:00:00+01:00")
    done("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels")
    (tmp_path / "large.yaml").write_text(large.programme(number), encoding="utf-8")
    done("import", "large.yaml")
    assert len(done("plan", "list")["plans"]) == number
    assert len(done("activity", "list")["activities"]) == number * large.ACTIVITIES
    assert len(done("evaluation", "list")["evaluations"]) == number * 2
    assert done("status")["plans"]["plan"] == number
    for shown in (("plan", "list"), ("board",), ("plan", "next", "--all")):
        out = run(*shown, "--format", "table").out
        assert all(f"P-{one:03}" in out for one in range(1, number + 1)), shown


def test_e33_partners_and_the_public_are_not_told_of_a_restricted_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'restricted.db'}"
    furnish(url)
    monkeypatch.setenv("PDCA_DATABASE", url)
    monkeypatch.delenv("PDCA_NOW")
    with opened(url) as here:
        seed.plan(here.house, "P-002", people=(), evaluations=MOMENTS[:1], restricted=True)
        for plan in ("P-001", "P-002"):
            here.advance("start", plan_id=plan)
            here.advance("evaluate", plan_id=plan)
    why = {
        plan: {(row["kind"], row["why"]) for row in done("notify", "list", "--plan", plan)["notifications"]}
        for plan in ("P-001", "P-002")
    }
    assert ("evaluation.opened", "stakeholders") in why["P-001"]
    assert ("evaluation.opened", "group") in why["P-002"]
    assert "stakeholders" not in {role for _kind, role in why["P-002"]}
    assert [row["restricted"] for row in done("plan", "list")["plans"]] == [False, True]
    assert "[restricted]" in run("plan", "list", "--format", "table").out
    hidden = ("evaluation", "record", "E-201", "--as", "anna", "--verdict", "effective", "--process", "x", "--effect")
    ran = run(*hidden, "x", "--due-to", "unclear", "--attribution", "x", "--deployed", "x", "--json")
    assert "evaluator-not-concerned" in {need["code"] for need in ran.error["needs"]}
