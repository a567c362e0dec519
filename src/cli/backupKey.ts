import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { writeWhole } from '../backup/durableFiles'
import { markOfKey, sealKey, unsealKey } from '../backup/sealedKey'
import { passphrase, type Settings, SettingsError } from '../settings/settings'
import { CommandError } from './commandError'

export interface KeyFlags {
  /**
   * The file of the secret key, if it is kept apart from the backup. By default, it is beside the backup's
   * directory.
   */
  readonly secretKeyFile?: string
}

type PassphraseSettings = Pick<Settings, 'backupPassphrase' | 'backupPassphraseFile'>

/** Stores the secret key where the settings say, and returns the line that tells where. */
export async function keepKey(
  key: Buffer,
  directory: string,
  settings: PassphraseSettings,
  flags: KeyFlags,
): Promise<string> {
  const sealed = sealedFile(directory)
  const words = await passphraseOf(settings)
  if (words !== null) {
    if (flags.secretKeyFile !== undefined)
      throw new CommandError(
        '--secret-key-file: not together with a passphrase, which seals the key in the backup',
      )
    await writeWhole(sealed, [await sealKey(key, words)])
    return `The secret key is sealed in ${sealed}: keep the passphrase in another place.`
  }
  const file = fileApart(directory, flags)
  if (file.startsWith(`${path.resolve(directory)}${path.sep}`))
    throw new CommandError(
      '--secret-key-file: the key must not lie in the backup as it is: name a file outside',
    )
  const present = await readKey(file)
  if (present && !present.equals(key))
    throw new CommandError(`${file} holds another key: move it away, or name another --secret-key-file`)
  await writeWhole(file, [`${key.toString('hex')}\n`])
  await rm(sealed, { force: true })
  return `The secret key is in ${file}: keep it in another place than the backup.`
}

/**
 * Returns the secret key of a backup, from the place where it was stored.
 *
 * @param mark the manifest's mark of the key
 */
export async function keyOfBackup(
  directory: string,
  mark: string,
  settings: PassphraseSettings & Pick<Settings, 'secretKey'>,
  flags: KeyFlags,
): Promise<Buffer> {
  const key =
    settings.secretKey ?? (await sealedKeyOf(directory, settings)) ?? (await keyApart(directory, flags))
  if (markOfKey(key) === mark) return key
  const source = settings.secretKey ? 'KEEPSAKE_SECRET_KEY' : 'the secret key'
  throw new CommandError(`${source} is not the one that the shop of this backup had`)
}

/** Returns the sealed key; null when the backup has none. */
async function sealedKeyOf(directory: string, settings: PassphraseSettings): Promise<Buffer | null> {
  const file = sealedFile(directory)
  const sealed = await readIfThere(file)
  if (sealed === null) return null
  const words = await passphraseOf(settings)
  if (words !== null) return unsealKey(sealed, words, file)
  throw new CommandError(
    `${file} is sealed: set KEEPSAKE_BACKUP_PASSPHRASE, KEEPSAKE_BACKUP_PASSPHRASE_FILE or KEEPSAKE_SECRET_KEY`,
  )
}

async function keyApart(directory: string, flags: KeyFlags): Promise<Buffer> {
  const file = fileApart(directory, flags)
  const key = await readKey(file)
  if (key) return key
  throw new CommandError(
    `the secret key is not in ${file}: name its file by --secret-key-file, set KEEPSAKE_SECRET_KEY, ` +
      'or go without by --without-secret-key, after which OAuth consumers need new secrets',
  )
}

function sealedFile(directory: string): string {
  return path.join(directory, 'secret.key.sealed')
}

function fileApart(directory: string, { secretKeyFile }: KeyFlags): string {
  return path.resolve(secretKeyFile ?? `${path.resolve(directory)}.secret.key`)
}

async function readKey(file: string): Promise<Buffer | null> {
  const text = await readIfThere(file)
  if (text === null) return null
  if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new CommandError(`${file} holds no key of 64 hex digits`)
  return Buffer.from(text.trim(), 'hex')
}

async function passphraseOf({
  backupPassphrase,
  backupPassphraseFile: file,
}: PassphraseSettings): Promise<string | null> {
  if (file === null) return backupPassphrase
  const name = 'KEEPSAKE_BACKUP_PASSPHRASE_FILE'
  if (backupPassphrase !== null)
    throw new SettingsError(`${name}: not together with KEEPSAKE_BACKUP_PASSPHRASE`)
  const text = await readIfThere(file)
  if (text === null) throw new SettingsError(`${name}: there is no file ${file}`)
  const result = passphrase.safeParse(text.split(/\r?\n/, 1)[0])
  if (result.success) return result.data
  throw new SettingsError(`${name}: expected a first line of ${result.error.issues[0]?.message} in ${file}`)
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw thrown
  })
}
