import { productReferences } from '../../catalog/rpc/identify'
import { quoted, suggestion } from '../../contract/nearest'
import { integer, isNumericText } from '../../contract/readers'
import type { KnownProduct } from './ports'
import { argument, isRest, type Subject } from './subject'

/** The form of an id in this API: a text of digits is an id and never an SKU. */
const INTEGER_TEXT = /^[+-]?[0-9]+$/

/** Returns the product that the call names, as the database has it now; null when there is none. */
export async function productOf(subject: Pick<Subject, 'call' | 'inspection'>): Promise<KnownProduct | null> {
  const product = subject.call.arguments.get('product') ?? null
  const identifierType = isRest(subject) ? 'id' : (subject.call.arguments.get('identifierType') ?? null)
  for (const reference of productReferences(product, identifierType)) {
    const [found] = await ('id' in reference
      ? subject.inspection.products([reference.id], [])
      : subject.inspection.products([], [reference.sku]))
    if (found) return found
  }
  return null
}

/** Explains fault 101: which product was looked for, and which one the client may have meant. */
export async function whyNoProduct(subject: Subject): Promise<string> {
  const { call, inspection } = subject
  const name = argument(subject, 'product')
  const given = call.arguments.get('product') ?? null
  if (name === null || name === '' || typeof given === 'boolean')
    return 'No product was given: it is the first argument, an id or an SKU.'
  const type = argument(subject, 'identifierType') ?? ''
  const bySku = (await inspection.products([], [name]))[0]
  const byId = isNumericText(name) ? (await inspection.products([integer(name) ?? 0], []))[0] : undefined
  if (type === 'sku') {
    if (byId)
      return `No product has the SKU ${quoted(name)}, by which identifierType sku asks; product ${byId.id} has the SKU ${quoted(byId.sku)}.`
    return `No product has the SKU ${quoted(name)}.${await similar(subject, name)}`
  }
  if (bySku && type !== '')
    return `${quoted(name)} was read as an id, because identifierType is ${quoted(type)}: the product with this SKU is found with identifierType sku.`
  if (bySku) return `SKU ${name} was read as an id, because it is numeric: pass identifierType sku.`
  if (INTEGER_TEXT.test(name))
    return `${quoted(name)} was read as an id, because it is numeric; no product has this id, and none has it as its SKU.`
  if (type !== '')
    return `${quoted(name)} was read as an id, because identifierType is ${quoted(type)}, and it is none.${await similar(subject, name)}`
  return `No product has the SKU ${quoted(name)}.${await similar(subject, name)}`
}

async function similar({ inspection }: Subject, sku: string): Promise<string> {
  if (sku !== sku.trim() && (await inspection.products([], [sku.trim()])).length > 0)
    return ` There is one without the white space around it: ${quoted(sku.trim())}.`
  const skus = await inspection.similarSkus(sku)
  return skus.length === 0 ? '' : ` There is ${skus.map(quoted).join(', ')}.`
}

/** Explains fault 107: which attribute set has no gallery. */
export async function whyNoGallery(subject: Subject): Promise<string> {
  const product = await productOf(subject)
  if (!product) return 'The attribute set of the product has no media gallery.'
  return `Product ${product.id} (SKU ${quoted(product.sku)}) is of the attribute set ${quoted(product.attributeSet)}, which has no media gallery.`
}

/** Explains fault 100: which store views exist. */
export async function whyNoStoreView(subject: Subject): Promise<string> {
  const { call, inspection } = subject
  const store = argument(subject, 'store')
  const known = await inspection.storeViews()
  const codes = known.map(({ code }) => code)
  const all = `There are ${known.map(({ id, code }) => `${code} (${id})`).join(', ')}.`
  if (store === null) return `The store view was given as neither a code nor an id. ${all}`
  if (store === 'sku' || store === 'id') {
    const position = [...call.arguments.keys()].indexOf('identifierType') + 1
    return `${quoted(store)} was read as the store view; identifierType is argument ${position} of ${call.path.slice(call.path.indexOf('.') + 1)}.`
  }
  if (isNumericText(store)) return `No store view has the id ${store}. ${all}`
  const meant = codes.find((code) => code.toLowerCase() === store.trim().toLowerCase())
  if (meant !== undefined) return `Store views are matched exactly: did you mean ${meant}?`
  return `No store view has the code ${quoted(store)}.${suggestion(store, codes)} ${all}`
}

/** Explains fault 103: where the file is instead. */
export async function whyNoFile(subject: Subject): Promise<string> {
  const { inspection } = subject
  const product = await productOf(subject)
  const files = product ? await inspection.files(product.id) : []
  const given = argument(subject, 'file')
  if (given === null || given === '') return `No file was given. ${galleryOf(product, files)}`
  const own = files.find((file) => isNearlySame(file, given))
  if (own !== undefined && own !== given) return `The gallery has ${quoted(own)}: ${difference(given, own)}.`
  const path = given.startsWith('/') ? given : `/${given}`
  const { ownerSku, wasStored } = await inspection.file(path)
  if (ownerSku !== null && own === undefined)
    return `${quoted(path)} is an image of another product, SKU ${quoted(ownerSku)}.`
  if (wasStored && own === undefined)
    return `${quoted(path)} was an image once, and was removed from its gallery. ${galleryOf(product, files)}`
  const suffixed = files.filter((file) => withoutSuffix(file) === withoutSuffix(path))
  if (suffixed.length > 0)
    return `The gallery has no ${quoted(path)}, but ${suffixed.map(quoted).join(', ')}: a name that is taken gets a number.`
  return `The gallery has no ${quoted(given)}.${suggestion(given, files)} ${galleryOf(product, files)}`
}

function isNearlySame(file: string, given: string): boolean {
  return bare(file) === bare(given) || given.endsWith(file)
}

function bare(file: string): string {
  return file.trim().replace(/^\/+/, '').toLowerCase()
}

function difference(given: string, file: string): string {
  if (given.endsWith(file)) return 'give the file alone, without what stands before it in its URL'
  if (`/${given}` === file) return 'the slash at its beginning is missing'
  return 'files are matched exactly, in case and white space too'
}

function withoutSuffix(file: string): string {
  return file.replace(/(?:_[0-9]+)?(\.[^.]+)$/, '$1')
}

const MOST_FILES = 5

function galleryOf(product: KnownProduct | null, files: readonly string[]): string {
  const name = product ? `The gallery of ${quoted(product.sku)}` : 'The gallery'
  if (files.length === 0) return `${name} is empty.`
  const others = files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : ''
  return `${name} has ${files.slice(0, MOST_FILES).map(quoted).join(', ')}${others}.`
}

/** Explains REST's 404s: which of product, image and store view was not found. */
export async function whyNotFound(subject: Subject): Promise<string> {
  const { call, inspection } = subject
  const [product, image] = [argument(subject, 'product'), argument(subject, 'image')]
  const numbers = 'REST knows products and images by their ids alone, in digits.'
  if (product === null) return `The product in the path is no id. ${numbers}`
  const found = await productOf(subject)
  if (!found) {
    const [bySku] = await inspection.products([], [product])
    return `No product has the id ${product}.${bySku ? ` The one with this SKU has the id ${bySku.id}. ${numbers}` : ''}`
  }
  if (!call.arguments.has('image'))
    return `Product ${product} is in no website of store view ${argument(subject, 'store')}.`
  if (image === null) return `The image in the path is no id. ${numbers}`
  return `Product ${product} shows no image ${image} here: it is not in its gallery, is excluded and so hidden from this caller, or the product is in no website of the store view.`
}
