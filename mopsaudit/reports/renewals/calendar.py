"""Send-by dates as an iCalendar feed: one all-day event a contract, with an alarm at each gate."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from mopsaudit.reports.renewals.facts import Deadline


def calendar_text(deadlines: Sequence[Deadline], *, now: datetime) -> str:
    """ICalendar text with stable identifiers; ``now`` (aware) stamps the events."""
    feed = Calendar()
    feed.add("prodid", "-//mopsaudit//renewals//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "Renewals")
    for deadline in deadlines:
        event = Event()
        event.add("uid", f"contract-{deadline.contract_id}-{deadline.send_by.isoformat()}@mopsaudit")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", deadline.send_by)
        event.add("dtend", deadline.send_by + timedelta(days=1))
        event.add("summary", f"Send notice: {deadline.title}")
        event.add("description", deadline.sentence)
        event.add("transp", "TRANSPARENT")
        for gate in deadline.gates:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", deadline.sentence)
            alarm.add("trigger", timedelta(days=-gate))
            event.add_component(alarm)
        feed.add_component(event)
    return str(feed.to_ical(), "utf-8")
