"""The steps by which the tables of the fire job came to be; Alembic takes them in their order."""
