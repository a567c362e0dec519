import type { ImageFormat } from './ports'

/** What differs for images between the versions of Magento that this server can answer as (docs/reference/profiles.md). */
export interface ImageRules {
  /** The file extension for each accepted type, whatever the bytes are. */
  readonly extensions: ReadonlyMap<string, string>
  readonly formats: ReadonlySet<ImageFormat>
  /**
   * How the numbers of an image are shown that Magento reads from its database: its position, whether it is excluded, and
   * in REST its id. As of PHP 8.1 they are integers.
   */
  readonly numbers: 'texts' | 'integers'
}

/** Magento 1, of any version (magento.md §2). */
export const MAGENTO_1: ImageRules = {
  extensions: new Map([
    ['image/jpeg', 'jpg'],
    ['image/gif', 'gif'],
    ['image/png', 'png'],
  ]),
  formats: new Set(['jpeg', 'png', 'gif']),
  numbers: 'texts',
}

/** OpenMage 20 on PHP 8.1. */
export const OPENMAGE_20: ImageRules = {
  extensions: new Map([...MAGENTO_1.extensions, ['image/webp', 'webp']]),
  formats: new Set([...MAGENTO_1.formats, 'webp']),
  numbers: 'integers',
}
