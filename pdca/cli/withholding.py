"""`pdca rubric` and `pdca evaluation withhold`: from whom something of a plan is kept, so that no report has it."""

from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, dry_run_option, pass_context, reason_required
from pdca.cli.handing_in import HandedIn
from pdca.cli.house import find_plan, open_house
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.errors import Usage
from pdca.house import House
from pdca.i18n import N_, _
from pdca.words import AUDIENCES, EVALUATION_PARTS, spoken, spoken_list

rubric = Group("rubric", short_help=N_("Withhold rubrics of plans from partners or the public."))

_NAMES: Final = {"partner": "partners", "partners": "partners", "public": "public"}


@rubric.command(
    "withhold",
    cls=Command,
    short_help=N_("Withhold a rubric from partners, the public, or both."),
    help=N_(
        "Withhold a rubric of a plan from partners, the public, or both, as one of its project group: no report for "
        "them has its words, the activities that belong to it, or their means. RUBRIC is its id or the beginning of "
        "its name. It says from whom it is withheld from now on, whatever was said before."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("rubric_word", metavar="RUBRIC")
@click.option("--from", "whom", metavar="AUDIENCES", required=True, help=N_("From whom: partner, public, or both."))
@reason_required
@dry_run_option
@pass_context
def withhold(
    context: Context,
    plan_word: str,
    rubric_word: str,
    whom: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Withhold a rubric."""
    _keep_from(context, plan_word, rubric_word, _audiences(whom), reason, dry_run=dry_run)


@rubric.command(
    "release",
    cls=Command,
    short_help=N_("Withhold a rubric from nobody any more."),
    help=N_(
        "Withhold a rubric of a plan from nobody any more, as one of its project group. RUBRIC is its id or the "
        "beginning of its name."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("rubric_word", metavar="RUBRIC")
@reason_required
@dry_run_option
@pass_context
def release(
    context: Context,
    plan_word: str,
    rubric_word: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Show a rubric to everybody again."""
    _keep_from(context, plan_word, rubric_word, [], reason, dry_run=dry_run)


@click.command(
    "withhold",
    cls=Command,
    short_help=N_("Withhold a part of a plan's evaluations from partners, the public, or both."),
    help=N_(
        "Withhold a part of all evaluations of a plan from partners, the public, or both, as one of its project group: "
        "no report for them has it. PART is findings, attribution, evidence, deployed (with the figures of what was "
        "deployed) or lessons; the verdict is always told. It says from whom it is withheld from now on, whatever was "
        "said before."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("part", metavar="PART", type=click.Choice(tuple(EVALUATION_PARTS)))
@click.option("--from", "whom", metavar="AUDIENCES", required=True, help=N_("From whom: partner, public, or both."))
@reason_required
@dry_run_option
@pass_context
def withhold_part(
    context: Context,
    plan_word: str,
    part: str,
    whom: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Withhold a part of evaluations."""
    _keep_part_from(context, plan_word, part, _audiences(whom), reason, dry_run=dry_run)


@click.command(
    "release",
    cls=Command,
    short_help=N_("Withhold a part of a plan's evaluations from nobody any more."),
    help=N_(
        "Withhold a part of all evaluations of a plan from nobody any more, as one of its project group. PART is "
        "findings, attribution, evidence, deployed or lessons."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("part", metavar="PART", type=click.Choice(tuple(EVALUATION_PARTS)))
@reason_required
@dry_run_option
@pass_context
def release_part(
    context: Context,
    plan_word: str,
    part: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Show a part of evaluations to everybody again."""
    _keep_part_from(context, plan_word, part, [], reason, dry_run=dry_run)


def _keep_from(
    context: Context, plan_word: str, rubric_word: str, whom: list[str], reason: str, *, dry_run: bool
) -> None:
    from pdca.report.rubric import rubric_of

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        name = rubric_of(connection, plan_id, rubric_word)["rubric"]
    field = f"rubrics.{name}.withheld_from"
    found = _set_whom(house, plan_id, field, whom, reason, dry_run=dry_run)
    view = {"rubric": name, "withheld_from": whom}
    values = {"rubric": name, "whom": spoken_list(AUDIENCES, whom)}
    line = _("“%(rubric)s” is withheld from: %(whom)s.") if whom else _("“%(rubric)s” is withheld from nobody.")
    emit_rewritten(context, "pdca.rubric-withheld/1", found, view, line % values, dry_run=dry_run)


def _keep_part_from(
    context: Context, plan_word: str, part: str, whom: list[str], reason: str, *, dry_run: bool
) -> None:
    house = open_house(context)
    field = f"evaluations_withheld.{part}"
    found = _set_whom(house, plan_word, field, whom, reason, dry_run=dry_run)
    view = {"part": part, "withheld_from": whom}
    values = {"part": spoken(EVALUATION_PARTS, part), "whom": spoken_list(AUDIENCES, whom)}
    line = (
        _("Withheld of the evaluations: %(part)s, from: %(whom)s.")
        if whom
        else _("Withheld of the evaluations from nobody: %(part)s.")
    )
    emit_rewritten(context, "pdca.evaluation-part-withheld/1", found, view, line % values, dry_run=dry_run)


def _set_whom(house: House, plan_word: str, field: str, whom: list[str], reason: str, *, dry_run: bool) -> HandedIn:
    from pdca.exchange.setting import set_fields

    def change(written: Written) -> None:
        document = {"plan": written.plan, "language": written.language}
        set_fields(document, [f"{field}={', '.join(whom)}"], written.definition)

    return rewrite_plan(house, plan_word, change, reason=reason, dry_run=dry_run)


def _audiences(text: str) -> list[str]:
    given = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in given if word not in _NAMES]
    if unknown or not given:
        raise Usage(
            "audience-unknown",
            _("There is no audience “%(audience)s”.") % {"audience": unknown[0] if unknown else text},
            hint=_("It can be withheld from: partner, public, or partner,public."),
        )
    return sorted({_NAMES[word] for word in given})
