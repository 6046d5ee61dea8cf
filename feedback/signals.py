"""What feedback tells those who listen."""

from django.dispatch import Signal

# Sent with `event` inside the transaction of each step, after the row and the event are written.
moved = Signal()
