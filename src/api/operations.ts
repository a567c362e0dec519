import type { Fault, FaultTable } from '../contract/fault'
import type { Log } from '../contract/log'
import type { Resource } from '../contract/method'
import { isEmpty, text } from '../contract/readers'
import { carriedContext, type RequestContext } from '../contract/request'
import { turnsTaken } from '../contract/turns'
import { fieldsOf, itemsOf, type Value, type ValueMap } from '../contract/value'
import { allows, visiblePart } from './access'
import { asFault, callPath, requireSession } from './call'
import type { Directory } from './directory'
import { fault, globalFaults } from './faults'
import { OPERATION_TABLE, type OperationName, type PartName } from './operationTable'
import type { Accounts, Sessions } from './ports'

/**
 * An operation that a client can call directly, in any dialect. `call` and `multiCall` reach the resources.
 */
export interface Operation {
  /** The name of each positional value, in order. */
  readonly parts: readonly PartName[]
  /** How many of them must be given. */
  readonly fewest: number
  run(values: readonly Value[], request: RequestContext): Promise<Value>
}

export interface ApiParts {
  readonly sessions: Sessions
  readonly accounts: Accounts
  readonly directory: Directory
  readonly log: Log
}

/**
 * Returns the operations of magento.md §1. Each throws a Fault or an unknown failure, which {@link asFault}
 * turns into fault 1.
 */
export function operationsOf({
  sessions,
  accounts,
  directory,
  log,
}: ApiParts): Readonly<Record<OperationName, Operation>> {
  return {
    login: {
      ...OPERATION_TABLE.login,
      async run([username = null, apiKey = null], request) {
        const [name, key] = [text(username), text(apiKey)]
        if (name === null || key === null || isEmpty(name) || isEmpty(key))
          throw fault('invalid_request_param')
        const userId = await accounts.authenticate(name, key, request)
        if (userId === null) throw fault('access_denied')
        return sessions.open(userId)
      },
    },

    startSession: {
      ...OPERATION_TABLE.startSession,
      run: () => sessions.newAnonymousId(),
    },

    endSession: {
      ...OPERATION_TABLE.endSession,
      async run([sessionId = null]) {
        await sessions.close(text(sessionId) ?? '')
        return true
      },
    },

    call: {
      ...OPERATION_TABLE.call,
      async run([sessionId = null, path = null, args = []], request) {
        const session = await requireSession(sessions, sessionId, request)
        return callPath(directory, session, path, args, request)
      },
    },

    multiCall: {
      ...OPERATION_TABLE.multiCall,
      async run([sessionId = null, calls = null, options = null], request) {
        const session = await requireSession(sessions, sessionId, request)
        const stopAtFault = text(fieldsOf(options)?.get('break') ?? null) === '1'
        const answers: Value[] = []
        const given = itemsOf(calls) ?? []
        if (given.length > MOST_CALLS)
          throw fault('invalid_request_param', `A multiCall has at most ${MOST_CALLS} calls.`)
        const othersTurn = turnsTaken()
        let size = 0
        for (const call of given) {
          await othersTurn()
          const [path = null, args = null] = itemsOf(call) ?? [call]
          const own = carriedContext(request, 'shared')
          try {
            if (size > LARGEST_ANSWER) throw fault('internal', 'The answer of the multiCall is too large.')
            const answer = await callPath(directory, session, path, args ?? [], own)
            size += sizeOf(answer)
            answers.push(answer)
          } catch (thrown) {
            const fault = asFault(thrown, log, own)
            own.notes.noteFaultCode(fault.code, fault.message)
            answers.push(faultAnswer(fault))
          }
          request.notes.noteCarried(own.notes)
          if (stopAtFault && own.notes.observed.fault !== undefined) break
        }
        return answers
      },
    },

    resources: {
      ...OPERATION_TABLE.resources,
      async run([sessionId = null], request) {
        const session = await requireSession(sessions, sessionId, request)
        const visible = directory.resources.map((resource) => visiblePart(resource, session))
        return visible.filter((resource) => resource !== null).map(resourceAnswer)
      },
    },

    globalFaults: {
      ...OPERATION_TABLE.globalFaults,
      run: async () => faultList(globalFaults),
    },

    resourceFaults: {
      ...OPERATION_TABLE.resourceFaults,
      async run([sessionId = null, resourceName = null], request) {
        const session = await requireSession(sessions, sessionId, request)
        const resource = directory.resource(text(resourceName) ?? '')
        if (!resource) throw fault('resource_path_invalid')
        if (!allows(session, resource.acl)) throw fault('access_denied')
        return faultList(resource.faults)
      },
    },
  }
}

/** The largest number of calls in a multiCall. Magento's own limits were those of PHP. */
const MOST_CALLS = 10_000

/** The size of an answer, in bytes as {@link sizeOf} counts them, after which no further call is made. */
const LARGEST_ANSWER = 8 * 1024 * 1024

/** Bytes that a value takes without its characters. */
const SIZE_OF_VALUE = 64

/** Estimates how many bytes a value takes when it is written. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return SIZE_OF_VALUE + value.length
  return (itemsOf(value) ?? []).reduce<number>((sum, item) => sum + sizeOf(item), SIZE_OF_VALUE)
}

function faultAnswer({ code, message }: Fault): ValueMap {
  return new Map<string, Value>([
    ['isFault', true],
    ['faultCode', String(code)],
    ['faultMessage', message],
  ])
}

function faultList(table: FaultTable): Value {
  return Object.values(table).map(
    ([code, message]) =>
      new Map([
        ['code', String(code)],
        ['message', message],
      ]),
  )
}

function resourceAnswer(resource: Resource): ValueMap {
  return new Map<string, Value>([
    ['name', resource.name],
    ['title', resource.title],
    ['description', null],
    ['aliases', resource.aliases],
    [
      'methods',
      [...resource.methods].map(([name, method]) =>
        methodAnswer(`${resource.name}.${name}`, name, method.title),
      ),
    ],
  ])
}

function methodAnswer(path: string, name: string, title: string): ValueMap {
  return new Map<string, Value>([
    ['title', title],
    ['description', null],
    ['path', path],
    ['name', name],
    ['aliases', []],
  ])
}
