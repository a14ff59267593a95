"""Usage files: vendors' layouts as data, evidence grade and event, several products in one file, account kinds."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from importers.grid import Grid
from importers.table import Header
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import ReadOptions

#: How exports say that nobody has signed in; an empty cell says only that nothing is known.
_NO_SIGN_IN = (
    r"(?:has |was )?never(?:\s+(?:been\s+)?(?:logged|signed)[\s-]*(?:in|on)|\s+(?:accessed|active|used|connected|seen|"
    r"invited|activated|opened))?|"
    r"(?:has |have )?not\s+(?:yet\s+)?(?:logged|signed)[\s-]*in(?:\s+yet)?|not (?:yet )?(?:accessed|active|used)|"
    r"no\s+(?:recent\s+)?(?:activity|log[\s-]?ins?|sign[\s-]?ins?)(?:\s+(?:activity|recorded|yet))?|"
    r"(?:noch\s+)?nie(?:mals)?(?:\s+(?:angemeldet|genutzt|aktiv|eingeloggt))?|keine (?:anmeldung|aktivität)|"
    r"jamais(?:\s+(?:connecté\w*|utilisé\w*|actif))?|aucune (?:connexion|activité)|"
    r"nunca(?:\s+(?:ha (?:iniciado sesión|accedido)|acessou|fez login|conectado))?|sin actividad|"
    r"mai(?:\s+(?:effettuato\w*|connesso|utilizzato|collegato|accesso))?|nooit(?:\s+(?:ingelogd|aangemeld|gebruikt))?|"
    r"aldrig(?:\s+(?:loggat in|inloggad|logget (?:ind|på)))?|aldri(?:\s+(?:logget (?:inn|på)|pålogget))?|nigdy|"
    r"ei koskaan|nikdy|soha|hiçbir zaman|никогда|ніколи"
)
_NEVER = re.compile(
    rf"{_NO_SIGN_IN}|none|-+|–|—|n/?a|null|0000-00-00.*|1/0/1900|0|1970-01-01.*|01/01/1970.*|1601-01-01.*|"
    r"01/01/0001.*|1/1/0001.*|0001-01-01.*|9223372036854775807",
    re.IGNORECASE,
)
_SAID_NEVER = re.compile(rf"{_NO_SIGN_IN}|1601-01-01.*|0001-01-01.*|0?1/0?1/0001.*", re.IGNORECASE)
_SERVICE = re.compile(
    r"^(?:svc|srv|service|sa|bot|api|integration|sync|connector|automation|system|noreply|no-reply|donotreply|webhook|zapier|jenkins|ci|etl)(?:[._\-+@0-9]|$)|"
    r"(?:[._\-](?:svc|service|api|bot|integration|sync))(?:@|$)",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"^(?:info|marketing|sales|support|hello|contact|office|team|events|press|media|billing|accounts|finance|hr|jobs|reception|shared|mailbox|webmaster|newsletter|social)@",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"^(?:test|testing|demo|qa|dummy|sandbox|uat)(?:[._\-+@0-9]|user|$)|(?:[._\-]test)(?:@|$)", re.IGNORECASE
)
_ADMIN = re.compile(
    r"^<?(?:admin|administrator|root|superuser|globaladmin|adm)(?:[._\-+@0-9]|$)|(?:[._\-](?:admin|adm))(?:@|$)",
    re.IGNORECASE,
)
_KINDS = {
    "person": "person",
    "member": "person",
    "user": "person",
    "employee": "person",
    "full member": "person",
    "staff": "person",
    "internal": "person",
    "permanent": "person",
    "leaver": "leaver",
    "left": "leaver",
    "shared": "shared",
    "shared mailbox": "shared",
    "room": "shared",
    "location": "shared",
    "conference room": "shared",
    "common area": "shared",
    "device": "shared",
    "group": "shared",
    "resource": "shared",
    "service": "service",
    "service account": "service",
    "bot": "service",
    "app": "service",
    "integration": "service",
    "api": "service",
    "system": "service",
    "external": "external",
    "guest": "external",
    "single-channel guest": "external",
    "multi-channel guest": "external",
    "contractor": "external",
    "partner": "external",
    "collaborator": "external",
    "agency": "external",
    "vendor": "external",
    "admin": "admin",
    "test": "test",
}
#: What a kind is one of.
_OF_KIND = frozenset("account user principal identity member login mailbox".split())
_INACTIVE = re.compile(
    r"(?:temporar(?:y|ily) |auto(?:matically)? |account |invit(?:e|ation) )?"
    r"(?:in-?active|suspended|closed|expired|declined|not (?:yet )?invited|"
    r"uninvited|off-?boarded|deactivated|disabled|deleted|removed|deprovisioned|blocked|archived|locked|no|false|0|"
    r"deshabilitad\w+|desabilitad\w+|disabilitat\w+|cancelad\w+|cerrad\w+|expirad\w+|caducad\w+|abgelaufen|expiré\w*|"
    r"résilié\w*|fermé\w*|clôturé\w*|scadut\w+|chius\w+|verlopen|gesloten|afgesloten|utgått|"
    r"cancelled|revoked|terminated|gesperrt|inaktiv|deaktiviert|gelöscht|ausgeschieden|nein|"
    r"inactif|désactivé\w*|suspendu\w*|supprimé\w*|bloqué\w*|non|inactiv[oa]|desactivad\w+|suspendid\w+|eliminad\w+|"
    r"bloquead\w+|inattiv[oa]|disattivat\w+|sospes\w+|eliminat\w+|bloccat\w+|inactief|gedeactiveerd|uitgeschakeld|"
    r"geblokkeerd|verwijderd|nee|inativ[oa]|desativad\w+|não|inaktiverad|avaktiverad|spärrad|nej|deaktivere\w*|sperret|nei|"
    r"ei|poistettu|nieaktywn\w+|zablokowan\w+|usunięt\w+|nie|neaktivn\w+|zablokován\w*|無効|停止|削除)\b.*",
    re.IGNORECASE,
)

#: Kinds of licence that are none.
NO_SEAT = frozenset(
    (
        "none, no licence, no license, no seat, no plan, unlicensed, unlicenced, not licensed, not licenced, free, "
        "unpaid, not paid, not billable, non-billable, unassigned, not assigned, unbilled"
    ).split(", ")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageLayout:
    """One vendor's export as ``usage_layouts.toml`` describes it."""

    id: str
    tool: str | None
    grade: str
    event: str
    needs: tuple[tuple[str, ...], ...]
    any: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[tuple[str, ...], str], ...]
    per_product: tuple[str, ...] | None
    latest: tuple[tuple[str, ...], ...]
    seat: tuple[str, ...] | None
    seat_not: frozenset[str]
    active_if: tuple[str, ...] | None
    own: tuple[tuple[str, ...], ...] | None
    exact: bool

    def proven(self, words: frozenset[tuple[str, ...]], said: str) -> bool:
        """Whether headings that other products print too are this one's: by one it alone has, or its name in words."""
        if self.exact and not words <= {*self.needs, *(phrase for phrase, _ in self.columns)}:
            return False
        if self.own is None or any(one in words for one in self.own):
            return True
        return self.tool is not None and self.tool.casefold() in said.casefold()

    def reads_itself(self, heading: str) -> bool:
        """Whether the layout reads the column under a heading on its own: one of its dates."""
        words = heading_words(heading)
        return words in self.latest or (
            self.per_product is not None and words[: len(self.per_product)] == self.per_product
        )


