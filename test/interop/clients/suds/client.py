"""Suds, on SOAP v1 or v2; what it takes and prints is in ../README.md."""

import sys
from pathlib import Path

import suds.client

sys.path.append(str(Path(__file__).parent.parent))
from steps import perform


class Calls:
    def __init__(self, client, session):
        self.client, self.session = client, session

    def fault_of(self, call):
        try:
            call()
        except suds.WebFault as fault:
            return fault.fault.faultcode


class V1Calls(Calls):
    """The arguments of a call may be anything, so they are made as the WSDL's own types."""

    def create(self, product, data):
        return self.call("create", product, data)

    def list(self, product):
        return [image_of(image) for image in self.call("list", product)]

    def info(self, product, file, store=""):
        return image_of(self.call("info", product, file, store))

    def update(self, product, file, data, store):
        return self.call("update", product, file, data, store)

    def remove(self, product, file):
        return self.call("remove", product, file)

    def call(self, method, *args):
        return self.client.service.call(self.session, f"product_media.{method}", self.typed(args))

    def typed(self, value):
        if isinstance(value, dict):
            typed = self.client.factory.create("{http://xml.apache.org/xml-soap}Map")
            typed.item = [{"key": key, "value": self.typed(field)} for key, field in value.items()]
            return typed
        if isinstance(value, (list, tuple)):
            typed = self.client.factory.create("{urn:Magento}FixedArray")
            typed.item = [self.typed(item) for item in value]
            return typed
        return value


def image_of(received):
    return {entry.key: entry.value for entry in received.item}


class V2Calls(Calls):
    def create(self, product, data):
        return self.client.service.catalogProductAttributeMediaCreate(self.session, product, data)

    def list(self, product):
        return self.client.service.catalogProductAttributeMediaList(self.session, product)

    def info(self, product, file, store=None):
        return self.client.service.catalogProductAttributeMediaInfo(self.session, product, file, store)

    def update(self, product, file, data, store):
        return self.client.service.catalogProductAttributeMediaUpdate(self.session, product, file, data, store)

    def remove(self, product, file):
        return self.client.service.catalogProductAttributeMediaRemove(self.session, product, file)


CALLS = {"v1": V1Calls, "v2": V2Calls}


def login():
    client = suds.client.Client(url, cache=None)
    return CALLS[protocol](client, client.service.login(username, api_key))


url, username, api_key, product, image, protocol = sys.argv[1:]
perform(login, product, image)
