"""A plan changed field by field, and the history of its rubrics."""

import re

import pytest

from tests.unit.cli.one_plan import PLAN, document, events
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start")


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        (["title.nl=Zomer"], "title", {"nl": "Zomer", "fr": "Plan été 2023"}),
        (["title=Zomer"], "title", {"nl": "Zomer", "fr": "Plan été 2023"}),
        (["title.fr="], "title", "Zomerplan 2023"),
        (["lead=gemeenten"], "lead", "gemeenten"),
        (["plan.lead=gemeenten"], "lead", "gemeenten"),
        (["lead="], "lead", None),
        (["period.to=2023-10-31"], "period", {"from": "2023-06-15", "to": "2023-10-31"}),
        (["restricted=yes"], "restricted", True),
        (["group=korpschef, gemeenten"], "group", ["korpschef", "gemeenten"]),
        (["perimeter.places=Kuregem\nPeterbos", "perimeter.by_area="], "perimeter", None),
        (["note==SUM(A1:A2) a=b"], "note", "=SUM(A1:A2) a=b"),
    ],
)
def test_a_single_field_is_set(settings: list[str], field: str, value: object) -> None:
    if field == "perimeter":
        assert run("plan", "set", PLAN, *settings, "--json").error["code"] == "field-too-large"
        return
    ran = run("plan", "set", PLAN, *settings, "--json")
    assert ran.status == 0, ran.err
    assert document().get(field) == value
    assert events()[-1]["kind"] == "plan.edited"


def test_a_rubric_is_set_by_its_text_or_by_why_it_does_not_apply() -> None:
    assert run("plan", "set", PLAN, "rubrics.slachtoffers=Opvang", "rubrics.analyse.fr=Analyse").status == 0
    rubrics = document()["rubrics"]
    assert rubrics["slachtoffers"]["text"]["nl"] == "Opvang"
    assert rubrics["analyse"]["text"] == {"en": "nine hotspots in three municipalities", "fr": "Analyse"}
    settings = ("rubrics.slachtoffers.not_applicable=geen", "rubrics.slachtoffers.withheld_from=public, partners")
    assert run("plan", "set", PLAN, *settings).status == 0
    rubric = document()["rubrics"]["slachtoffers"]
    assert (rubric["not_applicable"], rubric["withheld_from"]) == ("geen", ["partners", "public"])
    assert "text" not in rubric
    assert run("plan", "set", PLAN, "rubrics.slachtoffers.not_applicable=").status == 0
    assert "slachtoffers" not in document()["rubrics"]


def test_a_field_of_an_activity_is_set() -> None:
    view = run("plan", "set", PLAN, "activities.A1.status=dropped", "--json").json
    assert view["changed"] == [{"field": "activities.A1.status", "before": "done", "after": "dropped"}]


@pytest.mark.parametrize("field", ["title.fr=Un été", "title=fr=Un été"])
def test_a_title_of_one_language_is_written_in_either_way(field: str) -> None:
    assert run("plan", "set", PLAN, field).status == 0
    assert (document()["title"]["fr"], document()["title"]["nl"]) == ("Un été", "Zomerplan 2023")


def test_what_was_changed_is_told_in_the_words_of_the_reader() -> None:
    made = run("activity", "add", PLAN, "--title", "Rondes", "--json").json["activity"].rpartition("/")[2]
    field = f"activities.{made}.status"
    ran = run("plan", "set", PLAN, f"{field}=done", "--dry-run", "--json")
    assert ran.json["changed"] == [{"field": field, "before": "planned", "after": "done"}]
    told = run_on_terminal("plan", "set", PLAN, f"{field}=done", "--lang", "nl", columns=200).out
    assert re.search(f"Activiteiten / {made} / Status +gepland +gedaan", told), told
    assert "{" not in told


def test_a_name_that_there_is_not_is_answered_by_the_command_that_adds_it() -> None:
    unknown = run("plan", "set", "P-001", "lead=zzz", "--json")
    assert "`pdca function add`" in unknown.error["hint"]
    made = run("plan", "new", "--title", "X", "--objective", "OD1.1", "--lead", "zzz", "--json")
    assert (made.status, made.error["code"]) == (2, "import-unknown-reference")
    assert "`pdca partner add`" in made.error["hint"]
    assert "this file" not in made.error["hint"]


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        ("period.end=2024", "field-unknown", "from, to"),
        ("laed=gemeenten", "field-unknown", "“lead”"),
        ("period=2024", "field-unknown", "from, to"),
        ("rubrics.slachtofers=x", "field-unknown", "“slachtoffers”"),
        ("rubrics.slachtoffers.tekst=x", "field-unknown", "text, not_applicable"),
        ("activities.A9.title=x", "field-unknown", "A1"),
        ("activities=x", "field-too-large", "plan edit"),
        ("lead.name=x", "field-unknown", "lead is one value"),
        ("mmm=perhaps", "bad-value", "yes or no"),
        ("lead", "no-value", "FIELD=VALUE"),
        ("lead=nobody", "import-unknown-reference", ""),
        ("period.to=2023-02-30", "import-bad-date", ""),
        ("title=", "import-missing-key", ""),
        ("id=OTHER", "edit-other-plan", ""),
    ],
)
def test_a_wrong_field_or_value_is_refused_with_what_is_possible(setting: str, code: str, words: str) -> None:
    before = document()
    ran = run("plan", "set", PLAN, "note=mee", setting, "--json")
    assert ran.status in (1, 2, 3)
    assert ran.error["code"] == code
    if words:
        assert words in f"{ran.error['message']} {ran.error['hint']}"
    assert document() == before


