import type * as pglite from '@electric-sql/pglite'

/** Stands in tests for PGlite's own module; the environment of the tests puts it there. */
declare const sharedPglite: Pick<typeof pglite.PGlite, 'create'>

export const PGlite = sharedPglite
