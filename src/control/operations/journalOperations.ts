import { z } from 'zod'
import { HttpFault } from '../../contract/httpFault'
import type { Entry } from '../../double/journal/entry'
import type { Journal } from '../../double/journal/journal'
import type { Json } from '../../double/journal/masking'
import { countOf, type Match, matches, type NearMiss, nearMisses } from '../../double/journal/matching'
import { recordingOf } from '../../double/journal/recording'
import { type ControlOperation, controlOperation } from '../operation'
import { entry, nearMiss, recording } from './journalAnswers'
import { streamJournal } from './journalStream'

const json = z.custom<Json>()
const id = z.coerce.number().int().min(0)

const match = z.strictObject({
  protocol: z
    .string()
    .optional()
    .describe('soap_v1, soap_v2, wsi, soap for any of them, xmlrpc, jsonrpc, rest, oauth, media or other'),
  method: z.string().optional().describe('create, or a path such as product_media.create'),
  product: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .describe('as the client wrote it'),
  user: z.string().optional(),
  fault: z
    .union([z.int(), z.string(), z.null()])
    .optional()
    .describe('a code; null for a call that did not fail'),
  ruleId: z.string().optional(),
  arguments: z.record(z.string(), json).optional().describe('a part of the arguments, by their names'),
})

const query = z.strictObject({
  protocol: z.string().optional(),
  method: z.string().optional(),
  product: z.string().optional(),
  user: z.string().optional(),
  fault: z.string().optional().describe('a code; none for calls that did not fail'),
  ruleId: z.string().optional(),
  since: id.optional().describe('only entries after this one'),
  limit: id.optional().describe('only the last so many'),
})

const LONGEST_WAIT_SECONDS = 300

/** The body of a request that waits for calls. */
export const awaited = z.strictObject({
  match: match.default({}),
  count: z.int().min(1).default(1),
  since: id.optional(),
  timeoutSeconds: z.number().min(0).max(LONGEST_WAIT_SECONDS).default(10),
})

/** The body of a request that checks how often calls were made. */
export const verified = z.strictObject({
  match: match.default({}),
  since: id.optional(),
  exactly: z.int().min(0).optional(),
  atLeast: z.int().min(0).optional(),
  atMost: z.int().min(0).optional(),
})

const exported = z.strictObject({
  since: id.optional(),
  scenario: z.string().min(1).default('exported/journal'),
})

const filled = exported.extend({
  keys: z
    .record(z.string(), z.string())
    .default({})
    .describe('keys by user names, to stand in the recording'),
})

/** Returns the operations on the journal. */
export function journalOperations(journal: Journal): readonly ControlOperation[] {
  const shared = { tag: 'Journal' } as const
  return [
    controlOperation({
      ...shared,
      method: 'get',
      path: '/journal',
      summary: 'The last requests, newest last',
      query,
      answers: z.array(entry),
      async run({ query: { since, limit, fault, ...rest } }) {
        const wanted: Match = {
          ...rest,
          ...(fault !== undefined && { fault: fault === 'none' ? null : fault }),
        }
        const found = after(await journal.entries(), since).filter((one) => matches(one, wanted))
        return limit === undefined ? found : found.slice(Math.max(0, found.length - limit))
      },
    }),
    controlOperation({
      ...shared,
      method: 'get',
      path: '/journal/export',
      summary: 'The journal as a recording, with placeholders for keys',
      query: exported,
      answers: z.array(recording),
      run: async ({ query: { since, scenario } }) => [await exportedFrom(journal, since, scenario, {})],
    }),
    controlOperation({
      ...shared,
      method: 'post',
      path: '/journal/export',
      summary: 'The journal as a recording, with these keys in it',
      body: filled,
      answers: z.array(recording),
      run: async ({ body: { since, scenario, keys } }) => [
        await exportedFrom(journal, since, scenario, keys),
      ],
    }),
    controlOperation({
      ...shared,
      method: 'get',
      path: '/journal/stream',
      summary: 'Entries as they come, as server-sent events',
      stream: ({ stillAllowed }, _request, response) => streamJournal(response, journal, stillAllowed),
    }),
    controlOperation({
      ...shared,
      method: 'get',
      path: '/journal/{id}',
      summary: 'One request',
      answers: entry,
      async run({ path }) {
        const found = (await journal.entries()).find((one) => String(one.id) === path.id)
        if (!found) throw new HttpFault(404, `The journal has no entry ${path.id}`)
        return found
      },
    }),
    controlOperation({
      ...shared,
      method: 'delete',
      path: '/journal',
      summary: 'Forget all requests',
      run: async () => journal.clear(),
    }),
    controlOperation({
      ...shared,
      method: 'post',
      path: '/journal/await',
      summary: 'Wait until so many calls were made; those that were made already count',
      body: awaited,
      answers: z.object({ calls: z.array(entry) }),
      async run({ body: { match: wanted, count, since, timeoutSeconds }, stillAllowed }) {
        const calls = await awaitCalls(journal, wanted, count, since, timeoutSeconds)
        if (!(await stillAllowed())) throw new HttpFault(401, 'Who waited is no longer signed in')
        if (calls) return { calls }
        const entries = after(await journal.entries(), since)
        const made = madeIn(entries, wanted)
        throw new HttpFault(408, `${times(made)} in ${timeoutSeconds} seconds, ${count} wanted`, {
          details: { nearMisses: nearMisses(entries, wanted) },
        })
      },
    }),
    controlOperation({
      ...shared,
      method: 'post',
      path: '/journal/verify',
      summary: 'Whether such calls were made so many times; at least once, if nothing else is said',
      body: verified,
      answers: z.object({
        passed: z.boolean(),
        calls: z.int(),
        message: z.string(),
        nearMisses: z.array(nearMiss),
      }),
      run: async ({ body: { match: wanted, since, ...bounds } }) =>
        verdict(after(await journal.entries(), since), wanted, bounds),
    }),
  ]
}

