"""What an import makes of versions of a programme and of decisions taken before."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pdca.audit.verify import verify
from pdca.errors import Refused
from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.problems import ImportRefused
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.programme.decide import Decide
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, Submit
from pdca.programme.version import ProposeVersion
from pdca.store.verifying import StoredLog
from tests.unit.exchange import zone
from tests.unit.exchange.zone import events, row, rows, take_in


def written(house: House) -> str:
    with house.reading() as connection:
        return yaml_text(programme_document(connection), "exported")


def worked(house: House) -> str:
    """A programme with an addendum, a prolongation and three decisions over an objective, as a file."""
    take_in(house, zone.APPROVED)
    step = AuthorityStep({"nl": "minister"}, {"nl": "keurt goed"})
    house.apply(ProposeVersion("zvp-2020", "addendum", "ook drugs", [step]))
    house.apply(Decide("zvp-2020", 1, 1, "approved", "2023-04"))
    house.apply(ProposeVersion("zvp-2020", "prolongation", "een jaar langer", [step], date(2026, 12, 31)))
    house.apply(Decide("zvp-2020", 2, 1, "approved", "2023-05", "2023-06-01"))
    for disposition in ("dropped", "point_of_attention"):
        house.apply(Retain("SD1", disposition, "opnieuw bekeken", None, "2023-05-10", "de raad"))
    return written(house)


def kept(house: House, table: str) -> list[dict[str, object]]:
    when = ("proposed_by", "proposed_at", "recorded_by", "recorded_at")
    return [{name: value for name, value in one.items() if name not in when} for one in rows(house, table)]


HISTORY = ("programme_version", "authority_approval", "retention")


def test_versions_and_decisions_come_back_in_a_new_database(house: House, tmp_path: Path) -> None:
    text = worked(house)
    other = zone.empty(f"sqlite:///{tmp_path / 'other.db'}")
    take_in(other, text)
    assert [len(rows(other, table)) for table in HISTORY] == [3, 5, 3]
    assert [kept(other, table) for table in HISTORY] == [kept(house, table) for table in HISTORY]
    assert row(other, "programme")["period_end"] == "2026-12-31"
    assert written(other) == text
    with other.reading() as connection:
        assert verify(StoredLog(connection)).ok


def test_when_a_version_was_handed_in_comes_along(house: House, tmp_path: Path) -> None:
    take_in(house, zone.DRAFT)
    step = AuthorityStep({"nl": "minister"}, {"nl": "keurt goed"})
    house.apply(Submit("zvp-2020", [step]))
    house.apply(Decide("zvp-2020", 0, 1, "approved", "2023-06-01"))
    text = written(house)
    assert text.count("proposed: 2023-06-01\n") == 1
    other = zone.empty(f"sqlite:///{tmp_path / 'other.db'}", zone.NOW + timedelta(days=400))
    take_in(other, text)
    assert row(other, "programme")["status"] == "approved"
    assert row(other, "programme")["submitted_at"] == "2023-05-31T22:00:00.000000Z"
    assert written(other) == text
    events_before = events(other)
    take_in(other, text)
    assert events(other) == events_before


def test_of_what_no_file_says_when_it_was_handed_in_it_stays_unknown(house: House) -> None:
    take_in(house, zone.APPROVED)
    assert (row(house, "programme_version")["proposed_at"], row(house, "programme_version")["proposed_by"]) == (
        None,
        None,
    )
    assert "proposed:" not in written(house)


def test_a_version_that_is_still_to_be_handed_in_is_refused_where_it_stands(house: House, tmp_path: Path) -> None:
    text = worked(house)
    other = zone.empty(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(ImportRefused) as refused:
        take_in(other, text.replace("proposed: 2023-06-01", "proposed: 2023-06-02"))
    assert {(one.code, one.place.field) for one in refused.value.problems} == {
        ("import-bad-date", "programme.versions[1].proposed")
    }
    assert events(other) == events(zone.empty(f"sqlite:///{tmp_path / 'third.db'}"))


def test_versions_and_decisions_change_nothing_where_they_came_from(house: House) -> None:
    text = worked(house)
    before = events(house)
    take_in(house, text)
    assert events(house) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ook drugs", "ook wapens"),
        ("to: 2025-12-31", "to: 2024-12-31"),
        ("date: 2023-04}", "date: 2023-05}"),
        ("proposed: 2023-06-01", "proposed: 2023-05-31"),
    ],
)
def test_a_file_changes_no_version_that_is_on_record(house: House, old: str, new: str) -> None:
    text = worked(house)
    before = events(house)
    changed = text.replace(old, new, 1)
    assert changed != text
    with pytest.raises(Refused) as refused:
        take_in(house, changed)
    assert (refused.value.code, refused.value.exit_status) == ("programme-fixed", 3)
    assert events(house) == [*before, "command.refused"]


def test_a_file_adds_no_version_to_a_programme_that_was_handed_in(house: House) -> None:
    text = worked(house)
    fourth = "    - {number: 3, kind: addendum, text: meer, approvals: [{by: minister, act: keurt goed}]}\n"
    added = text.replace("  reviews:\n", fourth + "  reviews:\n", 1)
    assert added != text
    with pytest.raises(Refused) as refused:
        take_in(house, added)
    assert (refused.value.code, refused.value.exit_status) == ("programme-fixed", 3)


def test_what_was_handed_in_and_waits_is_handed_in_wherever_it_is_taken_in(house: House, tmp_path: Path) -> None:
    take_in(house, zone.DRAFT)
    house.apply(Submit("zvp-2020", [AuthorityStep({"nl": "minister"}, {"nl": "keurt goed"}, "council")]))
    text = written(house)
    before = events(house)
    take_in(house, text)
    assert events(house) == before
    other = zone.empty(f"sqlite:///{tmp_path / 'other.db'}")
    take_in(other, text)
    assert row(other, "programme")["status"] == "submitted"
    assert written(other) == text


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("number: 1", "number: 2", "programme.versions[1].number"),
        ("to: 2026-12-31}", "to: 2027-12-31}", "programme.period.to"),
        ("      text: ook drugs\n", "", "programme.versions[1].text"),
        ("      to: 2025-12-31\n", "", "programme.versions[0].to"),
        ("kind: addendum", "kind: programme", "programme.versions[1].to"),
        ("date: 2020-04-02}", "decision: rejected}", "programme.versions[1].kind"),
        ("proposed: 2023-06-01", "proposed: 2023-06-02", "programme.versions[2].proposed"),
        ("decided: 2019-11", "decided: 2024-11", "objectives[0].earlier_dispositions[0].decided"),
        ("    disposition: {as: point", "    note: {as: point", "objectives[0].note"),
    ],
)
def test_a_history_that_does_not_hang_together_is_refused_where_it_breaks(
    house: House, old: str, new: str, field: str
) -> None:
    text = worked(house)
    assert old in text
    with pytest.raises(ImportRefused) as refused:
        read_document(text.replace(old, new, 1))
    assert field in {one.place.field for one in refused.value.problems}
    assert all(one.place.line for one in refused.value.problems)
