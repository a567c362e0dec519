import { asksForSku, productReferences } from '../../catalog/identify'
import type { NotedCall } from '../../contract/exchange'
import { quoted, suggestion } from '../../contract/nearest'
import { integer, isNumericText, text } from '../../contract/readers'
import { fieldsOf, isList, isNumber, type Value } from '../../contract/value'
import type { KnownProduct } from './ports'
import { argument, nameOf, type Subject } from './subject'

/** The form of an id in this API: a text of digits is an id and never an SKU. */
const INTEGER_TEXT = /^[+-]?[0-9]+$/

/** Returns the product that the call names, as the database has it now; null when there is none. */
export async function productOf({
  call,
  inspection,
}: Pick<Subject, 'call' | 'inspection'>): Promise<KnownProduct | null> {
  const product = call.arguments.get('product') ?? null
  for (const reference of productReferences(product, identifierTypeOf(call))) {
    const [found] = await ('id' in reference
      ? inspection.products([reference.id], [])
      : inspection.products([], [reference.sku]))
    if (found) return found
  }
  return null
}

function identifierTypeOf(call: NotedCall): Value {
  return call.arguments.get('identifierType') ?? null
}

/** Explains fault 101: which product was looked for, and which one the client may have meant. */
export async function whyNoProduct(subject: Subject): Promise<string> {
  const { call, inspection } = subject
  const name = argument(subject, 'product')
  const given = call.arguments.get('product') ?? null
  if (fieldsOf(given) || isList(given)) return whyCollection(given)
  if (name === null || name === '' || typeof given === 'boolean')
    return 'No product was given: it is the first argument, an id or an SKU.'
  const type = identifierTypeOf(call)
  const [bySku] = await inspection.products([], [name])
  if (asksForSku(type)) return whyNoSku(subject, name)
  if (type !== null) {
    const readAsId = `${quoted(name)} was read as an id, because identifierType is ${told(type)}`
    return bySku
      ? `${readAsId}: the product with this SKU is found with identifierType sku, or without an identifierType.`
      : `${readAsId}, and it is none.${await similar(subject, name)}`
  }
  if (bySku) return `SKU ${name} was read as an id, because it is numeric: pass identifierType sku.`
  if (isNumber(given) || INTEGER_TEXT.test(name))
    return `${quoted(name)} was read as an id, because it is numeric; no product has this id, and none has it as its SKU.`
  return `No product has the SKU ${quoted(name)}.${await similar(subject, name)}`
}

/**
 * Explains a product that is a struct or a list. A client that does not type its arguments sends them as one: node-soap, for
 * `args: ['Sku', 'german']`.
 */
function whyCollection(given: Value): string {
  const kind = isList(given) ? 'a list' : 'a struct'
  const inner = isList(given) ? null : [...(fieldsOf(given)?.values() ?? [])].find(isList)
  if (!inner) return `The product was given as ${kind}: it is the first argument, an id or an SKU.`
  return `The arguments came as one struct, which stands for the first of them, because its elements have no types: give args an array that says so (node-soap: args: { attributes: { 'xsi:type': 'SOAP-ENC:Array', 'SOAP-ENC:arrayType': 'xsd:anyType[${inner.length}]' }, item: […] }).`
}

/** Explains why identifierType `sku`, which looks for an SKU alone, found none. */
async function whyNoSku(subject: Subject, name: string): Promise<string> {
  const [byId] = isNumericText(name) ? await subject.inspection.products([integer(name) ?? 0], []) : []
  if (!byId) return `No product has the SKU ${quoted(name)}.${await similar(subject, name)}`
  const its = byId.sku === null ? 'no SKU' : `the SKU ${quoted(byId.sku)}`
  return `No product has the SKU ${quoted(name)}, by which identifierType sku asks; product ${byId.id} has ${its}.`
}

function told(identifierType: Value): string {
  return quoted(text(identifierType) ?? 'Array')
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
  const its = product.sku === null ? '' : ` (${nameOf(product)})`
  return `Product ${product.id}${its} is of the attribute set ${quoted(product.attributeSet)}, which has no media gallery.`
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
  if (isNumericText(store)) return `No store view has the id ${integer(store)}. ${all}`
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
  const { owner, wasStored } = await inspection.file(path)
  if (owner !== null && own === undefined)
    return `${quoted(path)} is an image of another product, ${nameOf(owner)}.`
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
  const name = product
    ? `The gallery of ${product.sku === null ? nameOf(product) : quoted(product.sku)}`
    : 'The gallery'
  if (files.length === 0) return `${name} is empty.`
  const others = files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : ''
  return `${name} has ${files.slice(0, MOST_FILES).map(quoted).join(', ')}${others}.`
}

/** Explains REST's 404s: which of product, image and store view was not found. */
export async function whyNotFound(subject: Subject): Promise<string> {
  const [product, image] = [argument(subject, 'product') ?? '', argument(subject, 'image')]
  const found = await productOf(subject)
  if (!found) return whyNoProductInPath(subject, product)
  const offered = `in no website of store view ${argument(subject, 'store')}`
  if (image === null) return `Product ${found.id} is ${offered}.`
  const imageId = integer(image) ?? 0
  if (imageId <= 0) return `The image in the path is ${quoted(image)}, which begins with no id of an image.`
  return `Product ${found.id} shows no image ${imageId} here: it is not in its gallery, is excluded and so hidden from this caller, or the product is ${offered}.`
}

async function whyNoProductInPath(subject: Subject, product: string): Promise<string> {
  const [bySku] = await subject.inspection.products([], [product])
  if (bySku)
    return `${quoted(product)} was read as an id, because it is numeric, and no product has this id. The one with this SKU has the id ${bySku.id}, by which alone REST finds it.`
  if (INTEGER_TEXT.test(product)) return `No product has the id ${product}.`
  return `No product has the SKU ${quoted(product)}.${await similar(subject, product)}`
}