function after(entries: readonly Entry[], since = 0): readonly Entry[] {
  return entries.filter((one) => one.id > since)
}

function madeIn(entries: readonly Entry[], wanted: Match): number {
  return entries.reduce((sum, one) => sum + countOf(one, wanted), 0)
}

async function exportedFrom(
  journal: Journal,
  since: number | undefined,
  scenario: string,
  keys: Readonly<Record<string, string>>,
) {
  const notes = (await journal.whole()).filter((note) => note.entry.id > (since ?? 0))
  const byName = new Map(Object.entries(keys).map(([username, key]) => [username.toLowerCase(), key]))
  return recordingOf(notes, journal.secrets, { scenario, keys: byName })
}

/** Waits until `count` matching calls were made, and returns their entries; null if that takes too long. */
async function awaitCalls(
  journal: Journal,
  wanted: Match,
  count: number,
  since: number | undefined,
  timeoutSeconds: number,
): Promise<readonly Entry[] | null> {
  const enough = async () => {
    const entries = after(await journal.entries(), since)
    return madeIn(entries, wanted) >= count ? entries.filter((one) => matches(one, wanted)) : null
  }
  let ring = () => {}
  let isOver = false
  const stop = journal.listen(
    () => ring(),
    () => expire(),
  )
  const expire = () => {
    isOver = true
    ring()
  }
  const patience = setTimeout(expire, timeoutSeconds * 1000)
  try {
    for (;;) {
      // Listen before looking, so that no entry is missed in between.
      const next = new Promise<void>((resolve) => {
        ring = resolve
      })
      const found = await enough()
      if (found || isOver) return found
      await next
    }
  } finally {
    clearTimeout(patience)
    stop()
  }
}

interface Bounds {
  readonly exactly?: number | undefined
  readonly atLeast?: number | undefined
  readonly atMost?: number | undefined
}

interface Verdict {
  readonly passed: boolean
  readonly calls: number
  readonly message: string
  readonly nearMisses: readonly NearMiss[]
}

function verdict(entries: readonly Entry[], wanted: Match, { exactly, atLeast, atMost }: Bounds): Verdict {
  const calls = madeIn(entries, wanted)
  const isBounded = exactly !== undefined || atLeast !== undefined || atMost !== undefined
  const bounds: readonly (readonly [isKept: boolean, wanted: string])[] = [
    [exactly === undefined || calls === exactly, `exactly ${exactly}`],
    [atLeast === undefined || calls >= atLeast, `at least ${atLeast}`],
    [atMost === undefined || calls <= atMost, `at most ${atMost}`],
    [isBounded || calls > 0, 'at least 1'],
  ]
  const broken = bounds.find(([isKept]) => !isKept)
  if (!broken) return { passed: true, calls, message: times(calls), nearMisses: [] }
  return {
    passed: false,
    calls,
    message: `${times(calls)}, ${broken[1]} wanted`,
    nearMisses: nearMisses(entries, wanted),
  }
}

function times(calls: number): string {
  return calls === 1 ? '1 such call' : `${calls === 0 ? 'no' : calls} such calls`
}
