"""A year of 1,000 Spaces under two schedules, beside reading the same visits from SQLite, and SimPy.

simulation_benchmark.py FOLDER-OF-THE-EXECUTABLES. Ends with status 1 where a promise is missed on one of both fleets:
at most three times the time of reading, at least 500 times faster than SimPy, of which a few Spaces are replayed and the
rest reckoned. All must come to the same cold starts and waits. Of the two programs in SimPy the faster counts.
"""

import json
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import fleet
from peers.simpy_replay import Space, WokenSpace, replay

PROGRAM = Path(sys.argv[1]).resolve() / "spaceplan"
SPACES, OF_SIMPY = 1000, 6


def read(database):
    begin = time.perf_counter()
    connection = sqlite3.connect(database)
    count = 0
    for (space,) in connection.execute("SELECT id FROM space").fetchall():
        count += len(connection.execute(
            "SELECT at, count FROM visit WHERE space_id = ? ORDER BY at", [space]).fetchall())
    return count, time.perf_counter() - begin


def prepare(visits_of, folder):
    """The same visits for all, in a database as plain as can be and in spaceplan's."""
    plain = sqlite3.connect(folder / "plain.sqlite")
    plain.execute("CREATE TABLE space (id INTEGER PRIMARY KEY, name TEXT)")
    plain.execute(
        "CREATE TABLE visit (space_id INTEGER, at INTEGER, count INTEGER, PRIMARY KEY (space_id, at)) WITHOUT ROWID")
    with open(folder / "visits.csv", "w") as file:
        file.write("at,space,count\n")
        for number in range(SPACES):
            visits = visits_of(number)
            plain.execute("INSERT INTO space VALUES (?, ?)", [number, fleet.name(number)])
            plain.executemany("INSERT INTO visit VALUES (?, ?, 1)", [(number, at) for at in visits])
            # The logs reach from end to end, also where nobody came.
            counts = dict.fromkeys(visits, 1)
            for at in fleet.START, fleet.END - 1:
                counts.setdefault(at, 0)
            file.writelines(f"{at},{fleet.name(number)},{count}\n" for at, count in counts.items())
    plain.commit()
    (folder / "looks.csv").write_text(fleet.looks(SPACES))
    for kind, rules in ("current", fleet.CURRENT), ("new", fleet.NEW):
        (folder / kind).mkdir()
        (folder / kind / "rules.yaml").write_text(rules)
    fleet.spaceplan(PROGRAM, folder, "import", "history", "--observations", "looks.csv", "--quiet")
    fleet.spaceplan(PROGRAM, folder, "import", "activity", "visits.csv", "--quiet")


def in_simpy(visits_of, kind):
    """Cold starts and seconds of waiting under both rules of some Spaces, and the time that all would take."""
    visits = [visits_of(number) for number in range(OF_SIMPY)]
    begin = time.perf_counter()
    spaces = [
        [replay(of_one, fleet.START, fleet.END, rules, kind) for rules in (fleet.CURRENT, fleet.NEW)]
        for of_one in visits]
    seconds = (time.perf_counter() - begin) * SPACES / OF_SIMPY
    return [[(space.cold_starts, space.waited) for space in of_one] for of_one in spaces], seconds


def apart(work, *arguments):
    """In a process of its own: Linux counts the memory of whoever starts a program as the program's."""
    with ProcessPoolExecutor(1) as process:
        return process.submit(work, *arguments).result()


def measure(title, visits_of, folder):
    """Prints a line; whether the promises were kept."""
    apart(prepare, visits_of, folder)
    count, reading = apart(read, folder / "plain.sqlite")
    arguments = (
        "simulate", "--current", "current", "--schedules", "new", "--from", fleet.stamp(fleet.START),
        "--until", fleet.stamp(fleet.END), "--now", fleet.stamp(fleet.END), "--format", "json")
    answers = [fleet.spaceplan(PROGRAM, folder, *arguments) for _ in range(3)]
    assert len({answer for answer, *_ in answers}) == 1, "the same input gives the same bytes"
    answer, wall, processor, memory = min(answers, key=lambda answer: answer[1])
    spaces = json.loads(answer)["spaces"]
    assert len(spaces) == SPACES
    expected, simpy = apart(in_simpy, visits_of, Space)
    same, woken = apart(in_simpy, visits_of, WokenSpace)
    assert same == expected
    for space, of_one in zip(spaces, expected):
        found = [(space[rules]["cold_starts"], space[rules]["wait_seconds"]) for rules in ("current", "new")]
        assert found == of_one, f"{space['space']}: {found}, SimPy {of_one}"
    print(
        f"| {title} | {count / 1e6:.1f} million | {wall:.2f} s | {processor:.2f} s | {memory:.0f} MB "
        f"| {reading:.2f} s ({wall / reading:.2f}) | {simpy:.0f} s ({simpy / wall:.0f}) "
        f"| {woken:.0f} s ({woken / wall:.0f}) |", flush=True)
    return wall <= 3 * reading and simpy >= 500 * wall


def main():
    print(f"A year of {SPACES} Spaces under two schedules; of SimPy {OF_SIMPY} are replayed.\n")
    print(
        "| a fleet | visits | spaceplan | processor | memory | reading them from SQLite | SimPy "
        "| SimPy, woken by each visit |")
    print("| :-- | --: | --: | --: | --: | --: | --: | --: |")
    kept = []
    for title, visits_of in ("quiet, daily and busy", fleet.traced_visits), ("ten visitors a day", fleet.quiet_visits):
        with tempfile.TemporaryDirectory() as folder:
            kept.append(measure(title, visits_of, Path(folder)))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
