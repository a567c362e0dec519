import * as accounts from './001_accounts'
import * as catalog from './002_catalog'
import * as gallery from './003_gallery'
import * as oauth from './004_oauth'
import * as imageVariants from './005_image_variants'
import * as loginFailures from './006_login_failures'
import * as audit from './007_audit'
import * as releasedFiles from './008_released_files'
import * as readiness from './009_readiness'
import * as mediaAttributes from './010_media_attributes'
import * as skuCollation from './011_sku_collation'
import * as mediaTypes from './012_media_types'
import * as webp from './013_webp'
import * as md5 from './014_md5'
import * as freedFiles from './015_freed_files'
import * as importedGalleries from './016_imported_galleries'
import * as restRoles from './017_rest_roles'

/** A step of the schema, as SQL: statements that run in one transaction. */
export interface Migration {
  /** What it adds, in a line. */
  readonly adds: string
  readonly up: string
  /** What undoes it, with all rows in its tables. */
  readonly down: string
}

/**
 * Every migration under the name that the database remembers, in the order in which they run. One adds or allows more,
 * and what is there keeps its meaning: servers of the version before go on beside the new schema.
 */
export const migrations: ReadonlyMap<string, Migration> = new Map<string, Migration>([
  ['001_accounts', accounts],
  ['002_catalog', catalog],
  ['003_gallery', gallery],
  ['004_oauth', oauth],
  ['005_image_variants', imageVariants],
  ['006_login_failures', loginFailures],
  ['007_audit', audit],
  ['008_released_files', releasedFiles],
  ['009_readiness', readiness],
  ['010_media_attributes', mediaAttributes],
  ['011_sku_collation', skuCollation],
  ['012_media_types', mediaTypes],
  ['013_webp', webp],
  ['014_md5', md5],
  ['015_freed_files', freedFiles],
  ['016_imported_galleries', importedGalleries],
  ['017_rest_roles', restRoles],
])
