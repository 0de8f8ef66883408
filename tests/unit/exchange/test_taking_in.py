"""What an import makes of a programme: its approval, its objectives, its phenomena, and what it leaves alone."""

from datetime import date
from pathlib import Path

import pytest

from pdca.audit.verify import verify
from pdca.errors import NotFound, Refused, Usage
from pdca.exchange.exporter import comment_on, programme_document
from pdca.exchange.problems import ImportRefused
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.people.commands import AddPerson
from pdca.programme.decide import Decide
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, Submit
from pdca.programme.version import ProposeVersion
from pdca.store.verifying import StoredLog
from tests.unit.exchange import zone
from tests.unit.exchange.zone import events, row, rows, take_in

NEXT = (
    zone.DRAFT.replace("id: zvp-2020", "id: zvp-2026")
    .replace("previous: [", "previous: [zvp-2020, ")
    .replace("period: {from: 2020, to: 2025-12-31}", "period: {from: 2026, to: 2031}")
    .replace("SD1", "SD2")
    .replace("OD1", "OD2")
    .replace("AP-", "BP-")
)


@pytest.mark.parametrize("published", ["2030", "2023-06-02"])
def test_a_figure_whose_publication_is_still_to_come_is_refused_at_its_line(house: House, published: str) -> None:
    text = zone.TEXT.replace("value: 12.50,", f"value: 12.50, published: {published},", 1)
    with pytest.raises(ImportRefused) as refused:
        take_in(house, text)
    [problem] = refused.value.problems
    assert (problem.code, problem.place.field) == ("date-to-come", "indicators[0].series[0].published")
    assert (problem.place.line or 0) - 1 == text[: text.index("published:")].count("\n")
    assert not rows(house, "measurement")


def test_a_figure_may_be_published_on_the_day_it_comes_in(house: House) -> None:
    take_in(house, zone.TEXT.replace("value: 12.50,", "value: 12.50, published: 2023-06-01,", 1))
    assert [one["published_on"] for one in rows(house, "measurement")] == ["2023-06-01", None]


def test_a_programme_is_as_far_as_the_authorities_have_decided(house: House) -> None:
    take_in(house, zone.TEXT)
    programme = row(house, "programme")
    assert (programme["status"], programme["legal_deadline"], programme["submitted_at"] is None) == (
        "submitted",
        "2019-12-31",
        False,
    )
    first, second, third = rows(house, "authority_approval")
    assert (first["decision"], first["decided_on"], first["effective_on"]) == ("approved", "2020-03", "2020-01-01")
    assert (second["decision"], second["decided_on"]) == ("approved", None)
    assert (third["decision"], third["recorded_by"]) == ("awaited", None)
    assert row(house, "programme_version")["status"] == "proposed"
    take_in(house, zone.APPROVED)
    assert row(house, "programme")["status"] == "approved"
    assert row(house, "programme_version")["status"] == "approved"
    assert row(house, "authority_approval", step=3)["recorded_by"] == "U-001"


def test_what_was_decided_by_command_is_not_undone_by_an_old_file(database_url: str) -> None:
    house = zone.taken_in(database_url)
    house.apply(Decide("zvp-2020", 0, 3, "approved", "2023-05"))
    assert row(house, "programme")["status"] == "approved"
    before = events(house)
    take_in(house, zone.TEXT)
    assert events(house) == before


