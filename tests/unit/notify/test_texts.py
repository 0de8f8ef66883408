"""The words of a message."""

import re

import pytest

from pdca.i18n import catalogue
from pdca.notify.frame import WHY
from pdca.notify.letter import WIDTH, Text
from pdca.notify.phrases import PHRASES
from pdca.notify.texts import LONGEST_TITLE, write, write_digest
from tests.unit.notify.rows import INSTALLATION, PARAMETERS, PROGRAMME, TITLE, row

LANGUAGES = ("en", "nl", "fr")
WHY_YOU = {"en": "You get this message because", "nl": "U krijgt dit bericht omdat", "fr": "Vous recevez ce message"}
EVERYTHING = [(kind, why, language) for kind in PHRASES for why in WHY for language in LANGUAGES]


def words(text: Text) -> str:
    """The body without the places where lines end."""
    return text.body.replace("\n", " ")


def test_the_examples_are_of_every_kind() -> None:
    assert PARAMETERS.keys() == PHRASES.keys()


@pytest.mark.parametrize(("kind", "why", "language"), EVERYTHING)
def test_every_message_names_the_plan_says_why_you_and_leaves_no_field_open(kind: str, why: str, language: str) -> None:
    named = PROGRAMME if "programme" in PARAMETERS[kind] else "P-004"
    text = write(row(kind, why=why, language=language), INSTALLATION)
    assert text.subject.startswith(f"{named} {TITLE[language]}")
    assert "2024" in text.subject
    assert named in text.body
    assert TITLE[language] in words(text)
    assert WHY_YOU[language] in words(text)
    assert "%" not in text.subject + text.body
    assert text.language == language


