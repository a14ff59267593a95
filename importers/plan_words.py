"""The words by which a heading says that its amounts were planned, or that they happened."""

import re
from collections.abc import Collection, Sequence
from typing import Final

_PLANNED: Final = re.compile(
    r"\b(?:budget(?:ed|s|ary)?|bud|bgt|plan(?:ned)?|planung|adopted|approved|proposed|recommended|requested|appropriat\w+|allocat\w+|"
    r"original|revised|amended|adjusted|estimate[ds]?|soll|haushaltsansatz|ansatz|geplant|budgetiert|presupuest\w+|"
    r"plan(?:kosten|werte?|beträge?|betrag|zahlen|daten)|previst\w+|prévu\w*|budgét\w+|begroting|begroot|créditos? (?:inicial(?:es)?|definitivos?|totales)|inicial(?:es)?|definitivos?|stanziament\w+|budżet\w*|rozpočet|preventiv\w+|orçament\w+|orçado|budsjett\w*|"
    r"budjetti)\b",
    re.IGNORECASE,
)
#: Words of what is no plan, whatever stands beside them.
_HAPPENED: Final = re.compile(
    r"\b(?:actuals?|act|ist|ist(?:kosten|werte?|beträge?|betrag|zahlen|daten)|variances?|var|diff(?:erences?)?|delta|remain\w*|available|unspent|balance|left|ytd|to date|"
    r"prior|last year|previous|change|changes|increase|decrease|growth|share|percent\w*|spent|expended|invoiced|committed|"
    r"encumbered|encumbrances?|outturn|utili[sz]\w+|burn\w*|consumed|réalisé\w*|ecart|écart|abweichung|realizado|modificaciones|obligaciones|pagos|impegn\w+|liquidado|"
    r"consuntivo|werkelijk\w*|utfall|faktisk\w*|wykonanie|skutečnost|toteuma)\b|%",
    re.IGNORECASE,
)
#: Words of what is expected of a year, no plan unless a word of a plan stands beside them.
_EXPECTED: Final = re.compile(
    r"\b(?:forecasts?|fcst|projected|projections?|outlook|prévision\w*|prognose|pronóstico)\b", re.IGNORECASE
)

#: What a line says of itself where actual and expected lines stand in one list: the word, and a few beside it.
_LINE_HAPPENED: Final = re.compile(
    r"(?:\w+ ){0,2}(?:actuals?|ist|istwerte?|réel(?:le)?s?|réalisée?s?|real|realizado|consuntivo|effettivo|werkelijk\w*|"
    r"utfall|faktisk\w*|wykonanie|skutečnost|toteuma)(?: \w+){0,2}",
    re.IGNORECASE,
)
_LINE_EXPECTED: Final = re.compile(
    r"(?:\w+ ){0,2}(?:budget(?:ed)?|plan(?:ned|wert|werte|ung)?|geplant|forecasts?|fcst|projected|projections?|outlook|"
    r"estimated?|prognose|prévision(?:nel)?s?|prévu(?:e|s|es)?|pronóstico|presupuesto|previsto|previsione|begroot|begroting|"
    r"budżet|budjetti|rozpočet)(?: \w+){0,2}",
    re.IGNORECASE,
)


def expected_beside_actual(texts: Collection[str]) -> set[str]:
    """Those of a column's few texts that say their lines are expected, where others say that theirs happened."""
    happened = [text for text in texts if _LINE_HAPPENED.fullmatch(text)]
    expected = {text for text in texts if _LINE_EXPECTED.fullmatch(text)}
    return expected.difference(happened) if happened else set()


def says(heading: str) -> str:
    """``plan``, ``happened`` or ``""``: what the words of a heading say its amounts are."""
    plain = heading.replace("_", " ")
    if _HAPPENED.search(plain):
        return "happened"
    if _PLANNED.search(plain):
        return "plan"
    return "happened" if _EXPECTED.search(plain) else ""


def planned_headings(headings: Sequence[str]) -> Sequence[str]:
    """The headings without the words of a plan, those of what happened emptied; as they are where none is planned."""
    told = [says(heading) for heading in headings]
    if "plan" not in told:
        return headings
    return [
        ""
        if what == "happened"
        else _PLANNED.sub(" ", heading.replace("_", " ")).strip(" -–:()") or heading
        if what == "plan"
        else heading
        for heading, what in zip(headings, told, strict=True)
    ]
