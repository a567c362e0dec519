import { z } from 'zod'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { word } from '../schemas'

const user = z.strictObject({
  username: z.string(),
  role: z.string().nullable().describe('null for one that cannot log in'),
  active: z.boolean(),
})

const saved = user
  .extend({ key: z.string().nullable().describe('the key that was generated, told this once; else null') })
  .meta({ examples: [{ username: 'importer', role: 'all', active: true, key: null }] })

const change = z
  .strictObject({
    key: word
      .optional()
      .describe('the API key; without it, its own, or one that is generated; a new one ends its sessions'),
    role: word
      .optional()
      .describe(
        'the role, made if it is not there; without it, its own, or all; another one ends its sessions',
      ),
    resources: z
      .array(word)
      .optional()
      .describe('the access rules that the role is to have; a role that is made without them has all'),
    active: z.boolean().optional().describe('false ends its sessions'),
  })
  .meta({
    examples: [{ key: 'secret', role: 'reader', resources: ['catalog/product/media'], active: true }],
  })

/** Returns the operations on API users, the same as of the command `keepsake user`. */
export function userOperations(
  administration: Pick<Administration, 'users' | 'saveUser'>,
): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/users',
      tag: 'Users',
      summary: 'List API users',
      answers: z.array(user),
      run: () => administration.users(),
    }),
    controlOperation({
      method: 'put',
      path: '/users/{username}',
      tag: 'Users',
      summary: 'Make an API user, or change the one of this name',
      body: change,
      answers: saved,
      run: ({ path: { username = '' }, body }) => administration.saveUser(username, body),
    }),
  ]
}
