"""From a received file to ledger lines: receive, stage, match, apply, undo."""
