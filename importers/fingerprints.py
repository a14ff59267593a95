"""What a layout is known by when the next file of it comes."""

import hashlib

from importers.table import Header
from mopsaudit.intake.contract import Layout


def fingerprint(header: Header, layout: Layout) -> str:
    """A name for a layout: its kind and its headings, months aside. The same next month's export gives the same."""
    if header.rows:
        texts = [
            "<month>" if column in header.months or column in header.turned else heading.casefold()
            for column, heading in enumerate(header.headings)
        ]
        texts = [
            text for index, text in enumerate(texts) if text and (index == 0 or text != texts[index - 1])
        ]
    else:
        texts = [f"<{len(header.headings)} columns without a heading>"]
    return hashlib.sha256("\x1f".join([layout.value, *texts]).encode()).hexdigest()[:32]
