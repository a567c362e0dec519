"""Zeep, on SOAP v1, v2 or WS-I; what it takes and prints is in ../README.md."""

import sys
from pathlib import Path

import zeep
from zeep import xsd

sys.path.append(str(Path(__file__).parent.parent))
from steps import perform


class Calls:
    def __init__(self, client, session):
        self.client, self.service, self.session = client, client.service, session

    def fault_of(self, call):
        try:
            call()
        except zeep.exceptions.Fault as fault:
            return fault.code


class V1Calls(Calls):
    """The arguments of a call may be anything, so they say their types; and so do answers."""

    def create(self, product, data):
        return self.call("create", product, data)

    def list(self, product):
        return [image_of(image.item) for image in self.call("list", product)._value_1 or []]

    def info(self, product, file, store=None):
        return image_of(self.call("info", product, file, store))

    def update(self, product, file, data, store):
        return self.call("update", product, file, data, store)

    def remove(self, product, file):
        return self.call("remove", product, file)

    def call(self, method, *args):
        return self.service.call(self.session, f"product_media.{method}", self.typed(args))

    def typed(self, value):
        if value is None:
            return xsd.Nil
        if isinstance(value, dict):
            map_type = self.client.get_type("{http://xml.apache.org/xml-soap}Map")
            items = [{"key": self.typed(key), "value": self.typed(field)} for key, field in value.items()]
            return xsd.AnyObject(map_type, map_type(item=items))
        if isinstance(value, (list, tuple)):
            array_type = self.client.get_type("{urn:Magento}FixedArray")
            return xsd.AnyObject(array_type, array_type([self.typed(item) for item in value]))
        return xsd.AnyObject(xsd.String(), value)


def image_of(entries):
    image = {entry.key: entry.value for entry in entries}
    return {**image, "types": image["types"]._value_1 or []}


class V2Calls(Calls):
    """No part may be left out; one without a value is nil."""

    def create(self, product, data):
        types = self.client.get_type("{urn:Magento}ArrayOfString")
        data = {**data, "types": types(data.get("types", []))}
        return self.service.catalogProductAttributeMediaCreate(self.session, product, data, xsd.Nil, xsd.Nil)

    def list(self, product):
        return self.service.catalogProductAttributeMediaList(self.session, product, xsd.Nil, xsd.Nil)

    def info(self, product, file, store=xsd.Nil):
        return self.service.catalogProductAttributeMediaInfo(self.session, product, file, store, xsd.Nil)

    def update(self, product, file, data, store):
        return self.service.catalogProductAttributeMediaUpdate(
            self.session, product, file, data, store, xsd.Nil
        )

    def remove(self, product, file):
        return self.service.catalogProductAttributeMediaRemove(self.session, product, file, xsd.Nil)


class WsiCalls(Calls):
    def create(self, product, data):
        data = {**data, "types": {"complexObjectArray": data.get("types", [])}}
        return self.service.catalogProductAttributeMediaCreate(self.session, product, data)

    def list(self, product):
        images = self.service.catalogProductAttributeMediaList(self.session, product)
        for image in images:
            image.types = image.types.complexObjectArray if image.types else []
        return images

    def info(self, product, file, store=None):
        return self.service.catalogProductAttributeMediaInfo(self.session, product, file, store)

    def update(self, product, file, data, store):
        return self.service.catalogProductAttributeMediaUpdate(self.session, product, file, data, store) == 1

    def remove(self, product, file):
        return self.service.catalogProductAttributeMediaRemove(self.session, product, file) == 1


CALLS = {"v1": V1Calls, "v2": V2Calls, "WS-I": WsiCalls}


def login():
    client = zeep.Client(url)
    return CALLS[protocol](client, client.service.login(username, api_key))


url, username, api_key, product, image, protocol = sys.argv[1:]
perform(login, product, image)
