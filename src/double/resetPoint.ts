import type { Snapshots } from './ports'

/** No snapshot that a client has named has this name. */
const NAME = ''

export interface ResetPointParts {
  readonly snapshots: Snapshots
  /** Whatever lasts in the process, such as rules and the journal. */
  readonly double: { reset(): void }
  /** Called when all is as it was. */
  readonly onReset: () => void
}

/** What a reset goes back to. */
export class ResetPoint {
  constructor(private readonly parts: ResetPointParts) {}

  /** Lets a reset go back to the rows as they are now. */
  async set(): Promise<void> {
    await this.parts.snapshots.take(NAME)
  }

  /** Brings rows back to the reset point, and all that lasts in the process to the start. */
  async restore(): Promise<void> {
    const { snapshots, double, onReset } = this.parts
    if (!(await snapshots.restore(NAME))) throw new Error('there is no reset point yet')
    double.reset()
    onReset()
  }
}

/** The snapshots that clients have named. */
export function namedSnapshots(snapshots: Snapshots): ReturnType<Snapshots['list']> {
  return snapshots.list().filter(({ name }) => name !== NAME)
}
