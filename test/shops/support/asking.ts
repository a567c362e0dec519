import { send } from '../../support/http'
import { type Credentials, oauthHeader, signed } from '../../support/oauth'

/** A client of JSON-RPC, which answers faults as values. */
export class Asking {
  constructor(private readonly url: string) {}

  async login(username: string, apiKey: string): Promise<{ session: string } | { fault: string }> {
    const answer = await this.#ask('login', [username, apiKey])
    return 'fault' in answer ? { fault: answer.fault } : { session: String(answer.result) }
  }

  /** What a call answers: a value, or a fault with its message. */
  async call(session: string, path: string, args: readonly unknown[]): Promise<unknown> {
    const answer = await this.#ask('call', [session, path, args])
    return 'fault' in answer ? { fault: answer.fault, message: answer.message } : answer.result
  }

  async #ask(
    method: string,
    params: readonly unknown[],
  ): Promise<{ result: unknown } | { fault: string; message: string }> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const headers = { 'content-type': 'application/json' }
    const { text } = await send(this.url, { method: 'POST', path: '/api/jsonrpc/', headers, body })
    const { result, error } = JSON.parse(text)
    return error ? { fault: String(error.code), message: error.message } : { result }
  }
}

export interface Signer {
  readonly consumer: Credentials
  readonly token: Credentials
}

/** Asks REST, signed unless it is for a guest. */
export async function askRest(url: string, path: string, signer: Signer | null) {
  const headers = {
    accept: 'application/json',
    ...(signer && { authorization: oauthHeader(signed({ url: `${url}${path}`, ...signer })) }),
  }
  const { status, text } = await send(url, { method: 'GET', path, headers })
  return { status, body: text === '' ? null : JSON.parse(text) }
}
