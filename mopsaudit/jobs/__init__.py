"""Work behind the pages: a queue in our own database, committed together with the records it serves.

``handlers`` maps a kind of job to the function that does it; ``endings`` to what is to be done, in the same
transaction, when a job ends without success (an import is marked failed or cancelled). The composer fills both.
"""

from mopsaudit.jobs.queue import (
    Ending,
    JobCancelledError,
    JobStatus,
    LeaseLostError,
    ask_cancel,
    enqueue,
    job_of,
    waiting_and_running,
    worker_seen,
)
from mopsaudit.jobs.stops import ask_stop
from mopsaudit.jobs.worker import Handler, JobRun, Unsuccessful, endings, handlers, run

__all__ = [
    "Ending",
    "Handler",
    "JobCancelledError",
    "JobRun",
    "JobStatus",
    "LeaseLostError",
    "Unsuccessful",
    "ask_cancel",
    "ask_stop",
    "endings",
    "enqueue",
    "handlers",
    "job_of",
    "run",
    "waiting_and_running",
    "worker_seen",
]
