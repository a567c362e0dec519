import type { NotedCall } from '../../contract/exchange'
import type { EndedExchange } from '../journal/entry'
import type { CallExplanation, Explanation } from '../journal/explanation'
import { MASK } from '../journal/maskedText'
import type { Secrets } from '../journal/secrets'
import { whyDenied, whyMissing, whyNoPath, whyNoSession } from './accessFaults'
import { whyNoFile, whyNoGallery, whyNoProduct, whyNoStoreView, whyNotFound } from './catalogFaults'
import { hintsFor } from './hints'
import { sentFileOf, whyMime, whyNoImage, whyNotBase64, whyNotSpecified } from './imageData'
import { whyNothingThere, whyRefused } from './layerFaults'
import { type Grounds, isRest, type Subject } from './subject'

type Reasoning = (subject: Subject) => string | Promise<string>

/** The explanations by the names of the faults in their tables. */
const REASONS: Readonly<Record<string, Reasoning>> = {
  unknown: () => 'Only a rule answers this fault.',
  access_denied: whyDenied,
  resource_path_invalid: whyNoPath,
  resource_path_not_callable: () => 'Only a rule answers this fault: every method can be called.',
  session_expired: whyNoSession,
  invalid_request_param: whyMissing,
  store_not_exists: whyNoStoreView,
  store_invalid: whyNoStoreView,
  product_not_exists: whyNoProduct,
  not_media_product: whyNoGallery,
  images_unsupported: whyNoGallery,
  not_exists: whyNoFile,
  data_invalid: whyInvalidData,
  image_not_specified: whyInvalidData,
  mime_type_unsupported: whyInvalidData,
  content_not_base64: whyInvalidData,
  not_created: whyInvalidImage,
  not_updated: whyInvalidImage,
  unknown_error: whyInvalidImage,
  not_removed: () => 'Only a rule answers this fault.',
  resource_not_found: whyNotFound,
  image_not_found: whyNotFound,
  method_not_implemented: () =>
    'A gallery is read by GET and added to by POST; an image is read by GET, changed by PUT and removed by DELETE.',
}

function whyInvalidData(subject: Subject): string {
  const data = subject.call.arguments.get('data') ?? null
  const file = sentFileOf(data, isRest(subject))
  const { message } = subject.fault
  if (/not specified/.test(message)) return whyNotSpecified(data, isRest(subject))
  if (/image type|MIME type/.test(message))
    return whyMime(file.mime, [...subject.inspection.extensions.keys()])
  if (/base64/.test(message)) return whyNotBase64(file.content ?? '')
  if (/label/.test(message)) return 'The label has a NUL in it, which no database column holds.'
  return data === null
    ? 'The body is empty, or could not be read.'
    : 'The body has no field that may be written, or a label with a NUL in it.'
}

function whyInvalidImage(subject: Subject): Promise<string> {
  const file = sentFileOf(subject.call.arguments.get('data') ?? null, isRest(subject))
  return whyNoImage(file, subject.fault.message, subject.inspection)
}

export interface ExplainerParts extends Grounds {
  /** Returns the name of the rule with this id; null for a rule without one. */
  readonly ruleName: (id: string) => string | null
}

/** Explains to the author of a client why calls failed or did something other than intended. */
export class Explainer {
  constructor(private readonly parts: ExplainerParts) {}

  /** @throws what the database throws */
  async explain(ended: EndedExchange, secrets: Secrets): Promise<Explanation> {
    const calls: CallExplanation[] = []
    for (const call of ended.exchange.calls)
      calls.push(masked(await this.#call(call, ended, secrets), secrets))
    const request = calls.some(({ reason }) => reason !== null) ? null : this.#request(ended)
    return { calls, request: request !== null && secrets.standsIn(request) ? MASK : request }
  }

  async #call(
    call: NotedCall,
    { exchange, context }: EndedExchange,
    secrets: Secrets,
  ): Promise<CallExplanation> {
    if (call.rule !== undefined) return { reason: this.#byRule(call.rule), hints: [] }
    const { fault } = call
    if (!fault) {
      const isInternal = call.value === undefined && exchange.fault?.key === 'internal'
      if (isInternal) return { reason: INTERNAL, hints: [] }
      return { reason: null, hints: await hintsFor(call, this.parts.inspection) }
    }
    const { key = '' } = fault
    const reasoning = Object.hasOwn(REASONS, key) ? REASONS[key] : undefined
    const reason = (await reasoning?.({ ...this.parts, call, fault, context, secrets })) ?? null
    return { reason, hints: [] }
  }

  #byRule(id: string): string {
    const name = this.parts.ruleName(id)
    return `by rule ${id}${name === null ? '' : `: ${name}`}`
  }

  #request({ exchange, context, status }: EndedExchange): string | null {
    const { fault } = exchange
    if (fault) return fault.key === 'internal' ? INTERNAL : whyRefused({ exchange, context, fault })
    return exchange.calls.length === 0 && status === 404 ? whyNothingThere(exchange.target) : null
  }
}

const INTERNAL = 'Something failed inside the server: its log tells what.'

function masked({ reason, hints }: CallExplanation, secrets: Secrets): CallExplanation {
  const safe = (text: string) => (secrets.standsIn(text) || secrets.standsIn(unquoted(text)) ? MASK : text)
  return { reason: reason === null ? null : safe(reason), hints: hints.map(safe) }
}

/** Returns a quoted value without its escapes. */
function unquoted(text: string): string {
  return text.replace(/\\(["\\])/g, '$1')
}
