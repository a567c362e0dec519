import { NotComparable } from '../comparing/answers'
import { textIn } from './comparisonFile'
import { askSecretly } from './terminal'

export interface KeyFlags {
  readonly user: string
  readonly keyFile?: string
}

let typed: Promise<string> | null = null

/**
 * Returns the API key of the user: the first line of a file, else what the environment says, else what is typed at a
 * terminal, once.
 *
 * @throws NotComparable
 */
export async function keyOf({ keyFile, user }: KeyFlags): Promise<string> {
  if (keyFile !== undefined) return keyIn(keyFile)
  const given = process.env.KEEPSAKE_COMPARE_KEY
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY)
    throw new NotComparable(`the key of ${user} is missing: give it by KEEPSAKE_COMPARE_KEY or --key-file`)
  typed ??= askSecretly(`Key of ${user}: `)
  return typed
}

async function keyIn(file: string): Promise<string> {
  return (await textIn(file)).split(/\r?\n/, 1)[0] ?? ''
}
