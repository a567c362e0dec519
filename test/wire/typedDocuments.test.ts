/** The documents of the typed dialects, v2 and WS-I, say what their bindings do: neither drifts from the other. */
import { Directory } from '../../src/api/directory'
import { operationsOf } from '../../src/api/operations'
import { IMAGE_HASHES } from '../../src/catalog/gallery'
import { extendedProductMediaResource, productMediaResource } from '../../src/catalog/rpc/resource'
import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { documentText } from '../../src/wire/rpc/wsdlDocuments'
import type { Binding } from '../../src/wire/soap/binding'
import { MAGENTO_1_5, MAGENTO_1_9, OPENMAGE_20, wsdlContent } from '../../src/wire/soap/soapProfile'
import { typedOperations } from '../../src/wire/soap/typedOperations'
import type { WsdlType } from '../../src/wire/soap/types'
import { v2Binding } from '../../src/wire/soap/v2'
import { wsiBinding } from '../../src/wire/soap/wsi'

/** Names of parts or fields with their types, in order: `product xsd:string`. */
type Described = readonly string[]

interface DescribedMessage {
  readonly element: string
  readonly parts: Described
}

interface DescribedOperation {
  readonly request: DescribedMessage
  readonly answer: DescribedMessage
}

const unused = () => Promise.reject(new Error('no operation runs here'))

const operations = operationsOf({
  sessions: { open: unused, newAnonymousId: unused, find: unused, close: unused },
  accounts: { authenticate: unused },
  directory: new Directory([]),
  log: { debug: unused, error: unused },
})

/** How each document says what a binding does. */
const DOCUMENTS = [
  {
    file: 'v2.wsdl',
    dialect: 'v2',
    bind: v2Binding,
    messageOf: rpcMessage,
    arrayOf: (item: string) => [`item ${item}`, `soapenc:arrayType ${item}[]`],
  },
  {
    file: 'wsi.wsdl',
    dialect: 'wsi',
    bind: wsiBinding,
    messageOf: documentMessage,
    arrayOf: (item: string) => [`complexObjectArray ${item}`],
  },
] as const

const WITH_HASHES = { ...MAGENTO_1_9, imageHashes: IMAGE_HASHES }

const VERSIONS = [
  { version: 'Magento 1.9', profile: MAGENTO_1_9, resource: productMediaResource },
  { version: 'Magento 1.5', profile: MAGENTO_1_5, resource: productMediaResource },
  { version: 'OpenMage 20', profile: OPENMAGE_20, resource: productMediaResource },
  { version: 'extensions', profile: WITH_HASHES, resource: extendedProductMediaResource },
] as const

const SERVED = VERSIONS.flatMap((version) => DOCUMENTS.map((document) => ({ ...document, ...version })))

describe.each(SERVED)(
  'wsdl/$file of $version',
  ({ file, dialect, bind, messageOf, arrayOf, profile, resource }) => {
    const wsdl = parseXml(
      documentText(
        file,
        'http://localhost/api/v2_soap/',
        wsdlContent(profile, resource === extendedProductMediaResource),
      ),
    ).root
    const bindings = typedOperations(operations, [resource], dialect, profile).map((operation) =>
      bind(operation, profile),
    )

    test('describes every operation: its element, its parts in order with their types, and its answer', () => {
      expect(operationsIn(wsdl, messageOf)).toEqual(Object.fromEntries(bindings.map(describedBinding)))
    })

    test('describes every type, with its fields in order', () => {
      const types = bindings.flatMap(({ parts, answer }) => [...parts.map(({ type }) => type), answer.type])
      expect(typesIn(wsdl)).toEqual(
        Object.fromEntries(types.flatMap((type) => describedTypes(type, arrayOf))),
      )
    })
  },
)

function describedBinding({
  operation,
  elements: [element = ''],
  parts,
  answer,
}: Binding): readonly [string, DescribedOperation] {
  return [
    operation,
    {
      request: { element, parts: parts.map(({ names: [name], type }) => `${name} ${typeName(type)}`) },
      answer: { element: answer.element, parts: [`${answer.part} ${typeName(answer.type)}`] },
    },
  ]
}

