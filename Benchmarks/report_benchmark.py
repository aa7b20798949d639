"""A month's report over a million stored runs, beside a plain SQLite query that reads the same rows.

report_benchmark.py FOLDER-OF-THE-EXECUTABLES. Ends with status 1 where a promise is missed: at most twice the time of
the query, less than 200 MB.
"""

import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import fleet

PROGRAM = Path(sys.argv[1]).resolve() / "spaceplan"
SPACES, RUNS = 1000, 1000
SEPTEMBER = 1_788_220_800  # 2026-09-01T00:00:00Z; runs fill it and October, which the report is compared with.
SECONDS = 61 * fleet.DAY
STATES = [("RUNNING", "t4-small", "t4-small", 3600), ("SLEEPING", "", "t4-small", 3600),
          ("APP_STARTING", "t4-small", "t4-small", 3600), ("RUNNING", "a10g-small", "a10g-small", 1800)]
# About what the Hub answers.
RAW = ('{"domains":[{"domain":"acme-space.hf.space","stage":"READY"}],"devMode":false,"gcTimeout":3600,"hardware":'
       '{"current":"t4-small","requested":"t4-small"},"replicas":{"current":1,"requested":1},"stage":"RUNNING",'
       '"storage":null,"volumes":null}')
QUERY = """SELECT space_id, first_at, last_at, look_count, looks, stage, hardware, requested_hardware, sleep_time,
  replicas, storage FROM interval ORDER BY space_id, first_at"""


def looks(file):
    """A thousand runs of each Space, a few looks each."""
    file.write("observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage\n")
    for number in range(SPACES):
        pick = random.Random(number)
        starts = sorted(pick.sample(range(SECONDS // 60), RUNS))
        for run, minute in enumerate(starts):
            stage, hardware, requested, sleep = STATES[run % len(STATES)]
            end = starts[run + 1] if run + 1 < RUNS else SECONDS // 60
            for at in range(minute, end, max(15, (end - minute) // 4)):
                stamp = fleet.stamp(SEPTEMBER + at * 60)
                file.write(f"{stamp},{fleet.name(number)},{stage},{hardware},{requested},{sleep},1,\n")


def query(path):
    begin = time.perf_counter()
    database = sqlite3.connect(path)
    count = sum(1 for _ in database.execute(QUERY))
    return count, time.perf_counter() - begin


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open(folder / "looks.csv", "w") as file:
            looks(file)
        fleet.spaceplan(PROGRAM, folder, "import", "history", "--observations", "looks.csv")
        path = folder / "spaceplan.sqlite"
        with sqlite3.connect(path) as database:
            database.execute("UPDATE interval SET raw = ?", [RAW])
        report = ["report", "--month", "2026-10", "--now", "2026-11-02T00:00:00Z"]
        plain, ours, memory = [], [], []
        for _ in range(5):
            count, seconds = query(path)
            plain.append(seconds)
            _, wall, _, peak = fleet.spaceplan(PROGRAM, folder, *report)
            ours.append(wall)
            memory.append(peak)
        plain, ours, memory = sorted(plain)[2], sorted(ours)[2], max(memory)
        print(f"a month's report over {count:,} runs of {SPACES:,} Spaces:")
        print(f"  the query  {plain:6.2f} s")
        print(f"  spaceplan  {ours:6.2f} s, {ours / plain:.1f} times (2 promised), {memory:.0f} MB (200 promised)")
        return ours <= 2 * plain and memory < 200


sys.exit(0 if main() else 1)