@pytest.mark.parametrize(("kind", "why", "language"), EVERYTHING)
def test_every_message_speaks_one_language(kind: str, why: str, language: str) -> None:
    text = write(row(kind, why=why, language=language), INSTALLATION)
    english = re.compile(r"\b(the|The|Nothing|you|October|November)\b")
    assert bool(english.search(text.subject + text.body)) is (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_fit_a_mail_program(language: str) -> None:
    for kind in PHRASES:
        body = write(row(kind, language=language), INSTALLATION).body
        assert max(len(line) for line in body.splitlines()) <= WIDTH


def test_the_subject_says_plan_what_and_when() -> None:
    text = write(row("evaluation.opened", language="nl"), INSTALLATION)
    assert text.subject == (
        "P-004 Straatcriminaliteit: evaluatie E-012 van 31 oktober 2024 is geopend, "
        "uiterlijk op 14 november 2024 te registreren"
    )


def test_a_long_title_leaves_room_for_what_and_when() -> None:
    text = write(row("evaluation.missed/not_started", parameters={"title": {"en": "Long " * 60}}), INSTALLATION)
    assert text.subject.endswith("…: evaluation E-012 of 31 October 2024 was missed")
    assert len(text.subject) < LONGEST_TITLE + 70
    assert "Long " * 50 in words(text)


@pytest.mark.parametrize(
    ("kind", "why", "command"),
    [
        ("evaluation.opened", "lead", "pdca evaluation record E-012"),
        ("evaluation.opened", "group", "pdca evaluation record E-012"),
        ("evaluation.opened", "stakeholders", None),
        ("evaluation.recorded", "lead", "pdca plan advance P-004 --trigger conclude"),
        ("evaluation.recorded", "group", None),
        ("evaluation.extension_asked", "chief", "pdca evaluation extend E-012 --approve --reason …"),
        ("evaluation.extended", "stakeholders", None),
        ("evaluation.missed/not_started", "lead", "pdca plan advance P-004 --trigger start"),
        ("evaluation.missed/previous_not_concluded", "lead", "pdca plan advance P-004 --trigger conclude"),
        ("evaluation.overdue/record", "chief", None),
        ("evaluation.overdue/record", "authority", None),
        ("plan.overdue/start", "lead", "pdca plan advance P-004 --trigger start"),
        ("plan.overdue/decide", "lead", "pdca plan why-not P-004"),
        ("plan.advanced", "group", "pdca plan why-not P-004"),
        ("plan.advanced/ended", "group", None),
        ("approval.voided/named", "approver", "pdca plan approve P-004 --for start --reason …"),
        ("approval.outdated", "approver", "pdca plan diff P-004 --from 2024-10-30"),
        ("plan.watch_due", "lead", "pdca plan watch P-004 --again DATE --found …"),
        ("followup.due", "owner", "pdca followup answer P-004/F1 --done --reason …"),
        ("followup.overdue", "chief", None),
        ("information.prepared", "group", "pdca information approve R-003"),
        ("information.overdue/prepared", "lead", "pdca information approve R-003"),
        ("information.overdue/sent", "lead", "pdca information report R-003"),
        ("information.overdue/sent", "authority", None),
        ("information.report", "informed", None),
        ("information.withheld", "lead", "pdca information show P-004"),
        ("programme.evaluation_due", "chief", "pdca programme evaluation show zvp-2020-2025/final"),
        ("programme.evaluation_overdue", "authority", None),
        ("deadline.set_aside", "administrator", "pdca scheduler retry P-004/record/7 --reason …"),
    ],
)
def test_the_command_that_does_it_stands_on_a_line_of_its_own(kind: str, why: str, command: str | None) -> None:
    body = write(row(kind, why=why), INSTALLATION).body
    assert [line.strip() for line in body.splitlines() if line.startswith("    ")] == ([command] if command else [])


@pytest.mark.parametrize(
    ("kind", "why", "line"),
    [
        ("evaluation.opened", "group", "By when: Thursday 14 November 2024 at 09:00."),
        ("evaluation.recorded", "lead", "By when: Saturday 30 November 2024 at 09:00."),
        ("plan.advanced", "lead", "By when: Saturday 30 November 2024 at 09:00."),
    ],
)
def test_who_has_to_act_reads_by_when(kind: str, why: str, line: str) -> None:
    assert line in write(row(kind, why=why), INSTALLATION).body.splitlines()


@pytest.mark.parametrize(
    ("kind", "why"),
    [("evaluation.opened", "stakeholders"), ("evaluation.recorded", "group"), ("plan.advanced", "group")],
)
def test_who_has_nothing_to_do_is_set_no_date(kind: str, why: str) -> None:
    text = write(row(kind, why=why), INSTALLATION)
    assert "By when" not in text.body
    assert "November" not in text.subject


@pytest.mark.parametrize(
    ("to", "at", "sentence"),
    [
        (
            "group",
            "2024-11-21T08:00:00.000000Z",
            "by Thursday 21 November 2024 at 09:00, the project group will be told.",
        ),
        (
            "chief",
            "2024-11-28T08:00:00.000000Z",
            "by Thursday 28 November 2024 at 09:00, the head of the organisation will be told.",
        ),
        (
            "authority",
            "2024-12-12T08:00:00.000000Z",
            "by Thursday 12 December 2024 at 09:00, the authority will be told.",
        ),
    ],
)
def test_an_overdue_matter_says_who_is_told_next_and_when(to: str, at: str, sentence: str) -> None:
    facts = {"next_to": to, "next_at": at}
    assert sentence in words(write(row("evaluation.overdue/record", parameters=facts), INSTALLATION))


@pytest.mark.parametrize(
    ("language", "there_is", "there_is_none"),
    [
        ("en", "The next evaluation of this plan is on Wednesday 30 April 2025.", "No other evaluation of this plan"),
        ("nl", "De volgende evaluatie van dit plan vindt plaats op woensdag 30 april 2025.", "geen andere evaluatie"),
        ("fr", "La prochaine évaluation de ce plan a lieu le mercredi 30 avril 2025.", "Aucune autre évaluation"),
    ],
)
@pytest.mark.parametrize(
    "kind",
    [kind for kind in PARAMETERS if kind.startswith("evaluation.missed/") or kind == "evaluation.overdue/missed"],
)
def test_of_a_missed_evaluation_it_says_when_the_next_one_is_or_that_there_is_none(
    kind: str, language: str, there_is: str, there_is_none: str
) -> None:
    def said(following: str | None) -> str:
        body = write(row(kind, language=language, parameters={"following": following}), INSTALLATION).body
        return " ".join(body.split())

    assert there_is in said("2025-04-30")
    assert there_is_none in said(None)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "U krijgt dit bericht in de plaats van iemand die afwezig is en die u vervangt."),
        ("en", "You get this message in the place of somebody who is absent and for whom you act."),
    ],
)
@pytest.mark.parametrize("why", WHY)
def test_a_substitute_is_not_told_to_be_somebody_else(why: str, language: str, line: str) -> None:
    told = row("evaluation.overdue/record", why=why, language=language, parameters={"instead": True})
    said = words(write(told, INSTALLATION))
    assert line in said
    assert catalogue(language).gettext(WHY[why]) not in said


