import { z } from 'zod'
import { HttpFault } from '../../contract/httpFault'
import { OperatorError } from '../../contract/operatorError'
import { type ControlOperation, controlOperation } from '../operation'

/** Loads seeds into the database. */
export interface Seeding<Seed> {
  /** The schema of a seed. */
  readonly form: z.ZodType<Seed>
  /** Adds the seed to the contents of the shop. @throws OperatorError */
  add(seed: Seed): Promise<void>
  /** Replaces the contents of the shop by the seed. Later resets restore this seed. @throws OperatorError */
  replace(seed: Seed): Promise<void>
}

const query = z.strictObject({
  reset: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true empties the database first, and lets resets go back to the result'),
})

/** Returns the operation that loads a seed file. */
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
