"""`report --format focus` against the FinOps Foundation's validator, and against what that does not test.

The histories have everything in them: several owners, replicas, storage, free and unknown hardware, prices that change
inside a day, gaps, Spaces that vanish and come back.
"""

import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

import focus_rules

HERE = Path(__file__).parent
SEEDS = range(24)
START, END = datetime(2026, 1, 20, tzinfo=timezone.utc), datetime(2026, 3, 5, tzinfo=timezone.utc)
# A grant pays for its hardware.
GRANTED = "Big-Org_1/a.b"
RANGE = ["--from", "2026-01-20", "--until", "2026-03-05", "--now", "2026-03-08T06:00:00Z"]


def spaceplan(*arguments, folder, variables={}):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", **variables}
    result = subprocess.run(
        [os.environ["SPACEPLAN"], *arguments], cwd=folder, env=environment, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


# MARK: Histories


def stamp(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(pick):
    return START + timedelta(seconds=pick.randrange(int((END - START).total_seconds())))


def price_list(pick, unit, most):
    """From long ago, and then at odd instants, several of them on one day."""
    changes = [datetime(2025, 1, 1, tzinfo=timezone.utc)] + [moment(pick) for _ in range(pick.randrange(3))]
    changes += [changes[-1] + timedelta(hours=pick.randrange(1, 5)) for _ in range(pick.randrange(3))]
    prices = [f"{{ from: {stamp(at)}, {unit}: {pick.randrange(most * 10**9) / 10**9:.9f} }}" for at in set(changes)]
    return f"[{', '.join(prices)}]"


def pricing(pick):
    hardware = {
        "cpu-basic": "[{ from: 2025-01-01, per_hour: 0 }]", "t4-small": price_list(pick, "per_hour", 2),
        "a10g-small": price_list(pick, "per_hour", 10), "l40sx8": price_list(pick, "per_hour", 100),
        "late-x1": "[{ from: 2026-02-03T04:05:06Z, per_hour: 0.000000001 }]",
    }
    storage = {"small": price_list(pick, "per_month", 10), "large": price_list(pick, "per_month", 300)}
    lines = [
        "version: 1", f"currency: {pick.choice(['USD', 'EUR'])}", f"billing: {{ rounding: {pick.choice(['up', 'exact'])},",
        "  stages: [{ from: 2025-01-01, billable: [RUNNING, APP_STARTING] }] }", "hardware:",
    ]
    lines += [
        f"  {name}: {{ cpu: {pick.randrange(1, 99)}, gpu: 'Model \"X\", new', prices: {prices} }}"
        for name, prices in hardware.items()
    ]
    lines += ["storage:"] + [f"  {name}: {{ prices: {prices} }}" for name, prices in storage.items()]
    return "\n".join(lines) + "\n"


def looks(pick, space):
    hardware = ["cpu-basic", "t4-small", "a10g-small", "l40sx8", "late-x1", "unknown-x9"]
    changes = sorted(moment(pick) for _ in range(pick.randrange(25)))
    at, state = START + timedelta(seconds=pick.randrange(5 * 86_400)), None
    while at < END:
        if state is None or (changes and changes[0] <= at):
            changes = [change for change in changes if change > at]
            stage = pick.choice(["RUNNING", "RUNNING", "RUNNING", "APP_STARTING", "SLEEPING", "PAUSED", "GONE"])
            kind, storage = pick.choice(hardware), pick.choice(["", "", "small", "large", "gigantic"])
            running = stage in ("RUNNING", "APP_STARTING")
            state = [stage, kind if running else "", kind, pick.choice(["", "-1", "3600"]), pick.randrange(1, 4), storage]
            if stage == "GONE":
                state = [stage, "", "", "", 0, ""]
        yield [stamp(at), space, *state]
        # Mostly often enough to be watched; sometimes nobody looks for hours or days.
        at += timedelta(seconds=pick.randrange(60, 900) if pick.random() < 0.995 else pick.randrange(4 * 86_400))


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """A folder with a database, prices and rules, made from a seed."""
    made = {}

    def make(seed):
        if seed not in made:
            folder, pick = tmp_path_factory.mktemp(f"seed-{seed}-"), random.Random(seed)
            spaces = ["acme/chat", "acme/batch", "zoe/notes", "1000/x", "Big-Org_1/a.b"]
            rows = [row for space in spaces for row in looks(pick, space)]
            with open(folder / "looks.csv", "w", newline="") as file:
                csv.writer(file).writerows([
                    "observed_at space stage hardware requested_hardware sleep_time replicas storage".split(), *rows])
            (folder / "pricing").mkdir()
            (folder / "pricing" / "prices.yaml").write_text(pricing(pick))
            (folder / "schedules").mkdir()
            (folder / "schedules" / "accounts.yaml").write_text(
                "version: 1\naccounts: [{ name: acme, kind: organization }, { name: zoe, kind: user }]\n"
                f"policies: [{{ name: granted, spaces: [{GRANTED}], granted: true }}]\n")
            spaceplan("import", "history", "--observations", "looks.csv", folder=folder)
            made[seed] = folder
        return made[seed]

    return make


def export(folder, *options):
    return spaceplan("report", *RANGE, "--format", "focus", *options, folder=folder)


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


# MARK: What the official validator does not test


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_conform(history, seed):
    data = export(history(seed))
    assert focus_rules.problems(data) == []
    report = rows(spaceplan("report", *RANGE, "--format", "csv", folder=history(seed)))
    cost = sum(Decimal(line["cost"]) for line in report if line["cost"])
    billed = rows(data)
    assert sum(Decimal(row["BilledCost"]) for row in billed) == cost > 0
    assert all("unknown-x9" not in row["SkuId"] and "gigantic" not in row["SkuId"] for row in billed)
    # A row for each line that has a price and a time; storage has one for each of its prices.
    lines = {
        (f"spaces/{line['space']}", f"{line['day']}T00:00:00Z", f"spaces-{line['hardware']}") for line in report
        if line["cost"] and line["minutes"] != "0"
    }
    written = {(row["ResourceId"], row["ChargePeriodStart"], row["SkuId"]) for row in billed}
    # What a grant pays for costs nothing in the report, also where no list has a price of it.
    granted = {key for key in lines if key[0] == f"spaces/{GRANTED}"}
    assert written <= lines and lines - written <= granted
    for row in billed:
        pays = row["ResourceId"] == f"spaces/{GRANTED}" and row["SkuMeter"] == "Compute Usage"
        assert Decimal(row["BilledCost"]) == (0 if pays else Decimal(row["ListCost"]))


def test_histories_have_everything_in_them(history):
    every = [row for seed in SEEDS for row in rows(export(history(seed)))]
    day_and_sku = [(row["ResourceId"], row["ChargePeriodStart"], row["SkuId"]) for row in every]
    assert {row["SkuMeter"] for row in every} == {"Compute Usage", "Storage"}
    for meter in ("Compute Usage", "Storage"):
        some = [key for key, row in zip(day_and_sku, every) if row["SkuMeter"] == meter]
        assert len(set(some)) < len(some), f"no price of {meter} changes inside a day"
    assert any(Decimal(row["ConsumedQuantity"]) > 1440 for row in every), "no replicas"
    assert any(Decimal(row["BilledCost"]) == 0 for row in every), "nothing is free"
    assert any(Decimal(row["BilledCost"]) < Decimal(row["ListCost"]) for row in every), "nothing is granted"
    assert any(row["x_EffectiveCostLow"] != row["x_EffectiveCostHigh"] for row in every), "all is certain"
    assert len({row["BillingAccountId"] for row in every}) == 4
    assert len({row["BillingPeriodStart"] for row in every}) == 3


def test_files_of_a_folder(history, tmp_path):
    folder, epoch = tmp_path / "focus", {"SOURCE_DATE_EPOCH": "1772755200"}
    spaceplan(
        "report", "--from", "2026-02-01", "--until", "2026-03-01", *RANGE[4:], "--format", "focus", "--output",
        f"{folder}/", folder=history(1), variables=epoch)
    accounts = ["1000", "Big-Org_1", "acme", "zoe"]
    assert sorted(path.name for path in folder.iterdir()) == [
        f"spaceplan-focus-1.2-{account}-2026-02.{end}" for account in accounts for end in ("csv", "schema.json")]
    for account in accounts:
        data = (folder / f"spaceplan-focus-1.2-{account}-2026-02.csv").read_bytes()
        assert focus_rules.problems(data) == []
        assert {row["BillingAccountName"] for row in rows(data)} == {account}
        metadata = json.loads((folder / f"spaceplan-focus-1.2-{account}-2026-02.schema.json").read_text())
        assert metadata["FocusVersion"] == "1.2" and metadata["DataGenerator"] == "spaceplan"
        assert metadata["CreationDate"] == "2026-03-06T00:00:00Z"
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", metadata["SchemaId"])
        columns = metadata["ColumnDefinition"]
        assert [column["ColumnName"] for column in columns] == data.decode().split("\n")[0].split(",")
        kinds = {column["ColumnName"]: column["DataType"] for column in columns}
        for name in focus_rules.COLUMNS:
            kind = "DATETIME" if name in focus_rules.DATES else "JSON" if name in focus_rules.JSON else (
                "DECIMAL" if name in focus_rules.DECIMALS else "STRING")
            assert kinds[name] == kind, name
        for column in columns:
            if column["DataType"] == "DECIMAL":
                values = [row[column["ColumnName"]] for row in rows(data) if row[column["ColumnName"]]]
                digits = max((len(value.split(".")[1]) for value in values), default=0)
                assert digits <= column["NumberScale"] < column["NumericPrecision"]
        tags = next(column for column in columns if column["ColumnName"] == "Tags")
        assert tags["ProviderTagPrefixes"] == ["hf/"]


# MARK: Corrections

# An instant that is not now closes a month only on a Hub of this machine.
HERE_NOW = {"HF_ENDPOINT": "http://127.0.0.1:9"}


@pytest.fixture(scope="session")
def corrected(history, tmp_path_factory):
    """The files of two closed months and of an open one that corrects them, and what is known in the end."""
    made = {}

    def make(seed):
        if seed not in made:
            folder = tmp_path_factory.mktemp(f"corrected-{seed}-") / "here"
            shutil.copytree(history(seed), folder)
            focus = ["report", *RANGE[4:], "--format", "focus"]
            files = []
            for month, more in [("2026-01", ["--close"]), ("2026-02", ["--close"]), ("2026-03", [])]:
                files.append(spaceplan(*focus, "--month", month, *more, folder=folder, variables=HERE_NOW))
                pick = random.Random(f"{seed} {month}")
                if month != "2026-03":
                    currency = re.search("currency: (...)", (folder / "pricing" / "prices.yaml").read_text())[1]
                    prices = re.sub("currency: ...", f"currency: {currency}", pricing(pick))
                    (folder / "pricing" / "prices.yaml").write_text(prices)
                    with open(folder / "more.csv", "w", newline="") as file:
                        csv.writer(file).writerows([
                            "observed_at space stage hardware requested_hardware sleep_time replicas storage".split(),
                            *looks(pick, f"zoe/late-{month}")])
                    spaceplan("import", "history", "--observations", "more.csv", folder=folder)
            for month, file in zip(["2026-01", "2026-02"], files):
                assert spaceplan(*focus, "--month", month, folder=folder, variables=HERE_NOW) == file
            known = rows(spaceplan(
                "report", "--from", "2026-01-01", "--until", "2026-04-01", *RANGE[4:], "--format", "csv",
                folder=folder))
            made[seed] = files, sum(Decimal(line["cost"]) for line in known if line["cost"])
        return made[seed]

    return make


@pytest.mark.parametrize("seed", range(6))
def test_corrections_conform_and_all_files_say_what_is_known(corrected, seed):
    files, known = corrected(seed)
    for data in files:
        assert focus_rules.problems(data) == []
    assert not any(row["ChargeClass"] for row in rows(files[0]))
    for data, month in zip(files[1:], ["2026-02", "2026-03"]):
        corrections = [row for row in rows(data) if row["ChargeClass"]]
        assert corrections and {row["BillingPeriodStart"][:7] for row in rows(data)} == {month}
        assert all(row["ChargePeriodStart"] < month for row in corrections)
    assert sum(Decimal(row["BilledCost"]) for data in files for row in rows(data)) == known


def set_field(column, value):
    def change(data):
        lines = list(csv.reader(io.StringIO(data.decode())))
        lines[1][lines[0].index(column)] = value
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        return text.getvalue().encode()

    return change


def move_rows(data):
    lines = data.splitlines(keepends=True)
    return b"".join([lines[0], lines[-1], *lines[1:-1]])


@pytest.mark.parametrize("change, words", [
    (lambda data: b"\xef\xbb\xbf" + data, "byte-order mark"),
    (lambda data: data.replace(b"\n", b"\r\n"), "carriage return"),
    (lambda data: data[:-1], "not ended"),
    (lambda data: data.replace(b",Usage,,", b',Usage,"",', 1), "quotes that are not needed"),
    (lambda data: data.replace(b",Usage,", b',"Usage",', 1), "quotes that are not needed"),
    (lambda data: data.replace(b"BillingCurrency", b"Currency", 1), "not those of FOCUS"),
    (lambda data: data.replace(b"x_CostBasis", b"CostBasis", 1), "CostBasis: not a name"),
    (lambda data: data.replace(b",Usage,,", b",Usage,", 1), "fields of"),
    (lambda data: data + data.splitlines(keepends=True)[-1], "comes twice"),
    (move_rows, "not in order"),
    (set_field("ChargeClass", "NULL"), "spelled out"),
    (set_field("ResourceName", "N/A"), "spelled out"),
    (set_field("RegionId", " "), "spelled out"),
    (set_field("ServiceName", "Spaces "), "spaces around it"),
    (set_field("SkuPriceDetails", ""), "SkuPriceDetails is null"),
    (set_field("ChargePeriodStart", "2026-01-20T00:00:00+00:00"), "not a date and time"),
    (set_field("ChargePeriodStart", "2026-01-20"), "not a date and time"),
    (set_field("ChargePeriodStart", "2026-01-20T00:00:00.000Z"), "not a date and time"),
    (set_field("BilledCost", "24"), "not a decimal"),
    (set_field("BilledCost", "+1.0"), "not a decimal"),
    (set_field("BilledCost", "1,000.0"), "not a decimal"),
    (set_field("BilledCost", "-0.0"), "not a decimal"),
    (set_field("BillingCurrency", "usd"), "not a currency"),
    (set_field("BillingAccountId", "1000"), "read as a number"),
    (set_field("ChargeCategory", "Use"), "not a word"),
    (set_field("Tags", "{"), "not JSON"),
    (set_field("Tags", '["a"]'), "not an object"),
    (set_field("Tags", '{"a":1,"a":2}'), "key comes twice"),
    (set_field("Tags", '{"a":{"b":1}}'), "more than one level"),
    (set_field("SkuPriceDetails", '{"CoreCount":"4"}'), "CoreCount is not a int"),
    (set_field("SkuPriceDetails", '{"cores":4}'), "neither known nor a custom key"),
    (set_field("SkuPriceDetails", '{"CoreCount":100}'), "SkuPriceDetails differs for SkuPriceId"),
    (set_field("RegionId", "eu"), "RegionId without RegionName"),
    (set_field("ChargePeriodEnd", "2026-01-20T00:00:00Z"), "not a UTC day"),
    (set_field("BillingPeriodStart", "2026-02-01T00:00:00Z"), "outside its billing period"),
    (set_field("BillingPeriodEnd", "2026-01-31T00:00:00Z"), "not a month"),
    (set_field("ListUnitPrice", "-1.0"), "ListUnitPrice is negative"),
    (set_field("ListCost", "-1.0"), "ListCost is negative"),
    (set_field("ConsumedQuantity", "0.0"), "no time"),
    (set_field("ListCost", "123456.0"), "ListUnitPrice x PricingQuantity is not ListCost"),
    (set_field("ContractedUnitPrice", "123456.0"), "ContractedUnitPrice x PricingQuantity is not ContractedCost"),
    (set_field("ConsumedQuantity", "1.5"), "not what is priced"),
    (set_field("EffectiveCost", "123456.0"), "costs differ"),
    (set_field("PricingCurrencyListUnitPrice", "123456.0"), "prices differ"),
    (set_field("ContractedUnitPrice", "0.0"), "prices differ between currencies that are one"),
    (set_field("ChargeClass", "Correction"), "a correction of a period that is not over"),
    (set_field("PricingCurrency", "CHF"), "currencies differ"),
    (set_field("x_EffectiveCostHigh", "0.0"), "bounds that do not hold"),
    (set_field("ServiceSubcategory", "Containers"), "not the category's"),
    (set_field("BillingAccountType", "Organization"), "BillingAccountId is not type and name"),
    (set_field("BillingAccountName", "somebody"), "another account"),
    (set_field("ChargeDescription", "usage"), "does not stand alone"),
    (set_field("x_HardwareFlavor", "cpu"), "not the hardware's name"),
    (set_field("InvoiceId", "INV-1"), "some rows have an InvoiceId"),
])
def test_mistakes_are_found(paid, change, words):
    """Each of our own checks can fail."""
    assert focus_rules.problems(paid) == []
    assert any(words in problem for problem in focus_rules.problems(change(paid)))


@pytest.fixture(scope="session")
def paid(history):
    """An export whose first row is a user's and has a price."""
    header, *lines = export(history(3)).decode().splitlines(keepends=True)
    first = next(
        place for place, row in enumerate(rows((header + "".join(lines)).encode()))
        if row["BillingAccountType"] == "User" and Decimal(row["BilledCost"]) > 1 and row["x_HardwareFlavor"])
    return (header + "".join(lines[first:])).encode()


# MARK: The official validator

CRITERIA = ",".join(f"{name}_SUPPORTED" for name in [
    "ACCOUNT_NAMING", "BILLING_BASED_ON_PROVISIONED_RESOURCES", "MULTIPLE_BILLING_ACCOUNT_TYPES",
    "MULTIPLE_PRICING_CATEGORIES", "NEGOTIATED_PRICING", "PUBLIC_PRICE_LIST", "REGION", "RESOURCE_TYPE_ASSIGNMENT",
    "SUB_ACCOUNT", "TAGGING", "UNIT_PRICING", "USAGE_MEASUREMENT",
])
# Either this rule or its opposite fails for every file; the rule above them takes both, and passes.
UNAVOIDABLE = {"InvoiceId-C-005-C"}


def pythons():
    """Those new enough for the validator, the oldest first: its numpy has no build for the newest."""
    own = [sys.executable] if sys.version_info >= (3, 12) else []
    for minor in range(12, 20):
        named = shutil.which(f"python3.{minor}")
        pyenv = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))
        for python in [*own, *([named] if named else []), *map(str, pyenv)]:
            # A name on the path may be a placeholder that starts nothing.
            answer = subprocess.run(
                [python, "-c", "import sys; print(sys.version_info[1])"], capture_output=True, text=True)
            if answer.returncode == 0 and answer.stdout.strip() == str(minor):
                yield minor, python
                break


