import { MOST_EXAMPLES, type Oddity } from './oddity'
import type { MoveCounts } from './ports'

/** What an import has done, or would do. */
export interface ImportReport {
  readonly isDryRun: boolean
  readonly websites: number
  readonly storeViews: number
  readonly attributeSets: number
  readonly mediaAttributes: number
  readonly rows: MoveCounts
  readonly media: {
    readonly copied: number
    readonly bytes: number
    /** Files that no gallery names. */
    readonly unnamed: number
  }
  readonly users: number
  readonly roles: number
  readonly consumers: number
  readonly tokens: number
  readonly oddities: readonly Oddity[]
  /** The settings of the shop that are worth keeping, as the environment sets them. */
  readonly environment: readonly string[]
  readonly seconds: number
}

/** Returns the report for a person, line by line. */
export function reportLines(report: ImportReport): readonly string[] {
  const { rows, media } = report
  const { products } = rows
  return [
    report.isDryRun ? 'What an import would do (nothing was changed):' : 'Imported:',
    `  ${report.websites} websites, ${report.storeViews} store views, ${report.attributeSets} attribute sets, ${report.mediaAttributes} media attributes`,
    `  ${products.total} products: ${products.added} new, ${products.changed} changed, ${products.unchanged} unchanged, ${products.conflicts} in conflict, ${products.deleted} deleted`,
    `  ${rows.images} images, ${rows.values} rows of values, ${rows.types} types`,
    `  ${rows.files.stored} files with bytes, ${rows.files.missing} missing, ${rows.files.unsafe} that cannot be; ${media.copied} copied (${media.bytes} bytes), ${media.unnamed} that no gallery names`,
    `  ${report.users} users, ${report.roles} roles, ${report.consumers} OAuth consumers, ${report.tokens} tokens`,
    ...oddityLines(report.oddities),
    ...environmentLines(report.environment),
  ]
}

function oddityLines(oddities: readonly Oddity[]): readonly string[] {
  if (oddities.length === 0) return []
  return [
    'What was odd:',
    ...oddities.map(({ meaning, count, examples }) => {
      const shown = examples.slice(0, MOST_EXAMPLES).join(', ')
      const more = count > examples.length ? ', …' : ''
      return `  ${count} ${meaning}${shown === '' ? '' : `: ${shown}${more}`}`
    }),
  ]
}

function environmentLines(environment: readonly string[]): readonly string[] {
  return environment.length === 0
    ? []
    : ['Settings of the shop, as the environment sets them:', ...environment.map((line) => `  ${line}`)]
}
