"""Importing visits beside DuckDB's CSV reader and sqlite3's .import of the same file, in one run.

import_benchmark.py FOLDER-OF-THE-EXECUTABLES. Ends with status 1 where a promise is missed: faster than the two
together, and memory that does not grow with the lines.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fleet

PROGRAM = Path(sys.argv[1]).resolve() / "spaceplan"
ROUNDS = 5


def run(command, folder):
    """Wall seconds, and the most memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)})
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - begin, used.ru_maxrss / 1024


def measure(lines, folder):
    with open(folder / "visits.csv", "w") as file:
        file.write("at,space\n")
        for number in range(lines):
            # Ten Spaces that take turns, a visit every few seconds.
            file.write(f"{fleet.stamp(fleet.START + number * 7)},{fleet.name(number % 10)}\n")
    commands = {
        "spaceplan": [PROGRAM, "import", "activity", "visits.csv", "--quiet"],
        "DuckDB": [sys.executable, "-c", "import duckdb; duckdb.sql(\"CREATE TABLE visits AS FROM 'visits.csv'\")"],
        "sqlite3": ["sqlite3", "plain.sqlite", ".import --csv visits.csv visits"],
    }
    taken = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            for database in folder.glob("*.sqlite*"):
                database.unlink()
            taken[name].append(run(command, folder))
    return {name: (statistics.median(seconds for seconds, _ in rounds), max(memory for _, memory in rounds))
            for name, rounds in taken.items()}


def main():
    print("| importing | spaceplan | memory | DuckDB | sqlite3 |")
    print("| :-- | --: | --: | --: | --: |")
    kept, memories = True, []
    for lines in 1_000_000, 4_000_000:
        with tempfile.TemporaryDirectory() as folder:
            times = measure(lines, Path(folder))
        (ours, memory), (duck, _), (plain, _) = (times[name] for name in ("spaceplan", "DuckDB", "sqlite3"))
        print(f"| {lines:,} lines | {ours:.2f} s | {memory:.0f} MB | {duck:.2f} s | {plain:.2f} s |")
        kept = kept and ours < duck + plain
        memories.append(memory)
    if not kept or memories[1] > 2 * memories[0]:
        print("missed: slower than both together, or memory that grows", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
