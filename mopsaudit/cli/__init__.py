"""The commands of the console script (INTERFACES.md); the same stand under `flask --app wsgi`."""
