#!/usr/bin/env node
import { program } from './cli/program'
import { PlainError } from './contract/plainError'

program()
  .parseAsync()
  .catch((thrown: unknown) => {
    process.stderr.write(`keepsake: ${messageOf(thrown)}\n`)
    process.exitCode = thrown instanceof PlainError ? thrown.exitCode : 1
  })

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  // What the system refuses has a code, and says of itself what it was: EADDRINUSE, ENOENT.
  const isPlain = thrown instanceof PlainError || 'code' in thrown
  return isPlain ? thrown.message || String(thrown) : (thrown.stack ?? thrown.message)
}
