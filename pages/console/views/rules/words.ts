import type { FaultGuide, RuleDescription, RuleProtocol } from '../../kit/shapes.js'

/** A select field's values, each with the words that the page shows for it. */
type Choices = readonly (readonly [value: string, words: string])[]

type Answer = RuleDescription['answer']
type SpoiltAnswer = `broken:${NonNullable<Answer['broken']>}` | `http:${NonNullable<Answer['http']>}`

const SPOILT_ANSWERS: Readonly<Record<SpoiltAnswer, string>> = {
  'broken:cut': 'the connection is cut',
  'broken:truncated': 'the answer is truncated',
  'broken:malformed': 'the answer is malformed',
  'broken:html': 'an HTML page',
  'http:500': 'HTTP 500',
  'http:503': 'HTTP 503',
}

const PROTOCOL_NAMES: Readonly<Record<RuleProtocol, string>> = {
  soap: 'SOAP, any version',
  soap_v1: 'SOAP v1',
  soap_v2: 'SOAP v2',
  wsi: 'SOAP WS-I',
  xmlrpc: 'XML-RPC',
  jsonrpc: 'JSON-RPC',
  rest: 'REST',
}

/** The answers, besides faults, that a rule can give. */
export const SPOILT: Choices = Object.entries(SPOILT_ANSWERS)

/** The protocols that a rule can be for. */
export const PROTOCOLS: Choices = [['', 'any'], ...Object.entries(PROTOCOL_NAMES)]

/** Returns in words which calls a rule is for. */
export function conditionsOf({ when }: RuleDescription): string {
  const { protocol, method, product, storeView, user, nth, every, probability } = when
  const words = [
    method ?? 'any method',
    protocol && `over ${wordsOf(PROTOCOLS, protocol)}`,
    product !== undefined && `of ${product}`,
    storeView !== undefined && `in ${storeView}`,
    user && `by ${user}`,
    nth !== undefined && `only call ${nth}`,
    every !== undefined && `each ${every}th call`,
    probability !== undefined && `with probability ${probability}`,
  ]
  return words.filter((word) => word !== undefined && word !== false && word !== '').join(', ')
}

/** Returns in words what a rule answers. */
export function answerOf({ answer }: RuleDescription, faults: readonly FaultGuide[]): string {
  const { fault, message, wait, broken, http, after } = answer
  const standard = faults.find(({ code }) => code === fault)?.message
  const words = [
    wait !== undefined && `after ${wait} ms`,
    fault !== undefined && `fault ${fault}: ${message ?? standard ?? ''}`,
    broken !== undefined && wordsOf(SPOILT, `broken:${broken}`),
    http !== undefined && `HTTP ${http}`,
    after === true && 'once the call is carried out',
  ]
  return words.filter((word) => typeof word === 'string').join(', ')
}

function wordsOf(table: Choices, value: string): string {
  return table.find(([known]) => known === value)?.[1] ?? value
}