/** The type if it has a name of its own, and those within it. */
function describedTypes(
  type: WsdlType,
  arrayOf: (item: string) => Described,
): readonly (readonly [string, Described])[] {
  if (type.kind === 'array') {
    return [[type.name, arrayOf(typeName(type.item))], ...describedTypes(type.item, arrayOf)]
  }
  if (type.kind !== 'entity') return []
  const fields = Object.entries(type.fields)
  return [
    [type.name, fields.map(([name, field]) => `${name} ${typeName(field)}`)],
    ...fields.flatMap(([, field]) => describedTypes(field, arrayOf)),
  ]
}

function typeName(type: WsdlType): string {
  if (type.kind === 'any') return 'xsd:anyType'
  return `${type.kind === 'scalar' ? 'xsd' : 'typens'}:${type.name}`
}

function operationsIn(
  wsdl: XmlElement,
  messageOf: typeof rpcMessage,
): Readonly<Record<string, DescribedOperation>> {
  const operations = elementsIn(wsdl, 'portType').flatMap((portType) => elementsIn(portType, 'operation'))
  return Object.fromEntries(
    operations.map((operation) => {
      const name = attribute(operation, 'name')
      return [
        name,
        {
          request: messageOf(wsdl, messageNamed(wsdl, operation, 'input'), name),
          answer: messageOf(wsdl, messageNamed(wsdl, operation, 'output'), `${name}Response`),
        },
      ]
    }),
  )
}

function messageNamed(wsdl: XmlElement, operation: XmlElement, direction: 'input' | 'output'): XmlElement {
  const name = localName(attribute(only(elementsIn(operation, direction)), 'message'))
  return only(elementsIn(wsdl, 'message').filter((message) => attribute(message, 'name') === name))
}

/** In rpc style the element has the operation's name, and the message's parts are its children. */
function rpcMessage(_wsdl: XmlElement, message: XmlElement, element: string): DescribedMessage {
  const parts = elementsIn(message, 'part')
  return { element, parts: parts.map((part) => `${attribute(part, 'name')} ${attribute(part, 'type')}`) }
}

/** In document style the message is an element of the schema. */
function documentMessage(wsdl: XmlElement, message: XmlElement): DescribedMessage {
  const name = localName(attribute(only(elementsIn(message, 'part')), 'element'))
  const declared = elementsIn(schemaOf(wsdl), 'element').filter((each) => attribute(each, 'name') === name)
  return { element: name, parts: fieldsIn(only(declared)) }
}

function typesIn(wsdl: XmlElement): Readonly<Record<string, Described>> {
  const types = elementsIn(schemaOf(wsdl), 'complexType')
  return Object.fromEntries(types.map((type) => [attribute(type, 'name'), fieldsIn(type)]))
}

/** The elements within, and the attribute that says what an array holds. */
function fieldsIn(declared: XmlElement): Described {
  return childElements(declared).flatMap((child) => {
    if (child.name === 'element') return [`${attribute(child, 'name')} ${attribute(child, 'type')}`]
    if (child.name === 'attribute') return [`${attribute(child, 'ref')} ${attribute(child, 'arrayType')}`]
    return fieldsIn(child)
  })
}

function schemaOf(wsdl: XmlElement): XmlElement {
  const schemas = elementsIn(only(elementsIn(wsdl, 'types')), 'schema')
  return only(
    schemas.filter((schema) => attribute(schema, 'targetNamespace') === attribute(wsdl, 'targetNamespace')),
  )
}

function localName(qualified: string): string {
  return qualified.replace(/^typens:/, '')
}

function elementsIn(parent: XmlElement, name: string): readonly XmlElement[] {
  return childElements(parent).filter((child) => child.name === name)
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.find((each) => each.name === name)?.value ?? ''
}

function only(elements: readonly XmlElement[]): XmlElement {
  const [first, ...others] = elements
  if (!first || others.length > 0) throw new Error(`one was expected, not ${elements.length}`)
  return first
}
