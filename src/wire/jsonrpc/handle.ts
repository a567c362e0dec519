import { asFault } from '../../api/call'
import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import { carriedContext, type RequestContext } from '../../contract/request'
import type { RequestNotes } from '../../contract/requestNotes'
import { isList, type Value } from '../../contract/value'
import type { DialectAnswer } from '../rpc/dialect'
import { bindJsonRpc } from './bind'
import { idOf, readBody, readRequest } from './decode'
import { encodeAnswer, encodeFault } from './encode'
import { JsonRpcLayerFault, layerFault } from './faults'

const LARGEST_BATCH = 100

/** The total length of a batch's answers, in characters, after which no further request is carried out. */
const LARGEST_ANSWER = 16 * 1024 * 1024

/** Answers one body: a request or a batch of them. Never throws. Null when no answer is due. */
export async function handleJsonRpc(
  body: Buffer,
  operations: Readonly<Record<OperationName, Operation>>,
  context: RequestContext,
  log: Log,
): Promise<DialectAnswer | null> {
  try {
    const value = await readBody(body)
    const answer = isList(value)
      ? await answerBatch(value, operations, context, log)
      : await answerRequest(value, operations, context, log)
    return answer === null ? null : answered(answer)
  } catch (thrown) {
    return faultAnswer(asAnswered(thrown, log, context), context)
  }
}

/**
 * Carries out the requests one after the other, each as if it had come alone: a store view that one sets does
 * not hold for the next.
 */
async function answerBatch(
  requests: readonly Value[],
  operations: Readonly<Record<OperationName, Operation>>,
  context: RequestContext,
  log: Log,
): Promise<string | null> {
  context.notes.noteOperation(`batch of ${requests.length}`)
  if (requests.length === 0) throw layerFault('invalid_request', 'the batch is empty')
  if (requests.length > LARGEST_BATCH)
    throw layerFault('invalid_request', `a batch has at most ${LARGEST_BATCH} requests`)
  const answers: string[] = []
  let size = 0
  for (const request of requests) {
    const own = carriedContext(context, 'separate')
    const answer =
      size > LARGEST_ANSWER
        ? encodeFault(idOf(request), layerFault('invalid_request', 'the answers of the batch are too large'))
        : await answerRequest(request, operations, own, log)
    size += answer?.length ?? 0
    if (answer !== null) answers.push(answer)
    noteInBatch(own.notes, context.notes)
  }
  return answers.length === 0 ? null : `[${answers.join(',')}]`
}

/** Notes the last user and the first fault for the one log line of the batch. */
function noteInBatch(request: RequestNotes, batch: RequestNotes): void {
  const { user, fault, reason, denied, from } = request.observed
  if (user !== undefined) batch.noteUser(user)
  if (denied !== undefined && from !== undefined) batch.noteDenial(denied, from)
  if (fault !== undefined && batch.observed.fault === undefined) batch.noteFaultCode(fault, reason)
  batch.noteCarried(request)
}

async function answerRequest(
  value: Value,
  operations: Readonly<Record<OperationName, Operation>>,
  context: RequestContext,
  log: Log,
): Promise<string | null> {
  let isNotification = false
  try {
    const request = readRequest(value)
    isNotification = request.isNotification
    const { name, operation, values } = bindJsonRpc(request, operations)
    context.notes.noteOperation(name)
    const result = await operation.run(values, context)
    return isNotification ? null : encodeAnswer(idOf(value), result)
  } catch (thrown) {
    const fault = asAnswered(thrown, log, context)
    context.notes.noteFault(fault)
    return isNotification ? null : encodeFault(idOf(value), fault)
  }
}

/** Returns the fault to answer for anything thrown: a fault of this layer as it is, else one of the API. */
function asAnswered(thrown: unknown, log: Log, context: RequestContext): Fault | JsonRpcLayerFault {
  return thrown instanceof JsonRpcLayerFault ? thrown : asFault(thrown, log, context)
}

/** Returns the answer to a body that does not hold a request. */
export function faultAnswer(fault: Fault | JsonRpcLayerFault, context: RequestContext): DialectAnswer {
  context.notes.noteFault(fault)
  return answered(encodeFault(null, fault))
}

function answered(body: string): DialectAnswer {
  return { status: 200, contentType: 'application/json; charset=utf-8', body }
}
