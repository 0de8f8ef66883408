"""The command `pdca`: the table of its commands, and the way from an error to an exit status.

The table holds strings: `pdca --help` and `--version` import nothing but click.
"""

import errno
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from pdca import __version__
from pdca.cli.context import Start
from pdca.cli.frame import COMPLETION_VARIABLE, Root, wants_json
from pdca.clock import Clock, SystemClock
from pdca.errors import Failed, PdcaError
from pdca.i18n import N_, _

INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
OUTPUT_ERRORS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

COMMANDS: Final = {
    "init": ("pdca.cli.init:init", N_("Make a new database.")),
    "import": ("pdca.cli.importing:import_", N_("Take in plans or people from a file.")),
    "export": ("pdca.cli.writing_out:export", N_("Write a programme or a plan out as a file.")),
    "schema": ("pdca.cli.writing_out:schema", N_("Print the JSON Schema of the import format.")),
    "status": ("pdca.cli.status:status", N_("Show what is due, overdue and held back.")),
    "board": ("pdca.cli.board:board", N_("Show all plans by state.")),
    "plan": ("pdca.cli.plan:plan", N_("Look at action plans and move them on.")),
    "programme": (
        "pdca.cli.programme:programme",
        N_("Show programmes, and record what the authorities decide about them."),
    ),
    "objective": ("pdca.cli.objective:objective", N_("List the objectives, and decide which are retained.")),
    "phenomenon": ("pdca.cli.phenomenon:phenomenon", N_("Show and rearrange the tree of phenomena.")),
    "completeness": (
        "pdca.cli.completeness:completeness",
        N_("Say what of a programme is not worked out yet, with what mends it."),
    ),
    "means": (
        "pdca.cli.completeness:means",
        N_("Add up the means of every programme and plan: planned, deployed, and what fell short."),
    ),
    "group": ("pdca.cli.group:group", N_("Show and change the project group of a plan.")),
    "activity": ("pdca.cli.activity:activity", N_("List the activities of plans, and change them.")),
    "function": ("pdca.cli.function:function", N_("List and add the functions of the organisation.")),
    "rubric": ("pdca.cli.withholding:rubric", N_("Withhold rubrics of plans from partners or the public.")),
    "indicator": (
        "pdca.cli.indicator:indicator",
        N_("Show indicators with their targets and figures, and record them."),
    ),
    "partner": ("pdca.cli.partner:partner", N_("Involve partners, and hear and answer them.")),
    "evaluation": ("pdca.cli.evaluation:evaluation", N_("List, record and show evaluations.")),
    "schedule": ("pdca.cli.schedule:schedule", N_("Decide when a plan is evaluated, and look ahead.")),
    "workdays": ("pdca.cli.workdays:workdays", N_("Show and change on which days the organisation works.")),
    "reminder": (
        "pdca.cli.reminder:reminder",
        N_("Show and decide when people are reminded, and who is told of what is overdue."),
    ),
    "calendar": ("pdca.cli.calendar:calendar", N_("Write calendars that people subscribe to.")),
    "information": (
        "pdca.cli.information:information",
        N_("Inform partners, authorities and the population of progress."),
    ),
    "followup": ("pdca.cli.followup:followup", N_("List, raise and answer what a later cycle has to follow up.")),
    "report": ("pdca.cli.report:report", N_("Write a report of the progress made, for whoever is to be informed.")),
    "notify": ("pdca.cli.notify:notify", N_("List, show and deliver notifications; choose and try their channels.")),
    "scheduler": ("scheduler.cli:scheduler", N_("Run what happens by date, in the background or once.")),
    "audit": ("pdca.cli.audit:audit", N_("Read, verify and export the log.")),
    "person": ("pdca.cli.person:person", N_("List and add people.")),
    "retention": (
        "pdca.cli.retention:retention",
        N_("Decide how long personal values and texts are kept, and erase them then."),
    ),
    "erasure": (
        "pdca.cli.erasure:erasure",
        N_("List what was erased, and erase it again after a backup was put back."),
    ),
    "whoami": ("pdca.cli.whoami:whoami", N_("Tell who you are to the program, and what you may do.")),
    "doctor": ("pdca.cli.doctor:doctor", N_("Check that everything is in order.")),
    "workflow": (
        "pdca.cli.workflow:workflow",
        N_("Show, check and compare the methods by which plans are worked."),
    ),
    "config": ("pdca.cli.config:config", N_("Show the settings and where each comes from.")),
    "completion": ("pdca.cli.completion:completion", N_("Print the completion script for a shell.")),
    "simulate": ("scheduler.simulate:simulate", N_("Let time pass in a simulation; foretell a real database.")),
    "demo": ("scheduler.demo:demo", N_("Play six years of a police zone in a folder demo-out.")),
}

