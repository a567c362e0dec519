import xmlrpc.client


class ImageImport:
    """Adds images to a product."""

    def __init__(self, shop, session):
        self.shop = shop
        self.session = session

    def run(self, sku, images):
        """Takes base64 by name, and returns the names of the images that the shop refused."""
        refused = []
        for name, content in images.items():
            try:
                self.upload(sku, name, content)
            except xmlrpc.client.Fault as fault:
                # Skip a file that is no image (fault 104); pass on any other fault.
                if fault.faultCode != 104:
                    raise
                refused.append(name)
        return refused

    def upload(self, sku, name, content):
        image = {"name": name, "mime": "image/gif", "content": content}
        self.shop.call(self.session, "product_media.create", [sku, {"file": image}])
