#!/bin/sh
# All benchmarks, each beside something else in the same run: Benchmarks/run.sh FOLDER-OF-THE-EXECUTABLES
# Installs what it needs: Go with robfig/cron from Debian, Python's libraries into an environment beside itself.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 folder-of-the-executables" >&2; exit 64; }
programs=$(realpath "$1")
cd "$(dirname "$0")"
[ -d /usr/share/gocode/src/github.com/robfig/cron ] || ../.ci/install golang-github-robfig-cron-dev
command -v go >/dev/null || ../.ci/install golang-go
if ! cmp -s requirements.txt .venv/installed.txt; then
  python3 -m venv --clear .venv || { ../.ci/install python3-venv && python3 -m venv --clear .venv; }
  .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt .venv/installed.txt
fi
.venv/bin/python cron_benchmark.py
echo
.venv/bin/python run_benchmark.py "$programs"
echo
.venv/bin/python report_benchmark.py "$programs"
echo
.venv/bin/python simulation_benchmark.py "$programs"
echo
swift build -c release --package-path . --product sleep-benchmark >/dev/null
.build/release/sleep-benchmark
echo
command -v sqlite3 >/dev/null || ../.ci/install sqlite3
.venv/bin/python import_benchmark.py "$programs"
