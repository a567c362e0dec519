import type { IncomingMessage, ServerResponse } from 'node:http'
import { asFault } from '../../api/call'
import type { HttpAnswer } from '../../contract/exchange'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import { Overloaded } from '../../contract/overloaded'
import type { RequestContext } from '../../contract/request'
import { sendAnswer } from '../../http/answer'
import { type BodyReader, UnreadableBody } from '../../http/body'
import { contextOf, logOf } from '../../http/observe'

export interface DialectAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** A dialect turns the bytes of a request into those of an answer. It does not deal with HTTP otherwise. */
export interface Dialect {
  /**
   * Answers a request. Never throws: every failure is a fault of the dialect. Null is an answer without a
   * body.
   */
  handle(body: Buffer, request: RequestContext, log: Log): Promise<DialectAnswer | null>
  /** Answers a request without reading it, with the reason. */
  refuse(message: string, request: RequestContext): DialectAnswer
  /** Answers a request without reading it, with a fault of the API. */
  fail(fault: Fault, request: RequestContext): DialectAnswer
}

/** Answers one request by a dialect, whatever its HTTP method, as Magento does. */
export async function answerWith(
  dialect: Dialect,
  readBody: BodyReader,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const context = contextOf(response)
  try {
    const answer = await readBody(request, response, (body) => dialect.handle(body, context, logOf(response)))
    send(response, answer)
  } catch (thrown) {
    if (thrown instanceof UnreadableBody) send(response, dialect.refuse(thrown.message, context))
    else if (thrown instanceof Overloaded)
      send(response, dialect.fail(asFault(thrown, logOf(response), context), context))
    else throw thrown
  }
}

function send(response: ServerResponse, answer: DialectAnswer | null): void {
  sendAnswer(response, answer ? httpAnswer(answer) : WITHOUT_BODY)
}

/**
 * The answer of a login is a secret, and some clients make their calls by GET, so no cache may keep an
 * answer.
 */
const NOT_STORED = { 'cache-control': 'no-store' }

const WITHOUT_BODY: HttpAnswer = { status: 204, headers: NOT_STORED, body: '', encoding: 'utf8' }

function httpAnswer({ status, contentType, body }: DialectAnswer): HttpAnswer {
  return { status, headers: { ...NOT_STORED, 'content-type': contentType }, body, encoding: 'utf8' }
}
