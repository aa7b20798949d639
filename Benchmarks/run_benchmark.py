"""A run with nothing to do over 1,000 and 10,000 Spaces, beside a plain script that fetches and stores the same.

run_benchmark.py FOLDER-OF-THE-EXECUTABLES. Ends with status 1 where a promise is missed: at most 12 requests for
1,000 Spaces, no more processor time than the plain script, under 100 MB, and for ten times the Spaces at most
eleven times the processor time.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

PROGRAMS = Path(sys.argv[1]).resolve()
ROUNDS = 7


def usage(command, folder, environment):
    """Processor seconds and the most memory, in MB, of a process."""
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=nothing)
        _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(size, folder):
    fleet = [{"id": f"acme/space-{number}", "hardware": "t4-small", "sleepTime": 3600} for number in range(size)]
    (folder / "fleet.json").write_text(json.dumps(fleet))
    (folder / "schedules").mkdir()
    (folder / "schedules" / "rules.yaml").write_text(
        "version: 1\npolicies:\n  - name: all\n    spaces: [\"acme/*\"]\n"
        "    default: { hardware: t4-small, sleep: 1h }\n"
        "    rules: [{ name: morning, cron: \"0 8 * * *\", set: {} }]\n")
    hub = subprocess.Popen(
        [PROGRAMS / "spaceplan-hub", "--fleet", folder / "fleet.json"], stdout=subprocess.PIPE, text=True)
    try:
        endpoint = hub.stdout.readline().split()[-1]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "HF_ENDPOINT": endpoint, "HF_TOKEN": "token"}

        def control(path, body=None):
            data = None if body is None else json.dumps(body).encode()
            with urllib.request.urlopen(f"{endpoint}/_simulator/{path}", data) as answer:
                return json.load(answer)

        ours, plain, most = [], [], 0
        for number in range(ROUNDS + 1):
            control("clock", {"seconds": 300})
            environment["SPACEPLAN_NOW"] = control("clock")["now"]
            before = len(control("requests"))
            taken, memory = usage([PROGRAMS / "spaceplan", "run", "--quiet"], folder, environment)
            requests = len(control("requests")) - before
            least, _ = usage(
                [sys.executable, Path(__file__).parent / "peers" / "plain_look.py", endpoint, "acme",
                 folder / f"plain-{number}.sqlite"], folder, environment)
            # The first run makes the database, and asks for prices once a day.
            if number > 0:
                ours.append(taken)
                plain.append(least)
                most = max(most, memory)
        return requests, statistics.median(ours), statistics.median(plain), most
    finally:
        hub.kill()
        hub.wait()


def main():
    results = {}
    for size in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            results[size] = measure(size, Path(folder))
    print("| a run with nothing to do | requests | processor | a plain script | memory |\n| :-- | --: | --: | --: | --: |")
    for size, (requests, ours, plain, memory) in results.items():
        print(f"| {size:,} Spaces | {requests} | {1000 * ours:.0f} ms | {1000 * plain:.0f} ms | {memory:.0f} MB |")
    (requests, ours, plain, memory), (_, more, _, _) = results[1_000], results[10_000]
    print(f"\nTen times the Spaces take {more / ours:.1f} times the processor time.")
    failures = [text for missed, text in [
        (requests > 12, "more than 12 requests"), (ours > plain, "more processor time than the plain script"),
        (memory > 100, "more than 100 MB"), (more > 11 * ours, "more than eleven times the work"),
    ] if missed]
    for failure in failures:
        print(f"missed: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