@lru_cache(maxsize=1)
def layouts() -> tuple[UsageLayout, ...]:
    """Every known layout, in the file's order."""
    data: dict[str, Any] = tomllib.loads((Path(__file__).parent / "usage_layouts.toml").read_text("utf-8"))
    return tuple(
        UsageLayout(
            id=entry["id"],
            tool=entry.get("tool"),
            grade=entry["grade"],
            event=entry["event"],
            needs=tuple(heading_words(text) for text in entry["needs"]),
            any=tuple(heading_words(text) for text in entry.get("any", ())),
            columns=tuple((heading_words(text), name) for text, name in entry.get("columns", {}).items()),
            per_product=heading_words(entry["per_product"]) if "per_product" in entry else None,
            latest=tuple(heading_words(text) for text in entry.get("latest", ())),
            seat=heading_words(entry["seat"]) if "seat" in entry else None,
            seat_not=frozenset(entry.get("seat_not", ())),
            active_if=heading_words(entry["active_if"]) if "active_if" in entry else None,
            own=tuple(heading_words(text) for text in entry["own"]) if "own" in entry else None,
            exact=bool(entry.get("exact")),
        )
        for entry in data["layout"]
    )


def layout_of(headings: Sequence[str], said: str = "") -> UsageLayout | None:
    """The known layout these headings are, or None; the one that asks for most wins.

    ``said`` is what names the tool beside them: a person's word, the sheet's name, lines above.
    """
    words = frozenset(heading_words(text) for text in headings if text)
    found = [
        layout
        for layout in layouts()
        if all(need in words for need in layout.needs)
        and (not layout.any or any(one in words for one in layout.any))
        and (layout.per_product is None or any(map(layout.reads_itself, headings)))
        and layout.proven(words, said)
    ]
    return max(found, key=lambda layout: len(layout.needs) + bool(layout.any), default=None)