@pytest.fixture(scope="session")
def validator():
    """Runs the validator on a file: how many rules it tested, and which failed."""
    home, wanted = HERE / ".venv" / "focus", (HERE / "focus-requirements.txt").read_text()
    installed = home / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted:
        refused = "there is no Python from 3.12 up (python3.12 on the path, or one of pyenv)"
        for minor, python in pythons():
            subprocess.run([python, "-m", "venv", "--clear", home], check=True)
            install = subprocess.run(
                [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", "numpy",
                 "-r", HERE / "focus-requirements.txt"], capture_output=True, text=True)
            if install.returncode == 0:
                installed.write_text(wanted)
                break
            assert minor > 12, install.stderr
            refused = f"it can't be installed for Python 3.{minor}: {install.stderr.strip().splitlines()[-1]}"
        else:
            pytest.skip(f"THE OFFICIAL FOCUS VALIDATOR DID NOT RUN: {refused}")
    package = next(home.glob("lib/python3.*/site-packages"))

    def validate(file):
        # It looks for its list of currencies from where it is started.
        result = subprocess.run(
            [home / "bin" / "focus-validator", "--data-file", file, "--validate-version", "1.2.0.1",
             "--block-download", "--focus-dataset", "CostAndUsage", "--applicability-criteria", CRITERIA,
             "--show-violations"], cwd=package, capture_output=True, text=True)
        # Its exit status says nothing about the rules.
        totals = re.search(r"Total: \d+ \| Pass: (\d+) \| Fail: (\d+) \| Skipped: \d+", result.stdout)
        assert totals, result.stdout + result.stderr
        failed = set(re.findall(r"^\S+ (\S+): FAIL", result.stdout, re.MULTILINE))
        return int(totals[1]) + int(totals[2]), failed, result.stdout

    return validate


@pytest.mark.parametrize("seed", [1, 2])
def test_the_official_validator_passes_it(validator, history, tmp_path, seed):
    file = tmp_path / "focus.csv"
    file.write_bytes(export(history(seed)))
    tested, failed, told = validator(file)
    assert tested == 283
    assert failed == UNAVOIDABLE, told[told.find("--- Failures"):]


def test_the_official_validator_passes_corrections(validator, corrected, tmp_path):
    file = tmp_path / "focus.csv"
    file.write_bytes(corrected(1)[0][2])
    tested, failed, told = validator(file)
    assert tested == 283
    assert failed == UNAVOIDABLE, told[told.find("--- Failures"):]


def test_the_official_validator_tests_something(validator, history, tmp_path):
    file = tmp_path / "focus.csv"
    file.write_bytes(set_field("ConsumedUnit", "")(set_field("BillingCurrency", "XXZ")(export(history(1)))))
    failed = validator(file)[1]
    assert {rule.split("-")[0] for rule in failed - UNAVOIDABLE} == {"BillingCurrency", "ConsumedUnit"}
