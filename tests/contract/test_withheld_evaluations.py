"""What a project group withholds of the evaluations of its plan is in nothing that reaches whom it is withheld from."""

import json
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.calendars import folder as calendars
from pdca.evaluations.capacity import Stated
from pdca.exchange.plan_records import EvaluationsWithheld
from pdca.i18n import speaking
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.pages import progress as page
from pdca.pages import whole_programme as programme_page
from pdca.report.audiences import AUDIENCES, EVALUATION_PARTS, contents_of
from pdca.report.progress import progress
from pdca.report.whole_programme import whole_programme
from pdca.site import site
from pdca.store.reads import information
from pdca.words import EVALUATION_PARTS as IN_WORDS
from scheduler import deliver
from scheduler.channels.file import FileChannel
from tests.contract import edits
from tests.contract.informing import PARTNER, decided, kept_back_by, report
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, codes, recording

SAID: Final = {
    "findings": ("Te weinig ploegen in de Bergstraat.", "Minder feiten in de Kuregemstraat."),
    "attribution": ("Door het werk van de wijkinspecteurs.",),
    "evidence": ("De camera aan het Zuidstation.",),
    "deployed": ("Zeventig uren van de hondenbrigade.", "De hondenbrigade was elders nodig."),
    "lessons": ("Vroeger beginnen in de Brogniezstraat.",),
}
FIGURE: Final = "71.25"
DEPLOYED: Final = "evaluations.deployed"
INFORMED: Final = {"partner": PARTNER, "authority": "council"}
TOLD: Final = date(2024, 4, 9)
"""The day after the evaluation, on which nothing else falls due."""


@pytest.fixture
def evaluated(world: World) -> World:
    """A plan whose evaluation says something of its own in every part."""
    world.take("start")
    world.sweep_on(MOMENTS[0])
    command = recording(
        "E-101",
        process=SAID["findings"][0],
        effect=SAID["findings"][1],
        attribution=SAID["attribution"][0],
        evidence=SAID["evidence"][0],
        deployed=SAID["deployed"][0],
        lessons=SAID["lessons"][0],
        means=(Stated(f"{PLAN}/A1", 2024, "hours", FIGURE, SAID["deployed"][1]),),
    )
    assert codes(world.by("marc", command)) == []
    return world


def withhold(world: World, **whom: list[str]) -> None:
    """Withhold parts of the evaluations, each from whom is named, and nothing else."""
    world.by_administrator(edits.complete_baseline())
    edits.edit(world, "sofie", lambda plan: plan.update(evaluations_withheld=whom))


def informed(world: World, party: str = PARTNER) -> str:
    """Let a party be informed by mail: name the report that was prepared for it, and waits to be approved."""
    decided(world, TOLD.isoformat(), party=party)
    world.sweep_on(TOLD)
    return str(report(world)["report_id"])


def everything(world: World, audience: str, folder: Path) -> Iterator[str]:
    """All that is made for an audience: reports in every form and language, the site, calendars and mails."""
    now = world.clock.now()
    for since in (None, date(2024, 1, 8)):
        facts = progress(world.reading, PLAN, audience=audience, since=since, now=now)
        whole = whole_programme(world.reading, facts["plan"]["programme_id"], audience=audience, now=now)
        yield from (json.dumps(facts, ensure_ascii=False), json.dumps(whole, ensure_ascii=False))
        for language in ("nl", "fr", "en"):
            with speaking(language):
                yield from (page.as_html(facts, language), page.as_markdown(facts, language))
                yield from (programme_page.as_html(whole, language), programme_page.as_markdown(whole, language))
    yield from (content.decode() for content in site(world.reading, audience=audience, now=now).files.values())
    yield from _calendars(world, audience, folder / "calendars")
    yield from _mails(world, audience, folder / "outbox")


def _calendars(world: World, audience: str, folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True)
    written = calendars.refresh(world.reading, folder)
    yield from ((folder / one.file).read_text() for one in written if one.of in (audience, PLAN))


def _mails(world: World, audience: str, folder: Path) -> Iterator[str]:
    if audience in INFORMED:
        first = informed(world, INFORMED[audience])
        assert codes(world.by("sofie", ApproveReport(first))) == []
    assert deliver.run_until_done(world.house, lambda _name: FileChannel(folder)).done
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    assert any(list(message.iter_attachments()) for message in found) is (audience in INFORMED)
    for part in (part for message in found for part in message.walk() if not part.is_multipart()):
        content = part.get_content()
        yield content.decode() if isinstance(content, bytes) else content


