import type { NamedRow } from './shopTables'

/** The settings of a shop that are worth keeping, and what sets them here. */
const SETTINGS: readonly {
  readonly path: string
  readonly environment: string
  /** Returns the value here; null for one that is the default here. */
  readonly value: (value: string) => string | null
}[] = [
  {
    path: 'web/unsecure/base_url',
    environment: 'KEEPSAKE_BASE_URL',
    value: (value) => (/^https?:\/\//.test(value) ? value.replace(/\/+$/, '') : null),
  },
  {
    path: 'api/config/session_timeout',
    environment: 'KEEPSAKE_SESSION_LIFETIME',
    value: (value) => (/^[1-9][0-9]*$/.test(value) ? value : null),
  },
  {
    path: 'api/config/compliance_wsi',
    environment: 'KEEPSAKE_V2_WSDL',
    value: (value) => (value === '1' ? 'wsi' : null),
  },
]

/** Settings that no variable sets: what follows from them is told. */
const REMARKS: readonly { readonly path: string; readonly remark: (value: string) => string | null }[] = [
  {
    path: 'api/config/charset',
    remark: (value) =>
      /^utf-?8$/i.test(value) ? null : `# the API answered in ${value}; answers are in UTF-8 here`,
  },
  {
    path: 'web/unsecure/base_media_url',
    remark: (value) =>
      /^\{\{(?:un)?secure_base_url\}\}media\/$|^\{\{base_url\}\}media\/$/.test(value)
        ? null
        : `# images were served under ${value}: send that host here`,
  },
]

/** Returns lines that set what the shop had set, for an environment file. */
export function shopSettings(config: readonly NamedRow[]): readonly string[] {
  const values = new Map(
    config.filter((row) => row.scope === 'default').map((row) => [row.path, row.value ?? '']),
  )
  const lines = SETTINGS.map(({ path, environment, value }) => {
    const given = values.get(path)
    const own = given === undefined ? null : value(given)
    return own === null ? null : `${environment}=${own}`
  })
  const remarks = REMARKS.map(({ path, remark }) => {
    const given = values.get(path)
    return given === undefined ? null : remark(given)
  })
  return [...lines, ...remarks].filter((line) => line !== null)
}
