#!/bin/sh
# Brings the programs of the operating system that some tests drive: Chromium, LibreOffice, poppler, fonts.
# As root they are installed when missing; otherwise what is missing is said, and those tests report as skipped.
# Never fails: a test run without them is a smaller test run, not a broken one.
set -u

missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
    || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-calc"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :family=DejaVu\ Sans 2>/dev/null)" ]; then
    missing="$missing fontconfig fonts-dejavu-core"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of package names
    if apt-get update -qq </dev/null >/dev/null \
        && apt-get install -qq -y --no-install-recommends $missing </dev/null >/dev/null; then
        exit 0
    fi
    echo "apt-get could not install them; the tests that need them report as skipped." >&2
else
    echo "Missing:$missing. The tests that need them report as skipped (as root they are installed)." >&2
fi
exit 0
