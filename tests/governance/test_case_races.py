"""Approvals at the same time: one effect, whoever comes first."""

import threading
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from mopsaudit.errors import MopsauditError
from mopsaudit.governance import cases
from mopsaudit.store.models import Approval, BusinessCase
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders


def test_twenty_approvals_at_once_are_one(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        owner, author = builders.person(session, "Olga"), builders.person(session, "Sam")
        approvers = [builders.person(session, f"Approver {number}").id for number in range(4)]
        case = cases.write_case(
            session, title="Race", currency="USD", owner_id=owner.id,
            who="a", why="b", what="c", how="d", then_what="e",
        )  # fmt: skip
        cases.promise(session, case.id, case.version, [cases.Flow(side="cost", month=24312, amount_minor=1)])
        cases.submit_case(session, case.id, case.version, by_id=author.id)
        digest, case_id = cases.facts_digest(session, case), case.id
    start = threading.Barrier(20)
    told: list[str] = []

    def approve(number: int) -> None:
        start.wait()
        with app.app_context():
            try:
                with unit_of_work(SYSTEM, now=now) as session:
                    cases.approve_case(session, case_id, digest, by_id=approvers[number % 4], now=now)
                told.append("approved")
            except MopsauditError as error:
                told.append(type(error).__name__)

    threads = [threading.Thread(target=approve, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["ConflictError"] * 15 + ["approved"] * 5
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(Approval)).all()) == 1
        approved = session.get_one(BusinessCase, case_id)
        assert approved.approved_by_id in approvers
        assert approved.frozen_digest == digest
