import { z } from 'zod'
import { HttpFault } from '../../contract/httpFault'
import { OperatorError } from '../../contract/operatorError'
import { type ControlOperation, controlOperation } from '../operation'

/** Where seeds go. The form of a seed is known to whoever plants it. */
export interface Seeding<Seed> {
  readonly form: z.ZodType<Seed>
  /** Puts it in beside what is there. @throws OperatorError */
  add(seed: Seed): Promise<void>
  /** Puts it in place of all that is there, and makes that what a reset goes back to. @throws OperatorError */
  replace(seed: Seed): Promise<void>
}

const query = z.strictObject({
  reset: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true empties the database first, and lets resets go back to the result'),
})

/** Loads seed files. */
export function seedOperations<Seed>({ form, add, replace }: Seeding<Seed>): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'post',
      path: '/seed',
      tag: 'State',
      summary: 'Put a seed file into the database: all of it, or nothing',
      query,
      body: form,
      async run({ query: { reset }, body }) {
        try {
          await (reset === 'true' ? replace(body) : add(body))
        } catch (thrown) {
          if (thrown instanceof OperatorError) throw new HttpFault(400, thrown.message)
          throw thrown
        }
      },
    }),
  ]
}
