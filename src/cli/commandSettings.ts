import { type Command, Option } from 'commander'
import type { StorageSettings } from '../server/storage'
import { readSettings, SETTINGS, type SettingName, type Settings } from '../settings/settings'

/** All storage settings except `memory`, because changes in memory would be lost when the command ends. */
const STORAGE: Readonly<Record<Exclude<keyof StorageSettings, 'memory'>, true>> = {
  dataDir: true,
  databaseUrl: true,
  poolSize: true,
  poolQueue: true,
  connectTimeout: true,
  statementTimeout: true,
  statements: true,
  migrate: true,
  secretKey: true,
  store: true,
  s3Endpoint: true,
  s3Region: true,
  s3AccessKeyId: true,
  s3SecretAccessKey: true,
  s3SessionToken: true,
  s3CredentialsFile: true,
}

const EVERY_SETTING = Object.keys(SETTINGS) as readonly SettingName[]

/** The settings of commands, by what the commands do. */
const SETTINGS_FOR = {
  'the server': EVERY_SETTING,
  storage: withStorageSettings(),
  migration: withStorageSettings().filter((name) => name !== 'migrate'),
  backup: withStorageSettings('backupPassphrase', 'backupPassphraseFile'),
  presets: withStorageSettings('imagePresets'),
  resizing: withStorageSettings('imagePresets', 'maxPixels', 'decodeConcurrency', 'decodeTimeout'),
} as const satisfies Readonly<Record<string, readonly SettingName[]>>

/** Returns the storage settings and some others, in the order of the table. */
function withStorageSettings(...others: readonly SettingName[]): readonly SettingName[] {
  return EVERY_SETTING.filter((name) => name in STORAGE || name === 'logLevel' || others.includes(name))
}

/** Adds flags for the command's settings, and lists the environment variables in its help. */
export function withSettings(command: Command, purpose: keyof typeof SETTINGS_FOR): Command {
  const names = SETTINGS_FOR[purpose]
  for (const name of names) {
    const { help, fallback, environment, ...setting } = SETTINGS[name]
    if (!('flag' in setting)) continue
    const shownDefault = fallback === null || fallback === 'false' ? '' : `, default ${fallback}`
    command.addOption(new Option(setting.flag, `${help} (${environment}${shownDefault})`))
  }
  return command.addHelpText('after', () => `\nEnvironment:\n${environmentHelp(names)}`)
}

function environmentHelp(names: readonly SettingName[]): string {
  const lines = names.map((name) => {
    const { environment, help, fallback, ...setting } = SETTINGS[name]
    const remarks = [
      ...(fallback === null ? [] : [`default ${fallback}`]),
      ...('isNeverEmpty' in setting ? ['never empty'] : []),
    ]
    return `  ${environment.padEnd(37)}${help}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}`
  })
  return `${lines.join('\n')}\n`
}

/** Reads all settings for a command with these flags. @throws SettingsError */
export function settingsFrom(flags: Readonly<Partial<Record<SettingName, unknown>>>): Settings {
  return readSettings(flags, process.env)
}
