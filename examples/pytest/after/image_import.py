import xmlrpc.client


class ImageImport:
    """Puts a product's images into the shop."""

    def __init__(self, shop, session):
        self.shop = shop
        self.session = session

    def run(self, sku, images):
        """Takes base64 by name; answers the names of those that the shop refused."""
        refused = []
        for name, content in images.items():
            try:
                self.upload(sku, name, content)
            except xmlrpc.client.Fault as fault:
                # 104: no image that the shop can show. Anything else is for whoever runs the import.
                if fault.faultCode != 104:
                    raise
                refused.append(name)
        return refused

    def upload(self, sku, name, content):
        image = {"name": name, "mime": "image/gif", "content": content}
        self.shop.call(self.session, "product_media.create", [sku, {"file": image}])
