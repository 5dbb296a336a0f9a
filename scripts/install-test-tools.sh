#!/usr/bin/env bash
# Installs what the tests need beyond pip: Chromium (page and accessibility tests). Does nothing where it is there already.
set -euo pipefail

have_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

have_chromium && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    echo "Chromium is missing and cannot be installed here (needs root and apt-get): the page tests will say so and not run."
fi
