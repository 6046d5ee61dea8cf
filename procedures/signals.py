"""What the catalogue tells those above it."""

from django.dispatch import Signal

# Sent with `change` (a ProcedureChange) once its decision is published, once a change, in a transaction
# of its own: rows that a receiver writes are kept if and only if the change counts as told.
change_published = Signal()
