import { SaxesParser, type SaxesTagNS } from 'saxes'

export interface XmlElement {
  readonly kind: 'element'
  readonly name: string
  /** '' for none. */
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlNode[]
  /** The namespace of a prefix inside this element, for names that stand in values; undefined for an unknown one. */
  readonly resolve: (prefix: string) => string | undefined
}

export interface XmlAttribute {
  readonly name: string
  readonly namespace: string
  readonly value: string
}

export type XmlNode = XmlElement | { readonly kind: 'text' | 'cdata' | 'instruction'; readonly text: string }

export interface XmlDocument {
  readonly root: XmlElement
  readonly hasDoctype: boolean
}

export class MalformedXml extends Error {
  override readonly name = 'MalformedXml'
}

/** The document declares entities, which no client of this API needs and every attack on a parser does. */
export class EntityDeclared extends Error {
  override readonly name = 'EntityDeclared'
}

/** As deep as libxml2 goes. */
const DEEPEST = 256

/** Elements, attributes and texts; far more than a client sends. As objects they take fifty times their size in the document. */
const MOST_NODES = 250_000

/** What stands before the root element. A document type may be as long as the document, and the parser keeps it letter by letter. */
const LONGEST_PROLOG = 65_536

interface OpenElement extends XmlElement {
  readonly children: XmlNode[]
}

/**
 * Reads a whole XML document with its namespaces, as libxml2 does for PHP: comments are dropped, and text on both
 * sides of one is one text; white space around CDATA is dropped, and CDATA sections in a row are one.
 * Entities other than XML's own are never expanded.
 *
 * @throws MalformedXml also for one nested deeper than 256 levels, or of more than 250,000 nodes
 * @throws EntityDeclared
 */
export function parseXml(text: string): XmlDocument {
  const parser = new SaxesParser({ xmlns: true })
  const open: OpenElement[] = []
  let root: XmlElement | null = null
  let hasDoctype = false
  let nodes = 0

  const count = () => {
    nodes++
    if (nodes > MOST_NODES) throw new MalformedXml(`more than ${MOST_NODES} nodes`)
  }
  /** The children of the innermost element while one text is all that they are. */
  let begun: XmlNode[] | null = null

  const append = (kind: 'text' | 'cdata' | 'instruction', content: string) => {
    const siblings = open.at(-1)?.children
    if (!siblings) return
    count()
    if (kind === 'cdata') dropBlankStart()
    begun = kind === 'text' && siblings.length === 0 ? siblings : null
    const last = siblings.at(-1)
    if (kind === 'text' && last?.kind === 'cdata' && isBlank(content)) return
    if (kind !== 'instruction' && last?.kind === kind)
      siblings[siblings.length - 1] = { kind, text: last.text + content }
    else siblings.push({ kind, text: content })
  }

  /** White space that starts an element counts only if the element ends with it. A text is looked at once. */
  const dropBlankStart = () => {
    const [only] = begun ?? []
    if (only?.kind === 'text' && isBlank(only.text)) begun?.pop()
    begun = null
  }

  // Counted one by one, for a tag is told only when all its attributes are in memory.
  parser.on('attribute', count)
  parser.on('opentag', (tag) => {
    count()
    begun = null
    if (open.length >= DEEPEST) throw new MalformedXml(`nested deeper than ${DEEPEST} levels`)
    const parent = open.at(-1)
    const element = openElement(tag, parent)
    parent?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => {
    begun = null
    open.pop()
  })
  parser.on('text', (content) => append('text', content))
  // With more than six handlers the parser is four times as slow, so only what the document has is listened for.
  if (text.includes('<!--')) parser.on('comment', dropBlankStart)
  if (text.includes('<![CDATA[')) parser.on('cdata', (content) => append('cdata', content))
  if (text.includes('<?')) parser.on('processinginstruction', ({ target }) => append('instruction', target))
  if (text.includes('<!DOCTYPE')) {
    parser.on('doctype', (declaration) => {
      if (declaration.includes('<!ENTITY')) throw new EntityDeclared('the document declares entities')
      hasDoctype = true
    })
  }

  readWith(parser, text.slice(0, LONGEST_PROLOG))
  if (root === null) throw new MalformedXml(`no root element in the first ${LONGEST_PROLOG} characters`)
  readWith(parser, text.slice(LONGEST_PROLOG))
  readWith(parser, null)
  return { root, hasDoctype }
}

/** Hands a part of the document to the parser, or its end. What the parser throws of its own says what is malformed. */
function readWith(parser: SaxesParser<{ xmlns: true }>, part: string | null): void {
  try {
    parser.write(part)
  } catch (thrown) {
    if (thrown instanceof MalformedXml || thrown instanceof EntityDeclared) throw thrown
    throw new MalformedXml((thrown as Error).message, { cause: thrown })
  }
}

function isBlank(text: string): boolean {
  return !/[^ \t\n\r]/.test(text)
}

function openElement(tag: SaxesTagNS, parent: OpenElement | undefined): OpenElement {
  const attributes = Object.values(tag.attributes)
    .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
    .map(({ local, uri, value }) => ({ name: local, namespace: uri, value }))
  const declared = Object.keys(tag.ns).length > 0 ? tag.ns : null
  const inherited = parent?.resolve ?? ((prefix: string) => XML_PREFIXES[prefix])
  const resolve = declared
    ? (prefix: string) => (Object.hasOwn(declared, prefix) ? declared[prefix] : inherited(prefix))
    : inherited
  return { kind: 'element', name: tag.local, namespace: tag.uri, attributes, children: [], resolve }
}

const XML_PREFIXES: Readonly<Record<string, string | undefined>> = {
  xml: 'http://www.w3.org/XML/1998/namespace',
}

export function childElements(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child.kind === 'element')
}

/** The value of an attribute; of any namespace when none is asked for. Null when it is absent. */
export function attribute(element: XmlElement, name: string, namespace?: string): string | null {
  const found = element.attributes.find(
    (candidate) => candidate.name === name && (namespace === undefined || candidate.namespace === namespace),
  )
  return found?.value ?? null
}
