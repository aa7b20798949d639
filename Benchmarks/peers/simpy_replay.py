"""The same replay in SimPy: visitors, the rules, and a Space that looks whether to sleep whenever its time is over.

It is not woken by a visit while it is awake, as waiting for a visit or the time to sleep, whichever comes first, would
be: so it has a third of the events.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import simpy
import yaml

STARTUP = 60
SECONDS = {"m": 60, "h": 3600}


def boundaries(rules, begin, end):
    """When which settings begin to hold, and which hold at first; only rules of the form `0 HOUR * * MON-FRI`."""
    text = yaml.safe_load(rules)
    zone = ZoneInfo(text["zone"])
    day = datetime.fromtimestamp(begin, zone).replace(hour=0, minute=0, second=0) - timedelta(days=7)
    found = []
    while day.timestamp() < end:
        for rule in text["policies"][0]["rules"]:
            at = int(day.replace(hour=int(rule["cron"].split()[1])).timestamp())
            if day.weekday() < 5 and at < end:
                found.append((at, rule["set"]["hardware"], duration(rule["set"]["sleep"])))
        day += timedelta(days=1)
    before = [settings for settings in found if settings[0] <= begin]
    return before[-1], found[len(before):]


def duration(text):
    return int(text[:-1]) * SECONDS[text[-1]]


class Space:
    def __init__(self, environment, hardware, sleep):
        self.environment, self.hardware, self.sleep = environment, hardware, sleep
        self.awake_since, self.ready, self.last = None, 0, 0
        self.seconds, self.cold_starts, self.waited = {}, 0, 0
        self.change = environment.event()

    def start(self):
        now = self.environment.now
        self.stop()
        self.awake_since, self.ready, self.last = now, now + STARTUP, now
        self.wake()

    def stop(self):
        if self.awake_since is not None:
            used = self.environment.now - self.awake_since
            self.seconds[self.hardware] = self.seconds.get(self.hardware, 0) + used
        self.awake_since = None

    def wake(self):
        self.change.succeed()
        self.change = self.environment.event()

    def visit(self):
        now = self.environment.now
        if self.awake_since is None:
            self.cold_starts += 1
            self.waited += STARTUP
            self.start()
        elif now > max(self.ready, self.last + self.sleep):
            # It fell asleep in this very second, in which SimPy lets the visitor go first.
            self.stop()
            self.visit()
        else:
            self.waited += max(0, self.ready - now)
            self.last = now

    def request(self, hardware, sleep):
        self.sleep = sleep
        if hardware != self.hardware:
            self.stop()
            self.hardware = hardware
            self.start()
        else:
            self.wake()

    def fall_asleep(self):
        while True:
            if self.awake_since is None:
                yield self.change
                continue
            due = max(self.ready, self.last + self.sleep) + 1
            if due > self.environment.now:
                yield self.environment.timeout(due - self.environment.now) | self.change
            if self.awake_since is not None and self.environment.now >= max(self.ready, self.last + self.sleep) + 1:
                self.stop()


def replay(visits, begin, end, rules):
    environment = simpy.Environment(initial_time=begin)
    (_, hardware, sleep), changes = boundaries(rules, begin, end)
    space = Space(environment, hardware, sleep)

    def people():
        for at in visits:
            if at > environment.now:
                yield environment.timeout(at - environment.now)
            space.visit()

    def planner():
        for at, hardware, sleep in changes:
            if at > environment.now:
                yield environment.timeout(at - environment.now)
            space.request(hardware, sleep)

    environment.process(planner())
    environment.process(people())
    environment.process(space.fall_asleep())
    environment.run(until=end)
    return space
