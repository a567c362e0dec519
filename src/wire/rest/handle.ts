import {
  ACTIONS,
  type Action,
  actionOf,
  type IMAGE_OPERATIONS,
  IMAGE_RESOURCE,
  isWritable,
  operationOn,
  type PathKind,
} from '../../catalog/rest/imageOperations'
import {
  type ImageRights,
  type ImageRightsSource,
  readablePart,
  writablePart,
} from '../../catalog/rest/imageRights'
import type { GalleryAddress, ImageAddress, ImagesById } from '../../catalog/rest/imagesById'
import type { Caller } from '../../contract/caller'
import type { DecodedCall } from '../../contract/exchange'
import { HttpFault } from '../../contract/httpFault'
import type { CallInterceptor, CallResult } from '../../contract/interception'
import type { Log } from '../../contract/log'
import { notedFault } from '../../contract/notedCall'
import { RETRY_AFTER_SECONDS } from '../../contract/overloaded'
import type { RequestContext } from '../../contract/request'
import { fieldsOf, isList, itemsOf, type Value, type ValueMap } from '../../contract/value'
import type { Authenticate, SignedRequest } from '../../oauth/authentication'
import { readBody } from './decode'
import { CONTENT_TYPES, encode } from './encode'
import { asRestFault, errorEnvelope, fault } from './errors'
import { asNamedInRest } from './forcedFaults'
import { locationOf } from './location'
import { acceptedFormat, type Format } from './negotiate'
import { type Target, targetOf } from './path'

/** The parts of an HTTP request that REST reads. */
export interface RestRequest {
  /** The path as it was sent, without the query, which REST ignores. */
  readonly path: string
  /** The path before `/api/rest`, such as that of a shop in a folder; mostly ''. */
  readonly folder: string
  readonly accept: string | undefined
  /** The parts that a signature covers: the method, the body, and the headers that name the signer. */
  readonly signed: SignedRequest
}

export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The result of a call, before its value is written in the client's format. */
interface RestResult extends CallResult {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The value of the body; null for an answer without one. */
  readonly value: Value
}

export interface RestParts {
  readonly images: ImagesById
  readonly authenticate: Authenticate
  readonly imageRights: ImageRightsSource
  /** Present only in a test double. */
  readonly interceptor?: CallInterceptor
}

/**
 * Answers one REST request, with its checks in Magento's order: Accept, signature, path, method, access, and
 * then those of the resource. Never throws: every failure becomes an error in the envelope.
 */
export async function handleRest(
  request: RestRequest,
  parts: RestParts,
  context: RequestContext,
  log: Log,
): Promise<RestAnswer> {
  const format = acceptedFormat(request.accept)
  try {
    if (!format) throw fault('not_acceptable')
    return written(await answer(request, parts, context), format)
  } catch (thrown) {
    const error = asRestFault(asNamedInRest(thrown), log, context)
    return errorAnswer(error, format, request.path, context)
  }
}

/** Returns the answer of an error. A client that takes neither format gets JSON. */
export function errorAnswer(
  error: HttpFault,
  format: Format | null,
  path: string,
  context: RequestContext,
): RestAnswer {
  context.notes.noteFault(notedFault(error))
  const result = { status: error.status, headers: headersOf(error, path), value: errorEnvelope(error) }
  return written(result, format ?? 'json')
}

/** Returns the headers that HTTP requires with some statuses (RFC 9110, 10.2.3, 11.6.1 and 15.5.6). */
function headersOf({ status }: HttpFault, path: string): Readonly<Record<string, string>> {
  if (status === 401) return { 'www-authenticate': 'OAuth' }
  if (status === 503) return { 'retry-after': String(RETRY_AFTER_SECONDS) }
  const target = status === 405 ? targetOf(path) : null
  return target ? { allow: allowedOn(target.kind) } : {}
}

/** Returns the methods that are implemented, such as `GET, HEAD, POST`. */
function allowedOn(kind: PathKind): string {
  const allowed = Object.entries(ACTIONS).filter(([, action]) => operationOn(kind, action) !== null)
  return allowed.map(([method]) => method).join(', ')
}

/** Returns the name of a request in the log and the metrics, whatever its path names. */
function observedAs(action: Action): string {
  return `${IMAGE_RESOURCE}.${action}`
}

export const OBSERVED_IN_REST: readonly string[] = [...new Set(Object.values(ACTIONS))].map(observedAs)

/** A request whose caller is known and has the right to make it. */
interface Call {
  readonly request: RestRequest
  readonly caller: Caller
  readonly rights: ImageRights
  readonly images: ImagesById
  readonly context: RequestContext
}

