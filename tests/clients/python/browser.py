"""A browser that visits one address and says where it ended: cookies, redirects, pages that refresh themselves. No script runs in it."""

import html
import json
import os
import re
import time
from urllib.parse import urljoin

import requests

session = requests.Session()
session.headers["Accept"] = "text/html,application/xhtml+xml"
response = session.get(os.environ["ADDRESS"])
for _ in range(50):
    refresh = re.search(r'<meta[^>]+http-equiv="?refresh"?[^>]+content="(\d+)(?:;\s*url=([^"]*))?"', response.text, re.I)
    if not refresh:
        break
    time.sleep(0.1)
    response = session.get(urljoin(response.url, html.unescape(refresh.group(2) or response.url)))
title = re.search(r"<title>(.*?)</title>", response.text, re.S)
told = {"status": response.status_code, "user": response.headers.get("X-Remote-User"), "url": response.url}
print(json.dumps(told | {"title": title and html.unescape(title.group(1)).strip()}))
