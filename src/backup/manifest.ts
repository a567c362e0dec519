import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { flush } from '../contract/durableFile'
import { OperatorError } from '../contract/operatorError'
import { writeWhole } from './durableFiles'

/** The form of the directory. It rises when an earlier version could not read what this one writes. */
const FORMAT = 1
const FILE = 'manifest.json'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative()

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** The version of Keepsake that wrote it. */
  version: z.string(),
  /** When the rows were read (UTC). */
  taken: z.iso.datetime(),
  /** The names of the migrations that had made the tables, in order. */
  schema: z.array(z.string()).min(1),
  /** The directory of the row files, within `rows`. */
  rows: z.string().regex(/^[0-9a-f]+$/),
  tables: z.array(z.object({ name: z.string().regex(/^[\w"]+$/), count, sha256, bytes: count })),
  counters: z.record(z.string(), z.object({ value: z.string().regex(/^-?\d+$/), isCalled: z.boolean() })),
  /** The images in the set, and the paths of those whose bytes were gone, or were not what their row says. */
  images: z.object({
    count,
    bytes: count,
    damaged: z.array(z.object({ key: z.string(), reason: z.string() })),
  }),
  /** A mark that identifies the key and does not reveal it. */
  secretKeyMark: z.string(),
})

/** What one backup consists of. */
export type Manifest = z.output<typeof manifestSchema>
export type SavedTableFile = Manifest['tables'][number]

/** The manifest of a directory; null where there is none. @throws OperatorError for one that this version cannot read */
export async function readManifest(directory: string): Promise<Manifest | null> {
  const file = path.join(directory, FILE)
  const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw thrown
  })
  if (text === null) return null
  const content = parsed(text)
  const { format } = z.object({ format: z.int() }).safeParse(content).data ?? { format: FORMAT }
  if (format > FORMAT)
    throw new OperatorError('invalid', `${file} is of a later version of Keepsake: use that version`)
  const result = manifestSchema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') || 'the whole'
  throw new OperatorError('invalid', `${file} is no manifest of a backup: ${where}: ${issue?.message}`)
}

/** Makes this the manifest of the directory, durably, in place of an earlier one. */
export async function writeManifest(directory: string, manifest: Omit<Manifest, 'format'>): Promise<void> {
  await writeWhole(path.join(directory, FILE), [
    `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`,
  ])
  await flush(directory)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
