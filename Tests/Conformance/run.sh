#!/bin/sh
# Other people's programs against ours: Tests/Conformance/run.sh FOLDER-OF-THE-EXECUTABLES [pytest options]
# Makes its virtual environment beside itself, once.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 folder-of-the-executables [pytest options]" >&2; exit 64; }
programs=$(realpath "$1")
shift
cd "$(dirname "$0")"
if ! cmp -s requirements.txt .venv/installed.txt; then
  # Debian's Python may lack the part that makes environments.
  python3 -m venv --clear .venv || { ../../.ci/install python3-venv && python3 -m venv --clear .venv; }
  .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt .venv/installed.txt
fi
command -v chromium >/dev/null || ../../.ci/install chromium
export SPACEPLAN="$programs/spaceplan" SPACEPLAN_HUB="$programs/spaceplan-hub"
exec .venv/bin/python -m pytest -q -p no:cacheprovider -n 2 --dist loadfile "$@" .
