import xmlrpc.client

import pytest
from image_import import ImageImport
from keepsake import Keepsake

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="session")
def server():
    keepsake = Keepsake()
    yield keepsake
    keepsake.stop()


@pytest.fixture
def keepsake(server):
    server.reset()
    return server


def test_goes_on_when_the_shop_refuses_an_image(keepsake):
    keepsake.answer_fault(104, method="create", nth=2)

    shop = xmlrpc.client.ServerProxy(keepsake.about["xmlrpcUrl"])
    session = shop.login(keepsake.user["username"], keepsake.user["apiKey"])
    refused = ImageImport(shop, session).run("Sku", {"front": GIF, "back": GIF, "side": GIF})

    assert refused == ["back"]
    assert keepsake.calls(method="create") == 3
    assert len(shop.call(session, "product_media.list", ["Sku"])) == 2
