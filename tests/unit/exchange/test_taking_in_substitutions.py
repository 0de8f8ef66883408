"""What an import makes of substitutions: they come beside those there are, and what is over came to be as it was."""

from datetime import date

import pytest

from pdca.exchange.bases import bases, with_base
from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.problems import ImportClash, ImportRefused
from pdca.exchange.writing import json_text, yaml_text
from pdca.house import House
from pdca.people.commands import AddPerson
from pdca.people.substitution import EndSubstitution, Substitute
from pdca.standing import acts_for
from pdca.store.driver import Row
from tests.unit.exchange import zone
from tests.unit.exchange.zone import Data, rows, take_in

SAID = "{by: bo, from: 2022-07-04, until: 2022-07, reason: verlof}"


@pytest.fixture
def taken(house: House) -> House:
    take_in(house, zone.TEXT)
    return house


def of(house: House) -> list[tuple[str, ...]]:
    names = {one["person_id"]: one["handle"] for one in rows(house, "person")}

    def told(row: Row) -> tuple[str, ...]:
        who = (names[row["absent_id"]], names[row["substitute_id"]])
        return (row["substitution_id"], *who, row["from_date"], row["until_date"], row["reason"])

    return [told(row) for row in rows(house, "substitution")]


def written(house: House) -> Data:
    with house.reading() as connection:
        return with_base(programme_document(connection), bases(connection), {f"AP-{n}": f"P-00{n}" for n in (1, 2, 3)})


def an(document: Data) -> Data:
    return next(person for person in document["people"] if person["id"] == "an")


def people_file(house: House, *people: str) -> None:
    with house.reading() as connection:
        known = known_in(connection)
    text = "".join(f"  - {person}\n" for person in people)
    house.apply(ImportDocument(read_document(f"pdca: 1\nlanguage: nl\npeople:\n{text}", known=known)))


def test_one_that_is_over_comes_in_as_it_was_with_both_days_included(taken: House) -> None:
    assert of(taken) == [("S-001", "an", "bo", "2022-07-04", "2022-07-31", "verlof")]


def test_one_from_the_same_day_gets_another_end_and_reason_and_what_is_not_said_stays(taken: House) -> None:
    outcome = take_in(taken, zone.TEXT.replace("until: 2022-07, reason: verlof", "until: 2022-08-02, reason: ziek"))
    assert (outcome.summary["added"], outcome.summary["changed"]) == ({}, {"substitution": 1})
    take_in(taken, zone.TEXT.replace(SAID, SAID.replace("2022-07-04", "2022-07-06")))
    assert of(taken) == [
        ("S-001", "an", "bo", "2022-07-04", "2022-08-02", "ziek"),
        ("S-002", "an", "bo", "2022-07-06", "2022-07-31", "verlof"),
    ]


def test_whoever_a_file_names_may_act_at_once(taken: House) -> None:
    names = {one["handle"]: one["person_id"] for one in rows(taken, "person")}
    person = "{id: cas, name: Cas Maes, substitutions: [{by: bo, from: 2023-06-01, until: 2023-06-02, reason: weg}]}"
    people_file(taken, person)
    with taken.reading() as connection:
        assert acts_for(connection, names["bo"], zone.NOW) == {names["cas"]}


def test_two_from_one_day_come_back_from_the_file(taken: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    for until in (date(2023, 6, 5), date(2023, 6, 9)):
        taken.apply(Substitute("an", "bo", date(2023, 6, 2), until, "weg"))
    document = written(taken)
    assert len(an(document)["substitutions"]) == 3
    for text in (yaml_text(document, "written"), json_text(document)):
        assert take_in(taken, text).events == ()
        other = zone.taken_in(f"sqlite:///{tmp_path_factory.mktemp('other') / 'zone.db'}", text)
        assert of(other) == of(taken)
    del document["base"], an(document)["substitutions"][1]
    assert take_in(taken, yaml_text(document, "only the longer one")).events == ()


def test_what_others_ended_since_stays_ended_and_is_refused_where_the_file_says_another_end(taken: House) -> None:
    taken.apply(Substitute("an", "bo", date(2023, 6, 1), date(2023, 6, 30), "weg"))
    document = written(taken)
    taken.apply(EndSubstitution("S-002", date(2023, 6, 10), "terug"))
    assert take_in(taken, yaml_text(document, "written")).events == ()
    an(document)["substitutions"][1]["until"] = "2023-07-15"
    with pytest.raises(ImportClash) as refused:
        take_in(taken, yaml_text(document, "written"))
    [problem] = refused.value.problems
    assert (problem.code, problem.place.field) == ("changed-meanwhile", "people[1].substitutions[1].until")
    assert of(taken)[1][4] == "2023-06-10"


def test_whoever_only_reads_acts_for_nobody(taken: House) -> None:
    eve = "{id: eve, name: Eve, access: auditor}"
    with pytest.raises(ImportRefused) as refused:
        people_file(taken, f"{{id: an, name: An Peeters, substitutions: [{SAID.replace('bo', 'eve')}]}}", eve)
    [problem] = refused.value.problems
    assert (problem.code, problem.place.field) == ("substitute-may-not-write", "people[0].substitutions[0].by")
    assert len(rows(taken, "person", handle="eve")) == 0


def test_one_said_twice_is_refused(taken: House) -> None:
    with pytest.raises(ImportRefused) as refused:
        take_in(taken, zone.TEXT.replace(SAID, f"{SAID}, {SAID}"))
    [problem] = refused.value.problems
    assert (problem.code, problem.place.field) == ("import-duplicate-entry", "people[0].substitutions[1]")


def test_those_of_a_person_who_is_left_out_are_left_out(taken: House) -> None:
    taken.apply(AddPerson("jan peeters", "Jan Peeters", None, None, "nl", "member", (), date(2023, 6, 1)))
    taken.apply(Substitute("an", "jan peeters", date(2023, 6, 1), date(2023, 6, 9), "weg"))
    assert [one["by"] for one in an(written(taken))["substitutions"]] == ["bo"]
