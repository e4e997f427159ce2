"""What alembic runs: the missing steps, on the connection and in the transaction that it was handed."""

from alembic import context

from bot.stores.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
