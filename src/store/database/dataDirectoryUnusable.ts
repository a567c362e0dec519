import { PlainError } from '../../contract/plainError'

/** What a person can do, by the error code of the system. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room there',
  EDQUOT: 'make room there',
  EROFS: 'let this user write there',
  EACCES: 'let this user write there',
  EPERM: 'let this user write there',
  ENOTDIR: 'it is to be a directory',
  EEXIST: 'it is to be a directory',
}

/** The data directory cannot be used as it is. The message is one line with the cause and what to do. */
export class DataDirectoryUnusable extends PlainError {
  override readonly name = 'DataDirectoryUnusable'

  /**
   * @param what which part cannot be used, and how, as a clause without a full stop: "the data directory /x
   * cannot be made"
   */
  constructor(what: string, cause: unknown, remedy = remedyFor(cause)) {
    super(`${what}: ${reasonOf(cause)}: ${remedy}, or choose another --data-dir`, { cause })
  }
}

/** Whether the system refused to write because of missing space or permission. */
export function isRefusedWrite(thrown: unknown): boolean {
  return codeOf(thrown) in REMEDIES
}

function remedyFor(cause: unknown): string {
  return REMEDIES[codeOf(cause)] ?? 'see that it can be read and written'
}

function codeOf(thrown: unknown): string {
  return String((thrown as { code?: unknown } | null)?.code)
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
