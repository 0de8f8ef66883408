"""`pdca plan`: looking at action plans, writing them and moving them on.

Only the table stands here: a shell asks for the names at every key, and waits for whatever they load.
"""

from pdca.cli.frame import Group
from pdca.i18n import N_

plan = Group(
    "plan",
    short_help=N_("Look at action plans and move them on."),
    lazy={
        "acknowledge": (
            "pdca.cli.acknowledging:of_plan",
            N_("Take up what is overdue of a plan, so that nobody else is told of it."),
        ),
        "advance": ("pdca.cli.advance:advance", N_("Move a plan on: start it, check it, adjust it, end it.")),
        "approve": ("pdca.cli.advance:approve", N_("Approve a step of a plan that somebody else wrote and leads.")),
        "ask-approval": ("pdca.cli.asking_approval:ask_approval", N_("Ask that a step of a plan be approved.")),
        "approvals": ("pdca.cli.approvals:approvals", N_("List who approved what of a plan, and what became of it.")),
        "cycles": (
            "pdca.cli.cycles:cycles",
            N_("Show the cycles of a plan: evaluated, judged, decided, and what was left to follow up."),
        ),
        "predict": ("pdca.cli.cycles:predict", N_("Write what the next cycle of a plan is expected to bring about.")),
        "watch": (
            "pdca.cli.watching:watch",
            N_("Say that a plan in daily operations was looked at, and when it is again."),
        ),
        "diff": ("pdca.cli.then:diff", N_("Show what a plan said on one day and on another.")),
        "lifecycle": (
            "pdca.cli.lifecycle:lifecycle",
            N_("Show the states a plan went through: how long in each, which steps, how often."),
        ),
        "migrate": (
            "pdca.cli.migrate:migrate",
            N_("Move a plan to another version of its method, or to another method."),
        ),
        "perimeter": ("pdca.cli.perimeter:perimeter", N_("Show or set where a plan works.")),
        "edit": ("pdca.cli.editing:edit", N_("Change a plan as one text, in your editor or from a file.")),
        "set": ("pdca.cli.editing:set_", N_("Change single fields of a plan.")),
        "new": ("pdca.cli.plan_new:new", N_("Make a new plan.")),
        "rubric": (
            "pdca.cli.rubric:rubric",
            N_("Show what a rubric of a plan says and said, and who does not see it."),
        ),
        "why-not": (
            "pdca.cli.advance:why_not",
            N_("Say what holds a plan back: every unmet need of every possible trigger."),
        ),
        "list": (
            "pdca.cli.plan_list:list_",
            N_("List every plan with its state and its next evaluation."),
        ),
        "show": ("pdca.cli.plan_show:show", N_("Show one plan with all that belongs to it.")),
        "next": (
            "pdca.cli.plan_next:next_",
            N_("Say what is to be done next and by when, for you or for a plan."),
        ),
        "history": ("pdca.cli.plan_history:history", N_("Show what happened to a plan, from the log.")),
    },
)
