#!/bin/sh
# The official client against the simulated Hub: Tests/Conformance/run.sh path/to/spaceplan-hub [pytest options]
# Makes its virtual environment beside itself, once.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 path/to/spaceplan-hub [pytest options]" >&2; exit 64; }
hub=$(realpath "$1")
shift
cd "$(dirname "$0")"
if ! cmp -s requirements.txt .venv/installed.txt; then
  # Debian's Python may lack the part that makes environments.
  python3 -m venv --clear .venv || { ../../.ci/install python3-venv && python3 -m venv --clear .venv; }
  .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt .venv/installed.txt
fi
SPACEPLAN_HUB="$hub" exec .venv/bin/python -m pytest -q -p no:cacheprovider "$@" .
