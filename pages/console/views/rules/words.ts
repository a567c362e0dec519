import type { FaultGuide, RuleDescription } from '../../kit/shapes.js'

/** What can become of an answer, besides a fault: the value in the form, and how it is said. */
export const SPOILT: readonly (readonly [value: string, words: string])[] = [
  ['broken:cut', 'the connection is cut'],
  ['broken:truncated', 'the answer is truncated'],
  ['broken:malformed', 'the answer is malformed'],
  ['broken:html', 'an HTML page'],
  ['http:500', 'HTTP 500'],
  ['http:503', 'HTTP 503'],
]

export const PROTOCOLS: readonly (readonly [value: string, words: string])[] = [
  ['', 'any'],
  ['soap', 'SOAP, any version'],
  ['soap_v1', 'SOAP v1'],
  ['soap_v2', 'SOAP v2'],
  ['wsi', 'SOAP WS-I'],
  ['xmlrpc', 'XML-RPC'],
  ['jsonrpc', 'JSON-RPC'],
  ['rest', 'REST'],
]

/** Which calls a rule is for, in words. */
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

/** What a rule answers, in words. */
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

function wordsOf(table: readonly (readonly [string, string])[], value: string): string {
  return table.find(([known]) => known === value)?.[1] ?? value
}
