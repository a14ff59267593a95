"""The demo company: workbooks as a real company keeps them, imported through the real importer, then settled.

:func:`mopsaudit.demo.load.load_demo` is the whole of it. Everything follows from a seed and the as-of date, so the same
two give the same workbooks and the same ledger. Nothing here writes a row of its own: files go through
``intake.run.import_file``, and what has no file (units, settlements, cases, decisions) through the core's commands.
"""
