"""The catalogue of products and vendors, its loader and its validator."""

import pytest

from mopsaudit.catalogue import products
from mopsaudit.catalogue.records import CatalogueError, Record
from mopsaudit.words import Category


def test_the_shipped_catalogue_has_no_problem() -> None:
    assert products.validate() == ()


def test_it_is_broad_in_every_category() -> None:
    book = products.catalogue()
    assert len(book.products) >= 1000
    counts = dict.fromkeys(Category, 0)
    for item in book.products:
        counts[item.category] += 1
    assert min(counts.values()) >= 100


def test_overlap_can_be_seen_most_products_have_two_capabilities() -> None:
    """Overlap asks for two shared capabilities; those with one do one thing (stock images, signatures)."""
    book = products.catalogue().products
    assert sum(len(item.capabilities) >= 2 for item in book) / len(book) >= 0.8


def test_home_towns_belong_to_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = products.homes()
    assert towns["buffer"] == ("San Francisco",)
    monkeypatch.setattr(products, "homes", lambda: {"nobody-of-that-name": ("Leeds",)})
    assert products.validate() == ("homes: unknown vendor or product nobody-of-that-name",)


@pytest.mark.parametrize(
    "product_id, past, root",
    [
        ("adobe-marketo-engage", "Marketo", "Adobe"),
        ("salesforce-account-engagement", "Pardot", "Salesforce"),
        ("acquia-dam", "Widen", "Acquia"),
        ("orlo", "SocialSignIn", "Orlo"),
        ("mailchimp", None, "Intuit"),
        ("govdelivery", "govDelivery", "Granicus"),
    ],
)
def test_acquisitions_are_known(product_id: str, past: str | None, root: str) -> None:
    item = products.product(product_id)
    assert past is None or past in item.past_names
    assert products.vendor_chain(item.vendor_id)[-1].name == root


def test_a_vendor_of_several_products_lists_them() -> None:
    names = {item.name for item in products.products_of_vendor("adobe")}
    assert {"Adobe Creative Cloud", "Adobe Marketo Engage", "Adobe Workfront"} <= names
    assert products.products_of_vendor("nobody") == ()


def test_typing_a_few_letters_finds_a_product_also_by_its_past_name() -> None:
    assert products.search_products("hootsu")[0].id == "hootsuite"
    assert "adobe-marketo-engage" in {item.id for item in products.search_products("marketo")}
    assert products.search_products("  ") == ()
    assert len(products.search_products("a", limit=7)) == 7


def _record(line: str) -> Record:
    return Record(file="x.psv", line=3, fields=tuple(part.strip() for part in line.split("|")))


@pytest.mark.parametrize(
    "line, said",
    [
        ("a | A | = | email_marketing", "expected"),
        ("a | A | = | no_such_type | email_campaigns | flat | a.com", "technology type"),
        ("a | A | = | email_marketing | email_campaigns | flat | a.com | colour: red", "colour"),
        ("a | A | = | email_marketing | email_campaigns | flat | a.com | past: B | past: C", "repeated"),
        ("a | A | adobe | email_marketing | email_campaigns | flat | a.com | legal: B Ltd", "vendor's line"),
    ],
)
def test_a_malformed_line_is_refused_with_its_place(line: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=r"x\.psv:3") as refused:
        products._product(_record(line))
    assert said in str(refused.value)


def test_a_product_line_with_an_equals_sign_makes_its_vendor() -> None:
    item, seller = products._product(
        _record("a | A | = | email_marketing | email_campaigns | flat | a.com | legal: A Ltd | weak")
    )
    assert seller is not None
    assert (item.vendor_id, seller.id, seller.legal_entities, seller.weak) == ("a", "a", ("A Ltd",), True)
    assert item.category is Category.ENGAGEMENT


def test_the_validator_names_what_is_wrong() -> None:
    item, _ = products._product(
        _record("A b | A | nobody | email_marketing dam dam | teleport | flat | https://a.com")
    )
    found = products._product_problems(
        item, {"email_marketing": item.category, "dam": item.category}, {"x"}, {"y"}
    )
    assert len(found) == 5
    for said in (
        "slug",
        "unknown vendor nobody",
        "unknown capability teleport",
        "dam is listed twice",
        "host name",
    ):
        assert any(said in problem for problem in found), said
