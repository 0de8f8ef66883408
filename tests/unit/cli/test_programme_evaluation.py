"""`pdca programme evaluation` and `pdca phenomenon show`: what people and programs are told."""

import pytest

from pdca.cli.programme_evaluation import KINDS
from pdca.programme import words
from pdca.store.tables.programme import PROGRAMME_EVALUATION_KINDS, THEME_DECISIONS
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("next_programme")

EVALUATION = ("programme", "evaluation")
SAID = ("--finding", "nl=Gedaald.", "--finding", "fr=En baisse.", "--decision", "continue")


def test_every_word_that_is_kept_can_be_chosen() -> None:
    assert tuple(kind.replace("-", "_") for kind in KINDS) == PROGRAMME_EVALUATION_KINDS
    assert tuple(words.THEME_DECISION) == THEME_DECISIONS


def test_what_the_example_publishes_of_the_programme_before_is_shown() -> None:
    shown = run(*EVALUATION, "show", "pzs", "--lang", "nl").out
    assert "Eindevaluatie van pzs-2014-2017: geregistreerd" in shown
    assert "Beslissing: dagelijkse werking" in shown
    (row,) = run(*EVALUATION, "list", "--programme", "pzs-2014-2017", "--json").json["programme-evaluations"]
    assert (row["evaluation_id"], row["status"], row["as_published"]) == ("pzs-2014-2017/final", "recorded", True)
    assert row["themes"][0] == "straatcriminaliteit"
    assert run(*EVALUATION, "list", "--programme", "zvp-2026", "--json").json["programme-evaluations"] == []


def test_a_theme_is_said_in_several_languages_and_shown_in_that_of_the_reader() -> None:
    added = run(*EVALUATION, "add", "zvp-2020", "--kind", "mid-term", "--due", "2023", "--json").json
    assert (added["schema"], added["evaluation"]) == ("pdca.programme-evaluation-added/1", "zvp-2020-2025/mid-term")
    assert run(*EVALUATION, "theme", "zvp-2020-2025/mid", "drugs", *SAID).out.startswith("zvp-2020-2025/mid-term: ")
    shown = run(*EVALUATION, "show", "zvp-2020", "--lang", "fr").out
    assert "Constat\u00a0: En baisse." in shown
    assert "zvp-2020-2025/mid-term" in run("programme", "show", "zvp-2020").out
    taken = run(*EVALUATION, "theme", "zvp-2020", "drugs", "--remove", "--json").json
    assert taken["theme"] == "drugs"
    assert run(*EVALUATION, "show", "zvp-2020", "--json").json["themes"] == []


def test_a_dry_run_changes_nothing() -> None:
    tried = run(*EVALUATION, "add", "zvp-2020", "--kind", "final", "--dry-run", "--json").json
    assert (tried["evaluation"], tried["event"], tried["dry_run"]) == ("zvp-2020-2025/final", None, True)
    assert run(*EVALUATION, "show", "zvp-2020").status == 4


def test_a_day_is_put_off_by_a_request_that_another_approves_and_the_first_one_stays_visible() -> None:
    final = "zvp-2020-2025/final"
    assert run(*EVALUATION, "add", "zvp-2020", "--kind", "final", "--due", "2027-12").status == 0
    later = run(*EVALUATION, "set", final, "--due", "2028", "--reason", "Later.", "--json")
    [need] = later.error["needs"]
    assert (later.status, need["code"]) == (3, "programme-evaluation-put-off")
    assert need["command"] == f"pdca programme evaluation extend {final} --to DATE --reason …"
    asked = ("extend", "zvp-2020-2025/f", "--to", "2028-02", "--reason", "De raad komt pas dan samen.")
    tried = run(*EVALUATION, *asked, "--dry-run", "--json").json
    assert (tried["schema"], tried["dry_run"], tried["to_date"]) == ("pdca.extension/1", True, "2028-02")
    assert "2028-02" in run(*EVALUATION, *asked).out
    own = run(*EVALUATION, "extend", final, "--approve", "--reason", "Ja.", "--json")
    assert [one["code"] for one in own.error["needs"]] == ["extension-own-request"]
    withdrawn = run(*EVALUATION, "extend", final, "--withdraw", "--reason", "Het lukt toch.", "--json").json
    assert (withdrawn["evaluation"], withdrawn["withdrawn"], withdrawn["approved"]) == (final, True, False)
    run(*EVALUATION, *asked)
    run("person", "add", "--handle", "an", "--name", "An Claes", "--access", "administrator")
    approved = run(*EVALUATION, "extend", final, "--approve", "--reason", "Ja.", "--as", "an")
    assert (approved.status, approved.out) == (0, f"{final} is moved to 2028-02; its first date stays visible.\n")
    shown = run(*EVALUATION, "show", final).out
    assert "To be held by: 2028-02 (was 2027-12)\n  moved from 2027-12 to 2028-02: De raad" in shown
    assert "asked to be moved to 2028-02, and withdrawn: Het lukt toch." in shown
    assert "2028-02 (was 2027-12)" in run("programme", "show", "zvp-2020").out
    [row] = [
        one for one in run(*EVALUATION, "list", "--json").json["programme-evaluations"] if one["evaluation_id"] == final
    ]
    assert (row["due_on"], row["first_due_on"], row["extensions"]) == ("2028-02", "2027-12", 1)
    [due] = [one for one in run("plan", "next", "--all", "--json").json["next"] if one["subject"] == final]
    assert (due["by"][:10], due["first_by"][:10]) == ("2028-02-29", "2027-12-31")
    assert "2028-02-29 (was 2027-12-31)" in run("plan", "next", "--all", "--format", "table").out


