"""What is paid, used and listed: finance, sign-on and inventory beside each other, each gap a row to settle.

A gap is judged only where the list it is missed in was given: without any spend nothing is called unpaid, without any
usage file nothing is called unused. Pure but for ``query``; the page of its own shows it, no report of the registry.
"""

from mopsaudit.gaps.judgement import find_gaps
from mopsaudit.gaps.values import ANSWERS, Gap, GapFacts, GapKind, Gaps

__all__ = ["ANSWERS", "Gap", "GapFacts", "GapKind", "Gaps", "find_gaps"]