def named_in(grid: Grid, header: Header, options: ReadOptions) -> str:
    """What may name the tool of a sheet: the option or the answer, the sheet's name, the lines above its header."""
    above = [value for row in grid.rows[: header.first_index] for value in row if isinstance(value, str)]
    told = (options.tool, dict(options.answers).get("tool"), grid.name)
    return " | ".join([*filter(None, told), *(text for text in above[:60] if text not in header.headings)])


def never(text: str) -> bool | None:
    """True where a text says *never*, None where it only says nothing (a dash, ``n/a``), False for anything else."""
    plain = fold(text)
    if not plain:
        return None
    if _NEVER.fullmatch(plain):
        return True if _SAID_NEVER.fullmatch(plain) else None
    return False


def account_kind(email: str | None, name: str | None, said: str | None, licence: str | None = None) -> str:
    """person, leaver, shared, service, external, admin or test: what the file says, else what the address shows."""
    if said:
        known = _kind_named(said)
        if known:
            return known
    address = (email or name or "").strip()
    if "#ext#" in address.casefold():
        return "external"
    if _TEST.search(address):
        return "test"
    if _SERVICE.search(address) or (
        name
        and re.search(r"\b(?:integration user|service account|api user|sync user)\b", name, re.IGNORECASE)
    ):
        return "service"
    if _ADMIN.search(address):
        return "admin"
    if _SHARED.search(address):
        return "shared"
    if licence and re.search(r"\bintegration\b|\bguest\b", licence, re.IGNORECASE):
        return "service" if "integration" in licence.casefold() else "external"
    return "person"


def _kind_named(said: str) -> str | None:
    """The kind a text names, alone or before what it is a kind of: *System account*, *Guest user*."""
    plain = fold(said).casefold()
    known = _KINDS.get(plain)
    words = plain.replace("-", " ").split()
    if known is None and len(words) == 2 and words[1] in _OF_KIND:
        known = _KINDS.get(words[0])
    return known


def kind_in_status(status: object) -> str | None:
    """The kind a status names beside what is active (*Bot*, *Multi-Channel Guest*), else None; an admin is a person."""
    kind = _KINDS.get(fold(status).casefold()) if isinstance(status, str) else None
    return kind if kind in ("service", "external", "shared") else None


def holds_seat(value: object, not_seats: frozenset[str]) -> bool | None:
    """Whether a seat cell says that a seat is held; None for one that cannot say."""
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, date):
        return True
    plain = fold(str(value)).casefold()
    if not plain:
        return False
    return not (plain in not_seats or _INACTIVE.fullmatch(plain))


def says_closed(value: object) -> bool:
    """Whether one word says that an account is closed (*Deactivated*); no mere no, nor a role that begins like one."""
    plain = fold(value).casefold() if isinstance(value, str) else ""
    return len(plain) > 5 and plain.replace("-", "").isalpha() and bool(_INACTIVE.fullmatch(plain))


def event_of(heading: str) -> str:
    """``sign-in`` or ``activity``: what the date under a heading is."""
    words = heading_words(heading)
    joined = " ".join(words)
    return (
        "sign-in"
        if re.search(
            r"log ?in|log in|sign ?in|\bsign\b|logon|anmeldung|connexion|inicio|authentic|signed|logged",
            joined,
        )
        else "activity"
    )


def tool_from_text(texts: Sequence[str], known: Sequence[str]) -> str | None:
    """The known tool (or vendor layout's tool) whose name stands in one of the texts; the longest name wins."""
    names = {name for name in known if len(name) >= 3} | {layout.tool for layout in layouts() if layout.tool}
    best: str | None = None
    for text in texts:
        plain = f" {re.sub(r'[^0-9a-z.]+', ' ', text.casefold())} "
        for name in sorted(names, key=lambda entry: (-len(entry), entry)):
            folded = re.sub(r"[^0-9a-z.]+", " ", name.casefold()).strip()
            if (
                folded
                and f" {folded} " in plain.replace(".xlsx ", " ").replace(".csv ", " ")
                and (best is None or len(name) > len(best))
            ):
                best = name
        if best:
            return best
    return None


def product_of(heading: str, prefix: tuple[str, ...]) -> str | None:
    """The product a heading such as ``Last seen in Jira - site`` names, or None."""
    match = re.match(r"last\s+seen\s+in\s+(.+)$", fold(heading), re.IGNORECASE)
    if not match or heading_words(heading)[: len(prefix)] != prefix:
        return None
    return re.split(r"\s+-\s+", match.group(1))[0].strip()


def seat_map(row: Mapping[str, object]) -> bool:
    """Whether a row names anybody at all."""
    return any(row.get(key) for key in ("user_email", "user_id", "user_name"))
