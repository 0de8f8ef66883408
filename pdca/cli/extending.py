"""`pdca evaluation extend` and `pdca programme evaluation extend`: another date is asked for, approved or withdrawn."""

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from pdca.cli.context import Context
from pdca.cli.finding import find_programme_evaluation
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.i18n import N_, _

if TYPE_CHECKING:
    from pdca.engine import Command as Wish

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: Final = (
    dry_run_option,
    reason_required,
    click.option("--withdraw", is_flag=True, help=N_("Withdraw the request that waits for approval.")),
    click.option("--approve", is_flag=True, help=N_("Approve the request of somebody else.")),
    click.option("--to", "to_date", metavar="DATE", help=N_("The date to move it to.")),
    click.argument("evaluation_id", metavar="EVALUATION"),
)


def _options(function: Function) -> Function:
    return reduce(lambda wrapped, option: option(wrapped), _OPTIONS, function)


@click.command(
    "extend",
    cls=Command,
    short_help=N_("Ask to move an evaluation to a later date, withdraw that, or approve it as somebody else."),
    help=N_(
        "Ask to move a planned evaluation to a later date (--to and --reason); somebody else approves it (--approve "
        "and --reason) before the old date has passed. Who asked, or the project leader, can withdraw what was not "
        "approved yet (--withdraw and --reason). The first date stays visible."
    ),
)
@_options
@pass_context
def of_evaluation(
    context: Context,
    evaluation_id: str,
    to_date: str | None,
    approve: bool,  # noqa: FBT001 - a flag of the command line
    withdraw: bool,  # noqa: FBT001 - a flag of the command line
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Ask for an extension, approve one, or withdraw it."""
    from pdca.evaluations.extend import ApproveExtension, RequestExtension, WithdrawExtension

    day = parse_day("--to", to_date)
    _check_one(to_date, approve=approve, withdraw=withdraw)
    identity = evaluation_id.upper()
    command: Wish
    if day is not None:
        command = RequestExtension(identity, day, reason)
    else:
        command = ApproveExtension(identity, reason) if approve else WithdrawExtension(identity, reason)
    _settled(context, command, identity, dry_run=dry_run, approved=approve, withdrawn=withdraw)


@click.command(
    "extend",
    cls=Command,
    short_help=N_("Ask to put off the day of an evaluation, withdraw that, or approve it as somebody else."),
    help=N_(
        "Ask to have the evaluation of a programme held by a later day (--to and --reason); somebody else who heads "
        "the body or answers for it, or an administrator, approves it (--approve and --reason) before the old day has "
        "passed. Who asked, or whoever heads the body, can withdraw what was not approved yet (--withdraw and "
        "--reason). The first day stays visible."
    ),
)
@_options
@pass_context
def of_programme(
    context: Context,
    evaluation_id: str,
    to_date: str | None,
    approve: bool,  # noqa: FBT001 - a flag of the command line
    withdraw: bool,  # noqa: FBT001 - a flag of the command line
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Ask for an extension of a programme's moment, approve one, or withdraw it."""
    from pdca.programme.extend import (
        ApproveProgrammeExtension,
        RequestProgrammeExtension,
        WithdrawProgrammeExtension,
    )

    _check_one(to_date, approve=approve, withdraw=withdraw)
    with open_house(context).reading() as connection:
        identity = find_programme_evaluation(connection, evaluation_id)
    command: Wish
    if to_date is not None:
        command = RequestProgrammeExtension(identity, to_date, reason)
    elif approve:
        command = ApproveProgrammeExtension(identity, reason)
    else:
        command = WithdrawProgrammeExtension(identity, reason)
    _settled(context, command, identity, dry_run=dry_run, approved=approve, withdrawn=withdraw)


def _check_one(to_date: str | None, *, approve: bool, withdraw: bool) -> None:
    if sum((to_date is not None, approve, withdraw)) != 1:
        raise Usage("date-or-approval", _("Say either --to DATE, --approve or --withdraw."))


def _settled(
    context: Context, command: "Wish", identity: str, *, dry_run: bool, approved: bool, withdrawn: bool
) -> None:
    """Have it done, and say what became of the date."""
    if approved:
        template = _("%(evaluation)s is moved to %(date)s; its first date stays visible.")
    elif withdrawn:
        template = _("The request to move %(evaluation)s to %(date)s is withdrawn.")
    else:
        template = _("Asked to move %(evaluation)s to %(date)s; somebody else approves it with --approve.")
    outcome = check(open_house(context).apply(command, dry_run=dry_run), identity, dry_run=dry_run)
    words = template % {"evaluation": identity, "date": outcome.summary["to_date"]}
    more = {"approved": approved, "withdrawn": withdrawn}
    emit_done(context, "pdca.extension/1", outcome, [words], dry_run=dry_run, more=more)
