import { z } from 'zod'
import { globalFaults } from '../../api/faults'
import { productMediaFaults } from '../../catalog/rpc/faults'
import { HttpFault } from '../../contract/httpFault'
import { BREAKAGES, RULE_PROTOCOLS, type Rule } from '../../double/rules/rule'
import type { Rules } from '../../double/rules/rules'
import { type ControlOperation, controlOperation } from '../operation'

const CODES: readonly number[] = [...Object.values(globalFaults), ...Object.values(productMediaFaults)].map(
  ([code]) => code,
)

/** The longest wait that a rule may have: one hour, because no client waits longer. */
const LONGEST_WAIT_MS = 3_600_000

const nameOrId = z.union([z.string().min(1), z.int().min(0)])

const answer = z
  .strictObject({
    fault: z.literal(CODES).optional().describe('a code of GET /faults'),
    message: z.string().optional().describe('the text of the fault, in place of the standard one'),
    wait: z.int().min(0).max(LONGEST_WAIT_MS).optional().describe('milliseconds to wait first'),
    broken: z
      .enum(BREAKAGES)
      .optional()
      .describe('cut: the connection ends without an answer; html: a page with status 200'),
    http: z.literal([500, 503]).optional().describe('a page with that status; 503 with Retry-After'),
    after: z.boolean().optional().describe('carry the call out before answering'),
  })
  .refine(({ fault, wait, broken, http }) => [fault, wait, broken, http].some((part) => part !== undefined), {
    error: 'expected fault, wait, broken or http',
  })
  .refine(
    ({ fault, broken, http }) => [fault, broken, http].filter((part) => part !== undefined).length <= 1,
    {
      error: 'expected only one of fault, broken and http',
    },
  )
  .refine(({ fault, message }) => message === undefined || fault !== undefined, {
    error: 'a message goes with a fault',
  })

/** Returns the schema of a rule as it is sent. @param knowsMethod says whether a method of this name exists */
export function descriptionOf(knowsMethod: (name: string) => boolean) {
  const method = z
    .string()
    .refine(knowsMethod, 'expected a method such as create, product_media.create or login')
  const when = z.strictObject({
    protocol: z.enum(RULE_PROTOCOLS).optional().describe('soap is SOAP v1, v2 and WS-I'),
    method: method
      .optional()
      .describe('create, product_media.create, catalogProductAttributeMediaCreate, or an operation as login'),
    product: nameOrId.optional().describe('an SKU or id, as the client writes it or as it resolves'),
    storeView: nameOrId.optional().describe('the code or id of the store view that the call acts in'),
    user: z.string().min(1).optional().describe('a user name; over REST guest, customer or admin'),
    nth: z.int().min(1).optional().describe('only the n-th call that meets the conditions'),
    every: z.int().min(1).optional().describe('each n-th of them'),
    probability: z.number().min(0).max(1).optional().describe('this part of them, the same in each run'),
  })
  return z.strictObject({
    name: z.string().optional().describe('for whoever reads the rules'),
    when: when.default({}),
    answer,
    times: z.int().min(1).optional().describe('how often it answers before it is spent'),
    enabled: z.boolean().default(true),
  })
}

/** Returns the operations on rules. The first rule whose conditions a call meets answers it. */
export function ruleOperations(rules: Rules): readonly ControlOperation[] {
  const description = descriptionOf((name) => rules.knowsMethod(name))
  const shown = description.extend({ id: z.string(), hits: z.int().describe('how often it has answered') })
  return [
    controlOperation({
      method: 'get',
      path: '/rules',
      tag: 'Rules',
      summary: 'All rules, in the order in which they are tried',
      answers: z.array(shown),
      run: async () => rules.all(),
    }),
    controlOperation({
      method: 'post',
      path: '/rules',
      tag: 'Rules',
      summary: 'Make a rule, which is tried after all others',
      body: description,
      answers: shown,
      run: async ({ body }) => rules.add(body),
    }),
    controlOperation({
      method: 'delete',
      path: '/rules',
      tag: 'Rules',
      summary: 'Remove all rules',
      run: async () => rules.removeAll(),
    }),
    controlOperation({
      method: 'get',
      path: '/rules/{id}',
      tag: 'Rules',
      summary: 'One rule',
      answers: shown,
      run: async ({ path: { id = '' } }) => existing(rules.find(id), id),
    }),
    controlOperation({
      method: 'put',
      path: '/rules/{id}',
      tag: 'Rules',
      summary: 'Put another rule in the place of one, which counts from the beginning',
      body: description,
      answers: shown,
      run: async ({ path: { id = '' }, body }) => existing(rules.replace(id, body), id),
    }),
    controlOperation({
      method: 'delete',
      path: '/rules/{id}',
      tag: 'Rules',
      summary: 'Remove a rule',
      async run({ path: { id = '' } }) {
        if (!rules.remove(id)) throw noSuchRule(id)
      },
    }),
  ]
}

/** Returns the rule. @throws HttpFault if it is null, because no rule has this id */
function existing(rule: Rule | null, id: string): Rule {
  if (!rule) throw noSuchRule(id)
  return rule
}

function noSuchRule(id: string): HttpFault {
  return new HttpFault(404, `There is no rule ${JSON.stringify(id)}`)
}