def test_every_wrong_field_and_value_is_named_and_nothing_is_changed() -> None:
    before = document()
    ran = run("plan", "set", PLAN, "titel=x", "note=mee", "mmm=misschien", "rubrics.niets=x", "--json")
    assert (ran.status, ran.error["code"]) == (2, "field-unknown")
    lines = ran.error["message"].splitlines()
    assert [word in line for word, line in zip(("titel", "mmm", "niets"), lines, strict=True)] == [True] * 3
    assert document() == before


def test_an_approval_that_a_change_makes_void_is_told() -> None:
    assert run("plan", "approve", PLAN, "--for", "start", "--as", "claudine", "--reason", "goed").status == 0
    ran = run("plan", "set", PLAN, "note=anders")
    assert "The approval of “Start” is void" in ran.out
    assert run("plan", "set", PLAN, "note=nog anders", "--json").json["voided"] == []


def test_a_rubric_shows_all_its_revisions_with_who_and_when_and_who_does_not_see_it() -> None:
    run("plan", "set", PLAN, "rubrics.slachtoffers=Opvang", "--as", "adelheid")
    run("plan", "set", PLAN, "rubrics.slachtoffers.withheld_from=public")
    run("plan", "set", PLAN, "rubrics.slachtoffers.not_applicable=Zonder slachtoffers")
    view = run("plan", "rubric", PLAN, "slacht", "--json").json
    assert (view["rubric"], view["text"], view["not_applicable"]) == (
        "slachtoffers",
        None,
        {"nl": "Zonder slachtoffers"},
    )
    assert view["withheld_from"] == ["public"]
    page = run("plan", "show", PLAN, "--lang", "fr").out
    assert "Attention particulière aux victimes\u00a0: sans objet\u00a0: Zonder slachtoffers" in page
    assert [one["revision"] for one in view["revisions"]] == [1, 2, 3]
    assert view["revisions"][1]["text"]["nl"] == "Opvang"
    assert view["revisions"][1]["by"]["name"].startswith("Adelheid")
    assert view["revisions"][1]["by"]["assumed"]
    page = run("plan", "rubric", PLAN, "Bijzondere aandacht", "--lang", "nl").out
    assert "Zonder slachtoffers" in page
    assert "2020-01-02" in page
    assert page.index("3, ") < page.index("2, 2020") < page.index("1, 2020")


def test_the_page_of_a_plan_says_which_rubrics_do_not_apply_or_are_withheld() -> None:
    run("plan", "set", PLAN, "rubrics.analyse.withheld_from=partners", "rubrics.slachtoffers.not_applicable=Geen")
    page = run("plan", "show", PLAN).out
    assert "nine hotspots in three municipalities [withheld from: partners]" in page
    assert "Special attention to victims: does not apply: Geen" in page
    rubrics = {rubric["rubric_id"]: rubric for rubric in run("plan", "show", PLAN, "--json").json["rubrics"]}
    assert rubrics["analyse"]["withheld_from"] == ["partners"]
    assert rubrics["slachtoffers"]["not_applicable"] == {"nl": "Geen"}


def test_the_page_of_a_plan_says_what_of_its_evaluations_is_withheld() -> None:
    settings = ("evaluations_withheld.lessons=public, partners", "evaluations_withheld.evidence=public")
    changed = run("plan", "set", PLAN, *settings, "--json").json["changed"]
    assert changed[0] == {"field": "evaluations_withheld.evidence", "before": None, "after": ["public"]}
    page = run("plan", "show", PLAN).out
    assert "Withheld of the evaluations: lessons, from: partners, the public." in page
    assert "Withheld of the evaluations: evidence, from: the public." in page
    assert run("plan", "set", PLAN, "evaluations_withheld.lessons=").status == 0
    assert document()["evaluations_withheld"] == {"evidence": ["public"]}


@pytest.mark.parametrize(
    ("word", "code"), [("nothing", "rubric-unknown"), ("p", "rubric-ambiguous"), ("", "rubric-unknown")]
)
def test_a_rubric_that_is_none_is_answered_with_those_that_are(word: str, code: str) -> None:
    ran = run("plan", "rubric", PLAN, word, "--json")
    assert (ran.status, ran.error["code"]) == (4, code)
    assert "preventief" in ran.error["message"] + ran.error["hint"]
