"""Changing many contracts at once: owner, unit, entity, notice, renewal, billing and payment."""

from typing import ClassVar

from sqlalchemy.orm import Session

from blueprints import bulk_changes, choices, identity, shell, tables
from blueprints.bulk_changes import MOST, ChangeForm
from blueprints.contracts import COLUMNS, END_KINDS, contract_row
from mopsaudit import organisation
from mopsaudit.inventory.bulk import Kind
from mopsaudit.inventory.bulk_records import CONTRACTS, ContractField
from mopsaudit.inventory.contract_view import RENEWALS, list_contracts
from mopsaudit.organisation import entities


class ManyContracts(bulk_changes.Many):
    """Contracts of the scope."""

    kind: ClassVar[Kind] = CONTRACTS
    noun = "contract"
    index = "contracts.index"
    path = "/contracts"
    name = "bulk_contracts"
    words = {
        ContractField.OWNER: "Owner",
        ContractField.UNIT: "Business unit",
        ContractField.ENTITY: "Legal entity",
        ContractField.NOTICE: "Notice period",
        ContractField.DELIVERY: "Business days to deliver a notice",
        ContractField.RENEWAL: "Renewal",
        ContractField.RENEWAL_TERM: "Renewal term in months",
        ContractField.END_KIND: "What its end date is",
        ContractField.BILLING: "Billed every … months",
        ContractField.PAYMENT: "Payment terms",
    }

    def form(self, field: object, session: Session) -> ChangeForm:
        """A person, a record, a code, a number or a text."""
        match field:
            case ContractField.OWNER:
                person = bulk_changes.PersonForm()
                person.value.choices = choices.people(session, shell.today())
                return person
            case ContractField.UNIT | ContractField.ENTITY:
                record = bulk_changes.RecordForm()
                record.value.choices = (
                    list(choices.units(session))
                    if field is ContractField.UNIT
                    else [("", "not known"), *_entities(session)]
                )
                return record
            case ContractField.NOTICE:
                return bulk_changes.PeriodForm()
            case ContractField.RENEWAL | ContractField.END_KIND:
                code = bulk_changes.CodeForm()
                code.value.choices = RENEWALS if field is ContractField.RENEWAL else dict(END_KINDS)
                return code
            case ContractField.PAYMENT:
                return bulk_changes.TextForm()
        return bulk_changes.NumberForm()

    def known(self, session: Session) -> list[int]:
        """Contracts of the scope."""
        return [row.id for row in list_contracts(session, shell.scope())]

    def listed(self, session: Session) -> tables.Table:
        """The list of contracts."""
        rows = [contract_row(each) for each in list_contracts(session, shell.scope())]
        return tables.of_rows(COLUMNS, rows, name="contracts", sort="send_by", size=MOST + 1)


def _entities(session: Session) -> list[tuple[int, str]]:
    """Legal entities of the units the person may edit."""
    root, allowed = organisation.root_unit(session).id, identity.permitted_units()
    return [
        (each.id, each.name) for each in entities.list_entities(session) if (each.unit_id or root) in allowed
    ]


blueprint = bulk_changes.pages(ManyContracts())
