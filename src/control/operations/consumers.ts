import { z } from 'zod'
import { isCallbackUrl } from '../../oauth/flow'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { word } from '../schemas'

const type = z.enum(['admin', 'customer']).describe('whom it stands for')

const consumer = z.strictObject({
  key: z.string(),
  name: z.string(),
  signsWith: z.enum(['secret', 'rsa']),
  callbackUrl: z.string().nullable(),
  tokens: z.array(
    z.strictObject({
      token: z.string(),
      type,
      operator: z.string().nullable().describe('who authorized it; null for one that was issued'),
      revoked: z.boolean(),
    }),
  ),
})

const newConsumer = z
  .strictObject({
    name: word.describe('its name, which operators see'),
    callback: word
      .refine(isCallbackUrl, 'an absolute http or https URL')
      .optional()
      .describe('where its operators are sent when it asks with oob'),
  })
  .meta({ examples: [{ name: 'Importer' }] })

const newToken = z.strictObject({ type }).meta({ examples: [{ type: 'admin' }] })

type Consumers = Pick<Administration, 'consumers' | 'addConsumer' | 'issueToken' | 'revokeToken'>

/** Returns the operations on OAuth consumers and access tokens, the same as of the command `keepsake oauth`. */
export function consumerOperations(administration: Consumers): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/consumers',
      tag: 'OAuth',
      summary: 'List OAuth consumers with their access tokens',
      answers: z.array(consumer),
      run: () => administration.consumers(),
    }),
    controlOperation({
      method: 'post',
      path: '/consumers',
      tag: 'OAuth',
      summary: 'Make an OAuth consumer, whose secret is told this once',
      body: newConsumer,
      answers: z.strictObject({ key: z.string(), secret: z.string() }),
      run: ({ body: { name, callback } }) => administration.addConsumer(name, callback ?? null),
    }),
    controlOperation({
      method: 'post',
      path: '/consumers/{key}/tokens',
      tag: 'OAuth',
      summary: 'Issue an access token, whose secret is told this once',
      body: newToken,
      answers: z.strictObject({ token: z.string(), secret: z.string() }),
      run: ({ path: { key = '' }, body }) => administration.issueToken(key, body.type),
    }),
    controlOperation({
      method: 'delete',
      path: '/tokens/{token}',
      tag: 'OAuth',
      summary: 'Revoke an access token, at once and for good',
      run: ({ path: { token = '' } }) => administration.revokeToken(token),
    }),
  ]
}
