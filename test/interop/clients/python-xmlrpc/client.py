"""Python's xmlrpc.client; what it takes and prints is in ../README.md."""

import sys
import xmlrpc.client
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))
from steps import perform


class Calls:
    def __init__(self, server, session):
        self.server, self.session = server, session

    def create(self, product, data):
        return self.call("create", product, data)

    def list(self, product):
        return self.call("list", product)

    def info(self, product, file, store="admin"):
        return self.call("info", product, file, store)

    def update(self, product, file, data, store):
        return self.call("update", product, file, data, store)

    def remove(self, product, file):
        return self.call("remove", product, file)

    def call(self, method, *args):
        return self.server.call(self.session, f"product_media.{method}", list(args))

    def fault_of(self, call):
        try:
            call()
        except xmlrpc.client.Fault as fault:
            return str(fault.faultCode)


def login():
    server = xmlrpc.client.ServerProxy(url)
    return Calls(server, server.login(username, api_key))


url, username, api_key, product, image, _ = sys.argv[1:]
perform(login, product, image)
