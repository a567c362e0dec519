#!/usr/bin/env node
import { CommandError } from './cli/commandError'
import { program } from './cli/program'
import { Refusal } from './contract/administration'
import { SettingsError } from './settings'
import { DatabaseUnreachable, MigrationsPending } from './storage'
import { LockNotGiven } from './store/database'
import { DataDirectoryInUse } from './store/dataDirectoryLock'
import { DatabaseTooNew } from './store/migrate'
import { S3Error } from './store/s3Bucket'
import { UnreadableCredentials } from './store/s3Credentials'
import { UnreadableSecretKey } from './store/secretKey'

/** Failures whose message says all that a person needs. Any other is shown with its stack. */
const PLAIN = [
  CommandError,
  DataDirectoryInUse,
  DatabaseTooNew,
  DatabaseUnreachable,
  LockNotGiven,
  MigrationsPending,
  Refusal,
  S3Error,
  UnreadableCredentials,
  UnreadableSecretKey,
]

program()
  .parseAsync()
  .catch((thrown: unknown) => {
    process.stderr.write(`keepsake: ${messageOf(thrown)}\n`)
    process.exitCode = thrown instanceof SettingsError ? 2 : 1
  })

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const isPlain =
    thrown instanceof SettingsError || PLAIN.some((kind) => thrown instanceof kind) || 'code' in thrown
  return isPlain ? thrown.message || String(thrown) : (thrown.stack ?? thrown.message)
}
