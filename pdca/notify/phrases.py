"""What is said about each kind of notice: English templates, each the key of its translations.

Fields are filled in by name after translation, so a user's text is a value and never a template. A field `…_day` is a
date without weekday and time.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pdca.i18n import N_
from pdca.notify.asking import AUTHORITY, CHIEF, NOTHING, Ask, Phrases
from pdca.notify.phrases_besides import BESIDES
from pdca.notify.phrases_informing import INFORMING
from pdca.notify.phrases_inviting import INVITING

_RECORD_LEAD: Final = Ask(
    N_(
        "See to it that the evaluation is recorded. The owner of a plan does not record its evaluation, so somebody "
        "else has to do it, with this command:"
    ),
    "record",
)
_RECORD_GROUP: Final = Ask(
    N_(
        "Record what was found: the verdict, the findings, what they are due to, the capacity deployed, and for every "
        "indicator a result or the reason why there is none. The owner of the plan does not do this. The command:"
    ),
    "record",
)
_START: Final = Ask(N_("Start the plan, or tell the project group what holds it back. The command:"), "step")
_DECIDE: Final = Ask(N_("Finish the previous evaluation and decide how the plan goes on. The command:"), "step")
_STEP: Final = Ask(N_("Take the next step, or tell the project group what holds the plan back. The command:"), "step")
_HELP: Final = Ask(
    N_("Help the project leader to get this done. This command shows the next steps and what they need:"), "why-not"
)
_WATCH: Final = Ask(
    N_(
        "Look today whether all is still well. If it is not, take the plan up again; if it is, say so, and when it is "
        "looked at again. The command:"
    ),
    "watch",
)
_OVERDUE: Final = {"group": _HELP, "chief": CHIEF}
_APPROVER: Final = Ask(N_("Look at the plan as it is now; if you agree, approve it again. The command:"), "again")
_TO_BE_APPROVED: Final = Ask(
    N_("See to it that the plan is approved as it is now. The command for who approves it:"), "again"
)
_SINCE: Final = Ask(
    N_(
        "Nothing is required of you, and of later changes you are not told. This command shows what is different now "
        "from the day of your approval:"
    ),
    "since",
)

_PREPARE_LEAD: Final = Ask(
    N_(
        "See to it that by then it is known how far the activities are, what the indicators say and what was deployed, "
        "and agree on who records it: the owner of a plan does not record its evaluation. This command shows the plan:"
    ),
    "show",
)
_PREPARE_GROUP: Final = Ask(
    N_(
        "See to it that by then you know how far your activities are and what your indicators say. This command shows "
        "the plan:"
    ),
    "show",
)

_SCHEDULE: Final = Ask(
    N_("Nothing is required of you now. This command shows the decision and every date:"), "schedule"
)
_NEXT_STEPS: Final = Ask(
    N_("Nothing is required of you now. This command shows the next steps and what they need:"), "why-not"
)
_NEW_NEEDS: Final = Ask(N_("See what the next steps need now. The command:"), "why-not")
_ADVANCED: Final = Phrases(
    news=N_("from “%(from)s” to “%(to)s” on %(at_day)s"),
    happened=N_("%(actor)s has moved the action plan “%(title)s” (%(plan)s) from “%(from)s” to “%(to)s”, on %(at)s."),
    quote=N_("The reason given:"),
    others=NOTHING,
)

PHRASES: Final[Mapping[str, Phrases]] = {
    "evaluation.reminded": Phrases(
        news=N_("evaluation %(evaluation)s on %(due_day)s"),
        happened=N_("Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) takes place on %(due)s."),
        asks={"lead": _PREPARE_LEAD},
        others=_PREPARE_GROUP,
    ),
    "evaluation.reminded/not_started": Phrases(
        news=N_("evaluation %(evaluation)s on %(due_day)s, and the plan has not been started"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is fixed for %(due)s. The plan is "
            "still in “%(state)s”: if it has not been started by then, the evaluation will be missed."
        ),
        asks={"lead": _START},
        others=_HELP,
    ),
    "evaluation.reminded/previous_not_concluded": Phrases(
        news=N_("evaluation %(evaluation)s on %(due_day)s, and the previous one is not finished"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is fixed for %(due)s. The plan is "
            "still in “%(state)s”: if the previous evaluation is not finished by then, this one will be missed."
        ),
        asks={"lead": _DECIDE},
        others=_HELP,
    ),
    "evaluation.opened": Phrases(
        news=N_("evaluation %(evaluation)s of %(due_day)s is open"),
        news_by=N_("evaluation %(evaluation)s of %(due_day)s is open, to be recorded by %(by_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s), fixed for %(due)s, is open. "
            "The plan has gone from “%(from)s” to “%(to)s”."
        ),
        asks={"lead": _RECORD_LEAD, "group": _RECORD_GROUP},
        others=Ask(
            N_(
                "Nothing is required of you. If you have remarks about the plan, the project group would like to hear "
                "them before the evaluation is recorded."
            )
        ),
    ),
    "evaluation.recorded": Phrases(
        news=N_("evaluation %(evaluation)s was recorded on %(at_day)s: %(verdict)s"),
        news_by=N_("evaluation %(evaluation)s is recorded (%(verdict)s), to be concluded by %(by_day)s"),
        happened=N_(
            "%(actor)s has recorded evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s). "
            "The verdict: %(verdict)s."
        ),
        asks={"lead": Ask(N_("Conclude the evaluation, then decide how the plan goes on. The command:"), "conclude")},
        others=Ask(
            N_(
                "Nothing is required of you: the project leader concludes the evaluation and decides how the plan "
                "goes on."
            )
        ),
    ),
    "evaluation.extension_asked": Phrases(
        news=N_("approval asked to move evaluation %(evaluation)s from %(due_day)s to %(to_day)s"),
        happened=N_(
            "%(actor)s asks to move evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) from %(due)s "
            "to %(to_date)s."
        ),
        quote=N_("The reason given:"),
        others=Ask(
            N_(
                "If you agree, approve this before %(due)s; whoever asked for it cannot do so. Without approval the "
                "evaluation opens on the date that was fixed. The command:"
            ),
            "approve",
        ),
    ),
    "evaluation.extension_withdrawn": Phrases(
        news=N_("evaluation %(evaluation)s stays on %(due_day)s: the request to move it is withdrawn"),
        happened=N_(
            "%(actor)s has withdrawn the request to move evaluation %(evaluation)s of the action plan “%(title)s” "
            "(%(plan)s) from %(due)s to %(to_date)s. The date stays as it was fixed."
        ),
        quote=N_("The reason given:"),
        others=NOTHING,
    ),
    "evaluation.extended": Phrases(
        news=N_("evaluation %(evaluation)s is moved from %(due_day)s to %(to_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is moved from %(due)s to "
            "%(to_date)s. Approved by: %(actor)s."
        ),
        quote=N_("The reason given:"),
        others=Ask(N_("Nothing is required of you until then. You will be told when the evaluation opens.")),
    ),
    "evaluation.announced": Phrases(
        news=N_("the next evaluation, %(evaluation)s, is on %(due_day)s"),
        happened=N_(
            "The next evaluation of the action plan “%(title)s” (%(plan)s), %(evaluation)s, takes place on %(due)s. "
            "The project group decided how long after the previous one that is."
        ),
        others=_SCHEDULE,
    ),
    "evaluation.announced/instead": Phrases(
        news=N_("the next evaluation, %(evaluation)s, is on %(due_day)s, and no longer on %(before_day)s"),
        happened=N_(
            "The next evaluation of the action plan “%(title)s” (%(plan)s), %(evaluation)s, takes place on %(due)s, "
            "and no longer on %(before)s. The project group decided how long after the previous one that is."
        ),
        others=_SCHEDULE,
    ),
    "schedule.set": Phrases(
        news=N_("moments of evaluation decided on %(at_day)s"),
        happened=N_(
            "%(actor)s has recorded what the project group decided: when the action plan “%(title)s” (%(plan)s) is "
            "evaluated. Of the dates that this sets or confirms the first is %(due)s."
        ),
        quote=N_("The reason given:"),
        others=_SCHEDULE,
    ),
    "schedule.rerolled": Phrases(
        news=N_("evaluations moved with the working days on %(at_day)s"),
        happened=N_(
            "The working days of the organisation have changed, so that evaluations of the action plan “%(title)s” "
            "(%(plan)s) fall on other days. The first of them is %(due)s."
        ),
        others=_SCHEDULE,
    ),
    "evaluation.missed/not_started": Phrases(
        news=N_("evaluation %(evaluation)s of %(due_day)s was missed"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) fell due on %(due)s, but the plan "
            "had not been started. The evaluation now stands in the log as missed."
        ),
        asks={"lead": _START},
        others=_HELP,
        escalates=True,
    ),
    "evaluation.missed/previous_not_concluded": Phrases(
        news=N_("evaluation %(evaluation)s of %(due_day)s was missed"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) fell due on %(due)s, but the "
            "previous evaluation was not finished. The evaluation now stands in the log as missed."
        ),
        asks={"lead": _DECIDE},
        others=_HELP,
        escalates=True,
    ),
    "evaluation.missed/one_with_previous": Phrases(
        news=N_("evaluation %(evaluation)s of %(due_day)s is held together with the previous one"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) fell due on %(due)s. By then the "
            "previous evaluation had not been opened yet: that happened late, on %(opened)s. Nobody could have held "
            "both, so the two are one evaluation, the one that is open. The log says that this one was not held apart."
        ),
        others=NOTHING,
    ),
    "evaluation.overdue/record": Phrases(
        news=N_("evaluation %(evaluation)s is overdue since %(since_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is open, but it has not been "
            "recorded. That should have been done by %(since)s."
        ),
        asks={"lead": _RECORD_LEAD, "group": _RECORD_GROUP, "chief": CHIEF},
        others=AUTHORITY,
        escalates=True,
    ),
    "evaluation.overdue/missed": Phrases(
        news=N_("evaluation %(evaluation)s, missed on %(since_day)s, has had no follow-up"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) was missed on %(since)s. Since then "
            "the plan has not moved on: it is still in “%(state)s”."
        ),
        asks={"lead": _STEP, **_OVERDUE},
        others=AUTHORITY,
        escalates=True,
    ),
    "plan.overdue/start": Phrases(
        news=N_("start overdue since %(since_day)s"),
        happened=N_(
            "The action plan “%(title)s” (%(plan)s) should have been started by %(since)s. It is still in “%(state)s”."
        ),
        asks={"lead": _START, **_OVERDUE},
        others=AUTHORITY,
        escalates=True,
    ),
    "plan.overdue/group": Phrases(
        news=N_("project group overdue since %(since_day)s"),
        happened=N_(
            "The project group of the action plan “%(title)s” (%(plan)s) should have been set up by %(since)s. It is "
            "not complete: it takes a project leader and several disciplines."
        ),
        asks={"lead": _HELP, **_OVERDUE},
        others=AUTHORITY,
        escalates=True,
    ),
    "plan.overdue/watch": Phrases(
        news=N_("to be looked at again since %(since_day)s"),
        happened=N_(
            "The action plan “%(title)s” (%(plan)s) has ended in “%(state)s”. It was agreed to look at it again on "
            "%(since)s, and nobody has said what was found."
        ),
        asks={"lead": _WATCH, "chief": CHIEF},
        others=Ask(N_("Tell the project leader what you see.")),
        escalates=True,
    ),
    "plan.overdue/decide": Phrases(
        news=N_("decision overdue since %(since_day)s"),
        happened=N_(
            "By %(since)s it should have been decided how the action plan “%(title)s” (%(plan)s) goes on after its "
            "evaluation. It is still in “%(state)s”."
        ),
        asks={"lead": _STEP, **_OVERDUE},
        others=AUTHORITY,
        escalates=True,
    ),
    "plan.advanced": replace(
        _ADVANCED,
        asks={
            "lead": Ask(
                N_("Take the next step in time. This command shows the next steps and what they need:"), "why-not"
            )
        },
        others=_NEXT_STEPS,
    ),
    "plan.advanced/ended": _ADVANCED,
    "plan.advanced/watch": replace(
        _ADVANCED,
        others=Ask(N_("Nothing is required of you until %(by)s; then it is looked at again.")),
    ),
    "plan.approval_asked": Phrases(
        news=N_("“%(step)s” waits for approval since %(at_day)s"),
        happened=N_(
            "%(actor)s asks that “%(step)s” of the action plan “%(title)s” (%(plan)s) be approved, as the plan was "
            "written on %(at)s."
        ),
        quote=N_("The reason given:"),
        others=Ask(N_("Read the plan, and approve the step if you find it good. The command:"), "again"),
    ),
    "plan.approved": Phrases(
        news=N_("“%(step)s” approved on %(at_day)s"),
        happened=N_(
            "%(actor)s has approved “%(step)s” of the action plan “%(title)s” (%(plan)s), as it was written on %(at)s."
        ),
        quote=N_("The reason given:"),
        asks={"lead": Ask(N_("Take the step before the plan is changed again. The command:"), "purpose")},
        others=NOTHING,
    ),
    "approval.voided": Phrases(
        news=N_("approval of “%(step)s” void since %(at_day)s"),
        happened=N_(
            "%(actor)s has changed the action plan “%(title)s” (%(plan)s) on %(at)s. It is not what was approved for "
            "“%(step)s” on %(approved)s any more, so that approval is void."
        ),
        asks={"approver": _APPROVER},
        others=_TO_BE_APPROVED,
    ),
    "approval.voided/named": Phrases(
        news=N_("approval of “%(step)s” void since %(at_day)s"),
        happened=N_(
            "%(actor)s has changed, on %(at)s, an indicator, a function or a stakeholder that the action plan "
            "“%(title)s” (%(plan)s) names. The plan is not what was approved for “%(step)s” on %(approved)s any more, "
            "so that approval is void."
        ),
        asks={"approver": _APPROVER},
        others=_TO_BE_APPROVED,
    ),
    "approval.outdated": Phrases(
        news=N_("changed on %(at_day)s, after “%(step)s” that you approved"),
        happened=N_(
            "%(actor)s has changed the action plan “%(title)s” (%(plan)s) on %(at)s. The step “%(step)s”, which you "
            "approved on %(approved)s, was taken before that; the plan is not what you approved any more."
        ),
        others=_SINCE,
    ),
    "approval.outdated/named": Phrases(
        news=N_("changed on %(at_day)s, after “%(step)s” that you approved"),
        happened=N_(
            "%(actor)s has changed, on %(at)s, an indicator, a function or a stakeholder that the action plan "
            "“%(title)s” (%(plan)s) names. The step “%(step)s”, which you approved on %(approved)s, was taken before "
            "that; the plan is not what you approved any more."
        ),
        others=_SINCE,
    ),
    "plan.migrated": Phrases(
        news=N_("worked by version %(version)s of its method since %(at_day)s"),
        happened=N_(
            "%(actor)s has moved the action plan “%(title)s” (%(plan)s) to version %(version)s of its method, on "
            "%(at)s. From now on its steps are judged by that version."
        ),
        quote=N_("The reason given:"),
        asks={"lead": _NEW_NEEDS},
        others=_NEXT_STEPS,
    ),
    "plan.migrated/method": Phrases(
        news=N_("worked by the method %(method)s since %(at_day)s"),
        happened=N_(
            "%(actor)s has moved the action plan “%(title)s” (%(plan)s) to the method %(method)s, on %(at)s. From now "
            "on its steps are judged by that method."
        ),
        quote=N_("The reason given:"),
        asks={"lead": _NEW_NEEDS},
        others=_NEXT_STEPS,
    ),
    "plan.watch_due": Phrases(
        news=N_("to be looked at again on %(due_day)s"),
        happened=N_(
            "The action plan “%(title)s” (%(plan)s) has ended in “%(state)s”. It was agreed to look at it again on "
            "%(due)s."
        ),
        quote=N_("What is still watched:"),
        asks={"lead": _WATCH},
        others=Ask(N_("Tell the project leader what you see.")),
    ),
    **BESIDES,
    **INFORMING,
    **INVITING,
}
"""By kind, or by kind and variant."""
