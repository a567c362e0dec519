/** Adds images to a product. `images` has base64 by name. Returns the names of the images that the shop refused. */
async function importImages(shop, sku, images) {
  const refused = []
  for (const [name, content] of Object.entries(images)) {
    try {
      await upload(shop, sku, name, content)
    } catch (fault) {
      // Skip a file that is no image (fault 104); pass on any other fault.
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
