"""The audit log, pure: event bodies, the Merkle tree over them, and the verifier. No SQL and no clock in here."""
