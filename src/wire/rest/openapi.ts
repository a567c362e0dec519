import {
  ACTIONS,
  type Action,
  IMAGE_OPERATIONS,
  isWriting,
  type PathKind,
  type WritableField,
} from '../../catalog/rest/imageOperations'
import { IN_STORE, PATHS } from './path'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = { readonly [name: string]: Json }

/**
 * Returns the OpenAPI 3.1 document of REST, after Magento's public page "REST API: Product Images" and
 * magento.md §4.
 *
 * @param publicUrl where the client reaches this server, without a trailing slash
 */
export function openApiDocument(publicUrl: string): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Product images, as Magento 1 had them over REST',
      version: '1.0.0',
      summary: 'A second front door to the galleries that SOAP and XML-RPC serve.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${publicUrl}/api/rest` }],
    tags: [
      { name: 'Gallery', description: 'All images of a product.' },
      { name: 'Image', description: 'One image of a product.' },
    ],
    paths: {
      [PATHS.collection]: described('collection', '', [product]),
      [PATHS.collection + IN_STORE]: described('collection', 'InStore', [product, store]),
      [PATHS.entity]: described('entity', '', [product, imageId]),
      [PATHS.entity + IN_STORE]: described('entity', 'InStore', [product, imageId, store]),
    },
    components: {
      schemas: SCHEMAS,
      responses: RESPONSES,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

const DESCRIPTION = `Values and types are kept for each store view, and fall back to the default scope field by field. A write in a store
view makes everything that shows there its own.

**Formats.** Answers are JSON or XML, as \`Accept\` says: \`*/*\` is JSON, and no header is XML. Bodies are JSON, XML or a form,
as \`Content-Type\` says. In XML the root element is \`magento_api\`, and each item of a list a \`data_item\`.

**Callers.** A request without \`Authorization: OAuth\` comes from a guest. Guests and customers read images that are not
excluded; administrators read and write all.

Paging, order and filter parameters are ignored.`

const product = pathParameter('product', 'The product’s id, in decimal digits.', '8')
const imageId = pathParameter('image', 'The image’s id, in decimal digits.', '5')
const store = pathParameter(
  'store',
  'The store view’s id, in decimal digits, of a website that the product is in. 0 is the default scope, and so is a name.',
  '2',
)

function pathParameter(name: string, description: string, example: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: { type: 'string' }, example }
}

/** Any client may read without a signature; a signature shows more. */
const ANYONE: Json = [{}, { oauth: [] }]
const ADMINISTRATORS: Json = [{ oauth: [] }]

const TAG: Readonly<Record<PathKind, string>> = { collection: 'Gallery', entity: 'Image' }

/** The document's texts for an action on a path. */
interface Words {
  /** The id of the operation. */
  readonly id: string
  readonly summary: string
}

/** The document's texts for an implemented operation. */
interface OperationWords extends Words {
  readonly description?: (isInStore: boolean) => string
  readonly answer: JsonObject
  /** Further errors, beside those that every operation of this kind has. */
  readonly errors?: readonly ErrorName[]
}

/** The document's texts for an operation that reads a body. */
interface BodyWords extends OperationWords {
  readonly body: { readonly schema: string; readonly example: Json }
}

type Operations = typeof IMAGE_OPERATIONS

/**
 * The texts that the document needs: for each operation of the table, and for each action that is not
 * implemented.
 */
type WordsOf<Kind extends PathKind> = {
  readonly [Asked in Action]: Asked extends keyof Operations[Kind]
    ? Operations[Kind][Asked] extends { readonly required: null }
      ? OperationWords
      : BodyWords
    : Words
}

/** Describes all methods on a path, except HEAD, which works like GET. */
function described(kind: PathKind, suffix: string, parameters: readonly JsonObject[]): JsonObject {
  const methods = Object.entries(ACTIONS).filter(([method]) => method !== 'HEAD')
  return {
    parameters,
    ...Object.fromEntries(
      methods.map(([method, action]) => [method.toLowerCase(), describedMethod(kind, action, suffix)]),
    ),
    ...(kind === 'entity' && { patch: unknownMethod(`patchImage${suffix}`) }),
  }
}

function describedMethod(kind: PathKind, action: Action, suffix: string): JsonObject {
  const words: Words | OperationWords | BodyWords = WORDS[kind][action]
  const { id, summary } = words
  const named = { operationId: id + suffix, tags: [TAG[kind]], summary }
  if (!('answer' in words)) return { ...named, ...notImplemented() }
  const { description, answer, errors: others = [] } = words
  const given = 'body' in words ? words.body : null
  return {
    ...named,
    ...(description && { description: description(suffix !== '') }),
    security: isWriting(action) ? ADMINISTRATORS : ANYONE,
    ...(given && { requestBody: body(given.schema, given.example) }),
    responses: {
      200: answer,
      ...errors('BadRequest', 'Unauthorized', 'NotFound', 'NotAcceptable', 'Internal'),
      ...(isWriting(action) && errors('Forbidden')),
      ...(given && errors('TooLarge', 'UnsupportedEncoding')),
      ...errors(...others),
    },
  }
}

