"""Words for what an indicator, its targets and its figures are, as readers see them."""

from collections.abc import Mapping
from typing import Any, Final

from pdca.i18n import N_, _, in_a_row, localized
from pdca.words import amount, marked, spoken

Row = Mapping[str, Any]

KIND: Final = {
    "objective": N_("objective: registered"),
    "subjective": N_("subjective: asked"),
    "activity": N_("activity: own work"),
}
RHYTHM: Final = {
    "monthly": N_("every month"),
    "quarterly": N_("every quarter"),
    "four-monthly": N_("every four months"),
    "half-yearly": N_("every half-year"),
    "yearly": N_("every year"),
    "two-yearly": N_("every two years"),
    "three-yearly": N_("every three years"),
    "ad-hoc": N_("now and then"),
}
DIRECTION: Final[Mapping[str, str]] = {
    "up": N_("higher is better"),
    "down": N_("lower is better"),
    "hold": N_("to be kept"),
    "range": N_("within the range"),
    "none": N_("no direction is better"),
}
CHANGE: Final = {
    "adjusted": N_("adjusted"),
    "corrected": N_("corrected"),
    "determined": N_("determined"),
}
JUDGEMENT: Final[Mapping[str, str]] = {
    "met": N_("met"),
    "not_met": N_("not met"),
    "partly": N_("partly met: it moved the right way, and not far enough"),
    "too_late": N_("met too late"),
    "not_yet": N_("not due yet"),
    "no_result": N_("no result"),
    "no_target": N_("no target"),
    "not_linked": N_("there are figures, but none about the time of the target"),
    "not_comparable": N_("cannot be judged: nothing to compare with"),
    "renders_account": N_("followed; it renders account only"),
    "in_words": N_("in words; people judge it"),
    "to_be_determined": N_("still to be determined"),
    "undetermined": N_("not determined in time"),
}
LEFT_TO_PEOPLE: Final = frozenset({"renders_account", "in_words"})
"""Judgements that say no more than the target itself does."""


def about(figure: str, period: str | None) -> str:
    """Give a figure as it is spoken, with the period it is about where that is known."""
    return f"{amount(figure)} ({period})" if period else amount(figure)


def aim(target: Row) -> str:
    """Say what a target asks for."""
    said = []
    if target["op"] == "range":
        said.append(_("%(low)s to %(high)s") % {"low": amount(target["value"]), "high": amount(target["upto"])})
    elif target["op"] and target["value"] is not None:
        said.append(f"{target['op']} {amount(target['value'])}")
    if target["words"]:
        said.append(localized(target["words"]))
    if target["determined_by"]:
        said.append(_("to be determined by %(date)s") % {"date": target["determined_by"]})
    elif target["op"] and target["value"] is None:
        said.append(f"{target['op']} …")
    if not said or target["op"] is None:
        said += [spoken(DIRECTION, target["direction"])] if target["direction"] else []
    return marked(in_a_row(said), target["assumed"])


def when(target: Row) -> str:
    """Say for when it is asked."""
    if target["by_date"]:
        return _("by %(date)s") % {"date": target["by_date"]}
    return target["period"] or ""
