"""What the words of a definition mean, for people who do not write definitions; programs read the words themselves."""

from typing import Final

from pdca.i18n import N_

GUARDS: Final = {
    "objective_retained": N_("the objective is retained, or, where nothing was decided over it, the one above it"),
    "rubrics": N_("every rubric is filled, or it is said why it does not apply"),
    "project_group": N_("a project group with a lead and at least two disciplines"),
    "activities": N_("at least one activity, each with an owner, a start and an end"),
    "means": N_("means or capacity for every activity"),
    "indicators": N_("at least one indicator"),
    "baseline": N_("a baseline for every indicator, or why there is none"),
    "evaluation_available": N_("an evaluation that is planned"),
    "future_evaluation": N_("an evaluation in the future"),
    "information_schedule": N_("a moment to come at which somebody outside the body is informed"),
    "mmm": N_("if it is MMM: a perimeter, two phenomena, two partner organisations"),
    "partners_trained": N_("a training for every partner that an activity relies on"),
    "approved": N_("approval by somebody who neither wrote nor owns the plan, for the plan as it is"),
    "motive": N_("a reason"),
    "evaluation_recorded": N_("the evaluation is recorded, whole, and by somebody other than the owner"),
    "followups_answered": N_("what was left to follow up is done, dropped or carried over"),
    "activities_decided": N_("of every activity that goes on: adopted, adapted or abandoned"),
    "watch": N_("what is still watched, and a later day on which it is looked at again"),
}
EFFECTS: Final = {
    "lock_baseline": N_("the baselines are locked"),
    "open_evaluation": N_("the evaluation opens"),
    "conclude_evaluation": N_("the evaluation is concluded"),
    "next_cycle": N_("another cycle begins"),
    "set_watch": N_("what is watched is kept"),
    "hold_deadlines": N_("deadlines rest"),
    "release_deadlines": N_("deadlines run again"),
    "end": N_("the plan ends"),
}
PHASES: Final = {
    "plan": N_("plan"),
    "do": N_("do"),
    "check": N_("check"),
    "adjust": N_("adjust"),
    "ended": N_("ended"),
    "suspended": N_("suspended"),
}
RHYTHMS: Final = {
    "FREQ=YEARLY": N_("yearly"),
    "FREQ=MONTHLY": N_("monthly"),
    "FREQ=MONTHLY;INTERVAL=3": N_("quarterly"),
    "FREQ=MONTHLY;INTERVAL=6": N_("half-yearly"),
    "FREQ=WEEKLY": N_("weekly"),
}
"""The rules of repetition that have a word; any other is shown as it is written (RFC 5545)."""
