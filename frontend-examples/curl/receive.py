"""Listens for the webhooks of secretary and prints what they tell. Needs nothing but Python.

    WEBHOOK_SECRET=whsec_… python3 receive.py [PORT]

With WEBHOOK_SECRET, the `secret` of the job's `webhook`, calls that secretary has not signed are refused
(https://www.standardwebhooks.com)."""

import base64
import contextlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ.get("WEBHOOK_SECRET", "")
OLDEST_SECONDS = 300
seen = set()  # keep these where a restart does not lose them


def signed(headers, body):
    """Whether this very body was signed with our secret, lately."""
    identity, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > OLDEST_SECONDS:
        return False
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    right = base64.b64encode(hmac.digest(key, f"{identity}.{sent_at}.".encode() + body, "sha256")).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(f"v1,{right}".encode(), one.encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if SECRET and not signed(self.headers, body):
            self.answer(401)
            return
        # Answer at once and work afterwards: what takes longer than 15 seconds counts as failed and is sent again.
        self.answer(204)
        identity = self.headers.get("webhook-id")
        if identity not in seen:
            seen.add(identity)
            told(json.loads(body))

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def told(call):
    """Your part."""
    if call["phase"] == "processing":
        print(f"{call['process']['id']} {call['progress']} % {call['message']}", flush=True)
    elif call["phase"] == "completed":
        print(f"{call['process']['id']} completed: {', '.join(call['data'])}", flush=True)
    else:
        print(f"{call['process']['id']} {call['error']['code']}: {call['error']['message']}", flush=True)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9000), Receiver)
    print(f"Listening at http://127.0.0.1:{server.server_port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
