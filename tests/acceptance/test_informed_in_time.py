"""What keeps others from being informed is seen where people look: what is next, how it stands, whether all is well."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance.test_clauses_informing import INFORMED, informed
from tests.contract.world import PLAN, World
from tests.unit.cli.running import run

LATER: Final = INFORMED + timedelta(days=8)


def next_of_reports() -> list[dict[str, Any]]:
    return [one for one in run("plan", "next", PLAN, "--json").json["next"] if one["what"] == "information"]


def found(check: str) -> dict[str, Any]:
    [one] = [row for row in run("doctor", "--json").json["checks"] if row["check"] == check]
    return dict(one)


def given(report: str) -> Any:  # noqa: ANN401 - a view
    [moment] = [one for one in run("plan", "show", PLAN, "--json").json["information"] if one["report_id"] == report]
    return moment


def test_a_mail_waits_for_approval_and_then_to_be_delivered_until_every_copy_has_left(zone: World) -> None:
    informed(zone, "transport", "mail")
    assert [(one["waits_for"], one["command"]) for one in next_of_reports()] == [
        ("approval", "pdca information approve R-001")
    ]
    assert run("information", "approve", "R-001", "--as", "sofie").status == 0
    assert [(one["waits_for"], one["command"]) for one in next_of_reports()] == [("delivery", "pdca notify deliver")]
    assert "waits to be delivered" in run("plan", "next", PLAN, "--format", "table").out
    assert run("status", "--json").json["reports"] == {"delivery": 1}
    assert "Reports: 1 (waits to be delivered)." in run("status").out
    assert (given("R-001")["report_status"], given("R-001")["received_on"]) == ("sent", None)
    assert run("notify", "deliver").status == 0
    assert next_of_reports() == []
    assert run("status", "--json").json["reports"] == {}
    assert (given("R-001")["report_status"], given("R-001")["received_on"]) == ("informed", INFORMED.isoformat())


@pytest.mark.parametrize(
    ("method", "approved", "waits_for"),
    [
        ("letter", False, "approval"),
        ("letter", True, "sending"),
        ("meeting", True, "meeting"),
        ("mail", True, "delivery"),
    ],
)
def test_the_doctor_names_what_was_not_approved_or_sent_in_time(
    method: str, waits_for: str, zone: World, *, approved: bool
) -> None:
    informed(zone, "transport", method)
    if approved:
        assert run("information", "approve", "R-001", "--as", "sofie").status == 0
    assert found("information")["status"] == "ok"
    zone.sweep_on(LATER)
    assert found("information")["status"] == "warning"
    assert f"{PLAN} R-001" in found("information")["message"]
    assert [(one["late"], one["waits_for"]) for one in next_of_reports()] == [(True, waits_for)]


def test_a_letter_that_was_written_waits_to_be_posted(
    zone: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_INFORMATION_FOLDER", str(tmp_path / "told"))
    informed(zone, "transport", "letter")
    for verb in ("approve", "send"):
        assert run("information", verb, "R-001", "--as", "sofie").status == 0
    [waiting] = next_of_reports()
    assert (waiting["waits_for"], waiting["command"].split()[:3]) == ("posting", ["pdca", "information", "receipt"])
    assert "R-001" in found("information")["message"]
    held = ("--on", INFORMED.isoformat(), "--reference", "RR 1", "--received-by", "onthaal", "--as", "sofie")
    assert run("information", "receipt", "R-001", *held).status == 0
    assert "R-001" not in found("information")["message"]


def test_the_doctor_names_the_folder_of_letters_and_whether_it_can_be_written(
    zone: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del zone
    folder = tmp_path / "told"
    monkeypatch.setenv("PDCA_INFORMATION_FOLDER", str(folder))
    assert found("letters")["status"] == "ok"
    assert str(folder) in found("letters")["message"]
    folder.write_text("in the way", encoding="utf-8")
    assert found("letters")["status"] == "warning"
