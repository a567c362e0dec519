import { asFault } from '../../api/call'
import { carry, type Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import { type Observation, observeFault, type RequestContext } from '../../contract/request'
import { isList, type Value } from '../../contract/value'
import type { DialectAnswer } from '../rpc/dialect'
import { bindJsonRpc } from './bind'
import { idOf, readBody, readRequest } from './decode'
import { encodeAnswer, encodeFault } from './encode'
import { JsonRpcLayerFault, layerFault } from './faults'

const LARGEST_BATCH = 100

/** In characters: the answers of a batch behind which no more requests are made. */
const LARGEST_ANSWER = 16 * 1024 * 1024

/** Answers one body: a request or a batch of them. Never throws; null when there is nothing to answer. */
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

/** Calls follow one another, each as if it had come alone: the store view that one sets is not the next one's. */
async function answerBatch(
  requests: readonly Value[],
  operations: Readonly<Record<OperationName, Operation>>,
  context: RequestContext,
  log: Log,
): Promise<string | null> {
  context.observed.operation = `batch of ${requests.length}`
  if (requests.length === 0) throw layerFault('invalid_request', 'the batch is empty')
  if (requests.length > LARGEST_BATCH)
    throw layerFault('invalid_request', `a batch has at most ${LARGEST_BATCH} requests`)
  const answers: string[] = []
  let size = 0
  for (const request of requests) {
    const own: RequestContext = { ...context, observed: spokenIn(context), carried: [] }
    const answer =
      size > LARGEST_ANSWER
        ? encodeFault(idOf(request), layerFault('invalid_request', 'the answers of the batch are too large'))
        : await answerRequest(request, operations, own, log)
    size += answer?.length ?? 0
    if (answer !== null) answers.push(answer)
    observeInBatch(own, context)
    carry(context, own.observed)
    context.carried?.push(...(own.carried ?? []))
  }
  return answers.length === 0 ? null : `[${answers.join(',')}]`
}

/** What is known of a request before it has been read. */
function spokenIn({ observed: { protocol } }: RequestContext): Observation {
  return protocol === undefined ? {} : { protocol }
}

/** One log line stands for the batch: it names the last user and the first fault. */
function observeInBatch({ observed }: RequestContext, batch: RequestContext): void {
  const { user, fault, shed, denied, from } = observed
  if (user !== undefined) batch.observed.user = user
  if (denied !== undefined && from !== undefined) Object.assign(batch.observed, { denied, from })
  if (fault !== undefined) batch.observed.fault ??= fault
  if (shed !== undefined) batch.observed.shed = shed
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
    context.observed.operation = name
    const result = await operation.run(values, context)
    return isNotification ? null : encodeAnswer(idOf(value), result)
  } catch (thrown) {
    const fault = asAnswered(thrown, log, context)
    observeFault(context, fault)
    return isNotification ? null : encodeFault(idOf(value), fault)
  }
}

/** The fault to answer for whatever was thrown: the layer's own as it is, else one of the API. */
function asAnswered(thrown: unknown, log: Log, context: RequestContext): Fault | JsonRpcLayerFault {
  return thrown instanceof JsonRpcLayerFault ? thrown : asFault(thrown, log, context)
}

/** The answer to a body of which no request could be made. */
export function faultAnswer(fault: Fault | JsonRpcLayerFault, context: RequestContext): DialectAnswer {
  observeFault(context, fault)
  return answered(encodeFault(null, fault))
}

function answered(body: string): DialectAnswer {
  return { status: 200, contentType: 'application/json; charset=utf-8', body }
}
