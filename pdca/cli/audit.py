"""`pdca audit`: reading, verifying and exporting the log.

Only the table stands here: a shell asks for the names at every key, and waits for whatever they load.
"""

from pdca.cli.frame import Group
from pdca.i18n import N_

audit = Group(
    "audit",
    short_help=N_("Read, verify and export the log."),
    lazy={
        "log": ("pdca.cli.audit_log:log", N_("Show what happened: who, when, from where to where, and why.")),
        "show": ("pdca.cli.audit_show:show", N_("Show one event whole: what it changed, field by field.")),
        "statistics": (
            "pdca.cli.audit_statistics:statistics",
            N_("Count over the log: time per phase, evaluations in time, put off, exceptions, refusals."),
        ),
        "verify": ("pdca.cli.audit_verify:verify", N_("Check that the log and everything stored fit together.")),
        "checkpoint": (
            "pdca.cli.checkpoint:checkpoint",
            N_("Sign the state of the log, for somebody to keep elsewhere."),
        ),
        "proof": ("pdca.cli.proving:proof", N_("Prove that one event is in the log.")),
        "consistency": (
            "pdca.cli.proving:consistency",
            N_("Prove that the log only grew between two checkpoints."),
        ),
        "dossier": (
            "pdca.cli.proving:dossier",
            N_("Take out everything the log has of one plan, with the proof that nothing is missing."),
        ),
        "check": (
            "pdca.cli.checking:check",
            N_("Check proofs, dossiers, checkpoints and whole exports that were handed over, without a database."),
        ),
        "key": ("pdca.cli.audit_key:key", N_("The key that signs the log.")),
        "witness": ("pdca.cli.witness:witness", N_("Cosign the log of another house, as a witness.")),
        "timestamp": ("pdca.cli.timestamp:timestamp", N_("Have an authority stamp a checkpoint with the time.")),
        "redact": ("pdca.cli.erasing:redact", N_("Erase a single value of the log.")),
        "export": ("pdca.cli.exporting:export", N_("Write the whole log out, for somebody to check elsewhere.")),
    },
)
