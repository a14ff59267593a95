"""Programs that do with other tools what we do with ours; run by the interpreter of `.venv-bench`, never imported."""
