"""What a good document becomes, and that the examples and the page on the format are good documents."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from pdca.exchange.document import Document, read_document
from pdca.exchange.plan_records import Plan
from pdca.exchange.problems import ImportRefused
from pdca.periods import parse_period
from workflows.schedule import ScheduleError

ROOT = Path(__file__).parents[3]
ZONE = ROOT / "examples" / "zone-zuid.yaml"
PEOPLE = ROOT / "examples" / "zone-zuid-people.yaml"


@pytest.fixture(scope="module")
def complete() -> Document:
    return read_document(Path(__file__).parent / "complete.yaml")


@pytest.fixture(scope="module")
def zone() -> Document:
    return read_document(ZONE)


def plan_of(document: Document, slug: str) -> Plan:
    return next(placed.plan for placed in document.all_plans() if placed.plan.id == slug)


def test_a_plain_text_is_in_the_language_of_the_document(complete: Document) -> None:
    assert complete.language == "nl"
    assert complete.functions[0].name == {"nl": "korpschef"}
    assert complete.stakeholders[0].name == {"nl": "raad", "fr": "conseil"}


@pytest.mark.parametrize(
    ("head", "language"),
    [("", "fr"), ("language: pt-br\n", "pt-BR"), ("language: ZH-HANT\n", "zh-Hant"), ("language: no\n", "no")],
)
def test_any_language_serves_and_the_first_of_the_organisation_is_the_default(head: str, language: str) -> None:
    text = (
        f"pdca: 1\n{head}organisation: {{id: o, name: x, zone: UTC, languages: [FR, nl]}}\n"
        "programme: {id: p, title: y, method: zvp, period: {from: 2020, to: 2025}}\n"
    )
    document = read_document(text)
    assert document.language == language
    assert document.programme is not None
    assert document.programme.title == {language: "y"}
    assert document.organisation is not None
    assert document.organisation.languages == ("fr", "nl")


def test_imprecise_dates_keep_their_text_and_fall_on_their_last_day(complete: Document) -> None:
    evaluation = plan_of(complete, "AP-1").evaluations[0]
    assert (evaluation.date.text, evaluation.date.date, evaluation.date.precision) == (
        "2023-08",
        dt.date(2023, 8, 31),
        "month",
    )
    assert complete.programme is not None
    period = complete.programme.period
    assert (period.first_day, period.last_day) == (dt.date(2020, 1, 1), dt.date(2025, 12, 31))


def test_numbers_are_exact_and_missing_is_not_zero(complete: Document) -> None:
    first, second = complete.indicators[0].series
    assert str(first.value) == "12.50"
    assert first.parts == {"Vorst": Decimal(10), "elders": Decimal("2.5")}
    assert (second.value, second.missing) == (None, "niet geteld")
    assert str(complete.indicators[0].targets[0].value) == "10.50"


def test_the_short_forms_of_statements_and_perimeters_are_the_same_as_the_long_ones(complete: Document) -> None:
    plan = plan_of(complete, "AP-1")
    assert [statement.text for statement in plan.phenomena] == [
        {"nl": "lawaai"},
        {"fr": "bruit"},
        {"nl": "drugs"},
        None,
    ]
    assert [statement.assumed for statement in plan.phenomena] == [False, False, True, False]
    assert plan.rubrics["analyse"].text == {"nl": "kort"}
    assert plan.rubrics["definitie"].source == ("seed",)
    assert plan.perimeter is not None
    assert plan.perimeter.names == ("Anderlecht: Kuregem", "Anderlecht: Peterbos")
    second = plan_of(complete, "AP-2").perimeter
    assert second is not None
    assert second.names == ("Kuregem",)


def test_objectives_and_plans_come_in_order_with_their_parents(complete: Document) -> None:
    objectives = [(one.objective.id, one.parent, one.depth, one.position) for one in complete.all_objectives()]
    assert objectives == [("SD1", None, 0, 0), ("OD1", "SD1", 1, 0)]
    assert [(one.plan.id, one.objective) for one in complete.all_plans()] == [
        ("AP-1", "OD1"),
        ("AP-2", "OD1"),
        ("AP-3", "OD1"),
    ]


def test_a_path_given_with_a_plan_leads_back_to_its_line(complete: Document) -> None:
    second = list(complete.all_plans())[1]
    place = complete.place((*second.path, "id"))
    lines = (Path(__file__).parent / "complete.yaml").read_text(encoding="utf-8").splitlines()
    assert place.line is not None
    assert lines[place.line - 1].strip() == "- id: AP-2"


def test_a_document_cannot_be_changed(complete: Document) -> None:
    with pytest.raises(ValidationError):
        complete.language = "fr"  # type: ignore[misc]  # that is what must not work


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2018-T1", "2018-01-01", "2018-04-30"),
        ("2018-T3", "2018-09-01", "2018-12-31"),
        ("2018-Q2", "2018-04-01", "2018-06-30"),
        ("2018-H2", "2018-07-01", "2018-12-31"),
        ("2023-06-15/2023-09-15", "2023-06-15", "2023-09-15"),
        ("2023-06/2024", "2023-06-01", "2024-12-31"),
        ("2024-10-31", "2024-10-31", "2024-10-31"),
    ],
)
def test_the_period_of_a_figure_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    period = parse_period(text)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2018-T4", "no T4"),
        ("2018-H3", "no H3"),
        ("2018-Q5", "no Q5"),
        ("2024/2023", "ends before it begins"),
        ("2024/", "no period"),
        ("/2024", "no period"),
        ("summer", "no period"),
        ("2024-13", "does not exist"),
    ],
)
def test_a_period_that_does_not_exist_is_refused(text: str, message: str) -> None:
    with pytest.raises(ScheduleError, match=message):
        parse_period(text)


def test_a_file_of_people_adds_to_the_parties_that_are_known() -> None:
    text = "pdca: 1\npeople: [{id: an, name: An, appointments: [{party: chief}]}]\n"
    document = read_document(text, known_parties={"chief"})
    assert document.people_only
    assert document.people[0].appointments[0].party == "chief"
    assert document.people[0].access == "member"
    with pytest.raises(ImportRefused) as refused:
        read_document(text, known_parties={"pilot"})
    assert refused.value.code == "import-unknown-reference"


def test_known_parties_may_be_named_by_a_whole_programme() -> None:
    text = (Path(__file__).parent / "complete.yaml").read_text(encoding="utf-8").replace("lead: pilot", "lead: other")
    assert plan_of(read_document(text, known_parties={"other"}), "AP-1").lead == "other"


def test_the_example_holds_the_whole_plan_of_the_zone(zone: Document) -> None:
    depths = [placed.depth for placed in zone.all_objectives()]
    assert (depths.count(0), depths.count(1)) == (8, 9)
    plans = [placed.plan for placed in zone.all_plans()]
    assert len(plans) == 12
    assert all(len(plan.rubrics) == 8 for plan in plans)
    assert all(plan.activities and plan.evaluations and plan.information and plan.group for plan in plans)
    assert len(zone.indicators) == 26
    assert sum(len(indicator.series) for indicator in zone.indicators) == 29


def test_every_project_group_of_the_example_has_two_disciplines(zone: Document) -> None:
    disciplines = {party.id: party.discipline for party in zone.parties}
    for placed in zone.all_plans():
        group = {placed.plan.lead, *(member.party for member in placed.plan.group)}
        assert len({disciplines[party] for party in group if party} - {None}) >= 2, placed.plan.id


def test_what_nobody_published_is_marked_in_the_example(zone: Document) -> None:
    plan = plan_of(zone, "AP-GAUW")
    assert plan.assumed
    assert plan.basis is not None
    assert all(party.discipline_assumed for party in zone.parties if party.discipline)
    records = [
        *zone.parties,
        *(one.objective for one in zone.all_objectives()),
        *(one.plan for one in zone.all_plans()),
    ]
    assert [record for record in records if not record.assumed and not record.source] == []


def test_the_cast_of_the_example_fills_every_part_and_is_marked_as_invented(zone: Document) -> None:
    cast = read_document(PEOPLE, known_parties={party.id for party in zone.parties})
    assert all(person.assumed and person.basis for person in cast.people)
    held = {appointment.party for person in cast.people for appointment in person.appointments}
    assert held == {party.id for party in zone.parties}
    assert {person.access for person in cast.people} == {"member", "administrator", "auditor"}
    assert all(person.email and person.email.endswith(".example") for person in cast.people)
    assert {person.language for person in cast.people} == {"nl", "fr"}


def test_every_example_on_the_page_of_the_format_is_read() -> None:
    page = (ROOT / "docs" / "import-format.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(examples) == 2
    whole, people = (read_document(text) for text in examples)
    assert [placed.plan.id for placed in whole.all_plans()] == ["STATION"]
    assert people.people_only


def test_the_page_of_the_format_names_every_code_there_is() -> None:
    page = (ROOT / "docs" / "import-format.md").read_text(encoding="utf-8")
    room = ROOT / "pdca" / "exchange"
    code = r"(?:import|edit)-[a-z-]+"
    written = {
        found for path in room.glob("*.py") for found in re.findall(f'"({code})"', path.read_text(encoding="utf-8"))
    }
    assert written == set(re.findall(f"`({code})`", page))
