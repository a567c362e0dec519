import type { Snapshots } from './ports'

/** A name that no client can give to a snapshot. */
const NAME = ''

export interface ResetPointParts {
  readonly snapshots: Snapshots
  /** The state that lasts in the process, such as rules and the journal. */
  readonly double: { reset(): void }
  /** Called after each reset. */
  readonly onReset: () => void
}

/** The state to which a reset returns. */
export class ResetPoint {
  constructor(private readonly parts: ResetPointParts) {}

  /** Makes the current rows the state to which resets return. */
  async set(): Promise<void> {
    await this.parts.snapshots.take(NAME)
  }

  /** Restores the rows of the reset point, and the process's own state of the start. */
  async restore(): Promise<void> {
    const { snapshots, double, onReset } = this.parts
    if (!(await snapshots.restore(NAME))) throw new Error('there is no reset point yet')
    double.reset()
    onReset()
  }
}

/** Lists the snapshots that clients have named. */
export function namedSnapshots(snapshots: Snapshots): ReturnType<Snapshots['list']> {
  return snapshots.list().filter(({ name }) => name !== NAME)
}