/** Describes an operation that Magento routes but does not implement. */
function notImplemented(): JsonObject {
  return {
    deprecated: true,
    security: ADMINISTRATORS,
    responses: errors('Unauthorized', 'Forbidden', 'NotImplemented', 'NotAcceptable'),
  }
}

/** Describes `PATCH` and other methods, which are answered but do nothing. */
function unknownMethod(operationId: string): JsonObject {
  return {
    operationId,
    tags: ['Image'],
    summary: 'Is no method of this API, as nothing but GET, HEAD, POST, PUT and DELETE is',
    deprecated: true,
    responses: errors('BadRequest', 'Unauthorized'),
  }
}

const STATUSES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  NotImplemented: 405,
  NotAcceptable: 406,
  TooLarge: 413,
  UnsupportedEncoding: 415,
  Internal: 500,
} as const

type ErrorName = keyof typeof STATUSES

function errors(...names: readonly ErrorName[]): JsonObject {
  return Object.fromEntries(names.map((name) => [STATUSES[name], reference('responses', name)]))
}

function reference(kind: string, name: string): JsonObject {
  return { $ref: `#/components/${kind}/${name}` }
}

function ok(description: string, schema: string, example: Json): JsonObject {
  return { description, content: inBothFormats(schema, example) }
}

function inBothFormats(schema: string, example: Json): JsonObject {
  return {
    'application/json': { schema: reference('schemas', schema), example },
    'application/xml': { schema: reference('schemas', schema) },
  }
}

function body(schema: string, example: Json): JsonObject {
  return {
    required: true,
    content: {
      ...inBothFormats(schema, example),
      'text/xml': { schema: reference('schemas', schema) },
      'application/x-www-form-urlencoded': { schema: reference('schemas', schema) },
    },
  }
}

const TYPES: JsonObject = {
  type: 'array',
  description:
    'What the shop shows the image as: codes of media attributes that the product’s attribute set has. A type belongs to one image of a product.',
  items: { type: 'string', examples: ['image', 'small_image', 'thumbnail'] },
  xml: { wrapped: true },
}

/** A number as the answers have it: a text, and with KEEPSAKE_PROFILE=lts20 an integer. */
const NUMBER_TEXT: JsonObject = { type: ['string', 'integer'], pattern: '^[0-9]*$' }
const NUMBER: JsonObject = { type: ['integer', 'string', 'null'] }
const HASH: JsonObject = {
  type: 'string',
  description: 'Of the image’s bytes, in hexadecimal digits, where KEEPSAKE_IMAGE_HASHES says so.',
}
const TEXT: JsonObject = { type: ['string', 'null'] }

/** The fields of a new image. */
const FIELDS: Readonly<Record<WritableField, JsonObject>> = {
  file_mime_type: {
    type: 'string',
    enum: ['image/jpeg', 'image/jpg', 'image/gif', 'image/png', 'image/webp'],
  },
  file_content: {
    type: 'string',
    contentEncoding: 'base64',
    description: 'A JPEG, GIF or PNG image, and with KEEPSAKE_PROFILE=lts20 a WebP image.',
  },
  file_name: {
    type: 'string',
    default: 'image',
    description: 'The file’s name without its extension. A taken name becomes `name_1`, `name_2` and so on.',
  },
  label: TEXT,
  position: { ...NUMBER, description: 'From 0 to 4294967295; what is beyond is brought within.' },
  exclude: { ...NUMBER, description: 'Whether only administrators see the image: 0 or 1.' },
  types: TYPES,
}

