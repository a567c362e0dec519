import { z } from 'zod'
import { FAULT_GUIDE } from '../faultGuide'
import { type ControlOperation, controlOperation } from '../operation'

const fault = z.strictObject({
  code: z.int(),
  name: z.string(),
  message: z.string().describe('its standard text'),
  means: z.string(),
  naturally: z.string().nullable().describe('how to get it without a rule, with examples/shop.json'),
  why: z.string().nullable().describe('why it cannot be had without a rule'),
  magicSku: z.string().describe('the product that answers it, where magic SKUs are on'),
  rest: z.strictObject({ status: z.int(), message: z.string() }).describe('what REST answers in its place'),
})

/** The faults that a rule can answer. */
export function faultOperations(): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/faults',
      tag: 'Rules',
      summary: 'Every fault, and how to get it',
      answers: z.array(fault),
      run: async () => FAULT_GUIDE.map(({ call: _, ...shown }) => shown),
    }),
  ]
}
