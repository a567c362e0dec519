import { z } from 'zod'
import type { Double } from '../../double/double'
import type { Snapshots } from '../../double/ports'
import { namedSnapshots, type ResetPoint } from '../../double/resetPoint'
import { shownState } from '../answers'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'

const ids = z.strictObject({ deterministic: z.boolean() }).meta({ examples: [{ deterministic: true }] })
const loose = z.strictObject({ loose: z.boolean() }).meta({ examples: [{ loose: true }] })

export interface StateParts {
  readonly version: string
  readonly double: Double
  readonly administration: Pick<Administration, 'counts'>
  readonly snapshots: Snapshots
  readonly resetPoint: ResetPoint
}

/** Returns the operations that show a test double's contents and options, set the options, and reset it. */
export function stateOperations(parts: StateParts): readonly ControlOperation[] {
  const { version, double, administration, snapshots, resetPoint } = parts
  const { clock } = double
  const toldIds = () => ({ deterministic: double.ids.isDeterministic })
  const toldLoose = () => ({ loose: double.mode.isLoose })
  return [
    controlOperation({
      method: 'get',
      path: '/',
      tag: 'State',
      summary: 'What the test double holds, and how it is set',
      answers: shownState,
      run: async () => ({
        version,
        ...(await administration.counts()),
        rules: double.rules.size,
        journal: double.journal.size,
        clock: { now: clock.now().toISOString(), fixed: clock.isFixed },
        ...toldIds(),
        ...toldLoose(),
        snapshots: namedSnapshots(snapshots).map(({ name }) => name),
      }),
    }),
    controlOperation({
      method: 'post',
      path: '/reset',
      tag: 'State',
      summary: 'Everything as it was when the server had started and taken its seed',
      run: () => resetPoint.restore(),
    }),
    controlOperation({
      method: 'get',
      path: '/ids',
      tag: 'State',
      summary: 'Whether session ids come in an order that repeats',
      answers: ids,
      run: async () => toldIds(),
    }),
    controlOperation({
      method: 'put',
      path: '/ids',
      tag: 'State',
      summary: 'Let session ids come in an order that repeats from each reset on, or at random',
      body: ids,
      answers: ids,
      async run({ body: { deterministic } }) {
        double.ids.isDeterministic = deterministic
        return toldIds()
      },
    }),
    controlOperation({
      method: 'get',
      path: '/loose',
      tag: 'State',
      summary: 'Whether unknown products and users are made on first use',
      answers: loose,
      run: async () => toldLoose(),
    }),
    controlOperation({
      method: 'put',
      path: '/loose',
      tag: 'State',
      summary: 'Make unknown products and users on first use, or refuse them',
      body: loose,
      answers: loose,
      async run({ body }) {
        double.mode.isLoose = body.loose
        return toldLoose()
      },
    }),
  ]
}