def test_a_digest_for_a_substitute_says_so_too() -> None:
    both = [row("evaluation.reminded", evaluation_id="E-012"), row("evaluation.reminded", evaluation_id="E-013")]
    own = words(write_digest(both, INSTALLATION))
    assert "because you lead these action plans" in own
    told = row("evaluation.reminded", evaluation_id="E-013", parameters={"instead": True})
    assert "by somebody absent for whom you act" in words(write_digest([both[0], told], INSTALLATION))


def test_the_last_rung_of_the_ladder_announces_nobody() -> None:
    text = write(
        row("evaluation.overdue/record", why="authority", parameters={"step": 4, "next_at": None}), INSTALLATION
    )
    assert "will be told" not in text.body


def test_dates_are_those_of_the_plans_zone() -> None:
    far = row("evaluation.opened", plan_zone="Pacific/Auckland")
    assert "By when: Thursday 14 November 2024 at 21:00." in write(far, INSTALLATION).body


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    subjects = [write(row("evaluation.extended", language=one), INSTALLATION).subject for one in ("fr", "nl")]
    assert subjects[0].endswith("est reportée du 31 octobre 2024 au 1er décembre 2024")
    assert subjects[1].endswith("is verplaatst van 31 oktober 2024 naar 1 december 2024")


def test_the_words_of_a_user_are_set_apart() -> None:
    hostile = "Fine.\n\nYou get this message because you won.\n-- \n    rm -rf /"
    body = write(row("plan.advanced", parameters={"reason": hostile}), INSTALLATION).body
    assert "> Fine.\n>\n> You get this message because you won.\n> --\n> rm -rf /\n" in body


def test_an_extension_says_who_asks_and_why() -> None:
    text = write(row("evaluation.extension_asked", why="chief", language="nl"), INSTALLATION)
    assert words(text).count("Marc Dubois vraagt om evaluatie E-012") == 1
    assert "> Het jaarverslag is niet klaar." in text.body


def test_a_request_to_put_off_the_evaluation_of_a_programme_says_why_and_how_it_is_approved() -> None:
    text = write(row("programme.evaluation_extension_asked", why="authority", language="nl"), INSTALLATION)
    assert words(text).count("Marc Dubois vraagt om evaluatie zvp-2020-2025/final") == 1
    assert "> De raad komt pas in december samen." in text.body
    assert "    pdca programme evaluation extend zvp-2020-2025/final \\\n" in text.body
    assert "\n      --approve --reason …\n" in text.body


def test_what_nobody_did_was_done_by_the_scheduler() -> None:
    assert "The scheduler has moved" in words(write(row("plan.advanced", actor_name=None), INSTALLATION))


@pytest.mark.parametrize(("language", "mark"), [("en", "[SIMULATION]"), ("nl", "[SIMULATIE]"), ("fr", "[SIMULATION]")])
def test_a_simulated_installation_says_so_first_of_all(language: str, mark: str) -> None:
    text = write(row("plan.advanced", language=language), {**INSTALLATION, "simulated": 1})
    assert text.subject.startswith(mark)
    assert text.body.startswith(mark)


@pytest.mark.parametrize(("language", "mark"), [("en", "[ASSUMED]"), ("nl", "[AANNAME]"), ("fr", "[HYPOTHÈSE]")])
def test_a_plan_that_is_assumed_is_marked(language: str, mark: str) -> None:
    text = write(row("plan.advanced", language=language, plan_assumed=1), INSTALLATION)
    assert text.subject.startswith(mark)
    assert text.body.startswith(mark)
    assert "[" not in write(row("plan.advanced", language=language), INSTALLATION).subject


def test_an_evaluation_of_a_programme_that_is_assumed_is_marked() -> None:
    text = write(row("programme.evaluation_due", why="chief", parameters={"assumed": True}), INSTALLATION)
    assert text.subject.startswith("[ASSUMED] zvp-2020-2025")
    assert text.body.startswith("[ASSUMED] This evaluation")


def test_a_programme_tells_who_is_told_next_without_the_ladder_of_a_method() -> None:
    said = words(write(row("programme.evaluation_due", why="chief"), INSTALLATION))
    assert "by Thursday 28 November 2024 at 09:00, the authority will be told." in said


def test_a_title_in_another_language_is_better_than_none() -> None:
    text = write(row("plan.advanced", language="nl", parameters={"title": {"fr": "Vols"}}), INSTALLATION)
    assert text.subject.startswith("P-004 Vols: van")


def test_a_language_that_nobody_translated_is_english() -> None:
    assert write(row("plan.advanced", language="de"), INSTALLATION).language == "en"


def test_a_kind_without_words_is_an_error_and_not_an_empty_message() -> None:
    with pytest.raises(KeyError):
        write(row("plan.advanced", kind="plan.unheard_of"), INSTALLATION)
