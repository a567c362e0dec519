import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { KeepsakeError } from './keepsakeError'

/** One request to the control API. */
export interface ControlRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** The path below `/_keepsake`. Names in it are percent-encoded already. */
  readonly path: string
  /** The parameters of the query. Those that are undefined or null are left out. */
  readonly query?: object
  /** The body, sent as JSON. */
  readonly body?: object
}

/** Says that the control API refused a request. The message names the request and the reason. */
export class ControlRefusal extends KeepsakeError {
  constructor(
    message: string,
    /** The HTTP status of the answer, 400 or higher. */
    readonly status: number,
    /** The body of the answer, parsed from JSON. */
    readonly answer: unknown,
  ) {
    super(message)
  }
}

/**
 * Sends a request to the control API, and returns the answer's JSON; undefined for an empty answer. It uses node:http,
 * because tests often replace `fetch`.
 *
 * @throws ControlRefusal if the server refuses the request
 * @throws KeepsakeError if no server answers
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
