"""django-import-export into SQLite: preview off, one transaction, one model of text columns with an amount."""

import sys
from pathlib import Path

import django
import openpyxl
import tablib
from django.conf import settings


def main(path: str, database: str, engine: str, header_row: str) -> None:
    """Reads the first sheet from the 1-based `header_row` on and imports every row that has a supplier and date."""
    if engine != "openpyxl":
        raise SystemExit("django-import-export reads .xlsx through openpyxl only")
    Path(database).unlink(missing_ok=True)
    settings.configure(
        INSTALLED_APPS=["__main__"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.db import connection, models
    from import_export import resources

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(min_row=int(header_row), values_only=True)
    headings = [str(name).lower().replace(" ", "_") for name in next(rows)]
    types = {
        "posting_date": models.DateTimeField(),
        "net_amount": models.DecimalField(max_digits=14, decimal_places=2),
    }
    columns = {name: types.get(name, models.CharField(max_length=200)) for name in headings}
    line = type(
        "Line",
        (models.Model,),
        {**columns, "__module__": __name__, "Meta": type("Meta", (), {"app_label": "__main__"})},
    )
    with connection.schema_editor() as editor:
        editor.create_model(line)

    meta = type(
        "Meta", (), {"model": line, "import_id_fields": (), "fields": tuple(headings), "use_bulk": True}
    )
    resource = type("LineResource", (resources.ModelResource,), {"Meta": meta})()
    data = tablib.Dataset(*(row for row in rows if row[0] is not None), headers=headings)
    result = resource.import_data(data, dry_run=False, raise_errors=True, use_transactions=True)
    print(result.totals["new"])


if __name__ == "__main__":
    main(*sys.argv[1:])
