"""The one definition of the tables.

Migrations are made from these classes and `tests/unit/store` holds the catalogue (`catalogue.py`) and every named
statement to them. Reading and writing commands never import this module: SQLModel takes half a second to load.

Conventions, the same on SQLite and PostgreSQL so that tables, log and exports hold the same bytes:
instants are TEXT in UTC (`YYYY-MM-DDTHH:MM:SS.ffffffZ`), local dates TEXT (`YYYY-MM-DD`), truth values INTEGER 0/1,
decimals TEXT, structured values TEXT holding canonical JSON; a text in several languages is the JSON of a mapping
language -> text. A column marked `committed` stands in the log only as a salted commitment, so that it can be erased.
"""

from pdca.store.tables.body import Appointment, Installation, Party, Person, Substitution
from pdca.store.tables.columns import Record
from pdca.store.tables.cycle import (
    DECISIONS,
    FOLLOW_UP_STATUSES,
    ActivityDecision,
    FollowUp,
    Prediction,
    Snapshot,
)
from pdca.store.tables.log import Event, EventPrivate, Heartbeat, TreeLeaf, TreeNode
from pdca.store.tables.moments import (
    DEADLINE_STATUSES,
    EVALUATION_STATUSES,
    NOTIFICATION_STATUSES,
    Deadline,
    Evaluation,
    Extension,
    InformationMoment,
    Notification,
)
from pdca.store.tables.plan import (
    Activity,
    Approval,
    GroupMember,
    Involvement,
    Means,
    Plan,
    PlanBaseline,
    PlanIndicator,
    PlanObjective,
    Reaction,
    Rubric,
    RubricRevision,
)
from pdca.store.tables.programme import (
    DISPOSITIONS,
    PROGRAMME_STATUSES,
    RHYTHMS,
    AuthorityApproval,
    Definition,
    Indicator,
    Measurement,
    Objective,
    ObjectiveOrigin,
    Phenomenon,
    Programme,
    ProgrammeEvaluation,
    ProgrammeTheme,
    ProgrammeVersion,
    RetainedFigure,
    Retention,
    SeriesBreak,
    Target,
)

__all__ = [
    "DEADLINE_STATUSES",
    "DECISIONS",
    "DISPOSITIONS",
    "EVALUATION_STATUSES",
    "FOLLOW_UP_STATUSES",
    "NOTIFICATION_STATUSES",
    "PROGRAMME_STATUSES",
    "RHYTHMS",
    "Activity",
    "ActivityDecision",
    "Appointment",
    "Approval",
    "AuthorityApproval",
    "Deadline",
    "Definition",
    "Evaluation",
    "Event",
    "EventPrivate",
    "Extension",
    "FollowUp",
    "GroupMember",
    "Heartbeat",
    "Indicator",
    "InformationMoment",
    "Installation",
    "Involvement",
    "Means",
    "Measurement",
    "Notification",
    "Objective",
    "ObjectiveOrigin",
    "Party",
    "Person",
    "Phenomenon",
    "Plan",
    "PlanBaseline",
    "PlanIndicator",
    "PlanObjective",
    "Prediction",
    "Programme",
    "ProgrammeEvaluation",
    "ProgrammeTheme",
    "ProgrammeVersion",
    "Reaction",
    "Record",
    "RetainedFigure",
    "Retention",
    "Rubric",
    "RubricRevision",
    "SeriesBreak",
    "Snapshot",
    "Substitution",
    "Target",
    "TreeLeaf",
    "TreeNode",
]
