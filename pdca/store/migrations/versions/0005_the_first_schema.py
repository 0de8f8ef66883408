"""The first schema, made from the classes in `pdca.store.tables`; the log's tables get their append-only triggers.

Until the first release the schema is changed here, and the revision counts up: a database of an earlier one is told
apart, and refused.
"""

import sqlalchemy as sa
from alembic import op

from pdca.store import append_only

revision = "0005"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "closing_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closing_day")),
    )
    op.create_table(
        "definition",
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("definition_id", "version", name=op.f("pk_definition")),
    )
    op.create_table(
        "erased_value",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.CheckConstraint("ground IN ('art-17', 'retention', 'mistake')", name=op.f("ck_erased_value_ground")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_value")),
    )
    op.create_table(
        "erasure_run",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule_number", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.String(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('people', 'absences', 'messages', 'reactions', 'findings', 'reasons', 'descriptions')",
            name=op.f("ck_erasure_run_kind"),
        ),
        sa.PrimaryKeyConstraint("kind", "number", name=op.f("pk_erasure_run")),
    )
    op.create_table(
        "event",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_key", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event")),
        sa.UniqueConstraint("event_key", name=op.f("uq_event_event_key")),
        sa.UniqueConstraint("stream", "seq", name=op.f("uq_event_stream_seq")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_at"), ["at"], unique=False)
        batch_op.create_index("ix_event_kind_plan_id", ["kind", "plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "handed_out",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.CheckConstraint("form IN ('jsonl', 'csv', 'sqlite', 'folder', 'dossier')", name=op.f("ck_handed_out_form")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_handed_out")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("beat_at", sa.String(), nullable=False),
        sa.Column("swept_at", sa.String(), nullable=True),
        sa.Column("stopped_at", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "indicator",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=True),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("rhythm", sa.String(), nullable=True),
        sa.Column("frequency", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('objective', 'subjective', 'activity')", name=op.f("ck_indicator_kind")),
        sa.CheckConstraint(
            "rhythm IN ('monthly', 'quarterly', 'four-monthly', 'half-yearly', 'yearly', 'two-yearly', "
            "'three-yearly', 'ad-hoc')",
            name=op.f("ck_indicator_rhythm"),
        ),
        sa.PrimaryKeyConstraint("indicator_id", name=op.f("pk_indicator")),
    )
    op.create_table(
        "installation",
        sa.Column("installation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("simulated", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=True),
        sa.Column("subdivision", sa.String(), nullable=True),
        sa.Column("working_days", sa.String(), nullable=True),
        sa.Column("channels", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint("installation_id = 1", name=op.f("ck_installation_one_row")),
        sa.CheckConstraint("simulated IN (0, 1)", name=op.f("ck_installation_simulated")),
        sa.PrimaryKeyConstraint("installation_id", name=op.f("pk_installation")),
    )
    op.create_table(
        "party",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discipline", sa.String(), nullable=True),
        sa.Column("discipline_assumed", sa.Integer(), nullable=False),
        sa.Column("escalation", sa.String(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('function', 'partner', 'authority', 'public', 'internal')", name=op.f("ck_party_kind")
        ),
        sa.PrimaryKeyConstraint("party_id", name=op.f("pk_party")),
    )
    op.create_table(
        "person",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("invited_since", sa.String(), nullable=True),
        sa.Column("wishes", sa.String(), nullable=True),
        sa.Column("erased_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "access IN ('administrator', 'member', 'auditor', 'service')", name=op.f("ck_person_access")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "phenomenon",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("phenomenon_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["phenomenon.phenomenon_id"],
            name=op.f("fk_phenomenon_parent_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("phenomenon_id", name=op.f("pk_phenomenon")),
    )
    op.create_table(
        "programme",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("period_start", sa.String(), nullable=False),
        sa.Column("period_end", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("legal_deadline", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.String(), nullable=True),
        sa.Column("sources", sa.String(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'rejected')", name=op.f("ck_programme_status")
        ),
        sa.ForeignKeyConstraint(
            ["definition", "definition_version"],
            ["definition.definition_id", "definition.version"],
            name=op.f("fk_programme_definition_definition_version"),
        ),
        sa.ForeignKeyConstraint(["previous_id"], ["programme.programme_id"], name=op.f("fk_programme_previous_id")),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme")),
    )
    op.create_table(
        "scrubbed",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tried_event", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tried_on", sa.String(), nullable=True),
        sa.CheckConstraint("number = 1", name=op.f("ck_scrubbed_one_row")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_scrubbed")),
    )
    op.create_table(
        "tree_node",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("idx", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_tree_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "appointment",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("from_date", sa.String(), nullable=False),
        sa.Column("until_date", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_appointment_party_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_appointment_person_id")),
        sa.PrimaryKeyConstraint("person_id", "party_id", "from_date", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_party_id"), ["party_id"], unique=False)

    op.create_table(
        "authority_approval",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=True),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=True),
        sa.Column("effective_on", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('awaited', 'approved', 'rejected')", name=op.f("ck_authority_approval_decision")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_authority_approval_party_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.programme_id"], name=op.f("fk_authority_approval_programme_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_authority_approval_recorded_by")),
        sa.PrimaryKeyConstraint("programme_id", "version_number", "step", name=op.f("pk_authority_approval")),
    )
    op.create_table(
        "erasure_rule",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=True),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('people', 'absences', 'messages', 'reactions', 'findings', 'reasons', 'descriptions')",
            name=op.f("ck_erasure_rule_kind"),
        ),
        sa.CheckConstraint("months IS NULL OR legal_basis IS NOT NULL", name=op.f("ck_erasure_rule_legal_basis")),
        sa.CheckConstraint("months IS NULL OR months >= 1", name=op.f("ck_erasure_rule_months")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.person_id"], name=op.f("fk_erasure_rule_decided_by")),
        sa.PrimaryKeyConstraint("kind", "number", name=op.f("pk_erasure_rule")),
    )
    op.create_table(
        "event_private",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_event_private_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_private")),
    )
    op.create_table(
        "log_key",
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("retired_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.person_id"], name=op.f("fk_log_key_made_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_key")),
    )
    op.create_table(
        "measurement",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("missing_reason", sa.String(), nullable=True),
        sa.Column("approximate", sa.Integer(), nullable=False),
        sa.Column("parts", sa.String(), nullable=True),
        sa.Column("of_which", sa.String(), nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("according_to", sa.String(), nullable=True),
        sa.Column("published_on", sa.String(), nullable=True),
        sa.Column("known_at", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_measurement_indicator_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_measurement_recorded_by")),
        sa.PrimaryKeyConstraint("indicator_id", "period", "number", name=op.f("pk_measurement")),
    )
    op.create_table(
        "objective",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("objective_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("internal", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("phenomenon_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "disposition IN ('candidate', 'retained', 'daily_operations', 'point_of_attention', 'dropped')",
            name=op.f("ck_objective_disposition"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["objective.objective_id"], name=op.f("fk_objective_parent_id")),
        sa.ForeignKeyConstraint(
            ["phenomenon_id"], ["phenomenon.phenomenon_id"], name=op.f("fk_objective_phenomenon_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.programme_id"], name=op.f("fk_objective_programme_id")),
        sa.PrimaryKeyConstraint("objective_id", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "programme_evaluation",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("due_on", sa.String(), nullable=True),
        sa.Column("first_due_on", sa.String(), nullable=True),
        sa.Column("held_on", sa.String(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("lessons", sa.String(), nullable=True),
        sa.Column("as_published", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('yearly', 'mid_term', 'final')", name=op.f("ck_programme_evaluation_kind")),
        sa.CheckConstraint(
            "(due_on IS NULL) = (first_due_on IS NULL)", name=op.f("ck_programme_evaluation_first_due_on")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.person_id"], name=op.f("fk_programme_evaluation_recorded_by")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_programme_evaluation")),
    )
    with op.batch_alter_table("programme_evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_evaluation_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "programme_version",
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("period_end", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=True),
        sa.Column("proposed_at", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('programme', 'addendum', 'prolongation')", name=op.f("ck_programme_version_kind")),
        sa.CheckConstraint("status IN ('proposed', 'approved', 'rejected')", name=op.f("ck_programme_version_status")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.programme_id"], name=op.f("fk_programme_version_programme_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.person_id"], name=op.f("fk_programme_version_proposed_by")),
        sa.PrimaryKeyConstraint("programme_id", "number", name=op.f("pk_programme_version")),
    )
    op.create_table(
        "series_break",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("known_at", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_series_break_indicator_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_series_break_recorded_by")),
        sa.PrimaryKeyConstraint("indicator_id", "period", name=op.f("pk_series_break")),
    )
    op.create_table(
        "substitution",
        sa.Column("substitution_id", sa.String(), nullable=False),
        sa.Column("absent_id", sa.String(), nullable=False),
        sa.Column("substitute_id", sa.String(), nullable=False),
        sa.Column("from_date", sa.String(), nullable=False),
        sa.Column("until_date", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.CheckConstraint("absent_id <> substitute_id", name=op.f("ck_substitution_another")),
        sa.ForeignKeyConstraint(["absent_id"], ["person.person_id"], name=op.f("fk_substitution_absent_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_substitution_recorded_by")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.person_id"], name=op.f("fk_substitution_substitute_id")),
        sa.PrimaryKeyConstraint("substitution_id", name=op.f("pk_substitution")),
    )
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitution_absent_id"), ["absent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_substitution_substitute_id"), ["substitute_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("by_date", sa.String(), nullable=True),
        sa.Column("op", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("upto", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("determined_by", sa.String(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("set_on", sa.String(), nullable=True),
        sa.Column("known_at", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.CheckConstraint("change IN ('adjusted', 'corrected')", name=op.f("ck_target_change")),
        sa.CheckConstraint("direction IN ('up', 'down', 'hold', 'range', 'none')", name=op.f("ck_target_direction")),
        sa.CheckConstraint("op IN ('<', '<=', '=', '>=', '>', 'range')", name=op.f("ck_target_op")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_target_indicator_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_target_recorded_by")),
        sa.PrimaryKeyConstraint("indicator_id", "number", name=op.f("pk_target")),
    )
    op.create_table(
        "tree_leaf",
        sa.Column("leaf_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_tree_leaf_event_id")),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_tree_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_tree_leaf_event_id")),
    )
    op.create_table(
        "plan",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("objective_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=True),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("resume_state", sa.String(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.String(), nullable=False),
        sa.Column("period_end", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Integer(), nullable=False),
        sa.Column("evaluations_withheld", sa.String(), nullable=True),
        sa.Column("mmm", sa.Integer(), nullable=False),
        sa.Column("group_due_date", sa.String(), nullable=True),
        sa.Column("perimeter", sa.String(), nullable=True),
        sa.Column("phenomena", sa.String(), nullable=True),
        sa.Column("axes", sa.String(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.Column("follows_id", sa.String(), nullable=True),
        sa.Column("watch", sa.String(), nullable=True),
        sa.Column("watch_again", sa.String(), nullable=True),
        sa.Column("watch_indicator_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint("cycle >= 1", name=op.f("ck_plan_cycle")),
        sa.ForeignKeyConstraint(
            ["definition", "definition_version"],
            ["definition.definition_id", "definition.version"],
            name=op.f("fk_plan_definition_definition_version"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.person_id"], name=op.f("fk_plan_author_id")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["plan.plan_id"], name=op.f("fk_plan_follows_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["party.party_id"], name=op.f("fk_plan_lead_id")),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.objective_id"], name=op.f("fk_plan_objective_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.programme_id"], name=op.f("fk_plan_programme_id")),
        sa.ForeignKeyConstraint(
            ["watch_indicator_id"], ["indicator.indicator_id"], name=op.f("fk_plan_watch_indicator_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan")),
        sa.UniqueConstraint("slug", name=op.f("uq_plan_slug")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_objective_id"), ["objective_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "programme_extension",
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.String(), nullable=False),
        sa.Column("to_date", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> requested_by", name=op.f("ck_programme_extension_four_eyes")
        ),
        sa.CheckConstraint("approved_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_programme_extension_one_end")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.person_id"], name=op.f("fk_programme_extension_approved_by")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["programme_evaluation.evaluation_id"], name=op.f("fk_programme_extension_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.person_id"], name=op.f("fk_programme_extension_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.person_id"], name=op.f("fk_programme_extension_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "number", name=op.f("pk_programme_extension")),
    )
    op.create_table(
        "programme_theme",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phenomenon_id", sa.String(), nullable=True),
        sa.Column("objective_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("attribution", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("lessons", sa.String(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('retained', 'daily_operations', 'point_of_attention', 'dropped', 'continue')",
            name=op.f("ck_programme_theme_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["programme_evaluation.evaluation_id"], name=op.f("fk_programme_theme_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.objective_id"], name=op.f("fk_programme_theme_objective_id")
        ),
        sa.ForeignKeyConstraint(
            ["phenomenon_id"], ["phenomenon.phenomenon_id"], name=op.f("fk_programme_theme_phenomenon_id")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "theme_id", name=op.f("pk_programme_theme")),
    )
    op.create_table(
        "retained_figure",
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("known_at", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id", "period", "number"],
            ["measurement.indicator_id", "measurement.period", "measurement.number"],
            name=op.f("fk_retained_figure_indicator_id_period_number"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_retained_figure_recorded_by")),
        sa.PrimaryKeyConstraint("indicator_id", "period", "choice", name=op.f("pk_retained_figure")),
    )
    op.create_table(
        "retention",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("objective_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("motive", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("watch", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "disposition IN ('retained', 'daily_operations', 'point_of_attention', 'dropped')",
            name=op.f("ck_retention_disposition"),
        ),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.objective_id"], name=op.f("fk_retention_objective_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_retention_recorded_by")),
        sa.PrimaryKeyConstraint("objective_id", "number", name=op.f("pk_retention")),
    )
    op.create_table(
        "approval",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=True),
        sa.Column("voided_at", sa.String(), nullable=True),
        sa.Column("voided_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["person.person_id"], name=op.f("fk_approval_approved_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_approval_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_approval")),
    )
    op.create_table(
        "evaluation",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stated_date", sa.String(), nullable=False),
        sa.Column("due_date", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("first_due_at", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("missed_because", sa.String(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.String(), nullable=True),
        sa.Column("overdue_at", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("process_findings", sa.String(), nullable=True),
        sa.Column("effect_findings", sa.String(), nullable=True),
        sa.Column("attributed_to", sa.String(), nullable=True),
        sa.Column("attribution", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("deployed", sa.String(), nullable=True),
        sa.Column("lessons", sa.String(), nullable=True),
        sa.Column("evaluators", sa.String(), nullable=True),
        sa.Column("results", sa.String(), nullable=True),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("schedule_number", sa.Integer(), nullable=True),
        sa.Column("moved", sa.String(), nullable=True),
        sa.CheckConstraint(
            "attributed_to IS NULL OR attributed_to IN ('plan', 'daily_work', 'others', 'unclear')",
            name=op.f("ck_evaluation_attributed_to"),
        ),
        sa.CheckConstraint("(status = 'recorded') = (recorded_at IS NOT NULL)", name=op.f("ck_evaluation_recorded")),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'recorded', 'missed', 'cancelled', 'before_import')",
            name=op.f("ck_evaluation_status"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict IN ('effective', 'ineffective', 'inconclusive')",
            name=op.f("ck_evaluation_verdict"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_evaluation_plan_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_evaluation_recorded_by")),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("plan_id", "kind", "stated_date", name=op.f("uq_evaluation_plan_id_kind_stated_date")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index("ix_evaluation_plan_id_status_due_at", ["plan_id", "status", "due_at"], unique=False)
        batch_op.create_index("ix_evaluation_status_due_at", ["status", "due_at"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("follow_up_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("raised_in", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("due_date", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=True),
        sa.Column("raised_at", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'done', 'dropped')", name=op.f("ck_follow_up_status")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.person_id"], name=op.f("fk_follow_up_answered_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["party.party_id"], name=op.f("fk_follow_up_owner_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_follow_up_plan_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.person_id"], name=op.f("fk_follow_up_raised_by")),
        sa.PrimaryKeyConstraint("follow_up_id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_plan_id_status", ["plan_id", "status"], unique=False)

    op.create_table(
        "group_member",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("from_date", sa.String(), nullable=True),
        sa.Column("until_date", sa.String(), nullable=True),
        sa.CheckConstraint("role IN ('member', 'deputy')", name=op.f("ck_group_member_role")),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_group_member_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_group_member_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "party_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_party_id"), ["party_id"], unique=False)

    op.create_table(
        "information_moment",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("information_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("stated_date", sa.String(), nullable=False),
        sa.Column("due_date", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("schedule_number", sa.Integer(), nullable=True),
        sa.Column("moved", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'prepared', 'informed', 'withheld', 'cancelled', 'before_import')",
            name=op.f("ck_information_moment_status"),
        ),
        sa.CheckConstraint("(status IS NULL) = (due_at IS NULL)", name=op.f("ck_information_moment_definite")),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_information_moment_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_information_moment_plan_id")),
        sa.PrimaryKeyConstraint("information_id", name=op.f("pk_information_moment")),
        sa.UniqueConstraint(
            "plan_id",
            "party_id",
            "stated_date",
            "method",
            name=op.f("uq_information_moment_plan_id_party_id_stated_date_method"),
        ),
    )
    with op.batch_alter_table("information_moment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_moment_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_information_moment_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "information_report",
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("information_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("schedule_number", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=True),
        sa.Column("prepared_at", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("contents", sa.String(), nullable=False),
        sa.Column("hashes", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.String(), nullable=True),
        sa.Column("approved_reason", sa.String(), nullable=True),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "method IN ('mail', 'letter', 'meeting', 'web', 'webhook')", name=op.f("ck_information_report_method")
        ),
        sa.CheckConstraint(
            "status IN ('prepared', 'approved', 'sent', 'informed', 'replaced', 'cancelled')",
            name=op.f("ck_information_report_status"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by",
            name=op.f("ck_information_report_four_eyes"),
        ),
        sa.CheckConstraint(
            "sent_at IS NULL OR approved_at IS NOT NULL", name=op.f("ck_information_report_approved_first")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.person_id"], name=op.f("fk_information_report_approved_by")),
        sa.ForeignKeyConstraint(
            ["information_id"], ["information_moment.information_id"], name=op.f("fk_information_report_information_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_information_report_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_information_report_plan_id")),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.person_id"], name=op.f("fk_information_report_prepared_by")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_information_report")),
    )
    with op.batch_alter_table("information_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_report_information_id"), ["information_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_information_report_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_information_report_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "information_receipt",
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("received_by", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('mailed', 'written', 'posted', 'held', 'published', 'called')",
            name=op.f("ck_information_receipt_kind"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_information_receipt_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_information_receipt_recorded_by")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["information_report.report_id"], name=op.f("fk_information_receipt_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_information_receipt")),
    )
    op.create_table(
        "information_schedule",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("by_itself", sa.Integer(), nullable=False),
        sa.Column("although_restricted", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("dates", sa.String(), nullable=True),
        sa.Column("rules", sa.String(), nullable=True),
        sa.Column("exceptions", sa.String(), nullable=True),
        sa.Column("roll", sa.String(), nullable=False),
        sa.CheckConstraint(
            "method IN ('mail', 'letter', 'meeting', 'web', 'webhook')", name=op.f("ck_information_schedule_method")
        ),
        sa.CheckConstraint(
            "roll IN ('none', 'next', 'previous', 'nearest')", name=op.f("ck_information_schedule_roll")
        ),
        sa.CheckConstraint("grace_days >= 1", name=op.f("ck_information_schedule_grace_days")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.person_id"], name=op.f("fk_information_schedule_decided_by")),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_information_schedule_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_information_schedule_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_information_schedule")),
    )
    with op.batch_alter_table("information_schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_schedule_party_id"), ["party_id"], unique=False)

    op.create_table(
        "involvement",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("involvement_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("held_on", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("attendees", sa.String(), nullable=True),
        sa.CheckConstraint("mode IN ('training', 'information', 'consultation')", name=op.f("ck_involvement_mode")),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_involvement_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_involvement_plan_id")),
        sa.PrimaryKeyConstraint("involvement_id", name=op.f("pk_involvement")),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_involvement_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_involvement_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "objective_origin",
        sa.Column("objective_id", sa.String(), nullable=False),
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id", "theme_id"],
            ["programme_theme.evaluation_id", "programme_theme.theme_id"],
            name=op.f("fk_objective_origin_evaluation_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.objective_id"], name=op.f("fk_objective_origin_objective_id")
        ),
        sa.PrimaryKeyConstraint("objective_id", name=op.f("pk_objective_origin")),
    )
    op.create_table(
        "plan_baseline",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=True),
        sa.Column("baseline_period", sa.String(), nullable=True),
        sa.Column("baseline_missing", sa.String(), nullable=True),
        sa.Column("baseline_assumed", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_plan_baseline_indicator_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_plan_baseline_plan_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["person.person_id"], name=op.f("fk_plan_baseline_replaced_by")),
        sa.PrimaryKeyConstraint("plan_id", "indicator_id", "number", name=op.f("pk_plan_baseline")),
    )
    op.create_table(
        "plan_indicator",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=True),
        sa.Column("baseline_period", sa.String(), nullable=True),
        sa.Column("baseline_missing", sa.String(), nullable=True),
        sa.Column("baseline_assumed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_plan_indicator_indicator_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_plan_indicator_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "indicator_id", name=op.f("pk_plan_indicator")),
    )
    with op.batch_alter_table("plan_indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_indicator_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "plan_objective",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("objective_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_plan_objective_plan_id")),
        sa.PrimaryKeyConstraint("objective_id", name=op.f("pk_plan_objective")),
    )
    with op.batch_alter_table("plan_objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_objective_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "prediction",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=True),
        sa.Column("written_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_prediction_plan_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.person_id"], name=op.f("fk_prediction_written_by")),
        sa.PrimaryKeyConstraint("plan_id", "cycle", name=op.f("pk_prediction")),
    )
    op.create_table(
        "reaction",
        sa.Column("reaction_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("report_id", sa.String(), nullable=True),
        sa.Column("received_on", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.person_id"], name=op.f("fk_reaction_answered_by")),
        sa.ForeignKeyConstraint(["party_id"], ["party.party_id"], name=op.f("fk_reaction_party_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_reaction_plan_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.person_id"], name=op.f("fk_reaction_recorded_by")),
        sa.ForeignKeyConstraint(["report_id"], ["information_report.report_id"], name=op.f("fk_reaction_report_id")),
        sa.PrimaryKeyConstraint("reaction_id", name=op.f("pk_reaction")),
    )
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reaction_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reaction_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "reminding",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lead_days", sa.String(), nullable=True),
        sa.Column("grace_days", sa.String(), nullable=True),
        sa.Column("ladder", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.person_id"], name=op.f("fk_reminding_decided_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_reminding_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_reminding")),
    )
    op.create_table(
        "rubric",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("not_applicable", sa.String(), nullable=True),
        sa.Column("withheld_from", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_rubric_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "rubric_id", name=op.f("pk_rubric")),
    )
    op.create_table(
        "rubric_revision",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("not_applicable", sa.String(), nullable=True),
        sa.Column("revised_at", sa.String(), nullable=False),
        sa.Column("revised_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_rubric_revision_plan_id")),
        sa.ForeignKeyConstraint(["revised_by"], ["person.person_id"], name=op.f("fk_rubric_revision_revised_by")),
        sa.PrimaryKeyConstraint("plan_id", "rubric_id", "revision", name=op.f("pk_rubric_revision")),
    )
    op.create_table(
        "schedule",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("dates", sa.String(), nullable=True),
        sa.Column("rules", sa.String(), nullable=True),
        sa.Column("exceptions", sa.String(), nullable=True),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("roll", sa.String(), nullable=False),
        sa.CheckConstraint("anchor IN ('series', 'completion')", name=op.f("ck_schedule_anchor")),
        sa.CheckConstraint("roll IN ('none', 'next', 'previous', 'nearest')", name=op.f("ck_schedule_roll")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.person_id"], name=op.f("fk_schedule_decided_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_schedule_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_schedule")),
    )
    op.create_table(
        "activity",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("objective_id", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("start_date", sa.String(), nullable=True),
        sa.Column("end_date", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("axis", sa.String(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("rubric_id", sa.String(), nullable=True),
        sa.Column("depends_on", sa.String(), nullable=True),
        sa.Column("steps", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('planned', 'running', 'done', 'dropped')", name=op.f("ck_activity_status")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.indicator_id"], name=op.f("fk_activity_indicator_id")),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["plan_objective.objective_id"], name=op.f("fk_activity_objective_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["party.party_id"], name=op.f("fk_activity_owner_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_activity_plan_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "activity_decision",
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.CheckConstraint("decision IN ('adopt', 'adapt', 'abandon')", name=op.f("ck_activity_decision_decision")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.activity_id"], name=op.f("fk_activity_decision_activity_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.person_id"], name=op.f("fk_activity_decision_decided_by")),
        sa.PrimaryKeyConstraint("activity_id", "cycle", name=op.f("pk_activity_decision")),
    )
    op.create_table(
        "deadline",
        sa.Column("deadline_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=True),
        sa.Column("programme_evaluation_id", sa.String(), nullable=True),
        sa.Column("follow_up_id", sa.String(), nullable=True),
        sa.Column("information_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('evaluation', 'start', 'record', 'decide', 'missed', 'watch', 'group', 'reminder', 'follow_up', "
            "'programme_evaluation', 'information')",
            name=op.f("ck_deadline_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'held', 'overdue', 'done', 'void', 'set_aside')", name=op.f("ck_deadline_status")
        ),
        sa.CheckConstraint("(plan_id IS NULL) <> (programme_id IS NULL)", name=op.f("ck_deadline_of_one")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.evaluation_id"], name=op.f("fk_deadline_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.follow_up_id"], name=op.f("fk_deadline_follow_up_id")),
        sa.ForeignKeyConstraint(
            ["information_id"], ["information_moment.information_id"], name=op.f("fk_deadline_information_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_deadline_plan_id")),
        sa.ForeignKeyConstraint(
            ["programme_evaluation_id"],
            ["programme_evaluation.evaluation_id"],
            name=op.f("fk_deadline_programme_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deadline_pending_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.create_index(batch_op.f("ix_deadline_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "ix_deadline_programme_id",
            ["programme_id"],
            unique=False,
            sqlite_where=sa.text("programme_id IS NOT NULL"),
            postgresql_where=sa.text("programme_id IS NOT NULL"),
        )

    op.create_table(
        "acknowledgement",
        sa.Column("deadline_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.deadline_id"], name=op.f("fk_acknowledgement_deadline_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_acknowledgement_person_id")),
        sa.PrimaryKeyConstraint("deadline_id", "number", name=op.f("pk_acknowledgement")),
    )
    op.create_table(
        "extension",
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.String(), nullable=False),
        sa.Column("to_date", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name=op.f("ck_extension_four_eyes")),
        sa.CheckConstraint("approved_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_extension_one_end")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.person_id"], name=op.f("fk_extension_approved_by")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.evaluation_id"], name=op.f("fk_extension_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["person.person_id"], name=op.f("fk_extension_requested_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.person_id"], name=op.f("fk_extension_withdrawn_by")),
        sa.PrimaryKeyConstraint("evaluation_id", "number", name=op.f("pk_extension")),
    )
    op.create_table(
        "invitation",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('invited', 'withdrawn')", name=op.f("ck_invitation_status")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.evaluation_id"], name=op.f("fk_invitation_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("person_id", "evaluation_id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_evaluation_id"), ["evaluation_id"], unique=False)

    op.create_table(
        "means",
        sa.Column("assumed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("planned", sa.String(), nullable=True),
        sa.Column("deployed", sa.String(), nullable=True),
        sa.Column("shortfall_reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('money', 'fte', 'hours', 'headcount')", name=op.f("ck_means_kind")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.activity_id"], name=op.f("fk_means_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "year", "kind", name=op.f("pk_means")),
    )
    op.create_table(
        "notification",
        sa.Column("notification_id", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(), nullable=False),
        sa.Column("next_attempt_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("together", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=True),
        sa.Column("attached", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'sent', 'dead', 'lapsed')", name=op.f("ck_notification_status")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.evaluation_id"], name=op.f("fk_notification_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_notification_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.plan_id"], name=op.f("fk_notification_plan_id")),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "stream", "seq", "person_id", "channel", name=op.f("uq_notification_stream_seq_person_id_channel")
        ),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_digest"), ["digest"], unique=False)
        batch_op.create_index(
            "ix_notification_pending_next_attempt_at",
            ["next_attempt_at"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.create_index(batch_op.f("ix_notification_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notification_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("evaluation_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.evaluation_id"], name=op.f("fk_snapshot_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_snapshot")),
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(append_only.FUNCTION)
    for trigger in append_only.triggers("postgresql" if dialect == "postgresql" else "sqlite").values():
        op.execute(trigger)


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it")
