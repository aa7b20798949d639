"""What the FOCUS specification (1.2, Cost and Usage) says and its official validator does not test.

It reads dates and numbers before it looks at them, skips the arithmetic where ChargeClass is null, is content with
one row that has an allowed word, and knows nothing of names that are no columns, of what is inside JSON, and of how
a null is written.
"""

import json
import re
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

COLUMNS = """
BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd BillingPeriodStart
ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
CommitmentDiscountStatus ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceId
InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice
PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit ProviderName PublisherName
RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceSubcategory SkuId SkuMeter
SkuPriceDetails SkuPriceId SubAccountId SubAccountName Tags
""".split()
DATES = ["BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"]
PRICES = [name for name in COLUMNS if name.endswith("UnitPrice")]
COSTS = [name for name in COLUMNS if name.endswith("Cost")]
DECIMALS = PRICES + COSTS + ["ConsumedQuantity", "PricingQuantity"]
JSON = ["SkuPriceDetails", "Tags"]
# Usage rows only: what their rules leave null here is null because the Hub does not tell.
NULLABLE = {
    "ChargeClass", "CommitmentDiscountStatus", "InvoiceId", "RegionId", "RegionName", "ResourceName", "SubAccountId",
    "SubAccountName", "Tags",
}
PAIRS = [
    ("ConsumedQuantity", "ConsumedUnit"), ("PricingQuantity", "PricingUnit"), ("RegionId", "RegionName"),
    ("ResourceId", "ResourceType"), ("SkuId", "SkuMeter"), ("SubAccountId", "SubAccountName"),
]
WORDS = {
    "BillingAccountType": {"Organization", "User"},
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"", "Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ConsumedUnit": {"Minutes", "Hours"},
    "PricingUnit": {"Hours", "Months"},
    "SkuMeter": {"Compute Usage", "Storage"},
    "x_CostBasis": {"Observed"},
}
# The children of the one category that is used.
SUBCATEGORIES = {
    "AI and Machine Learning": {
        "AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing",
        "Other (AI and Machine Learning)",
    },
}
DETAILS = {
    "CoreCount": int, "MemorySize": int, "GpuCount": int, "DiskSpace": int, "DiskMaxIops": int, "NetworkMaxIops": int,
    "NetworkMaxThroughput": int, "InstanceType": str, "InstanceSeries": str, "DiskType": str, "OperatingSystem": str,
    "Redundancy": str, "StorageClass": str,
}
# What one of these is, in another column, never changes.
SAME = [
    ("BillingAccountId", "BillingAccountName"), ("BillingAccountId", "BillingAccountType"), ("SkuPriceId", "SkuId"),
    ("SkuPriceId", "SkuPriceDetails"), ("SkuId", "SkuMeter"), ("SkuPriceId", "PricingUnit"),
    ("ServiceName", "ServiceCategory"), ("ServiceName", "ServiceSubcategory"), ("ResourceId", "BillingAccountId"),
    ("BillingPeriodStart", "BillingPeriodEnd"),
]
PLACEHOLDER = re.compile(r"null|nil|none|n/?a|nan|-+|unknown|\?|\s*", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DECIMAL = re.compile(r"(?!-0+\.0+$)-?(0|[1-9]\d*)\.\d+")
CUSTOM = re.compile(r"x_[A-Z][A-Za-z0-9]*")
FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)')


class Repeated(ValueError):
    """A JSON object has a key twice."""


