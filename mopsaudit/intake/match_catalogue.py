"""The built-in catalogue as aliases, guards and their index for the matcher. Pure."""

from collections.abc import Callable, Iterable
from functools import cache

from mopsaudit.catalogue.products import (
    GuardKind,
    catalogue,
    homes,
    products_of_vendor,
    vendor,
    vendor_chain,
)
from mopsaudit.intake.match_index import AliasIndex, plain
from mopsaudit.intake.match_values import Alias, AliasKind, GuardText, Target
from mopsaudit.words import SpendType

Read = tuple[tuple[Alias, ...], tuple[GuardText, ...], AliasIndex]
_keepers: "list[Callable[[Callable[[], Read]], Read]]" = []


def catalogue_aliases() -> tuple[tuple[Alias, ...], tuple[GuardText, ...]]:
    """Aliases and guards of the built-in catalogue, in file order."""
    aliases, guards, _ = _read()
    return aliases, guards


def catalogue_index() -> AliasIndex:
    """The index over the built-in catalogue, made or read once per process; extend it, never change it."""
    return _read()[2]


def keep_by(keeper: "Callable[[Callable[[], Read]], Read] | None") -> None:
    """From now on ask ``keeper`` first: it is given what makes aliases, guards and index, and may know them already."""
    _keepers[:] = [keeper] if keeper is not None else []


@cache
def _read() -> Read:
    return _keepers[0](_made) if _keepers else _made()


def _made() -> Read:
    aliases, guards = _listed()
    return aliases, guards, AliasIndex(aliases, guards)


def _listed() -> tuple[tuple[Alias, ...], tuple[GuardText, ...]]:
    book = catalogue()
    aliases: list[Alias] = []
    faint = {plain(item.name) for item in book.vendors if item.weak}
    faint |= {plain(item.name) for item in book.products if item.weak}
    strict = {plain(item.name) for item in book.vendors if item.strict}
    strict |= {plain(item.name) for item in book.products if item.strict}
    guards = [
        GuardText(text=guard.text, reason=guard.reason, reseller=guard.kind is not GuardKind.LOOKALIKE)
        for guard in book.guards
    ]
    for seller in book.vendors:
        products = products_of_vendor(seller.id)
        chain: list[str] = []
        for link in vendor_chain(seller.id):
            chain += [link.name, *link.past_names]
        if not products and seller.spend_type is SpendType.SOFTWARE:
            continue  # a holding: it stands in the chain of names, nobody is billed by it for marketing
        main = next((item for item in products if item.name == seller.name), None)
        own_names = [seller.name, *seller.past_names]
        if main is not None and len(products) == 1:
            own_names += [main.name, *main.past_names, *main.acquired_from]
        target = Target(
            vendor_id=seller.id,
            vendor=seller.name,
            tool_id=main.id if main else None,
            tool=main.name if main else None,
            names=everyday_names(own_names + chain),
            spend_type=str(seller.spend_type),
        )
        own_join = {plain(seller.name)}
        for kind, texts in (
            (AliasKind.NAME, (seller.name,)),
            (AliasKind.LEGAL, seller.legal_entities),
            (AliasKind.PAST, seller.past_names),
            (AliasKind.BILLING, seller.billing_names),
            (AliasKind.DOMAIN, tuple(domain for domain in seller.domains if "." in domain)),
        ):
            for text in texts:
                joined = plain(text)
                weak = kind is not AliasKind.DOMAIN and (
                    joined in faint or (len(joined) <= 3 and joined not in own_join)
                )
                aliases.append(Alias(text=text, target=target, kind=kind, weak=weak, strict=joined in strict))
        guards += [
            GuardText(text=text, reason=f"“{text}” is not {seller.name}'s product.") for text in seller.guards
        ]
        aliases += [
            Alias(text=town, target=target, kind=AliasKind.HOME) for town in homes().get(seller.id, ())
        ]
        alone = len(products) == 1 and products[0].id == seller.id and products[0].name == seller.name
        if products and not (alone and products[0].billing_names == seller.billing_names):
            aliases += _product_aliases(seller.id, seller.name, chain, own_join, faint, strict)
    return tuple(aliases), tuple(guards)


_TAIL_WORDS = frozenset(
    """CMS CRM DAM Suite Media Group Cloud Software Digital Analytics Solutions Platform Research Agency Communications
    Interactive Corporation Groupe Company Companies Ltd Limited Inc LLC LP PLC plc UK Advertising
    Newspapers Outdoor Broadcasting Enterprises International Systems Holdings News Publishing Forms Hosting Studio
    Labs AI Technologies Online iCM DXP Xperience""".split()
)
_NAME_ENDS = (".com", ".io", ".ai", ".co", ".so", ".me", ".org", ".net")


def everyday_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names with their everyday short forms: `Bauer Media` → `Bauer`, `Customer.io` → `Customer`."""
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        base, _, inner = name.partition(" (")
        if inner:
            found[base] = None
            found[inner.split(")")[0]] = None
        words = base.split()
        while len(words) > 1 and words[-1] in _TAIL_WORDS:
            words = words[:-1]
            found[" ".join(words)] = None
        for end in _NAME_ENDS:
            if base.endswith(end) and len(base) > len(end) + 2:
                found[base.removesuffix(end)] = None
        if base.startswith("The "):
            found[base[4:]] = None
    return tuple(found)


def _product_aliases(
    vendor_id: str, vendor_name: str, chain: list[str], own_join: set[str], faint: set[str], strict: set[str]
) -> list[Alias]:
    aliases: list[Alias] = []
    vendor_domains = set(vendor(vendor_id).domains)
    for item in products_of_vendor(vendor_id):
        target = Target(
            vendor_id=vendor_id,
            vendor=vendor_name,
            tool_id=item.id,
            tool=item.name,
            names=everyday_names([item.name, *item.past_names, *item.acquired_from, *chain]),
            spend_type=str(item.spend_type),
        )
        own_name = plain(item.name)
        for kind, texts in (
            (AliasKind.NAME, (item.name,)),
            (AliasKind.PAST, item.past_names),
            (AliasKind.BILLING, item.billing_names),
        ):
            for text in texts:
                joined = plain(text)
                if joined in own_join and item.name != vendor_name:
                    continue
                weak = joined in faint or (len(joined) <= 3 and joined != own_name)
                aliases.append(Alias(text=text, target=target, kind=kind, weak=weak, strict=joined in strict))
        aliases += [
            Alias(text=domain, target=target, kind=AliasKind.DOMAIN)
            for domain in item.domains
            if domain not in vendor_domains
        ]
        aliases += [Alias(text=town, target=target, kind=AliasKind.HOME) for town in homes().get(item.id, ())]
        words = [*item.hints, item.name, *item.past_names]
        lead = vendor_name.split(" (", maxsplit=1)[0].casefold() + " "
        words += [
            word[len(lead) :]
            for word in words
            if word.casefold().startswith(lead) and len(word) > len(lead) + 2
        ]
        for text in dict.fromkeys(words):
            if plain(text) not in own_join:
                aliases.append(Alias(text=text, target=target, kind=AliasKind.HINT))
    return aliases
