import { z } from 'zod'

/** A text that PostgreSQL can store: not empty, and without NUL. */
export const word = z
  .string()
  .min(1)
  .regex(/^[^\0]*$/, 'a text without NUL')

export const id = z.int().min(1).max(2147483647)