def test_recording_names_everything_that_is_missing_with_the_command_that_mends_it() -> None:
    run(*EVALUATION, "add", "zvp-2020", "--kind", "final")
    ran = run(*EVALUATION, "record", "zvp-2020", "--held", "2019", "--by", "zvr", "--json")
    assert (ran.status, ran.error["code"]) == (3, "refused")
    needs = {need["code"]: need["command"] for need in ran.error["needs"]}
    assert set(needs) == {"evaluation-without-theme", "objective-not-evaluated"}
    assert needs["objective-not-evaluated"].startswith("pdca programme evaluation theme zvp-2020-2025/final SD")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("show", "nothing"), 4, "programme-evaluation-unknown"),
        (("add", "zvp", "--kind", "final"), 4, "programme-ambiguous"),
        (("add", "zvp-2020", "--kind", "yearly"), 2, "evaluation-without-year"),
        (("extend", "pzs", "--reason", "x"), 2, "date-or-approval"),
        (("extend", "pzs", "--to", "2028", "--approve", "--reason", "x"), 2, "date-or-approval"),
        (("extend", "nothing", "--approve", "--reason", "x"), 4, "programme-evaluation-unknown"),
        (("extend", "pzs", "--withdraw", "--reason", "x"), 3, "no-extension-asked"),
        (("theme", "pzs", "drugs", "--remove", "--decision", "continue"), 2, "remove-and-say"),
        (("theme", "pzs", "drugs", "--decision", "dropped"), 3, "refused"),
        (("propose", "pzs", "--theme", "nothing"), 4, "theme-unknown"),
    ],
)
def test_what_does_not_fit_is_said_with_its_code(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run(*EVALUATION, *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)


def test_what_was_proposed_shows_the_finding_it_comes_from() -> None:
    proposed = run(*EVALUATION, "propose", "pzs", "--theme", "drugs", "--id", "N1", "--json").json
    assert (proposed["programme"], proposed["objectives"]) == ("zvp-2020-2025", ["N1"])
    assert "Uit pzs-2014-2017/final, thema “Stupéfiants”" in run("objective", "show", "N1", "--lang", "nl").out


def test_a_phenomenon_is_shown_with_its_figures_against_the_first_baseline() -> None:
    assert run("indicator", "record", "zp_acties", "2019", "661").status == 0
    view = run("phenomenon", "show", "drugs", "--json").json
    assert view["schema"] == "pdca.phenomenon/1"
    actions = next(one for one in view["indicators"] if one["indicator_id"] == "zp_acties")
    assert [(one["period"], one["value"], one["change"]) for one in actions["series"]][-1] == (
        "2019",
        "661",
        "+59",
    )
    assert (actions["reading"]["variation"], actions["reading"]["target"]) == ("too-few", 1)
    page = run("phenomenon", "show", "drugs", "--lang", "nl").out
    assert "Tegenover de nulmeting" in page
    assert "Variatie: te weinig cijfers om iets te zeggen" in page
    assert "Alle cijfers zijn getoetst aan streefwaarde 1: >= 600 ~ (tegen 2025-09-15)" in page
    assert run("phenomenon", "show", "nothing", "--json").error["code"] == "phenomenon-unknown"
