import { z } from 'zod'
import { shownFault } from '../answers'
import { FAULT_GUIDE } from '../faultGuide'
import { type ControlOperation, controlOperation } from '../operation'

/** Returns the operation that lists the faults that a rule can answer. */
export function faultOperations(): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/faults',
      tag: 'Rules',
      summary: 'Every fault, and how to get it',
      answers: z.array(shownFault),
      run: async () => FAULT_GUIDE.map(({ call: _, ...shown }) => shown),
    }),
  ]
}
