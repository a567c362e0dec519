import type { ServerResponse } from 'node:http'
import type { HttpAnswer } from '../contract/exchange'
import { contextOf } from './observe'
import { spoiled } from './spoil'

/** Sends the answer of a protocol. In a test double, a rule may damage it first. */
export function sendAnswer(response: ServerResponse, answer: HttpAnswer): void {
  const { exchange } = contextOf(response).notes
  exchange?.noteAnswer(answer)
  const sent = exchange?.spoiling ? spoiled(answer, exchange.spoiling) : answer
  if (sent === null) {
    response.destroy()
    return
  }
  response.statusCode = sent.status
  for (const [name, value] of Object.entries(sent.headers)) response.setHeader(name, value)
  response.end(sent.body, sent.encoding)
}