def test_steps_that_nobody_was_asked_to_decide_wait_until_the_programme_is_submitted(house: House) -> None:
    text = zone.TEXT.replace(", date: 2020-03, effective: 2020-01-01", "").replace(", decision: approved", "")
    take_in(house, text)
    assert (row(house, "programme")["status"], rows(house, "authority_approval")) == ("draft", [])
    with house.reading() as connection:
        found = programme_document(connection)["programme"]["approvals"]
    assert [(step["by"], step["act"]) for step in found] == [
        ("minister", "keurt goed"),
        ("justitie", "keurt mee goed"),
        ("koning", "bekrachtigt"),
    ]
    house.apply(Submit("zvp-2020", [AuthorityStep({"nl": "minister"}, {"nl": "keurt goed"}, "council")]))
    assert row(house, "programme")["status"] == "submitted"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("legal_deadline: 2019-12-31", "legal_deadline: 2020-12-31", "programme.legal_deadline"),
        ("to: 2025-12-31", "to: 2026-12-31", "programme.period.to"),
        ("from: 2020, to", "from: 2019, to", "programme.period.from"),
        ("decision: approved", "decision: rejected", "programme.approvals[1]"),
        ("bekrachtigt}", "bekrachtigt}\n    - {by: raad, act: keurt goed}", "programme.approvals[3]"),
    ],
)
def test_what_was_handed_in_for_approval_stays_as_it_was(house: House, old: str, new: str, field: str) -> None:
    take_in(house, zone.TEXT)
    before = events(house)
    with pytest.raises(Refused) as refused:
        take_in(house, zone.TEXT.replace(old, new, 1))
    assert refused.value.code == "programme-fixed"
    assert refused.value.place is not None
    assert (refused.value.place.field, refused.value.place.line is not None) == (field, True)
    assert events(house) == [*before, "command.refused"]


def test_a_draft_may_still_get_another_period(house: House) -> None:
    take_in(house, zone.DRAFT)
    take_in(house, zone.DRAFT.replace("to: 2025-12-31", "to: 2026-12-31").replace("2019-12-31", "2020-01-31"))
    programme = row(house, "programme")
    assert (programme["period_end"], programme["legal_deadline"]) == ("2026-12-31", "2020-01-31")


def test_after_an_approved_prolongation_what_is_written_out_still_changes_nothing(house: House) -> None:
    take_in(house, zone.APPROVED)
    step = AuthorityStep({"nl": "minister"}, {"nl": "keurt goed"})
    house.apply(ProposeVersion("zvp-2020", "prolongation", "een jaar langer", [step], date(2026, 12, 31)))
    house.apply(Decide("zvp-2020", 1, 1, "approved", "2023-05"))
    with house.reading() as connection:
        text = yaml_text(programme_document(connection), "exported")
    before = events(house)
    take_in(house, text)
    assert events(house) == before
    assert row(house, "programme")["period_end"] == "2026-12-31"


def test_an_objective_has_the_disposition_of_the_file_and_is_a_candidate_without(house: House) -> None:
    take_in(house, zone.TEXT)
    assert row(house, "objective", objective_id="SD1")["disposition"] == "retained"
    assert row(house, "objective", objective_id="SD1")["phenomenon_id"] == "street"
    assert row(house, "objective", objective_id="OD1")["disposition"] == "candidate"
    decision = row(house, "retention")
    kept = ("disposition", "motive", "evidence", "decided_on", "decided_by", "watch")
    assert [decision[name] for name in kept] == [
        "retained",
        "prioriteit van de zone",
        "cijfers",
        "2019-11",
        "veiligheidsraad",
        "klachten",
    ]


def test_another_disposition_is_another_decision_and_the_first_stays(house: House) -> None:
    take_in(house, zone.TEXT)
    changed = zone.TEXT.replace("as: retained", "as: daily_operations").replace("2019-11", "2022-11")
    take_in(house, changed)
    assert [one["disposition"] for one in rows(house, "retention")] == ["retained", "daily_operations"]
    assert row(house, "objective", objective_id="SD1")["disposition"] == "daily_operations"
    with house.reading() as connection:
        assert programme_document(connection)["objectives"][0]["disposition"]["as"] == "daily_operations"


def test_a_file_from_before_a_decision_does_not_take_it_back(house: House) -> None:
    take_in(house, zone.TEXT)
    house.apply(Retain("SD1", "dropped", "niet meer nodig", None, "2023-05", "raad"))
    before = events(house)
    take_in(house, zone.TEXT)
    assert events(house) == before
    assert row(house, "objective", objective_id="SD1")["disposition"] == "dropped"


