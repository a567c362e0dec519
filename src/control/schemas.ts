import { z } from 'zod'
import { LARGEST_ID } from '../contract/storable'

/** A text that the database can hold (`isStorableText`), told as a pattern for the OpenAPI document. */
export const text = z.string().regex(/^[^\0]*$/, 'a text without NUL')

/** The same, and not empty. */
export const word = text.min(1)

/** An id of anything but the default scope. */
export const id = z.int().min(1).max(LARGEST_ID)
