"""Lists the images of each product of the input, and prints what was raised for each, as JSON."""

import http.client
import json
import sys
import xmlrpc.client
from xml.parsers.expat import ExpatError

given = json.load(sys.stdin)


def raised(product):
    server = xmlrpc.client.ServerProxy(given["url"])
    session = server.login(given["username"], given["apiKey"])
    try:
        server.call(session, "product_media.list", [product])
        return "nothing"
    except xmlrpc.client.Fault as fault:
        return f"Fault {fault.faultCode} {fault.faultString}"
    except xmlrpc.client.ProtocolError as error:
        return f"ProtocolError {error.errcode}"
    except (http.client.HTTPException, ExpatError) as error:
        return type(error).__name__


print(json.dumps([raised(product) for product in given["products"]]))
