import type { Entry, EntryCall } from './entry'
import type { Json } from './masking'

/** Conditions on a call. A condition that is absent allows everything. */
export interface Match {
  /** The protocol; `soap` stands for SOAP v1, SOAP v2 and WS-I together. */
  readonly protocol?: string | undefined
  /** The method, such as `create`, or the resource and the method, such as `product_media.create`. Aliases count. */
  readonly method?: string | undefined
  /** The product's SKU or id, exactly as the client wrote it. */
  readonly product?: string | undefined
  /** The name of the user who called. */
  readonly user?: string | undefined
  /** The code of the fault that was answered; null for a call that did not fail. */
  readonly fault?: number | string | null | undefined
  /** The id of the rule that answered the call. */
  readonly ruleId?: string | undefined
  /** Arguments by their names. The call must have these; it may have others too. */
  readonly arguments?: Readonly<Record<string, Json>> | undefined
}

/** An entry that almost meets the conditions. */
export interface NearMiss {
  readonly entry: Entry
  /** The differences, one text each, such as `product is "other", not Sku`. */
  readonly why: readonly string[]
}

const SOAP: ReadonlySet<string> = new Set(['soap_v1', 'soap_v2', 'wsi'])
const MOST_NEAR_MISSES = 3

/** Whether the entry, or one call that it carried, meets the conditions. */
export function matches(entry: Entry, match: Match): boolean {
  return differences(entry, match).length === 0
}

/** Counts the calls that meet the conditions; each call of a multiCall counts. */
export function countOf(entry: Entry, match: Match): number {
  if (entry.calls.length === 0) return matches(entry, match) ? 1 : 0
  return entry.calls.filter((call) => differencesOfCall(entry, call, match).length === 0).length
}

/** Returns the conditions that an entry does not meet; of several calls, those of the nearest. */
export function differences(entry: Entry, match: Match): readonly string[] {
  const candidates = entry.calls.length === 0 ? [requestAsCall(entry)] : entry.calls
  const all = candidates.map((call) => differencesOfCall(entry, call, match))
  return all.reduce((nearest, next) => (next.length < nearest.length ? next : nearest))
}

/** Returns the entries that differ least. Entries that differ in everything are left out. */
export function nearMisses(entries: readonly Entry[], match: Match): readonly NearMiss[] {
  const criteria = Object.values(match).filter((criterion) => criterion !== undefined).length
  return entries
    .map((entry) => ({ entry, why: differences(entry, match) }))
    .filter(({ why }) => why.length > 0 && (why.length < criteria || criteria === 1))
    .sort((one, other) => one.why.length - other.why.length || other.entry.id - one.entry.id)
    .slice(0, MOST_NEAR_MISSES)
}

function requestAsCall({ method, user, arguments: given, fault, rule }: Entry): EntryCall {
  return {
    method,
    path: method,
    user,
    session: null,
    arguments: given,
    value: null,
    fault,
    reason: null,
    hints: [],
    rule,
  }
}

function differencesOfCall(entry: Entry, call: EntryCall, match: Match): readonly string[] {
  const { protocol, method, product, user, fault, ruleId } = match
  return [
    ...unless(
      protocol === undefined || isProtocol(entry.protocol, protocol),
      `protocol is ${entry.protocol}, not ${protocol}`,
    ),
    ...unless(method === undefined || isMethod(call.path, method), `method is ${call.path}, not ${method}`),
    ...unless(
      product === undefined || isSame(call.arguments.product, product),
      `product is ${shown(call.arguments.product)}, not ${product}`,
    ),
    ...unless(
      user === undefined || call.user?.toLowerCase() === user.toLowerCase(),
      `user is ${call.user ?? 'nobody'}, not ${user}`,
    ),
    ...unless(
      fault === undefined || isFault(call, fault),
      `${faultShown(call)}, not ${fault === null ? 'a success' : `fault ${fault}`}`,
    ),
    ...unless(ruleId === undefined || call.rule === ruleId, `rule is ${call.rule ?? 'none'}, not ${ruleId}`),
    ...Object.entries(match.arguments ?? {}).flatMap(([name, wanted]) =>
      differencesOfValue(`arguments.${name}`, call.arguments[name], wanted),
    ),
  ]
}

function unless(isAsWanted: boolean, difference: string): readonly string[] {
  return isAsWanted ? [] : [difference]
}

function isProtocol(protocol: string, wanted: string): boolean {
  return wanted === 'soap' ? SOAP.has(protocol) : protocol === wanted
}

const ALIASES: ReadonlySet<string> = new Set([
  'product_media',
  'product_attribute_media',
  'catalog_product_attribute_media',
])

function isMethod(path: string, wanted: string): boolean {
  const [resource = '', method] = parts(path)
  const [wantedResource = '', wantedMethod] = parts(wanted)
  if (wantedMethod === undefined) return (method ?? resource) === wantedResource
  const isOneResource = resource === wantedResource || (ALIASES.has(resource) && ALIASES.has(wantedResource))
  return isOneResource && method === wantedMethod
}

function parts(path: string): readonly string[] {
  return path.split('.')
}

function isFault({ fault }: EntryCall, wanted: number | string | null): boolean {
  return wanted === null ? fault === null : fault !== null && String(fault.code) === String(wanted)
}

function faultShown({ fault }: EntryCall): string {
  return fault === null ? 'it did not fail' : `it failed with ${fault.code}`
}

/**
 * Compares a value with the wanted one. Scalars are compared as texts, because dialects have different types
 * for the same number; of objects, only the wanted members count.
 */
function differencesOfValue(name: string, value: Json | undefined, wanted: Json): readonly string[] {
  if (isObject(wanted)) {
    if (!isObject(value)) return [`${name} is ${shown(value)}, not ${shown(wanted)}`]
    return Object.entries(wanted).flatMap(([member, inner]) =>
      differencesOfValue(`${name}.${member}`, value[member], inner),
    )
  }
  return unless(isSame(value, wanted), `${name} is ${shown(value)}, not ${shown(wanted)}`)
}

function isSame(value: Json | undefined, wanted: Json): boolean {
  const isScalar = (one: Json | undefined) => typeof one !== 'object' || one === null
  if (isScalar(value) && isScalar(wanted))
    return value === wanted || (value != null && wanted !== null && String(value) === String(wanted))
  return JSON.stringify(value) === JSON.stringify(wanted)
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}