const SCHEMAS: JsonObject = {
  Image: {
    type: 'object',
    xml: { name: 'magento_api' },
    required: ['id', 'label', 'position', 'url', 'types'],
    properties: {
      id: { ...NUMBER_TEXT, description: 'Its id, for the paths of this API.' },
      label: { type: 'string' },
      position: { ...NUMBER_TEXT, description: 'Empty where no value was ever written.' },
      exclude: { ...NUMBER_TEXT, description: 'For administrators alone.' },
      url: { type: 'string', format: 'uri' },
      types: TYPES,
      md5: HASH,
      sha256: HASH,
    },
  },
  Images: {
    type: 'array',
    xml: { name: 'magento_api', wrapped: true },
    items: reference('schemas', 'Image'),
  },
  NewImage: {
    type: 'object',
    xml: { name: 'magento_api' },
    required: IMAGE_OPERATIONS.collection.create.required,
    properties: FIELDS,
  },
  ImageChanges: {
    type: 'object',
    xml: { name: 'magento_api' },
    minProperties: 1,
    description:
      'What is not given stays. A file takes the place of the image’s under its URL, if both its fields are given.',
    properties: { ...FIELDS, file_name: { type: 'string', description: 'Ignored.' } },
  },
  Errors: {
    type: 'object',
    xml: { name: 'magento_api' },
    required: ['messages'],
    properties: {
      messages: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'array',
            minItems: 1,
            xml: { wrapped: true },
            items: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'integer' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  },
}

const RESPONSES: JsonObject = {
  BadRequest: failure(
    400,
    'The store view is unknown, the body cannot be read, or its data are refused; the message says which.',
    'The request data is invalid.',
  ),
  Unauthorized: failure(401, 'The signature is not believed (RFC 5849).', 'oauth_problem=signature_invalid'),
  Forbidden: failure(403, 'Only administrators write.', 'Access denied'),
  NotFound: failure(
    404,
    'The product or image is unknown, is hidden from the caller, or is not of the store view’s website.',
    'Resource not found.',
  ),
  NotImplemented: {
    ...failure(405, 'The method does nothing here.', 'Resource method not implemented yet.'),
    headers: { Allow: reference('headers', 'Allow') },
  },
  NotAcceptable: failure(
    406,
    'The client takes neither JSON nor XML.',
    'Server can not understand Accept HTTP header media type.',
  ),
  TooLarge: failure(413, 'The body is over the limit.', 'Request body is larger than 67108864 bytes'),
  UnsupportedEncoding: failure(
    415,
    'The body is packed in an unknown way.',
    'Content-Encoding is not supported',
  ),
  Internal: failure(500, 'The server failed, and logged why.', 'Resource internal error.'),
}

function failure(code: number, description: string, message: string): JsonObject {
  return { description, content: inBothFormats('Errors', { messages: { error: [{ code, message }] } }) }
}

const HEADERS: JsonObject = {
  Location: {
    description: 'The path of the new image.',
    schema: { type: 'string' },
    example: '/api/rest/products/8/images/5',
  },
  Allow: {
    description: 'The methods that do something.',
    schema: { type: 'string' },
    example: 'GET, HEAD, POST',
  },
}

const SECURITY_SCHEMES: JsonObject = {
  oauth: {
    type: 'http',
    scheme: 'OAuth',
    description:
      'OAuth 1.0a (RFC 5849) with a consumer’s key and an access token of an administrator or a customer, signed with ' +
      'HMAC-SHA1, RSA-SHA1 or, over https, PLAINTEXT. A token is had from `/oauth/initiate`, the user’s consent, and `/oauth/token`. ' +
      'Every failure is a 401 whose message is `oauth_problem=` and what is wrong.',
  },
}

const IMAGE_EXAMPLE: Json = {
  id: '5',
  label: 'Front',
  position: '1',
  exclude: '0',
  url: 'https://shop.example/media/catalog/product/f/r/front.jpg',
  types: ['image', 'thumbnail'],
}

const LIST_EXAMPLE: Json = [IMAGE_EXAMPLE]

const NEW_EXAMPLE: Json = {
  file_mime_type: 'image/gif',
  file_content: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  file_name: 'front',
  label: 'Front',
  types: ['image'],
}

const CHANGES_EXAMPLE: Json = { label: 'From the front', position: 3, types: ['image', 'small_image'] }

const WORDS: { readonly [Kind in PathKind]: WordsOf<Kind> } = {
  collection: {
    retrieve: {
      id: 'listImages',
      summary: 'Lists the images of a product, by position',
      answer: ok('The images; none for a product without any.', 'Images', LIST_EXAMPLE),
    },
    create: {
      id: 'addImage',
      summary: 'Adds an image to a product',
      description: (isInStore) =>
        `One image at a time: a list is answered with 405.${isInStore ? ' Its values are of this store view alone.' : ''}`,
      body: { schema: 'NewImage', example: NEW_EXAMPLE },
      answer: {
        description: 'Added. The body is empty.',
        headers: { Location: reference('headers', 'Location') },
      },
      errors: ['NotImplemented'],
    },
    update: { id: 'replaceImages', summary: 'No gallery is changed as a whole' },
    remove: { id: 'removeImages', summary: 'No gallery is removed as a whole' },
  },
  entity: {
    retrieve: {
      id: 'getImage',
      summary: 'Shows an image',
      answer: ok('The image.', 'Image', IMAGE_EXAMPLE),
    },
    create: { id: 'addToImage', summary: 'An image is added to a gallery' },
    update: {
      id: 'changeImage',
      summary: 'Changes what the body gives of an image',
      body: { schema: 'ImageChanges', example: CHANGES_EXAMPLE },
      answer: { description: 'Changed. The body is empty.' },
    },
    remove: {
      id: 'removeImage',
      summary: 'Removes an image from its product',
      description: () =>
        'An image that a type still shows in another scope stays, and loses its types here alone.',
      answer: { description: 'Removed. The body is empty.' },
    },
  },
}