def test_the_parts_are_the_same_wherever_they_are_named() -> None:
    assert [*EVALUATION_PARTS] == [*EvaluationsWithheld.model_fields] == [*IN_WORDS] == [*SAID]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_without_a_decision_everybody_is_told_everything(evaluated: World, tmp_path: Path, audience: str) -> None:
    found = "\n".join(everything(evaluated, audience, tmp_path))
    for text in (FIGURE.replace(".", ","), *(text for texts in SAID.values() for text in texts)):
        assert text in found


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_withheld_is_nowhere_in_what_that_audience_gets(
    evaluated: World, tmp_path: Path, audience: str
) -> None:
    withhold(evaluated, **{part: ["partners", "public"] for part in SAID})
    found = "\n".join(everything(evaluated, audience, tmp_path))
    there = audience in ("internal", "authority")
    for text in (FIGURE, FIGURE.replace(".", ","), *(text for texts in SAID.values() for text in texts)):
        assert (text in found) is there, text
    assert "plan" in {None, *(one["attributed_to"] for one in facts(evaluated, "authority")["evaluations"])}
    assert {one["attributed_to"] for one in facts(evaluated, "public")["evaluations"]} == {None}


def facts(world: World, audience: str) -> dict[str, Any]:
    return progress(world.reading, PLAN, audience=audience, since=None, now=world.clock.now())


@pytest.mark.parametrize("part", SAID)
@pytest.mark.parametrize(("audience", "name"), [("partner", "partners"), ("public", "public")])
def test_one_part_is_withheld_from_one_audience_and_the_rest_is_told(
    evaluated: World, part: str, audience: str, name: str
) -> None:
    withhold(evaluated, **{part: [name]})
    other = "partner" if audience == "public" else "public"
    told, told_to_others = (json.dumps(facts(evaluated, one)) for one in (audience, other))
    for one, texts in SAID.items():
        for text in texts:
            assert (text in told) is (one != part), text
            assert text in told_to_others
    assert facts(evaluated, audience)["evaluations"][0]["verdict"] == "effective"


def test_why_less_was_deployed_is_of_what_was_deployed_although_no_figure_is_told(evaluated: World) -> None:
    told = facts(evaluated, "public")
    [line] = told["means"]
    assert line["shortfall_reasons"] == [SAID["deployed"][1]]
    withhold(evaluated, deployed=["public"])
    untold = facts(evaluated, "public")
    assert DEPLOYED not in contents_of(untold)
    assert DEPLOYED in contents_of({**untold, "means": [{**line, "deployed": None}]})


@pytest.mark.parametrize(
    ("before", "after", "tells"), [(None, FIGURE, True), (FIGURE, None, True), (None, None, False)]
)
def test_so_is_what_was_deployed_since_the_last_report(
    evaluated: World, before: str | None, after: str | None, tells: bool
) -> None:
    withhold(evaluated, deployed=["public"])
    untold = facts(evaluated, "public")
    changed = {"year": 2024, "kind": "hours", "before": before, "after": after}
    told = {**untold, "happened": {**untold["happened"], "means": [changed]}}
    assert (DEPLOYED in contents_of(told)) is tells


def test_what_was_planned_is_told_without_what_was_deployed(evaluated: World) -> None:
    withhold(evaluated, deployed=["public"])
    [public], [partner] = facts(evaluated, "public")["means"], facts(evaluated, "partner")["means"]
    assert (public["planned"], "deployed" in public) == ("120", False)
    assert partner["deployed"] == FIGURE
    with speaking("en"):
        shown = page.as_markdown(facts(evaluated, "public"), "en")
    assert "Planned against deployed" not in shown
    assert "120" in shown


@pytest.mark.parametrize("part", SAID)
def test_a_report_that_was_prepared_before_does_not_leave(evaluated: World, tmp_path: Path, part: str) -> None:
    first = informed(evaluated)
    assert codes(evaluated.by("sofie", ApproveReport(first))) == []
    withhold(evaluated, **{part: ["partners"]})
    assert deliver.run_until_done(evaluated.house, lambda _name: FileChannel(tmp_path)).done
    [mail] = evaluated.rows(information.MESSAGES, plan_id=PLAN)
    assert kept_back_by(mail) == "report-tells-withheld"
    assert not any(b"attachment" in path.read_bytes() for path in tmp_path.glob("*.eml"))


@pytest.mark.parametrize(("part", "whom", "kept"), [("lessons", "partners", True), ("lessons", "public", False)])
def test_nor_is_it_approved_before_it_is_prepared_anew(evaluated: World, part: str, whom: str, kept: bool) -> None:
    first = informed(evaluated)
    withhold(evaluated, **{part: [whom]})
    assert codes(evaluated.by("sofie", ApproveReport(first))) == (["report-tells-withheld"] if kept else [])
    if kept:
        evaluated.by("marc", PrepareReport(report(evaluated)["information_id"]))
        assert SAID[part][0] not in report(evaluated)["facts"]
        assert codes(evaluated.by("sofie", ApproveReport(report(evaluated)["report_id"]))) == []


def test_withholding_is_a_decision_in_the_log_that_voids_what_was_approved(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    world.approve("start")
    edits.edit(world, "sofie", lambda plan: plan.update(evaluations_withheld={"lessons": ["public"]}))
    event = world.last_event()
    assert (event["kind"], event["reason"]) == ("plan.edited", MOTIVE)
    assert codes(world.advance("start")) == ["not-approved"]
    assert list(world.verified().findings) == []
