"""What the column tells those above it and beside it."""

from django.dispatch import Signal

# Sent with `publication`, `verb` (EditorialEvent.Verb) and `at`, in the transaction that takes the step:
# rows that a receiver writes are kept if and only if the step was taken.
publication_moved = Signal()
