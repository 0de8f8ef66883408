"""`pdca evaluation record`: what an open evaluation found, whole, for it cannot be edited afterwards."""

import re
from collections.abc import Sequence
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import what_came
from pdca.cli.house import check, open_house
from pdca.cli.output import emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import NotFound, Usage
from pdca.evaluations.capacity import Stated
from pdca.i18n import N_, _
from pdca.people.find import find_person
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, people, plans
from pdca.words import DUE_TO, MEANS, VERDICTS, spoken


@click.command(
    "record",
    cls=Command,
    short_help=N_("Record what an open evaluation found; it cannot be edited afterwards."),
    help=N_(
        "Record what an open evaluation found, as somebody other than the owner of the plan. Of an indicator with a "
        "figure about a period that ended in this cycle, that figure is taken. Every other one gets a value or the "
        "reason why there is none: --indicator NAME=VALUE or --indicator NAME=missing:REASON; that also goes before "
        "what is known, and is no measurement. "
        "What was deployed for an activity goes to its means: --means A1/2023/hours=120, and where that is less than "
        "planned --means A1/2023/hours=120:REASON. What was known is frozen with it; `pdca evaluation show` shows all."
    ),
)
@click.argument("evaluation_id", metavar="EVALUATION")
@click.option("--verdict", required=True, type=click.Choice(tuple(VERDICTS)), help=N_("What the evaluation concludes."))
@click.option("--process", required=True, help=N_("What was found of how the plan was carried out."))
@click.option("--effect", required=True, help=N_("What was found of what the plan brought about."))
@click.option(
    "--due-to", required=True, type=click.Choice(tuple(DUE_TO)), help=N_("To what the effect is due, in one word.")
)
@click.option("--attribution", required=True, help=N_("To what the effect is due, in a sentence."))
@click.option("--evidence", default="", help=N_("How that is known; what is unclear needs none."))
@click.option("--deployed", required=True, help=N_("The capacity that was really deployed."))
@click.option(
    "--means", "lines", multiple=True, metavar="ACTIVITY/YEAR/KIND=NUMBER", help=N_("What an activity was given.")
)
@click.option("--lessons", help=N_("What is learnt from it for next time."))
@click.option(
    "--evaluator",
    "evaluators",
    multiple=True,
    metavar="PARTY",
    help=N_("A function, stakeholder or person who evaluated; otherwise whoever records it."),
)
@click.option("--indicator", "indicators", multiple=True, metavar="NAME=VALUE", help=N_("The result of an indicator."))
@dry_run_option
@pass_context
def record(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    evaluation_id: str,
    verdict: str,
    process: str,
    effect: str,
    due_to: str,
    attribution: str,
    evidence: str,
    deployed: str,
    lines: tuple[str, ...],
    lessons: str | None,
    evaluators: tuple[str, ...],
    indicators: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record an evaluation."""
    from pdca.evaluations.record import RecordEvaluation

    identity = evaluation_id.upper()
    house = open_house(context)
    with house.reading() as connection:
        row = connection.one(evaluations.EVALUATION, evaluation_id=identity) or {"plan_id": ""}
        judges = [_evaluator(connection, word) for word in evaluators]
        known = [one["activity_id"] for one in connection.all(plans.ACTIVITIES, plan_id=row["plan_id"])]
    results = [_result(text) for text in indicators]
    means = [_line(text, row["plan_id"], known) for text in lines]
    _each_once([name for name, _said in results])
    _each_once([f"{one.activity_id}/{one.year}/{one.kind}" for one in means])
    command = RecordEvaluation(
        identity,
        verdict,
        process,
        effect,
        due_to,
        attribution,
        evidence,
        deployed,
        dict(results),
        means,
        lessons,
        judges,
    )
    outcome = check(house.apply(command, dry_run=dry_run), evaluation_id, dry_run=dry_run)
    words = _("%(evaluation)s of %(plan)s is recorded: %(verdict)s.") % {
        "evaluation": outcome.summary["evaluation"],
        "plan": outcome.summary["plan"],
        "verdict": spoken(VERDICTS, verdict),
    }
    taken = [
        "  "
        + _("%(indicator)s: the known figure of %(period)s is taken.") % {"indicator": name, "period": one["period"]}
        for name, one in outcome.summary["taken"].items()
    ]
    following = [
        _("The evaluation after it is %(evaluation)s, on %(date)s.")
        % {"evaluation": one["evaluation_id"], "date": one["date"]}
        for one in outcome.summary.get("moments", ())
        if one["what"] != "cancelled"
    ]
    hint = _("Next: `pdca plan advance %(plan)s --trigger %(next)s`.") % outcome.summary
    emit_object(
        context,
        "pdca.evaluation-recorded/1",
        {**outcome.summary, **what_came(outcome, dry_run=dry_run)},
        human=lambda: [
            words,
            *taken,
            *following,
            *([_(DRY_RUN)] if dry_run else [hint] if outcome.summary["next"] else []),
        ],
    )


_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LINE: Final = re.compile(
    r"(?:(?P<plan>[^/=]+)/)?(?P<own>[^/=]+)/(?P<year>[0-9]{4})/(?P<kind>[a-z]+)=(?P<amount>[0-9]+(?:\.[0-9]+)?)"
    r"(?::(?P<reason>.*\S.*))?"
)


def _each_once(named: Sequence[str]) -> None:
    """Refuse what is stated twice: which of the two holds could not be mended once it is recorded."""
    for name in named:
        if named.count(name) > 1:
            raise Usage(
                "stated-twice",
                _("%(what)s is stated more than once.") % {"what": name},
                hint=_("State it once; what is recorded cannot be edited."),
            )


def _result(text: str) -> tuple[str, dict[str, str]]:
    name, equals, value = text.partition("=")
    if name and value.startswith("missing:") and value.removeprefix("missing:").strip():
        return name, {"missing": value.removeprefix("missing:").strip()}
    if name and equals and _DECIMAL.fullmatch(value):
        return name, {"value": value}
    raise Usage(
        "result-unreadable",
        _("“%(text)s” is neither a value nor a reason.") % {"text": text},
        hint=_("Write NAME=12.5, or NAME=missing:REASON. Missing is not zero."),
    )


def _line(text: str, plan_id: str, known: Sequence[str]) -> Stated:
    found = _LINE.fullmatch(text)
    if found is None or found["kind"] not in MEANS:
        raise Usage(
            "means-unreadable",
            _("“%(text)s” does not say what an activity was given.") % {"text": text},
            hint=_("Write A1/2023/hours=120, or A1/2023/hours=120:REASON; the kinds are %(kinds)s.")
            % {"kinds": ", ".join(MEANS)},
        )
    if found["kind"] == "headcount" and "." in found["amount"]:
        raise Usage(
            "means-unreadable",
            _("%(number)s is not a number of people.") % {"number": found["amount"]},
            hint=_("Use fte for parts of a person."),
        )
    named = f"{found['plan'] or plan_id}/{found['own']}"
    activity = next((one for one in known if one.casefold() == named.casefold()), named)
    return Stated(activity, int(found["year"]), found["kind"], found["amount"], found["reason"])


def _evaluator(connection: Connection, word: str) -> dict[str, str]:
    """Find who evaluated: a function or stakeholder by its id, otherwise a person by id, handle or login."""
    for row in connection.all(people.PARTIES):
        if row["party_id"].casefold() == word.casefold():
            return {"party": row["party_id"]}
    try:
        return {"person": find_person(connection, word)["person_id"]}
    except NotFound as error:
        raise NotFound(
            "evaluator-unknown",
            _("There is no function, stakeholder or person “%(word)s”.") % {"word": word},
            hint=_("`pdca group show PLAN` shows who works on a plan, `pdca person list` the people."),
        ) from error