def test_phenomena_are_a_tree_that_a_later_programme_takes_further(house: House) -> None:
    take_in(house, zone.TEXT)
    take_in(
        house,
        NEXT.replace("{id: pick, title: gauwdiefstal}", "{id: bike, title: fietsdiefstal}").replace(
            "phenomenon: pick", "phenomenon: bike"
        ),
    )
    assert {one["phenomenon_id"]: one["parent_id"] for one in rows(house, "phenomenon")} == {
        "street": None,
        "pick": "street",
        "noise": "street",
        "bike": "street",
    }


def test_a_programme_follows_one_that_is_there(house: House) -> None:
    with pytest.raises(ImportRefused) as refused:
        take_in(house, NEXT)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.field) == ("import-unknown-reference", "programme.previous[0]")
    assert events(house) == ["installation.created"]
    take_in(house, zone.TEXT)
    take_in(house, NEXT)
    assert row(house, "programme", programme_id="zvp-2026")["previous_id"] == "zvp-2020"


def test_a_programme_begins_after_the_one_it_follows(house: House) -> None:
    take_in(house, zone.TEXT)
    with pytest.raises(ImportRefused) as refused:
        take_in(house, NEXT.replace("{from: 2026, to: 2031}", "{from: 2020, to: 2031}"))
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.field) == ("previous-begins-later", "programme.previous[0]")


def test_every_programme_goes_into_a_file_of_its_own_and_comes_back(house: House, tmp_path: Path) -> None:
    take_in(house, zone.TEXT)
    # What another programme brought along is named here too, and stays with that one.
    take_in(house, NEXT.replace("  seed: {url", "  other: {url").replace("[seed]", "[other]"))
    with house.reading() as connection:
        files = {name: yaml_text(programme_document(connection, name), "exported") for name in ("zvp-2020", "zvp-2026")}
    before = events(house)
    for text in files.values():
        take_in(house, text)
    assert events(house) == before
    copy = zone.empty(f"sqlite:///{tmp_path / 'copy.db'}")
    for text in files.values():
        take_in(copy, text)
    with copy.reading() as connection:
        assert {name: yaml_text(programme_document(connection, name), "exported") for name in files} == files
        assert verify(StoredLog(connection)).ok


def test_a_source_stays_with_the_programme_that_brought_it_and_comes_along_where_it_is_named(house: House) -> None:
    named = "kind: partner, source: [seed]}"
    take_in(house, zone.TEXT.replace("kind: partner}", named))
    take_in(
        house, NEXT.replace("kind: partner}", named).replace("  seed: {url", "  other: {what: a book}\n  seed: {url")
    )
    sources = {one["programme_id"]: one["sources"] for one in rows(house, "programme")}
    assert ('"seed"' in sources["zvp-2020"], '"seed"' in sources["zvp-2026"]) == (True, False)
    with house.reading() as connection:
        assert programme_document(connection, "zvp-2026")["sources"].keys() == {"other", "seed"}


def test_one_of_several_programmes_has_to_be_named(house: House) -> None:
    take_in(house, zone.TEXT)
    take_in(house, NEXT)
    with house.reading() as connection:
        with pytest.raises(Usage):
            programme_document(connection)
        with pytest.raises(NotFound):
            programme_document(connection, "zvp-1999")


def test_what_was_added_between_others_by_several_files_is_still_written_out_without_a_change(house: House) -> None:
    take_in(house, zone.TEXT)
    take_in(house, zone.TEXT.replace("- id: A2\n", "- id: A0\n"))
    assert [(one["activity_id"], one["position"]) for one in rows(house, "activity", plan_id="P-001")] == [
        ("P-001/A0", 1),
        ("P-001/A1", 0),
        ("P-001/A2", 1),
    ]
    before = events(house)
    with house.reading() as connection:
        text = yaml_text(programme_document(connection), "exported")
    take_in(house, text)
    assert events(house) == before
    zone.edit(house, lambda plan: plan["activities"].reverse())
    assert [one["id"] for one in zone.written(house)["plan"]["activities"]] == ["A2", "A0", "A1"]


