/** Adds images to a product. `images` has base64 by name. Returns the names of the images that the shop refused. */
async function importImages(shop, sku, images) {
  const refused = []
  for (const [name, content] of Object.entries(images)) {
    await upload(shop, sku, name, content)
  }
  return refused
}

function upload(shop, sku, name, content) {
  return shop.call('product_media.create', sku, { file: { name, mime: 'image/gif', content } })
}

module.exports = { importImages }
