"""The work behind the pages, done by the one background process (`manage.py work`).

A job takes the present moment, keeps everything in the database and may be run again after a
crash. What a request leaves for it is a row that was written in the request's transaction.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, connections
from django.utils import timezone

from portal import limits, mail, search

log = logging.getLogger(__name__)

# Seconds between two turns: together with the turn itself, a change is found within one second.
PAUSE = 0.4
# A database that went away is not asked, and the log not filled, more often than this.
PAUSE_AFTER_FAILURE = timedelta(seconds=5)


@dataclass
class Job:
    """Something to do again and again, at most once in `every`."""

    run: Callable[[datetime], object]
    every: timedelta = timedelta(0)
    next_run: datetime | None = None

    def run_if_due(self, now: datetime) -> None:
        if self.next_run and now < self.next_run:
            return
        # Set first, in case that the job fails.
        self.next_run = now + max(self.every, PAUSE_AFTER_FAILURE)
        self.run(now)
        self.next_run = now + self.every


def _follow_changes(now: datetime) -> None:
    search.catch_up()


JOBS = [
    Job(_follow_changes),
    Job(search.trim_changes, every=timedelta(hours=1)),
    Job(mail.send_waiting, every=timedelta(seconds=1)),
    Job(mail.clean_up, every=timedelta(hours=1)),
    Job(limits.forget_old_counts, every=timedelta(hours=1)),
]


def register(*jobs: Job) -> None:
    """Add what an app wants done; called when the app is ready."""
    JOBS.extend(jobs)


def work(stop: threading.Event, *, once: bool = False) -> None:
    """Do what is due until `stop` is set; a failure is logged and ends nothing."""
    while not stop.is_set():
        do_due(timezone.now())
        if once:
            return
        stop.wait(PAUSE)


def do_due(now: datetime) -> None:
    close_old_connections()
    for job in JOBS:
        try:
            job.run_if_due(now)
        except Exception:
            log.exception("The job %s failed", job.run.__name__)
            # A database that went away is connected to again in the next turn.
            connections.close_all()
