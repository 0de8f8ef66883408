"""Alembic's entry: runs the migrations on the connection that `schema.py` hands over."""

from alembic import context

from pdca.store.tables import Record

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Record.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
