import { type HttpAnswer, send } from './http'
import { authorization, type Signer } from './oauth'
import type { Plain } from './soap'

export const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

export interface RestCall {
  readonly accept?: string
  readonly contentType?: string | null
  readonly body?: string | Buffer
}

/** A client of one server's REST, which asks for JSON and sends JSON unless told otherwise. */
export interface RestClient {
  /** @param path behind `/api/rest` */
  send(method: string, path: string, call?: RestCall): Promise<HttpAnswer>
  /** What a GET shows. Throws for an error. */
  get(path: string): Promise<Plain>
  /** Adds a GIF with these data and answers its id. Throws for an error. */
  add(path: string, data?: Readonly<Record<string, Plain>>): Promise<string>
  put(path: string, data: Plain): Promise<HttpAnswer>
}

/** @param who null for a guest */
export function restClient(serverUrl: string, who: Signer['who'] | null): RestClient {
  const ask = (method: string, path: string, { accept, contentType, body }: RestCall = {}) => {
    const type = contentType ?? (body === undefined || contentType === null ? null : 'application/json')
    const isPlain = type?.includes('form') ?? false
    const signed = who && {
      authorization: authorization(method, `${serverUrl}/api/rest${path}`, { who, bad: null, isPlain }),
    }
    const headers = {
      accept: accept ?? 'application/json',
      ...(type !== null && { 'content-type': type }),
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      ...signed,
    }
    return send(serverUrl, { method, path: `/api/rest${path}`, headers, ...(body !== undefined && { body }) })
  }
  return {
    send: ask,
    async get(path) {
      return JSON.parse(succeeded(await ask('GET', path)).text)
    },
    async add(path, data = {}) {
      const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF, ...data })
      const { location = '' } = succeeded(await ask('POST', path, { body })).headers
      return location.slice(location.lastIndexOf('/') + 1)
    },
    put: (path, data) => ask('PUT', path, { body: JSON.stringify(data) }),
  }
}

function succeeded(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.text}`)
  return answer
}

/** The first error of an envelope in JSON, and its status. */
export function errorOf({ status, text }: HttpAnswer): string {
  const [error] = JSON.parse(text).messages.error
  if (error.code !== status) throw new Error(`status ${status}, but ${text}`)
  return `${status} ${error.message}`
}
