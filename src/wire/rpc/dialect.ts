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

/** A dialect that is bytes in and bytes out: it sees nothing else of HTTP. */
export interface Dialect {
  /** Never throws: whatever fails is a fault of the dialect. Null is an answer without a body. */
  handle(body: Buffer, request: RequestContext, log: Log): Promise<DialectAnswer | null>
  /** Answers a request that is not read, and says why not. */
  refuse(message: string, request: RequestContext): DialectAnswer
  /** Answers a request that is not read with a fault of the API. */
  fail(fault: Fault, request: RequestContext): DialectAnswer
}

/** Answers one request with a dialect, whatever its HTTP method, as Magento does. */
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

/** A login's answer is a secret, and some clients make their calls by GET. */
const NOT_STORED = { 'cache-control': 'no-store' }

const WITHOUT_BODY: HttpAnswer = { status: 204, headers: NOT_STORED, body: '', encoding: 'utf8' }

function httpAnswer({ status, contentType, body }: DialectAnswer): HttpAnswer {
  return { status, headers: { ...NOT_STORED, 'content-type': contentType }, body, encoding: 'utf8' }
}
