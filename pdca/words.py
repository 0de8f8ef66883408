"""Words and figures as people read them, on the screen and on pages alike."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pdca.evaluation_status import STATUS
from pdca.i18n import N_, _, language, localized

if TYPE_CHECKING:
    from workflows.need import Need

Row = Mapping[str, Any]
Told = dict[str, Any]
"""An unmet need as JSON fields: its code, its words, a hint, and the command that mends it or None."""

OVERDUE = N_("overdue")
EVALUATION_STATUS = STATUS
ACTIVITY_STATUS = {
    "planned": N_("planned"),
    "running": N_("running"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}
MEANS = {
    "money": N_("EUR"),
    "fte": N_("FTE"),
    "hours": N_("hours"),
    "headcount": N_("people"),
}
MODES = {
    "training": N_("training"),
    "information": N_("information"),
    "consultation": N_("consultation"),
}
"""How a partner is involved in a session."""
EVALUATION_KIND = {
    "interim": N_("interim"),
    "yearly": N_("yearly"),
    "half_yearly": N_("half-yearly"),
    "quarterly": N_("quarterly"),
    "monthly": N_("monthly"),
    "final": N_("final"),
    "mid_term": N_("mid-term"),
    "ad_hoc": N_("ad hoc"),
}
"""The kinds of evaluation that have a word; a project group may write any other."""
EVALUATION_NAMED = {
    "interim": N_("interim evaluation"),
    "yearly": N_("yearly evaluation"),
    "half_yearly": N_("half-yearly evaluation"),
    "quarterly": N_("quarterly evaluation"),
    "monthly": N_("monthly evaluation"),
    "final": N_("final evaluation"),
    "mid_term": N_("mid-term evaluation"),
    "ad_hoc": N_("ad hoc evaluation"),
}
VERDICTS = {
    "effective": N_("effective"),
    "ineffective": N_("ineffective"),
    "inconclusive": N_("inconclusive"),
}
DUE_TO = {
    "plan": N_("the plan"),
    "daily_work": N_("daily work, not the plan"),
    "others": N_("others"),
    "unclear": N_("unclear"),
}
ACTIVITY_DECISIONS = {
    "adopt": N_("adopted"),
    "adapt": N_("adapted"),
    "abandon": N_("abandoned"),
}
FOLLOW_UP_STATUS = {
    "open": N_("open"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}
BECAUSE = {
    "not_started": N_("the plan had not started"),
    "previous_not_concluded": N_("the previous one was not concluded"),
    "one_with_previous": N_("held together with the previous one, which was opened late"),
}
WHAT = {
    "group": N_("set up the project group"),
    "start": N_("start the plan"),
    "evaluation": N_("evaluation falls due"),
    "record": N_("record the evaluation"),
    "decide": N_("conclude or decide"),
    "missed": N_("an evaluation was missed: act"),
    "watch": N_("look at it again"),
    "reminder": N_("remind people of an evaluation"),
    "approve": N_("approve the next step"),
    "approve_extension": N_("approve another date"),
    "answer": N_("answer a partner"),
    "activity": N_("an activity should be done"),
    "follow_up": N_("answer what was to be followed up"),
    "submit": N_("hand in the programme"),
    "programme_evaluation": N_("evaluate the programme"),
    "information": N_("inform others of the progress"),
}
INFORMATION_METHODS = {
    "mail": N_("mail"),
    "letter": N_("letter"),
    "meeting": N_("meeting"),
    "web": N_("web page"),
    "webhook": N_("webhook"),
}
"""By what method a party is informed."""
INFORMATION_STATUS = {
    "planned": N_("to come"),
    "prepared": N_("report prepared"),
    "informed": N_("informed"),
    "withheld": N_("withheld: the plan is restricted"),
    "cancelled": N_("cancelled"),
    "before_import": N_("before the import"),
}
REPORT_STATUS = {
    "prepared": N_("waits for approval"),
    "approved": N_("approved, to be handed over"),
    "sent": N_("handed over, no receipt yet"),
    "informed": N_("received"),
    "replaced": N_("replaced by a later one"),
    "cancelled": N_("cancelled, not sent"),
}
REPORT_WAITS = {
    "approval": N_("waits for approval"),
    "sending": N_("waits to be handed over"),
    "delivery": N_("waits to be delivered"),
    "posting": N_("waits to be posted"),
    "meeting": N_("waits for the meeting"),
}
"""What is still to be done about a report before a party is informed."""
RECEIPTS = {
    "mailed": N_("mailed"),
    "written": N_("letter written"),
    "posted": N_("posted"),
    "held": N_("presented at a meeting"),
    "published": N_("published"),
    "called": N_("handed over by webhook"),
}
"""What proves that a report was sent."""
AUDIENCES = {
    "partners": N_("partners"),
    "public": N_("the public"),
}
EVALUATION_PARTS = {
    "findings": N_("findings"),
    "attribution": N_("attribution"),
    "evidence": N_("evidence"),
    "deployed": N_("deployed capacity"),
    "lessons": N_("lessons"),
}
"""What of its evaluations can be withheld, in words."""

ASSUMED: Final = "~"
"""Stands behind what is marked `assumed`: not the body's own, an example made from what others do."""


def marked(text: str, assumed: object) -> str:
    """Give a text for people, with the mark behind it when it is assumed, otherwise the text itself."""
    return f"{text} {ASSUMED}" if assumed else text


def with_name(name: str, value: str) -> str:
    """Put the name of a value before it, with the colon as the language spoken has it."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def spoken(words: Mapping[str, str], code: str) -> str:
    """Give the words for a code, in the language spoken; `words` are marked by `N_`."""
    marked_words = words[code]
    return _(marked_words)


def spoken_list(words: Mapping[str, str], codes: Iterable[str]) -> str:
    """Give the words for several codes, with commas between them."""
    return ", ".join(spoken(words, code) for code in codes)


def kind_of_evaluation(row: Row) -> str:
    """Give what kind of evaluation a row is about."""
    return spoken(EVALUATION_KIND, row["kind"]) if row["kind"] in EVALUATION_KIND else str(row["kind"])


def method_named(method: str | Mapping[str, str]) -> str:
    """Give by what method a party is informed; a file may say it in any words."""
    if isinstance(method, Mapping):
        return localized(method)
    return spoken(INFORMATION_METHODS, method) if method in INFORMATION_METHODS else method


def evaluation_named(kind: str) -> str:
    """Give what an evaluation of a kind is called in a sentence; a kind of one's own stands in brackets as it is."""
    if kind in EVALUATION_NAMED:
        return spoken(EVALUATION_NAMED, kind)
    return _("evaluation (%(kind)s)") % {"kind": kind}


def amount(text: str) -> str:
    """Give a figure with its thousands apart and the mark of the decimals, as the language spoken writes them."""
    thousands, decimals = {"nl": (".", ","), "fr": ("\u202f", ",")}.get(language(), (",", "."))
    bare = text.lstrip("+-")
    whole, _point, part = bare.partition(".")
    if not whole.isdecimal():
        return text
    sign = text.removesuffix(bare)
    return sign + f"{int(whole):,}".replace(",", thousands) + (f"{decimals}{part}" if part else "")


def need_fields(need: "Need") -> Told:
    """Give an unmet need as JSON fields, its words in the language of the reader."""
    return {
        "code": need.code,
        "need": need.words(language(), _),
        "hint": _(need.hint),
        "command": need.command_line(),
    }