def test_an_objective_of_another_programme_is_left_alone(house: House) -> None:
    take_in(house, zone.TEXT)
    with pytest.raises(Refused) as refused:
        take_in(house, NEXT.replace("SD2", "SD1"))
    assert refused.value.code == "objective-of-another-programme"
    assert refused.value.place is not None
    assert refused.value.place.field == "objectives[0].id"


def test_the_means_steps_and_order_of_activities_are_kept(house: House) -> None:
    take_in(house, zone.TEXT)
    activity = row(house, "activity", activity_id="P-001/A2")
    assert (activity["rubric_id"], activity["depends_on"]) == ("preventief", '["P-001/A1"]')
    assert activity["steps"] == '[{"text":{"nl":"eerst dit"}},{"done":true,"text":{"nl":"dan dat"}}]'
    found = {(one["year"], one["kind"]): (one["planned"], one["deployed"]) for one in rows(house, "means")}
    assert found == {
        (2023, "money"): ("100.50", "80"),
        (2023, "fte"): ("0.5", None),
        (2024, "headcount"): ("3", None),
        (2024, "hours"): (None, "12"),
    }
    assert row(house, "means", kind="money")["shortfall_reason"] == "te weinig volk"


def test_deputies_and_the_time_of_a_member_are_kept(house: House) -> None:
    take_in(house, zone.TEXT)
    member = row(house, "group_member", plan_id="P-002")
    assert (member["role"], member["from_date"], member["until_date"]) == ("deputy", "2024-06-01", "2024-09-01")


def test_an_appointment_gets_an_end_and_a_time_that_overlaps_is_none_more(house: House) -> None:
    take_in(house, zone.TEXT)
    text = zone.TEXT.replace(
        "from: 2020-01-01}]}\n  - {id: dee", "from: 2020-01-01, until: 2023-01-01}]}\n  - {id: dee"
    )
    take_in(house, text)
    person = row(house, "person", handle="cas")["person_id"]
    assert row(house, "appointment", person_id=person)["until_date"] == "2023-01-01"
    again = text.replace("from: 2020-01-01, until: 2023-01-01", "from: 2022-01-01")
    take_in(house, again)
    assert len(rows(house, "appointment", person_id=person)) == 1
    take_in(house, again.replace("from: 2022-01-01", "from: 2023-01-01"))
    assert len(rows(house, "appointment", person_id=person)) == 2


def test_what_an_imprecise_date_of_an_appointment_means_is_its_first_day(house: House) -> None:
    take_in(house, zone.TEXT)
    person = row(house, "person", handle="an")["person_id"]
    assert row(house, "appointment", person_id=person)["from_date"] == "2020-01-01"


def test_a_person_whose_handle_is_no_id_is_not_written_out(house: House) -> None:
    take_in(house, zone.TEXT)
    house.apply(AddPerson("jan peeters", "Jan Peeters", None, None, "nl", "member", (), date(2023, 6, 1)))
    with house.reading() as connection:
        people = [person["id"] for person in programme_document(connection)["people"]]
    assert people == [house.operating_system_login(), "an", "bo", "cas", "dee"]


def test_what_is_written_out_says_at_its_top_what_it_is_and_is_made_for_reading(house: House) -> None:
    with house.reading() as connection:
        alone = programme_document(connection)
    assert alone.keys() == {"pdca", "language", "people"}
    assert comment_on(alone).startswith("The people")
    take_in(house, zone.TEXT)
    long = "een lange zin met heel veel woorden " * 5
    zone.edit(house, lambda plan: plan["rubrics"].update(analyse=long.strip(), middelen="eerst\ndan\n"))
    data = zone.written(house)
    text = yaml_text(data, "a plan")
    assert "    middelen: |\n      eerst\n      dan\n" in text
    assert "    analyse: >-\n      een lange zin" in text
    assert "  group: [chief, town]\n" in text
    assert "        - {year: 2023, money: 100.50, deployed: 80, shortfall: te weinig volk}\n" in text
    assert "  group_by: 2023-07-31\n" in text
    assert max(map(len, text.splitlines())) <= 120
