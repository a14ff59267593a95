"""The manual's page of categories names what the data files hold."""

from pathlib import Path

import mopsaudit
from mopsaudit.catalogue.taxonomy import capabilities_of_type, taxonomy

PAGE = Path(mopsaudit.__file__).parent / "docs" / "manual" / "categories.md"


def test_the_page_lists_every_category_type_capability_and_role() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for group in taxonomy().categories:
        assert f"## {group.name}" in lines
    for role in taxonomy().roles:
        assert f"| {role.name} | {role.definition} |" in lines
    for kind in taxonomy().types:
        capabilities = ", ".join(item.name for item in capabilities_of_type(kind.id))
        assert f"| {kind.name} | {kind.definition} | {capabilities} |" in lines