async function answer(
  request: RestRequest,
  { images, authenticate, imageRights, interceptor }: RestParts,
  context: RequestContext,
): Promise<RestResult> {
  const { caller, operator, consumer, token } = await authenticate(request.signed)
  const { clientAddress } = context.origin
  context.notes.noteUser(caller)
  context.scope.nameAuthor({ user: operator, consumer, token, protocol: 'rest', clientAddress })
  const target = targetOf(request.path)
  if (!target) throw fault('no_route')
  context.notes.noteProduct(target.address.product)
  const action = actionOf(request.signed.method)
  if (!action) throw fault('method_invalid')
  context.notes.noteOperation(observedAs(action))
  const rights = await imageRights.rightsOf(caller, token)
  if (!rights.actions.has(action)) throw fault('access_denied')
  const call: Call = { request, caller, rights, images, context }
  const run = async () =>
    target.kind === 'collection'
      ? implemented(ON_COLLECTION, action)(target.address, call)
      : implemented(ON_ENTITY, action)(target.address, call)
  if (!interceptor) return run()
  return interceptor.intercept(await decodedCall(action, target, call), context, run)
}

/**
 * Describes the call by the method that does the same in the other dialects. The store view is the one that the caller
 * sees, by its id; one that does not exist is told as it was sent.
 */
async function decodedCall(
  action: Action,
  target: Target,
  { images, caller, request: { signed } }: Call,
): Promise<DecodedCall> {
  const { name = action } = operationOn(target.kind, action) ?? {}
  const { address } = target
  const given: [string, Value][] = [
    ['product', address.product],
    ['store', (await images.storeView(address, caller)) ?? address.store],
  ]
  if (target.kind === 'entity') given.push(['image', target.address.image])
  if (signed.body.length > 0) given.push(['data', await dataOf(signed)])
  return { path: `${IMAGE_RESOURCE}.${name}`, arguments: new Map(given) }
}

type Run<Address> = (address: Address, call: Call) => Promise<RestResult>

/** @throws method_not_implemented */
function implemented<Address>(
  runs: Readonly<Partial<Record<Action, Run<Address>>>>,
  action: Action,
): Run<Address> {
  const run = runs[action]
  if (!run) throw fault('method_not_implemented')
  return run
}

/** Returns the value of the body; null for a body that cannot be read, on which the operation will report. */
async function dataOf({ body, contentType }: SignedRequest): Promise<Value> {
  try {
    return await readBody(body, contentType)
  } catch (thrown) {
    if (thrown instanceof HttpFault) return null
    throw thrown
  }
}

/** The function that runs each operation of the table. */
type Runs<Kind extends PathKind, Address> = Readonly<
  Record<keyof (typeof IMAGE_OPERATIONS)[Kind], Run<Address>>
>

const ON_COLLECTION: Runs<'collection', GalleryAddress> = {
  async retrieve(address, { images, caller, rights, context }) {
    const list = await images.list(address, caller, context)
    return { ...DONE, value: list.map((image) => readablePart(image, rights)) }
  },
  async create(address, { images, request, caller, rights, context }) {
    const data = await givenValue(request)
    // Magento cannot create several images at once (recording `rest/post-multi`).
    if (isList(data)) throw fault('method_not_implemented')
    const imageId = await images.create(address, caller, givenFields(data, rights), context)
    return { ...DONE, headers: { location: locationOf(address.product, imageId, request.folder) } }
  },
}

const ON_ENTITY: Runs<'entity', ImageAddress> = {
  async retrieve(address, { images, caller, rights, context }) {
    return { ...DONE, value: readablePart(await images.get(address, caller, context), rights) }
  },
  async update(address, { images, request, caller, rights, context }) {
    await images.update(address, caller, givenFields(await givenValue(request), rights), context)
    return DONE
  },
  async remove(address, { images, caller, context }) {
    await images.remove(address, caller, context)
    return DONE
  },
}

const DONE: RestResult = { status: 200, headers: {}, value: null }

function written({ status, headers, value }: RestResult, format: Format): RestAnswer {
  if (value === null) return { status, headers, body: '' }
  return {
    status,
    headers: { 'content-type': CONTENT_TYPES[format], ...headers },
    body: encode(value, format),
  }
}

/**
 * Returns the value of the body, which must not be empty in PHP's sense.
 *
 * @throws data_invalid, or what {@link readBody} throws
 */
async function givenValue({ signed: { body, contentType } }: RestRequest): Promise<Value> {
  const value = await readBody(body, contentType)
  const isNothing = value === null || value === false || value === 0 || value === '' || value === '0'
  if (isNothing || itemsOf(value)?.length === 0) throw fault('data_invalid')
  return value
}

/** Returns the fields that a client may write; there must be at least one. @throws data_invalid */
function givenFields(value: Value, rights: ImageRights): ValueMap {
  const fields = writablePart(
    new Map([...(fieldsOf(value) ?? [])].filter(([name]) => isWritable(name))),
    rights,
  )
  if (fields.size === 0) throw fault('data_invalid')
  return fields
}