EXIT_STATUSES: Final = (
    (0, N_("it was done")),
    (1, N_("failed")),
    (2, N_("the command was not understood")),
    (3, N_("refused by a rule")),
    (4, N_("not found, or ambiguous")),
    (5, N_("conflict: somebody else changed it meanwhile")),
    (6, N_("partly sent")),
    (10, N_("something is overdue (`status --check` only)")),
    (75, N_("try again later")),
    (INTERRUPTED, N_("interrupted")),
)


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted and not ctx.resilient_parsing:
        click.echo(f"pdca {__version__}")
        ctx.exit()


root = Root(
    "pdca",
    lazy=COMMANDS,
    statuses=EXIT_STATUSES,
    help=N_(
        "Action plans by Plan-Do-Check-Adjust, with evaluation dates that are kept and a log that can be verified."
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help=N_("Show the version and exit."),
        )
    ],
)


def main(arguments: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Run one command line and give its exit status. Nothing but the status leaves: no exception, no traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    running = clock or SystemClock()
    start = Start(running, running.now())
    _prepare_streams()
    status = _guarded(given, start)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = _pipe_broken()
    except OSError as error:
        status = _fail(_output_failed(error), given)
        _close_stdout()
    return status


def _guarded(given: list[str], start: Start) -> int:
    try:
        return _run(given, start)
    except (PdcaError, click.ClickException) as error:
        return _mistaken(error, given)
    except (KeyboardInterrupt, click.Abort):
        click.echo(_("Interrupted."), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return _pipe_broken()
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets words and the administrator the traceback
        if known := _known(error):
            return _fail(known, given)
        return _internal(given, start)


def _run(given: list[str], start: Start) -> int:
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        return _complete(instruction)
    try:
        with root.make_context("pdca", list(given), obj=start) as context:
            root.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return 0


def _complete(instruction: str) -> int:
    from click.shell_completion import shell_complete

    try:
        return shell_complete(root, {}, "pdca", COMPLETION_VARIABLE, instruction)
    except Exception:  # noqa: BLE001 - words in the middle of what somebody is typing help nobody
        return 1


def _mistaken(error: PdcaError | click.ClickException, given: Sequence[str]) -> int:
    if isinstance(error, PdcaError):
        return _fail(error, given)
    from pdca.cli.failure import from_click

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        if not wants_json(given):
            click.echo(error.message, err=True)
            return error.exit_code
        error = click.UsageError(_("A command is missing."), error.ctx)
    return _fail(from_click(error), given)


def _fail(error: PdcaError, given: Sequence[str]) -> int:
    from pdca.cli.failure import report

    report(error, as_json=wants_json(given))
    return error.exit_status


def _known(error: Exception) -> PdcaError | None:
    """Give what is no mistake of the program as an error of ours."""
    if isinstance(error, OSError) and error.errno in OUTPUT_ERRORS and error.filename is None:
        return _output_failed(error)
    # Only where definitions were read can one be at fault, and nobody else should have to load that room.
    room = sys.modules.get("workflows.definition")
    if room is None or not isinstance(error, room.DefinitionError):
        return None
    from pdca.cli.failure import from_definition

    return from_definition(error)


def _internal(given: Sequence[str], start: Start) -> int:
    from pdca.cli.failure import internal

    command = " ".join(word for word in given[:2] if word.isalpha())
    return _fail(internal(start.clock.now(), command, __version__), given)


def _output_failed(error: OSError) -> Failed:
    return Failed(
        "output-failed",
        _("The answer could not be written: %(reason)s.") % {"reason": error.strerror},
        hint=_("Make room, or send it elsewhere."),
    )


def _prepare_streams() -> None:
    for name in ("stdin", "stdout", "stderr"):
        # Python gives None for a stream that was closed before the start, as some services do.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure and sys.stdout.isatty():
        reconfigure(errors="backslashreplace")
    elif reconfigure:
        # What programs read is UTF-8 whatever the locale says; what cannot be written is named, not fatal.
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _pipe_broken() -> int:
    _close_stdout()
    return BROKEN_PIPE


def _close_stdout() -> None:
    # Python flushes stdout once more at the end and would complain again.
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
