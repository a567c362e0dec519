#!/usr/bin/env node
import { CommandError } from './cli/commandError'
import { program } from './cli/program'
import { OperatorError } from './contract/operatorError'
import { S3Error } from './images/s3/s3Bucket'
import { UnreadableCredentials } from './images/s3/s3Credentials'
import { DatabaseUnreachable, MigrationsPending } from './server/storage'
import { SettingsError } from './settings/settings'
import { UnreadableSecretKey } from './store/access/secretKey'
import { LockNotGiven } from './store/database/database'
import { DataDirectoryInUse } from './store/database/dataDirectoryLock'
import { DataDirectoryUnusable } from './store/database/dataDirectoryUnusable'
import { DatabaseTooNew } from './store/database/migrate'

/** Failures whose message says all that a person needs. Any other is shown with its stack. */
const PLAIN = [
  CommandError,
  DataDirectoryInUse,
  DataDirectoryUnusable,
  DatabaseTooNew,
  DatabaseUnreachable,
  LockNotGiven,
  MigrationsPending,
  OperatorError,
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
