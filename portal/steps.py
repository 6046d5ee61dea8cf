"""What may stand in the way of a step, in whichever app: what each says, in Vietnamese, is shown beside the form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something to mend before the step can be taken."""

    sentence: str  # what to do, in Vietnamese
    field: str = ""  # of the form

    def __str__(self) -> str:
        return self.sentence


class Refused(Exception):
    """The step lacks something; the row stays as it was."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = problems


class Conflict(Exception):
    """Somebody else has taken a step meanwhile, or no such step leads from the row's state."""


class NotAllowed(Exception):
    """The person may not take this step; the message says who may, in Vietnamese."""
