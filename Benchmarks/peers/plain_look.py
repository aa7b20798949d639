"""What the least of programs does at a look: fetch the pages of Spaces, insert a row for each.

plain_look.py ENDPOINT OWNER DATABASE
"""

import json
import re
import sqlite3
import sys
import urllib.request

endpoint, owner, path = sys.argv[1:]
database = sqlite3.connect(path)
database.execute("CREATE TABLE look (space TEXT, stage TEXT, hardware TEXT, raw TEXT)")
url = f"{endpoint}/api/spaces?author={owner}&expand=runtime&limit=1000"
while url:
    request = urllib.request.Request(url, headers={"Authorization": "Bearer token"})
    with urllib.request.urlopen(request) as answer:
        spaces = json.load(answer)
        following = re.match(r'<(.*)>; rel="next"', answer.headers.get("Link") or "")
    url = following and following[1]
    database.executemany(
        "INSERT INTO look VALUES (?, ?, ?, ?)",
        [(space["id"], space["runtime"]["stage"], space["runtime"]["hardware"]["current"], json.dumps(space["runtime"]))
         for space in spaces])
database.commit()
