#!/usr/bin/env bash
# Installs what the tests need beyond pip: Chromium (page and accessibility tests) and Postgres (the record's second engine; the suite
# starts its own throw-away server, none is set up here). Does nothing where they are there already.
set -euo pipefail

have_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_postgres() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }

missing=()
have_chromium || missing+=(chromium)
have_postgres || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    if ! have_postgres; then # no cluster of Debian's own: nothing runs but what a test started
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "Missing and not to be installed here (needs root and apt-get): ${missing[*]}. The tests that need them will say so and not run."
fi
