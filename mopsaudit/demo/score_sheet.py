"""What people of the demo company think of their tools: the scores of one afternoon, and of those who were asked."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.demo.people import DIGITAL_HEAD, EMEA_HEAD, OPS
from mopsaudit.demo.settlements import Company, tool_ids
from mopsaudit.governance.scores import give_score

_DEMAND, _SALES, _ANALYTICS, _BRAND = 6, 7, 8, 9
#: Product → who gave which functional and technical fit. Europe likes the tool it is told to leave; one is half scored.
SCORES: Final[dict[str, tuple[tuple[int, int, int | None], ...]]] = {
    "salesforce-sales-cloud": ((OPS, 4, 3), (_SALES, 4, 3)),
    "adobe-marketo-engage": ((OPS, 4, 2), (_DEMAND, 3, 2)),
    "hubspot-marketing-hub": ((OPS, 3, 4), (EMEA_HEAD, 4, 4)),
    "asana": ((OPS, 4, 4), (_BRAND, 3, 4)),
    "wrike": ((OPS, 2, 3), (EMEA_HEAD, 4, 3)),
    "smartsheet": ((OPS, 2, 2),),
    "tableau-cloud": ((_ANALYTICS, 4, 3),),
    "adobe-workfront": ((OPS, 3, 2), (_BRAND, 2, 1)),
    "drift": ((_DEMAND, 1, 2), (OPS, 1, 2)),
    "hootsuite": ((_BRAND, 2, 3),),
    "gong": ((_SALES, 4, 4),),
    "cisionone": ((EMEA_HEAD, 2, 3),),
    "klaviyo": ((DIGITAL_HEAD, 4, 3),),
    "crazy-egg": ((DIGITAL_HEAD, 1, 1),),
    "bizible": ((_ANALYTICS, 3, None),),
}


def give_scores(session: Session, company: Company) -> None:
    """Every score of :data:`SCORES`, given a fortnight before the as-of date."""
    ids, on = tool_ids(session), company.as_of - timedelta(days=14)
    for product, given in SCORES.items():
        for person, functional, technical in given:
            for dimension, value in (("functional", functional), ("technical", technical)):
                if value is not None:
                    give_score(
                        session,
                        tool_id=ids[product],
                        dimension=dimension,
                        value=value,
                        person_id=company.people[person],
                        on=on,
                    )
