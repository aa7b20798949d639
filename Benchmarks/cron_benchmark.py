#!/usr/bin/env python3
"""Nanoseconds an occurrence, beside croniter, cronsim and robfig/cron: the same workload and answers, in one run.

Ends with status 1 where an answer differs, or a promise is missed: at most 1/100 of croniter's time, 1/10 of
robfig/cron's, and memory that does not grow with the number of occurrences.
"""

import os
import random
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = ["spaceplan", "croniter", "cronsim", "robfig/cron"]
ZONES = [
    "UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo",
    "Asia/Tokyo", "Africa/Cairo", "Pacific/Auckland", "America/Los_Angeles",
]


def field(pick, low, high):
    kind = pick.randrange(5)
    if kind == 0:
        return f"*/{pick.randint(2, max(2, (high - low) // 2))}"
    if kind == 1:
        return ",".join(str(value) for value in sorted(pick.sample(range(low, high + 1), 3)))
    start = pick.randint(low, high - 1)
    end = pick.randint(start + 1, high)
    return [f"{start}", f"{start}-{end}", f"{start}-{end}/{pick.randint(1, 5)}"][kind - 2]


def mixed(size, count):
    """Expressions that mean the same to all four: one of the two day fields is *, as they differ on both."""
    pick = random.Random(2026)
    lines = []
    for _ in range(size):
        minute = pick.choice(["*", "0", field(pick, 0, 59), field(pick, 0, 59)])
        hour = pick.choice(["*", "8", field(pick, 0, 23), field(pick, 0, 23)])
        day, weekday = pick.choice(
            [("*", "*"), ("*", "MON-FRI"), ("*", field(pick, 0, 6)), (field(pick, 1, 28), "*")])
        month = pick.choice(["*", "*", "*", field(pick, 1, 12)])
        start = int(datetime(pick.randint(1995, 2035), pick.randint(1, 12), 1, tzinfo=timezone.utc).timestamp())
        lines.append((f"{minute} {hour} {day} {month} {weekday}", pick.choice(ZONES), start, count))
    return lines


SPARSE = [
    ("0 0 29 2 *", "Feb 29", 10),
    ("0 0 * 2 MON#5", "Feb 29 on a Monday", 3),
    ("0 0 LW 3,6,9,12 *", "last weekday of the quarter", 20),
]


def commands():
    package = ["swift", "build", "-c", "release", "--package-path", str(HERE)]
    subprocess.run(package, check=True, stdout=sys.stderr)
    folder = subprocess.run([*package, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    robfig = HERE / ".build" / "robfig"
    subprocess.run(
        ["go", "build", "-o", robfig, str(HERE / "peers" / "robfig" / "main.go")], check=True,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode"})
    python = [sys.executable, str(HERE / "peers" / "python_cron.py")]
    return {
        "spaceplan": [f"{folder}/cron-benchmark"], "croniter": [*python, "croniter"],
        "cronsim": [*python, "cronsim"], "robfig/cron": [str(robfig)],
    }


def ask(command, lines, rounds):
    """For each line the nanoseconds and the occurrences, or None where the program refuses it; and its memory."""
    workload = HERE / ".build" / "workload.tsv"
    workload.write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))
    with open(HERE / ".build" / "answers", "w+") as answers:
        process = subprocess.Popen([*command, str(workload), str(rounds)], stdout=answers)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0, f"{command[0]} failed"
        answers.seek(0)
        parsed = []
        for answer in answers:
            fields = answer.split()
            parsed.append(None if fields[0] == "-" else (int(fields[0]), [int(text) for text in fields[1:]]))
    assert len(parsed) == len(lines)
    return parsed, usage.ru_maxrss


def main():
    programs = commands()
    failures = []
    candidates = mixed(260, 50)
    answers = {name: ask(command, candidates, 1)[0] for name, command in programs.items()}
    same = [
        line for number, line in enumerate(candidates)
        if all(answers[name][number] and answers[name][number][1] == answers["spaceplan"][number][1]
               for name in PROGRAMS)
    ][:200]
    print(f"{len(candidates)} expressions; of those to which all give the same answers, {len(same)} are timed.")
    print("(Where one differs, a change of the clock falls into its time, or it has no such occurrence.)\n")
    if len(same) < 200:
        failures.append("fewer than 200 expressions are left")
    times = {}
    for name, command in programs.items():
        results, _ = ask(command, same, 7 if name in ("spaceplan", "robfig/cron") else 2)
        times[name] = sum(result[0] for result in results) / sum(len(result[1]) for result in results)
    print("| workload | " + " | ".join(PROGRAMS) + " |\n| :-- |" + " --: |" * len(PROGRAMS))
    ours = times["spaceplan"]
    cells = [f"{times[name]:.0f} ns" + ("" if name == "spaceplan" else f" ({times[name] / ours:.0f} ×)")
             for name in PROGRAMS]
    print("| 200 mixed × 50 | " + " | ".join(cells) + " |")
    if ours * 100 > times["croniter"]:
        failures.append("more than 1/100 of croniter's time")
    if ours * 10 > times["robfig/cron"]:
        failures.append("more than 1/10 of robfig/cron's time")

    start = int(datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp())
    for expression, title, count in SPARSE:
        line = (expression, "UTC", start, count)
        cells, expected = [], None
        for name in PROGRAMS:
            result = ask(programs[name], [line], 5)[0][0]
            if result is None:
                cells.append("-")
                continue
            expected = expected or result[1]
            if result[1] != expected:
                # A guess of fifty years is no proof: said, not timed.
                cells.append("other answers")
                continue
            cells.append(f"{result[0] / count:.0f} ns")
        print(f"| {title}: `{expression}` | " + " | ".join(cells) + " |")

    small = ask(programs["spaceplan"], [line[:3] + (1,) for line in same], 1)[1]
    large = ask(programs["spaceplan"], same, 100)[1]
    print(f"\nMemory: {small / 1024:.1f} MB for one occurrence each, {large / 1024:.1f} MB for {100 * 50} each.")
    if large > small * 1.2:
        failures.append("memory grows")
    for failure in failures:
        print(f"missed: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
