import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { KeepsakeError } from './keepsakeError'

export interface ControlRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below `/_keepsake`; what comes from outside is encoded. */
  readonly path: string
  /** What is undefined is left out. */
  readonly query?: object
  readonly body?: object
}

/** What the control API refused, and why. */
export class ControlRefusal extends KeepsakeError {
  constructor(
    message: string,
    readonly status: number,
    /** The whole answer. */
    readonly answer: unknown,
  ) {
    super(message)
  }
}

/**
 * Asks the control API, by node:http, for tests often put something of theirs in the place of `fetch`.
 *
 * @throws ControlRefusal, KeepsakeError where no server answers
 */
export async function askControl(serverUrl: string, asked: ControlRequest): Promise<unknown> {
  const answer = await send(`${serverUrl}/_keepsake${asked.path}${queryOf(asked.query)}`, asked)
  const text = await textOf(answer)
  const value = text === '' ? undefined : JSON.parse(text)
  const { statusCode = 0 } = answer
  if (statusCode < 400) return value
  throw new ControlRefusal(
    `${asked.method} /_keepsake${asked.path}: ${value?.error ?? statusCode}`,
    statusCode,
    value,
  )
}

function send(url: string, { method, path, body }: ControlRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent: ClientRequest = request(url, { method, headers, agent: false }, resolve)
    sent.once('error', (cause) => {
      reject(new KeepsakeError(`${method} /_keepsake${path}: ${cause.message}`, { cause }))
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function queryOf(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const parameters = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  )
  return parameters.size === 0 ? '' : `?${parameters}`
}
