/** Puts a product's images, base64 by name, into the shop. Answers the names of those that the shop refused. */
async function importImages(shop, sku, images) {
  const refused = []
  for (const [name, content] of Object.entries(images)) {
    try {
      await upload(shop, sku, name, content)
    } catch (fault) {
      // 104: no image that the shop can show. Anything else is for whoever runs the import.
      if (fault.code !== 104) throw fault
      refused.push(name)
    }
  }
  return refused
}

function upload(shop, sku, name, content) {
  return shop.call('product_media.create', sku, { file: { name, mime: 'image/gif', content } })
}

module.exports = { importImages }
