import { z } from 'zod'
import type { AdjustableClock } from '../../double/clock'
import { type ControlOperation, controlOperation } from '../operation'

const change = z
  .strictObject({
    now: z.iso.datetime({ offset: true }).optional().describe('the time that it is to be'),
    advanceSeconds: z.int().min(0).optional().describe('how far to move the time forward'),
    fixed: z.boolean().default(false).describe('whether the time then stands still'),
  })
  .refine(({ now, advanceSeconds }) => now === undefined || advanceSeconds === undefined, {
    error: 'now or advanceSeconds, not both',
  })

const state = z.strictObject({ now: z.string(), fixed: z.boolean() })

/** Returns the operations on the clock. Sessions expire by it, and OAuth's timestamps are checked against it. */
export function clockOperations(clock: AdjustableClock): readonly ControlOperation[] {
  const told = () => ({ now: clock.now().toISOString(), fixed: clock.isFixed })
  return [
    controlOperation({
      method: 'get',
      path: '/clock',
      tag: 'Clock',
      summary: 'What time it is',
      answers: state,
      run: async () => told(),
    }),
    controlOperation({
      method: 'put',
      path: '/clock',
      tag: 'Clock',
      summary: 'Set the clock, move it forward, or let it stand still',
      body: change,
      answers: state,
      async run({ body: { now, advanceSeconds = 0, fixed } }) {
        const from = now === undefined ? clock.now() : new Date(now)
        clock.set(new Date(from.getTime() + advanceSeconds * 1000), fixed)
        return told()
      },
    }),
    controlOperation({
      method: 'delete',
      path: '/clock',
      tag: 'Clock',
      summary: 'Back to the real time',
      run: async () => clock.reset(),
    }),
  ]
}
