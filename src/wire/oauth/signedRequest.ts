import type { Request, Response } from 'express'
import type { SignedRequest } from '../../contract/oauth'
import { contextOf } from '../http/observe'

/** What a signature covers of a request whose body was read as a Buffer, if it has one. */
export function signedRequestOf(request: Request, response: Response): SignedRequest {
  return {
    method: request.method,
    url: contextOf(response).publicUrl + request.originalUrl,
    authorization: request.headersDistinct.authorization ?? [],
    contentType: request.get('content-type') ?? null,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
}