def unique(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise Repeated
    return dict(pairs)


def records(text, problems):
    """The lines as lists of fields; says where quotes are not as they must be."""
    lines, line, place = [], [], 0
    while place < len(text):
        match = FIELD.match(text, place)
        if not match:
            problems.append(f"not CSV at {text[place:place + 40]!r}")
            break
        quoted, plain, end = match.groups()
        if quoted is not None and not re.search('[",\r\n]', quoted):
            problems.append(f"quotes that are not needed: {quoted!r}")
        line.append(plain if quoted is None else quoted.replace('""', '"'))
        place = match.end()
        if end != ",":
            lines.append(line)
            line = []
    return lines


def problems(data):
    """Each breach in the bytes of a file, in words; empty where there is none."""
    found = []
    if data.startswith(b"\xef\xbb\xbf"):
        found.append("a byte-order mark")
    text = data.decode()
    if "\r" in text:
        found.append("a carriage return")
    if not text.endswith("\n"):
        found.append("the last record is not ended")
    header, *lines = records(text, found)
    if header[:len(COLUMNS)] != COLUMNS:
        return found + ["columns are not those of FOCUS in their order"]
    for name in header[len(COLUMNS):]:
        if not CUSTOM.fullmatch(name) or len(name) > 50:
            found.append(f"{name}: not a name of a custom column")
    if len(set(header)) < len(header):
        found.append("a column comes twice")
    rows = []
    for line in lines:
        if len(line) != len(header):
            found.append(f"{len(line)} fields of {len(header)}")
            continue
        row = dict(zip(header, line))
        mistakes = misspelled(row)
        found += mistakes
        if not mistakes:
            found += contradictions(row)
            rows.append(row)
    return found + between(rows)


def misspelled(row):
    """What is wrong with single fields."""
    for name, value in row.items():
        if value == "":
            if name in COLUMNS and name not in NULLABLE:
                return [f"{name} is null"]
            continue
        if PLACEHOLDER.fullmatch(value) or value != value.strip():
            return [f"{name}: {value!r} is a null that is spelled out, or has spaces around it"]
        if name in DATES and not DATE.fullmatch(value):
            return [f"{name}: {value!r} is not a date and time"]
        if (name in DECIMALS or name.startswith("x_EffectiveCost")) and not DECIMAL.fullmatch(value):
            return [f"{name}: {value!r} is not a decimal with a point"]
        if name.endswith("Currency") and not re.fullmatch("[A-Z]{3}", value):
            return [f"{name}: {value!r} is not a currency"]
        if name.endswith("Id") and value.isdigit():
            return [f"{name}: {value!r} would be read as a number"]
        if name in WORDS and value not in WORDS[name]:
            return [f"{name}: {value!r} is not a word of it"]
        if name in JSON:
            try:
                members = json.loads(value, object_pairs_hook=unique)
            except Repeated:
                return [f"{name}: a key comes twice"]
            except ValueError:
                return [f"{name}: {value!r} is not JSON"]
            if not isinstance(members, dict) or not members:
                return [f"{name}: {value!r} is not an object with members"]
            if any(isinstance(member, (dict, list)) for member in members.values()):
                return [f"{name}: {value!r} has more than one level"]
            for key, member in members.items() if name == "SkuPriceDetails" else []:
                if key in DETAILS and type(member) is not DETAILS[key]:
                    return [f"{name}: {key} is not a {DETAILS[key].__name__}"]
                if key not in DETAILS and not CUSTOM.fullmatch(key):
                    return [f"{name}: {key} is neither known nor a custom key"]
    return []


def date(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def contradictions(row):
    """What does not go together in one row."""
    found = []

    def must(holds, words):
        if not holds:
            found.append(words)

    for one, other in PAIRS:
        must((row[one] == "") == (row[other] == ""), f"{one} without {other}, or the other way round")

    start, end = date(row["ChargePeriodStart"]), date(row["ChargePeriodEnd"])
    month, next_month = date(row["BillingPeriodStart"]), date(row["BillingPeriodEnd"])
    must(start.time() == datetime.min.time() and end - start == timedelta(days=1), "a row is not a UTC day")
    correction = row["ChargeClass"] == "Correction"
    if correction:
        must(start < month, "a correction of a period that is not over")
    else:
        must(month == start.replace(day=1), "a charge outside its billing period")
    must(next_month == (month + timedelta(days=31)).replace(day=1), "a billing period is not a month")

    number = {name: Decimal(row[name]) for name in DECIMALS}
    for price in PRICES:
        must(number[price] >= 0, f"{price} is negative")
    for cost in COSTS:
        must(number[cost] >= 0 or correction, f"{cost} is negative, and this is no credit")
    for quantity in ("ConsumedQuantity", "PricingQuantity"):
        must(number[quantity] > 0 or correction, f"{quantity}: a row for no time")
    for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        error = abs(number[price] * number["PricingQuantity"] - number[cost])
        # A correction is the difference of two costs, each rounded.
        tolerance = Decimal("1e-9") * max(1, abs(number[cost])) * (2 if correction else 1)
        must(error <= tolerance, f"{price} x PricingQuantity is not {cost}")
    consumed = number["ConsumedQuantity"] / {"Minutes": 60, "Hours": 1}[row["ConsumedUnit"]]
    first = start.replace(day=1)
    hours = ((first + timedelta(days=31)).replace(day=1) - first) / timedelta(hours=1)
    priced = number["PricingQuantity"] * {"Hours": Decimal(1), "Months": Decimal(hours)}[row["PricingUnit"]]
    must(abs(consumed - priced) < Decimal("1e-9"), "what is consumed is not what is priced")
    # Nobody negotiates, amortises or resells here; but a grant may pay for hardware, and then nothing is to be paid.
    granted = number["ContractedUnitPrice"] == 0 < number["ListUnitPrice"]
    must(not granted or row["SkuMeter"] == "Compute Usage", "a grant that pays for storage")
    must(len({number[cost] for cost in COSTS if not granted or cost != "ListCost"}) == 1, "costs differ")
    must(not granted or number["BilledCost"] == 0, "a grant that leaves something to pay")
    kinds = ("List", "Contracted")
    must(
        all(number[f"{kind}UnitPrice"] == number[f"PricingCurrency{kind}UnitPrice"] for kind in kinds),
        "prices differ between currencies that are one")
    must(granted or number["ListUnitPrice"] == number["ContractedUnitPrice"], "prices differ")
    must(row["BillingCurrency"] == row["PricingCurrency"], "currencies differ")
    must(row["ProviderName"] == row["InvoiceIssuerName"] or number["BilledCost"] == 0, "another party's invoice")
    low, high = Decimal(row["x_EffectiveCostLow"]), Decimal(row["x_EffectiveCostHigh"])
    # The bounds of a correction are differences too.
    must(correction or low <= number["EffectiveCost"] <= high, "bounds that do not hold the cost")

    must(
        row["ServiceSubcategory"] in SUBCATEGORIES.get(row["ServiceCategory"], ()),
        "a subcategory that is not the category's")
    must(row["ResourceName"] != row["ResourceId"], "ResourceName repeats ResourceId")
    kind = {"Organization": "org", "User": "user"}[row["BillingAccountType"]]
    must(row["BillingAccountId"] == f"{kind}/{row['BillingAccountName']}", "BillingAccountId is not type and name")
    must(row["ResourceId"].startswith(f"spaces/{row['BillingAccountName']}/"), "a resource of another account")
    must((row["x_HardwareFlavor"] == "") == (row["SkuMeter"] == "Storage"), "x_HardwareFlavor of storage")
    space, sku = row["ResourceId"].removeprefix("spaces/"), row["SkuId"].removeprefix("spaces-")
    must(
        space in row["ChargeDescription"] and row["ChargeDescription"].endswith("."),
        "ChargeDescription does not stand alone")
    must(row["x_HardwareFlavor"] in ("", sku), "x_HardwareFlavor is not the hardware's name")
    return found


def between(rows):
    """What does not go together in several rows."""
    found = []
    for key, value in SAME:
        values = defaultdict(set)
        for row in rows:
            values[row[key]].add(row[value])
        found += [f"{value} differs for {key} {name}" for name, several in values.items() if len(several) > 1]
    keys = [
        tuple(row[name] for name in ("BillingPeriodStart", "ChargePeriodStart", "ResourceId", "SkuPriceId"))
        for row in rows
    ]
    if keys != sorted(keys):
        found.append("rows are not in order")
    prices = [(row["ListUnitPrice"], row["ContractedUnitPrice"]) for row in rows]
    if len({key + both for key, both in zip(keys, prices)}) < len(rows):
        found.append("a row comes twice")
    if len({row["InvoiceId"] == "" for row in rows}) > 1:
        found.append("some rows have an InvoiceId")
    return found
