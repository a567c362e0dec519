"""Starts a test double of Magento's API in its own process. Copy this file into your project."""

import json
import os
import subprocess
import urllib.error
import urllib.request


class Keepsake:
    def __init__(self, *flags):
        """Starts a server on a free port. `keepsake start --help` lists the flags."""
        command = ["npx", "--no", "--", "keepsake", "start", "--double", "--memory", "--port", "0", "--attached", *flags]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"KEEPSAKE_LOG_LEVEL": "error", **os.environ},
        )
        # Wait until the server is ready, or has ended.
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("keepsake did not start: see standard error")
        #: What the server reported: url, wsdl, v2Wsdl, wsiWsdl, xmlrpcUrl, jsonrpcUrl, restUrl, controlUrl, user
        self.about = json.loads(line)
        self.user = self.about["user"]

    def stop(self):
        """Stops the server. It also stops when this process ends for any reason, because its standard input ends then."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def answer_fault(self, code, **when):
        """Makes the server answer each call that meets the conditions with a fault: answer_fault(104, method="create", nth=2)."""
        self.control("POST", "/rules", {"when": when, "answer": {"fault": code}})

    def calls(self, **match):
        """Returns how many matching calls were made: calls(method="create", fault=104)."""
        return self.control("POST", "/journal/verify", {"match": match})["calls"]

    def reset(self):
        """Restores the shop as it was at the start, and removes all rules and recorded calls."""
        self.control("POST", "/reset")

    def control(self, method, path, body=None):
        """Sends a request to the control API. /_keepsake/openapi.json lists all requests."""
        request = urllib.request.Request(
            self.about["controlUrl"] + path,
            method=method,
            headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urllib.request.urlopen(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from error
        return json.loads(text) if text else None
