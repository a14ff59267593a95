"""The tests mirror the product's folders; this file keeps `tests.importers` from shadowing `importers`."""
