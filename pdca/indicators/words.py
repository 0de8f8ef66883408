"""Words for what an indicator, its targets and its figures are, as readers see them."""

from collections.abc import Mapping
from typing import Final

from pdca.i18n import N_

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
