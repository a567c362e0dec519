class ImageImport:
    """Adds images to a product."""

    def __init__(self, shop, session):
        self.shop = shop
        self.session = session

    def run(self, sku, images):
        """Takes base64 by name, and returns the names of the images that the shop refused."""
        refused = []
        for name, content in images.items():
            self.upload(sku, name, content)
        return refused

    def upload(self, sku, name, content):
        image = {"name": name, "mime": "image/gif", "content": content}
        self.shop.call(self.session, "product_media.create", [sku, {"file": image}])
