import type { SaxesTagNS } from 'saxes'
import { atOnce, inTurns, type Steps } from '../../contract/turns'
import { SLICE } from '../utf8'
import { xmlText } from './charset'
import { type ContentKind, EntityDeclared, MalformedXml, SlicedParser, type XmlEvents } from './parser'

export interface XmlElement {
  readonly kind: 'element'
  readonly name: string
  /** Empty for an element without a namespace. */
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlNode[]
  /**
   * Finds the namespace of a prefix inside this element, for names that stand in values; undefined for an
   * unknown prefix.
   */
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

/** The limit of libxml2. */
const DEEPEST = 256

/**
 * The limit of elements, attributes and texts together: far more than a client sends. As objects they take
 * fifty times their size in the document.
 */
const MOST_NODES = 250_000

/** The limit for one element. saxes handles all attributes of an element in one step. */
const MOST_ATTRIBUTES = 50_000

/**
 * Characters in which the root element must begin. A document type could be as long as the document, and
 * saxes collects it letter by letter.
 */
const LONGEST_PROLOG = SLICE

interface OpenElement extends XmlElement {
  readonly children: XmlNode[]
}

/**
 * Reads the bytes of a whole XML document, in turns, with its namespaces, as libxml2 does for PHP: comments
 * are dropped, and text on both sides of a comment is one text; white space around CDATA is dropped, and
 * consecutive CDATA sections are one. Entities other than XML's own are never expanded.
 *
 * @throws UnreadableText
 * @throws MalformedXml also for a document that is nested deeper than 256 levels, or has more than 250,000
 * nodes
 * @throws EntityDeclared
 */
export function readXml(bytes: Buffer): Promise<XmlDocument> {
  return inTurns(documentOf(xmlText(bytes)))
}

/** Reads a document that is a text, at once. Throws what {@link readXml} throws, except UnreadableText. */
export function parseXml(text: string): XmlDocument {
  return atOnce(documentOf([text]))
}

function* documentOf(slices: Iterable<string>): Steps<XmlDocument> {
  const tree = new TreeBuilder()
  const parser = new SlicedParser(tree)
  let length = 0
  for (const slice of slices) {
    parser.write(slice)
    length += slice.length
    if (length >= LONGEST_PROLOG) tree.requireRoot()
    yield
  }
  parser.end()
  return tree.document()
}

class TreeBuilder implements XmlEvents {
  readonly #open: OpenElement[] = []
  #root: XmlElement | null = null
  #hasDoctype = false
  #nodes = 0
  #attributes = 0
  /**
   * The open element's children, as long as they are one white-space text: dropped if CDATA or a comment
   * follows.
   */
  #blankStart: XmlNode[] | null = null

  document(): XmlDocument {
    return { root: this.requireRoot(), hasDoctype: this.#hasDoctype }
  }

  /** @throws MalformedXml */
  requireRoot(): XmlElement {
    if (this.#root === null)
      throw new MalformedXml(`no root element in the first ${LONGEST_PROLOG} characters`)
    return this.#root
  }

  attribute(): void {
    this.#count()
    this.#attributes++
    if (this.#attributes > MOST_ATTRIBUTES) throw new MalformedXml(`more than ${MOST_ATTRIBUTES} attributes`)
  }

  open(tag: SaxesTagNS): void {
    this.#count()
    this.#attributes = 0
    this.#blankStart = null
    if (this.#open.length >= DEEPEST) throw new MalformedXml(`nested deeper than ${DEEPEST} levels`)
    const parent = this.#open.at(-1)
    const element = openElement(tag, parent)
    parent?.children.push(element)
    this.#root ??= element
    this.#open.push(element)
  }

  close(): void {
    this.#blankStart = null
    this.#open.pop()
  }

  content(kind: ContentKind, text: string, isBlank: boolean): void {
    const siblings = this.#open.at(-1)?.children
    if (!siblings) return
    this.#count()
    if (kind === 'cdata') this.#dropBlankStart()
    this.#blankStart = kind === 'text' && isBlank && siblings.length === 0 ? siblings : null
    const last = siblings.at(-1)
    if (kind === 'text' && isBlank && last?.kind === 'cdata') return
    if (last?.kind === kind) siblings[siblings.length - 1] = { kind, text: last.text + text }
    else siblings.push({ kind, text })
  }

  instruction(target: string): void {
    const siblings = this.#open.at(-1)?.children
    if (!siblings) return
    this.#count()
    this.#blankStart = null
    siblings.push({ kind: 'instruction', text: target })
  }

  comment(): void {
    this.#dropBlankStart()
  }

  doctype(declaration: string): void {
    if (declaration.includes('<!ENTITY')) throw new EntityDeclared('the document declares entities')
    this.#hasDoctype = true
  }

  /** Drops the white space at the start of an element, which counts only if nothing follows it. */
  #dropBlankStart(): void {
    this.#blankStart?.pop()
    this.#blankStart = null
  }

  #count(): void {
    this.#nodes++
    if (this.#nodes > MOST_NODES) throw new MalformedXml(`more than ${MOST_NODES} nodes`)
  }
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

/** Returns the texts and CDATA sections of an element, joined, without those of its child elements. */
export function textOf({ children }: XmlElement): string {
  const [only] = children
  if (children.length === 1 && only?.kind === 'text') return only.text
  return children.map((node) => (node.kind === 'text' || node.kind === 'cdata' ? node.text : '')).join('')
}

/**
 * Returns the value of an attribute; null when it is absent. Without a namespace, an attribute of any
 * namespace is found.
 */
export function attribute(element: XmlElement, name: string, namespace?: string): string | null {
  const found = element.attributes.find(
    (candidate) => candidate.name === name && (namespace === undefined || candidate.namespace === namespace),
  )
  return found?.value ?? null
}
