"""The objectives that a plan is worked out into: `pdca objective add`, `set` and `remove` change its document."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pdca.cli.context import Context
from pdca.cli.given import language_given, titles
from pdca.cli.house import open_house
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.errors import Usage
from pdca.i18n import _

FIELDS: Final = ("title", "note")

_OWN: Final = re.compile(r"[Oo]([0-9]+)")

_Objectives = list[dict[str, Any]]


def add_under(
    context: Context,
    plan_word: str,
    texts: Sequence[str],
    wanted: str | None,
    note: str | None,
    *,
    dry_run: bool,
) -> None:
    """Add an objective under a plan, called as is `wanted` or by the next number of the plan."""
    made: dict[str, Any] = {}

    def change(written: Written) -> None:
        existing = written.plan.setdefault("objectives", [])
        taken = (int(found[1]) for one in existing if (found := _OWN.fullmatch(one["id"])))
        made["id"] = wanted or f"O{1 + max(taken, default=0)}"
        made["title"] = titles("--title", texts, language_given(context, written.connection))
        if note:
            made["note"] = note
        existing.append(made)

    found = rewrite_plan(open_house(context), plan_word, change, dry_run=dry_run)
    view = {"objective": f"{found.outcome.summary['plan']}/{made['id']}"}
    line = _("%(objective)s is added.") % view
    emit_rewritten(context, "pdca.objective-added/1", found, view, line, dry_run=dry_run)


def set_under(
    context: Context, identity: str, given: Mapping[str, Sequence[str]], reason: str | None, *, dry_run: bool
) -> None:
    """Change what is said of an objective under a plan; raises Usage for a field that only others have."""
    for field in given:
        if field not in FIELDS:
            raise Usage(
                "field-of-programme",
                _("“%(field)s” is no field of an objective under a plan.") % {"field": field},
                hint=_("The fields are: %(fields)s.") % {"fields": ", ".join(FIELDS)},
            )

    def change(objectives: _Objectives, own: str, written: Written) -> None:
        found = next(one for one in objectives if one["id"] == own)
        if "title" in given:
            found["title"] = written.retitled(context, found["title"], given["title"])
        if "note" in given:
            found["note"] = given["note"][0] or None

    line = _("%(objective)s is changed.")
    _rewrite(context, identity, change, reason, "pdca.objective-changed/1", line, dry_run=dry_run)


def remove_under(context: Context, identity: str, reason: str | None, *, dry_run: bool) -> None:
    """Remove an objective under a plan, which no activity serves any more."""

    def change(objectives: _Objectives, own: str, _written: Written) -> None:
        objectives[:] = [one for one in objectives if one["id"] != own]

    line = _("%(objective)s is removed.")
    _rewrite(context, identity, change, reason, "pdca.objective-removed/1", line, dry_run=dry_run)


def _rewrite(
    context: Context,
    identity: str,
    change: Callable[[_Objectives, str, Written], None],
    reason: str | None,
    schema: str,
    line: str,
    *,
    dry_run: bool,
) -> None:
    plan_id, _slash, own = identity.partition("/")
    found = rewrite_plan(
        open_house(context),
        plan_id,
        lambda written: change(written.plan["objectives"], own, written),
        reason=reason,
        dry_run=dry_run,
    )
    view = {"objective": identity}
    emit_rewritten(context, schema, found, view, line % view, dry_run=dry_run)
