import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isCallbackUrl } from '../oauth/flow'
import type { ConsumerKey, TokenUser } from '../oauth/ports'
import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { foreignSecretsWarning } from '../store/access/foreignSecrets'
import {
  type ConsumerSummary,
  consumersOf,
  issueToken as issue,
  randomCredential,
  revoke,
  saveConsumer,
  tokensOf,
} from '../store/access/oauthRows'
import { CommandError } from './commandError'
import { print, printTable, warn } from './terminal'
import { withStorage } from './withStorage'

export interface ConsumerFlags {
  readonly callback?: string
  readonly rsaPublicKey?: string
}

/** Shorter keys have been factored. */
const SHORTEST_RSA_KEY_BITS = 1024

export async function addConsumer(settings: Settings, name: string, flags: ConsumerFlags): Promise<void> {
  const { callback, rsaPublicKey: file } = flags
  if (callback !== undefined && !isCallbackUrl(callback))
    throw new CommandError('--callback: expected an absolute http or https URL')
  requireLastingKey(settings)
  const signsWith: ConsumerKey =
    file === undefined
      ? { kind: 'secret', secret: randomCredential() }
      : { kind: 'rsa', publicKey: await readPublicKey(file) }
  const key = randomCredential()
  const consumer = { key, name, signsWith, callbackUrl: callback ?? null }
  await withStorage(settings, async (storage) => {
    await warnOfOtherKeys(storage)
    await saveConsumer(storage.database, storage.secretBox, consumer)
  })
  print(`Added OAuth consumer ${name}.`)
  print(`Key: ${key}`)
  if (signsWith.kind === 'secret') print(`Secret: ${signsWith.secret}`)
}

const SIGNS_WITH: Readonly<Record<ConsumerSummary['signsWith'], string>> = {
  secret: 'secret',
  rsa: 'RSA key',
}

export async function listConsumers(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const consumers = await consumersOf(database)
    printTable(
      ['KEY', 'NAME', 'SIGNS WITH', 'CALLBACK'],
      consumers.map(({ key, name, signsWith, callbackUrl }) => [
        key,
        name,
        SIGNS_WITH[signsWith],
        callbackUrl ?? '-',
      ]),
    )
  })
}

export async function issueToken(settings: Settings, consumer: string, user: TokenUser): Promise<void> {
  requireLastingKey(settings)
  const { token, secret } = await withStorage(settings, async (storage) => {
    await warnOfOtherKeys(storage)
    return issue(storage.database, storage.secretBox, consumer, user)
  })
  print(`Issued an access token of type ${user}.`)
  print(`Token: ${token}`)
  print(`Secret: ${secret}`)
}

export async function revokeToken(settings: Settings, token: string): Promise<void> {
  await withStorage(settings, ({ database }) => revoke(database, token))
  print(`Revoked token ${token}.`)
}

export async function listTokens(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const tokens = await tokensOf(database)
    printTable(
      ['TOKEN', 'CONSUMER', 'TYPE', 'AUTHORIZED BY', 'STATE'],
      tokens.map(({ token, consumer, user, operator, isRevoked }) => [
        token,
        consumer,
        user,
        operator ?? '-',
        isRevoked ? 'revoked' : 'active',
      ]),
    )
  })
}

/**
 * Requires a permanent key: secrets under the temporary key of this process could be read by no other
 * process.
 */
function requireLastingKey({ memory, databaseUrl, secretKey }: Settings): void {
  if (memory && databaseUrl !== null && secretKey === null)
    throw new CommandError(
      'KEEPSAKE_MEMORY is set: without KEEPSAKE_SECRET_KEY, no server could read the secret',
    )
}

/** Warns when servers have another key, because they could not read what is stored now. */
async function warnOfOtherKeys({ database, secretBox }: Storage): Promise<void> {
  const warning = await foreignSecretsWarning(database, secretBox)
  if (warning !== null) warn(warning)
}

/** Returns the public key of a PEM file as PEM. The file may also hold the private key or a certificate. */
async function readPublicKey(file: string): Promise<string> {
  const key = publicKeyIn(await readFile(file))
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0
  if (key?.asymmetricKeyType !== 'rsa' || bits < SHORTEST_RSA_KEY_BITS)
    throw new CommandError(
      `${file}: expected an RSA public key of ${SHORTEST_RSA_KEY_BITS} bits or more, as PEM`,
    )
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function publicKeyIn(pem: Buffer): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}
