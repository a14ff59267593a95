"""Working out a kept search: at once where a second is enough, else as a job that can be watched and stopped."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from mopsaudit.governance.stack_searches import CANCELLED, FAILED, answer_search, end_search
from mopsaudit.jobs import Ending, Handler, JobCancelledError, JobRun, JobStatus, Unsuccessful
from mopsaudit.organisation import scope_for
from mopsaudit.scenarios.answer import MARGIN_PERCENT, stack_data
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import stack_question
from mopsaudit.scenarios.question import StackQuestion
from mopsaudit.scenarios.solver import Watch, solve
from mopsaudit.scenarios.values import StackAnswer, Status
from mopsaudit.scope import Scope
from mopsaudit.store.models import StackSearch
from mopsaudit.store.session import reading, unit_of_work

STACK_JOB: Final = "stack"
#: Seconds a request may take over a search, and a job at most for the set and anew for the alternatives.
AT_ONCE: Final = 1.0
AT_MOST: Final = 60.0
ALTERNATIVES: Final = 5


def work_out(question: StackQuestion, *, seconds: float, watch: Watch | None = None) -> StackAnswer:
    """The answer to a question with the next best sets within the margin."""
    return solve(
        question.problem,
        seconds=seconds,
        alternatives=ALTERNATIVES,
        margin_percent=MARGIN_PERCENT,
        watch=watch,
    )


def answered_at_once(question: StackQuestion) -> dict[str, Any] | None:
    """The answer where it is proven within :data:`AT_ONCE`, else None."""
    answer = work_out(question, seconds=AT_ONCE)
    if answer.status is Status.STOPPED:
        return None
    return stack_data(question, answer)


def scope_of(session: Session, search: StackSearch) -> Scope:
    """The scope a search was asked in."""
    return scope_for(session, as_of=search.as_of, unit=search.unit_id)


def stack_job(run: JobRun) -> None:
    """Work out the search the job serves; stopped, it leaves no answer."""
    with reading() as session:
        search = session.get(StackSearch, run.subject_id)
        if search is None:
            return
        options = StackOptions.from_data(search.options)
        question = stack_question(session, scope_of(session, search), options)
    stopped: list[JobCancelledError] = []
    answer = work_out(question, seconds=AT_MOST, watch=_watch(run, stopped))
    if stopped:
        raise stopped[0]
    run.check_cancelled(last=True)
    with unit_of_work(run.actor, now=run.now()) as session:
        answer_search(session, run.subject_id, digest=question.digest, answer=stack_data(question, answer))
        run.finish(session)


def _watch(run: JobRun, stopped: list[JobCancelledError]) -> Callable[[int | None], bool]:
    """Tell the job's progress from within the solver; an exception there would be lost, so it is kept."""

    def look(done: int | None) -> bool:
        try:
            run.progress(done or 0, 1000)
        except JobCancelledError as error:
            stopped.append(error)
        return bool(stopped)

    return look


def search_ended(session: Session, end: Unsuccessful) -> None:
    """A search whose job ended without success says so."""
    status = CANCELLED if end.status is JobStatus.CANCELLED else FAILED
    end_search(session, end.subject_id, status=status, message=end.message)


def now_digest(session: Session, scope: Scope, options: StackOptions) -> str:
    """The digest of the question as the data stands now."""
    return stack_question(session, scope, options).digest


#: What the composer hands to the worker.
HANDLERS: Final[dict[str, Handler]] = {STACK_JOB: stack_job}
ENDINGS: Final[dict[str, Ending]] = {STACK_JOB: search_ended}
