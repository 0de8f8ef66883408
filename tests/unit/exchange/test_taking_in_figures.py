"""What an import makes of figures and targets: what a file says anew stands beside what was there."""

import pytest

from pdca.exchange.exporter import programme_document
from pdca.exchange.problems import ImportRefused
from pdca.house import House
from pdca.indicators.figures import RetainFigure
from tests.unit.exchange import zone
from tests.unit.exchange.zone import row, rows, take_in


def test_a_target_of_zero_is_a_target(house: House) -> None:
    take_in(house, zone.TEXT.replace("value: 10.50", "value: 0"))
    assert row(house, "target", indicator_id="facts")["value"] == "0"


def test_another_figure_of_a_file_is_a_revision_beside_the_first(house: House) -> None:
    take_in(house, zone.TEXT)
    [first, *_] = rows(house, "measurement", indicator_id="facts", period="2018-T1")
    outcome = take_in(house, zone.TEXT.replace("2018-T1, value: 12.50", "2018-T1, value: 999"))
    assert (outcome.summary["added"], outcome.summary["changed"]) == ({"measurement": 1}, {})
    figures = rows(house, "measurement", indicator_id="facts", period="2018-T1")
    assert [(row["number"], row["value"]) for row in figures] == [(1, first["value"]), (2, "999")]


def test_another_target_of_a_file_says_which_it_replaces_and_why(house: House) -> None:
    take_in(house, zone.TEXT)
    with pytest.raises(ImportRefused) as refused:
        take_in(house, zone.TEXT.replace("value: 10.50", "value: 9"))
    assert refused.value.code == "target-replaced"
    [target] = rows(house, "target", indicator_id="facts")
    assert target["value"] == "10.50"
    second = '{op: "<=", value: 9, by: 2025, adjusts: 1, reason: Minder volk}'
    text = zone.TEXT.replace("value: 10.50, by: 2025}", f"value: 10.50, by: 2025}}, {second}")
    for added in ({"target": 1}, {}):
        assert take_in(house, text).summary["added"] == added
    [_, adjusted] = rows(house, "target", indicator_id="facts")
    assert (adjusted["replaces"], adjusted["change"], adjusted["reason"]) == (1, "adjusted", "Minder volk")


def test_a_direction_of_an_indicator_against_the_operator_of_a_target_is_refused(house: House) -> None:
    with pytest.raises(ImportRefused) as refused:
        take_in(house, zone.TEXT.replace("direction: down", "direction: up"))
    assert refused.value.problems[0].code == "import-target-both-ways"
    assert refused.value.problems[0].place.line is not None


def test_a_target_that_replaces_one_for_another_time_is_refused(house: House) -> None:
    second = '{op: "<=", value: 9, by: 2026, adjusts: 1, reason: Minder volk}'
    with pytest.raises(ImportRefused) as refused:
        take_in(house, zone.TEXT.replace("value: 10.50, by: 2025}", f"value: 10.50, by: 2025}}, {second}"))
    assert refused.value.problems[0].code == "import-other-time"


def test_what_was_to_be_determined_is_determined_by_a_file_too(house: House) -> None:
    take_in(house, zone.TEXT.replace("value: 10.50, by: 2025", "note: volgt, by: 2025"))
    assert take_in(house, zone.TEXT).summary["added"] == {"target": 1}
    assert [row["replaces"] for row in rows(house, "target", indicator_id="facts")] == [None, None]


def test_the_direction_of_an_indicator_goes_to_its_targets(house: House) -> None:
    take_in(house, zone.TEXT)
    [target] = rows(house, "target", indicator_id="facts")
    assert target["direction"] == "down"


def test_a_choice_among_figures_comes_in_once(house: House) -> None:
    take_in(house, zone.TEXT)
    text = zone.TEXT.replace("2018-T1, value: 12.50", "2018-T1, retained: true, value: 12.50")
    assert take_in(house, text).summary["added"] == {"retained_figure": 1}
    assert take_in(house, text).events == ()


def test_why_a_figure_was_chosen_comes_in_and_another_reason_is_another_choice(house: House) -> None:
    text = zone.TEXT.replace(
        "2018-T1, value: 12.50", "2018-T1, retained: true, retained_because: nageteld, value: 12.50"
    )
    take_in(house, text)
    again = text.replace("nageteld", "nog eens nageteld")
    assert take_in(house, again).summary["added"] == {"retained_figure": 1}
    assert take_in(house, again.replace("retained_because: nog eens nageteld, ", "")).events == ()
    found = rows(house, "retained_figure", indicator_id="facts")
    assert [(row["choice"], row["reason"]) for row in found] == [(1, "nageteld"), (2, "nog eens nageteld")]


def test_why_a_command_chose_a_figure_is_written_out(house: House) -> None:
    take_in(house, zone.TEXT.replace("{period: 2018-T1,", "{period: 2018-T1, value: 13}\n      - {period: 2018-T1,"))
    house.apply(RetainFigure("facts", "2018-T1", 1, "volledig"))
    with house.reading() as connection:
        [facts] = programme_document(connection)["indicators"]
    chosen = [(str(one.get("value")), one.get("retained"), one.get("retained_because")) for one in facts["series"]]
    assert chosen == [("13", True, "volledig"), ("12.50", None, None), ("None", None, None)]


def test_a_reason_for_a_choice_that_was_not_made_is_refused(house: House) -> None:
    with pytest.raises(ImportRefused) as refused:
        take_in(house, zone.TEXT.replace("2018-T1, value: 12.50", "2018-T1, retained_because: nageteld, value: 12.50"))
    [problem] = refused.value.problems
    assert (problem.code, problem.place.field) == ("import-incomplete", "indicators[0].series[0].retained_because")
