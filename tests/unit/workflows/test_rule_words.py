"""Rules in words, as people in Dutch, French and English say them."""

from datetime import date

import pytest

from pdca.i18n import catalogue
from workflows.recurrence import Rule, read
from workflows.rule_words import by_dates, in_words, said

START = date(2024, 1, 15)


def rule_of(text: str) -> Rule:
    rule = read(text, (), [])
    assert rule is not None
    return rule


@pytest.mark.parametrize(
    ("rule", "en", "nl", "fr"),
    [
        (
            "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO",
            "every year, on the first Monday of March and of September",
            "elk jaar, op de eerste maandag van maart en van september",
            "chaque année, le premier lundi de mars et de septembre",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=4,8,10;BYDAY=-1FR",
            "every year, on the last Friday of April, of August and of October",
            "elk jaar, op de laatste vrijdag van april, van augustus en van oktober",
            "chaque année, le dernier vendredi d’avril, d’août et d’octobre",  # noqa: RUF001 - as French is written
        ),
        (
            "FREQ=MONTHLY;INTERVAL=4",
            "every four months, from 15 January 2024",
            "elke vier maanden, vanaf 15 januari 2024",
            "tous les quatre mois, à partir du 15 janvier 2024",
        ),
        ("FREQ=YEARLY", "every year, on 15 January", "elk jaar, op 15 januari", "chaque année, le 15 janvier"),
        (
            "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
            "every year, on 1 March and on 1 September",
            "elk jaar, op 1 maart en op 1 september",
            "chaque année, le 1er mars et le 1er septembre",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "every month, on the last day of the month",
            "elke maand, op de laatste dag van de maand",
            "chaque mois, le dernier jour du mois",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "every month, on day 1 of the month and on day 15 of the month",
            "elke maand, op de eerste dag van de maand en op dag 15 van de maand",
            "chaque mois, le 1er du mois et le 15 du mois",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
            "every three months, on the second Tuesday of the month, from 15 January 2024",
            "elke drie maanden, op de tweede dinsdag van de maand, vanaf 15 januari 2024",
            "tous les trois mois, le deuxième mardi du mois, à partir du 15 janvier 2024",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "every month, on the last weekday (Monday to Friday) of the month",
            "elke maand, op de laatste weekdag (maandag tot vrijdag) van de maand",
            "chaque mois, le dernier jour de semaine (du lundi au vendredi) du mois",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO",
            "every two weeks, on Monday and on Thursday, from 15 January 2024",
            "elke twee weken, op maandag en op donderdag, vanaf 15 januari 2024",
            "toutes les deux semaines, le lundi et le jeudi, à partir du 15 janvier 2024",
        ),
        ("FREQ=WEEKLY", "every week, on Monday", "elke week, op maandag", "chaque semaine, le lundi"),
        (
            "FREQ=YEARLY;INTERVAL=2;UNTIL=20300101",
            "every two years, from 15 January 2024, until 1 January 2030",
            "elke twee jaar, vanaf 15 januari 2024, tot en met 1 januari 2030",
            "tous les deux ans, à partir du 15 janvier 2024, jusqu’au 1er janvier 2030 inclus",  # noqa: RUF001 - as French is written
        ),
        (
            "FREQ=MONTHLY;INTERVAL=18;COUNT=3",
            "every 18 months, from 15 January 2024, 3 in all",
            "elke 18 maanden, vanaf 15 januari 2024, in totaal 3",
            "tous les 18 mois, à partir du 15 janvier 2024, 3 au total",
        ),
    ],
)
def test_a_common_rule_is_said_as_people_say_it(rule: str, en: str, nl: str, fr: str) -> None:
    expected = {"en": en, "nl": nl, "fr": fr}
    said_in = {language: in_words(rule_of(rule), START, catalogue(language).gettext) for language in expected}
    assert said_in == expected


@pytest.mark.parametrize(
    ("rule", "nl", "fr"),
    [
        ("FREQ=MONTHLY;INTERVAL=6", "zes maanden na de laatste evaluatie", "six mois après la dernière évaluation"),
        ("FREQ=YEARLY", "één jaar na de laatste evaluatie", "un an après la dernière évaluation"),
        ("FREQ=DAILY;INTERVAL=90", "90 dagen na de laatste evaluatie", "90 jours après la dernière évaluation"),
    ],
)
def test_what_counts_from_the_last_evaluation_is_said_as_a_time_after_it(rule: str, nl: str, fr: str) -> None:
    assert in_words(rule_of(rule), START, catalogue("nl").gettext, from_completion=True) == nl
    assert in_words(rule_of(rule), START, catalogue("fr").gettext, from_completion=True) == fr


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=MO",
        "FREQ=YEARLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=8,9,10,11,12,13,14",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=3,9",
        "FREQ=YEARLY;BYMONTH=3,9;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
    ],
)
def test_a_rule_without_words_is_told_by_its_dates_and_never_wrongly(rule: str) -> None:
    assert in_words(rule_of(rule), START, str) is None
    assert said(rule_of(rule), START, date(2030, 12, 31), str).endswith(" and so on")


def test_dates_are_listed_as_people_do() -> None:
    five = [date(2024, 3, day) for day in range(1, 6)]
    say = catalogue("fr").gettext
    assert by_dates(five[:1], say) == "1er mars 2024"
    assert by_dates(five[:2], say) == "1er mars 2024 et 2 mars 2024"
    assert by_dates([*five, date(2024, 4, 1)], say).endswith("5 mars 2024 et ainsi de suite")


def test_a_rule_with_words_is_said_by_them() -> None:
    assert said(rule_of("FREQ=YEARLY"), START, date(2030, 12, 31), str) == "every year, on 15 January"
