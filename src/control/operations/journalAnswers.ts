import { z } from 'zod'

const headers = z.record(z.string(), z.string())
const fault = z.object({ code: z.union([z.number(), z.string()]), message: z.string() }).nullable()

const message = z.object({
  headers,
  body: z.string().nullable().describe('null for a body that was not kept, such as an image’s'),
})

const told = {
  method: z.string(),
  user: z.string().nullable(),
  session: z.string().nullable().describe('calls with the same text are of the same session'),
  arguments: z.record(z.string(), z.unknown()).describe('by their names'),
  fault: fault.describe('null for what did not fail'),
  reason: z.string().nullable().describe('why it failed, in plain words'),
  hints: z.array(z.string()).describe('what was probably not meant so, though it did not fail'),
  rule: z.string().nullable().describe('the id of the rule that answered it'),
}

const call = z.object({
  ...told,
  path: z.string().describe('resource.method, or an operation such as login'),
  value: z.unknown().describe('what it answered; null for a fault'),
})

/** One request and its answer, with secrets hidden. */
export const entry = z.object({
  ...told,
  id: z.int(),
  at: z.string().describe('when it came, in ISO 8601'),
  protocol: z.string().describe('soap_v1, soap_v2, wsi, xmlrpc, jsonrpc, rest, oauth, media or other'),
  path: z.string().nullable(),
  url: z.string(),
  calls: z.array(call).describe('the calls that it carried'),
  status: z.int().describe('the answer’s HTTP status'),
  seconds: z.number().describe('how long the answer took'),
  spoilt: z.string().nullable().describe('how a rule broke the answer'),
  request: message.extend({ method: z.string(), target: z.string() }),
  answer: message.extend({ status: z.int() }),
})

/** An entry that almost meets the conditions, and the differences. */
export const nearMiss = z.object({ entry, why: z.array(z.string()) })

/** Requests and their expected answers, which a test can play. */
export const recording = z.object({
  scenario: z.string(),
  steps: z.array(
    z.object({
      request: z.object({
        method: z.string(),
        path: z.string(),
        headers,
        body: z.string().optional(),
        oauth: z
          .object({ who: z.string(), bad: z.string().nullable() })
          .optional()
          .describe('who signs it, and what is to be wrong with the signature'),
      }),
      response: z.object({ status: z.int(), headers, body: z.string() }),
    }),
  ),
  keys: z.record(z.string(), z.string()).describe('user names by the placeholders of their keys'),
  omitted: z.array(z.object({ id: z.int(), why: z.string() })).describe('entries that no recording can hold'),
})
