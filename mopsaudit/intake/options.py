"""What a person or the command line said about a file before it was read; kept with the import as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from mopsaudit.errors import InvalidError
from mopsaudit.intake.replace_key import checked_key
from mopsaudit.money import UnknownCurrencyError, currency_code


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The options of ``mopsaudit import`` (INTERFACES.md), the same in the browser.

    ``cost_centres`` and ``gl_accounts`` narrow a company-wide ledger: lines of others enter as *out of scope*.
    ``replace_by`` are the fields of the key by which a restated spend file wins over earlier lines; none = only add.
    ``edited`` says that a person changed the reading decision, which must then be obeyed as it stands.
    """

    sheets: tuple[str, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    currency: str | None = None
    tool: str | None = None
    unit: str | None = None
    source: str | None = None
    kind_of_source: str | None = None
    entity: str | None = None
    tax: str | None = None
    as_of: dt.date | None = None
    cost_centres: tuple[str, ...] = ()
    gl_accounts: tuple[str, ...] = ()
    replace_by: tuple[str, ...] = ()
    edited: bool = False

    def __post_init__(self) -> None:
        if self.currency is not None:
            try:
                currency_code(self.currency)
            except UnknownCurrencyError as error:
                raise InvalidError(str(error), "currency") from error
        if self.kind_of_source not in (None, "ap", "gl", "card", "expense"):
            raise InvalidError("The kind of source is one of ap, gl, card and expense.", "kind_of_source")
        if self.tax not in (None, "net", "gross"):
            raise InvalidError("Tax is net or gross.", "tax")
        if self.replace_by:
            object.__setattr__(self, "replace_by", checked_key(self.replace_by))

    def with_answers(self, answers: Mapping[str, str]) -> Self:
        """A copy with more answers; a later answer to the same question replaces the earlier."""
        return replace(self, answers=tuple(sorted({**dict(self.answers), **answers}.items())))

    def continued_by(self, later: "ImportOptions") -> "ImportOptions":
        """These options where ``later`` is silent; answers and maps of both, the later winning."""
        values: dict[str, Any] = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(later, item.name)
            if item.name in ("answers", "maps"):
                values[item.name] = tuple(sorted({**dict(mine), **dict(theirs)}.items()))
            else:
                values[item.name] = theirs or mine
        return ImportOptions(**values)

    def to_json(self) -> dict[str, Any]:
        """The JSON kept in ``Import.options``."""
        return {
            "sheets": list(self.sheets),
            "maps": [list(pair) for pair in self.maps],
            "answers": dict(self.answers),
            "currency": self.currency,
            "tool": self.tool,
            "unit": self.unit,
            "source": self.source,
            "kind_of_source": self.kind_of_source,
            "entity": self.entity,
            "tax": self.tax,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "cost_centres": list(self.cost_centres),
            "gl_accounts": list(self.gl_accounts),
            "replace_by": list(self.replace_by),
            "edited": self.edited,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ImportOptions":
        """The inverse of :meth:`to_json`; what an older version did not keep has its default."""
        as_of = data.get("as_of")
        return cls(
            sheets=tuple(data.get("sheets", ())),
            maps=tuple((field, column) for field, column in data.get("maps", ())),
            answers=tuple(sorted(data.get("answers", {}).items())),
            currency=data.get("currency"),
            tool=data.get("tool"),
            unit=data.get("unit"),
            source=data.get("source"),
            kind_of_source=data.get("kind_of_source"),
            entity=data.get("entity"),
            tax=data.get("tax"),
            as_of=None if as_of is None else dt.date.fromisoformat(as_of),
            cost_centres=tuple(data.get("cost_centres", ())),
            gl_accounts=tuple(data.get("gl_accounts", ())),
            replace_by=tuple(data.get("replace_by", ())),
            edited=bool(data.get("edited")),
        )
