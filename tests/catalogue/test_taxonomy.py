"""The taxonomy: four categories, types, capabilities, value roles."""

import pytest

from mopsaudit.catalogue import taxonomy as tree
from mopsaudit.words import Category


def test_the_four_categories_have_their_exact_names() -> None:
    assert [(str(item.id), item.name) for item in tree.taxonomy().categories] == [
        ("intelligence", "Market & Customer Intelligence and Insights"),
        ("engagement", "Customer Interaction and Engagement"),
        ("operations", "Project / Workflow / Operations Management"),
        ("performance", "Performance Management"),
    ]


def test_the_ten_value_roles_are_there() -> None:
    assert {item.id for item in tree.taxonomy().roles} == {
        "automator", "quantifier", "modeler", "optimizer", "chaos_minimizer", "social_butterfly",
        "customer_conscience", "connector", "resource_expander", "strategic_opportunist",
    }  # fmt: skip


def test_there_are_enough_types_and_capabilities_each_with_a_definition() -> None:
    book = tree.taxonomy()
    assert len(book.types) >= 45
    assert len(book.capabilities) >= 120
    definitions = [item.definition for item in book.types] + [item.definition for item in book.capabilities]
    assert all(text.endswith(".") for text in definitions)


def test_every_role_is_served_and_every_type_has_capabilities() -> None:
    book = tree.taxonomy()
    assert {role for item in book.capabilities for role in item.roles} == {item.id for item in book.roles}
    assert all(tree.capabilities_of_type(item.id) for item in book.types)


def test_every_type_stands_under_one_category() -> None:
    total = sum(len(tree.types_of_category(item.id)) for item in tree.taxonomy().categories)
    assert total == len(tree.taxonomy().types)
    assert tree.category("operations").name == "Project / Workflow / Operations Management"


@pytest.mark.parametrize("look_up", [tree.technology_type, tree.capability, tree.value_role, tree.category])
def test_an_unknown_id_is_a_key_error(look_up: object) -> None:
    assert callable(look_up)
    with pytest.raises(KeyError):
        look_up("no-such-id")


def test_the_words_overlap_needs_are_found_by_id() -> None:
    assert tree.capability("email_campaigns").type_id == "email_marketing"
    assert tree.technology_type("email_marketing").category is Category.ENGAGEMENT
    assert tree.taxonomy().category_of("dam") is Category.OPERATIONS
