"""Readings of tools bought by consumption, a row per tool and day: bought, used and expired so far in the term."""

from decimal import Decimal

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.consumption import standing_figures
from mopsaudit.facts.wording import day as written_day
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.credits import FIGURES, micro_of, told_on
from mopsaudit.store.ledger import ConsumptionReading


def apply_credits(work: Work) -> Outcome:
    """A reading per row; the same tool and day again takes the new figures; a cell without one changes nothing.

    Figures are counted since the term began, in units of the credit; stored in millionths.
    """
    with desk(work) as at:
        at.rows(_reading)
        return at.finish()


def _reading(at: Desk, _position: int, row: RecordRow) -> bool:
    values = row.values
    name = str(values.get("tool") or at.work.options.tool or "").strip()
    if not name:
        raise InvalidError("A reading needs its tool: name it in the file or with the tool option.", "tool")
    on = values.get("date") or at.work.options.as_of
    if on is None:
        raise InvalidError("A reading needs the day it was read on.", "date")
    if on > at.work.today:
        raise InvalidError(f"{written_day(on)} is still to come.", "date")
    told = {
        f"{each}_micro": micro_of(Decimal(str(values[each])), each)
        for each in FIGURES
        if values.get(each) is not None  # an empty or unreadable cell says nothing and takes nothing away
    }
    if not told:
        raise InvalidError("Neither bought nor used nor expired could be read.", "used")
    tool = at.tool(name, propose=True)
    if tool is None:
        raise NotFoundError(f"There is no tool called “{name}”; add it first, or correct the spelling.")
    before = told_on(at.session, tool.id, on)
    stands = standing_figures(before)
    fresh = any(stands[name] != value for name, value in told.items())
    if fresh and any(each.import_id == at.work.record.id for each in before):
        raise InvalidError(
            f"The file gives two different readings of {tool.name} on {written_day(on)}; keep one of them.",
            "date",
        )
    # What is known already is kept once more: it outlives the undo of the file that told it first.
    at.session.add(
        ConsumptionReading(
            tool_id=tool.id,
            as_of=on,
            import_id=at.work.record.id,
            cell=next(
                row.cells.get(each) for each in ("used", "bought", "expired") if f"{each}_micro" in told
            ),
            **told,
        )
    )
    return fresh
