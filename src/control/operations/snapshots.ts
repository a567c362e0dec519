import { z } from 'zod'
import { HttpFault } from '../../contract/httpFault'
import type { Snapshot, Snapshots } from '../../double/ports'
import { namedSnapshots } from '../../double/resetPoint'
import { type ControlOperation, controlOperation } from '../operation'

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

const snapshot = z
  .strictObject({ name: z.string(), taken: z.string() })
  .meta({ examples: [{ name: 'two-images', taken: '2026-01-31T12:00:00.000Z' }] })

/** Returns the operations on snapshots: the database's rows, saved under names. */
export function snapshotOperations(snapshots: Snapshots): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/snapshots',
      tag: 'Snapshots',
      summary: 'List snapshots',
      answers: z.array(snapshot),
      run: async () => namedSnapshots(snapshots).map(told),
    }),
    controlOperation({
      method: 'put',
      path: '/snapshots/{name}',
      tag: 'Snapshots',
      summary: 'Take a snapshot, in place of an earlier one of this name',
      answers: snapshot,
      run: async ({ path }) => told(await snapshots.take(nameIn(path))),
    }),
    controlOperation({
      method: 'post',
      path: '/snapshots/{name}/restore',
      tag: 'Snapshots',
      summary: 'Bring the rows back to a snapshot; rules, journal and clock stay',
      async run({ path }) {
        const name = nameIn(path)
        requireThere(name, await snapshots.restore(name))
      },
    }),
    controlOperation({
      method: 'delete',
      path: '/snapshots/{name}',
      tag: 'Snapshots',
      summary: 'Let a snapshot go',
      async run({ path }) {
        const name = nameIn(path)
        requireThere(name, await snapshots.drop(name))
      },
    }),
  ]
}

function told({ name, taken }: Snapshot) {
  return { name, taken: taken.toISOString() }
}

/** Reads the snapshot's name from the path. @throws HttpFault for a name that is not allowed */
function nameIn({ name = '' }: Readonly<Record<string, string>>): string {
  if (NAME.test(name)) return name
  throw new HttpFault(
    400,
    'A snapshot’s name has 1 to 64 letters, digits, hyphens, dots and underscores, and begins with a letter or digit',
  )
}

/** Requires that the snapshot exists. @throws HttpFault */
function requireThere(name: string, isThere: boolean): void {
  if (!isThere) throw new HttpFault(404, `There is no snapshot ${name}: GET /_keepsake/snapshots lists all`)
}
