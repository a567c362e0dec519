import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** The longest side of a variant, in pixels, which limits the cost of making one. */
const LONGEST_SIDE = 4096

/** The name of a preset: segments of a URL path, none of which is `.` or `..`. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/

const side = z.int().min(1).max(LONGEST_SIDE).optional()

const preset = z
  .strictObject({
    width: side,
    height: side,
    fit: z.enum(['inside', 'contain', 'cover', 'fill']).default('inside'),
    background: z
      .string()
      .regex(/^#[0-9A-Fa-f]{6}$/, 'a colour such as #ffffff')
      .transform((colour) => colour.toLowerCase())
      .optional(),
    enlarge: z.boolean().default(false),
    quality: z.int().min(1).max(100).default(80),
    formats: z
      .array(z.enum(['original', 'jpeg', 'png', 'webp', 'avif']))
      .min(1)
      .default(['original']),
  })
  .refine(({ width, height }) => width !== undefined || height !== undefined, 'width or height is missing')
  .refine(
    ({ width, height, fit }) => fit === 'inside' || (width !== undefined && height !== undefined),
    'only the fit inside goes without width or height',
  )
  .transform(({ width, height, background, ...others }) => ({
    width: width ?? LONGEST_SIDE,
    height: height ?? LONGEST_SIDE,
    background: background ?? null,
    ...others,
  }))

const presets = z.record(z.string(), preset).transform((byName, context) => {
  for (const name of Object.keys(byName)) {
    if (!NAME.test(name)) context.addIssue({ code: 'custom', path: [name], message: 'not a name for a URL' })
  }
  return new Map(Object.entries(byName))
})

/** The name of a JSON file with the allow-list of image presets. The file is read and checked at once. */
export const imagePresetFile = z.string().transform((file, context) => {
  const result = presets.safeParse(readJson(file, context))
  if (result.success) return result.data
  const [issue] = result.error.issues
  context.addIssue(`a file of image presets (${issue?.path.join(', ') || 'top level'}: ${issue?.message})`)
  return z.NEVER
})

function readJson(file: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (thrown) {
    context.addIssue(`a JSON file (${(thrown as Error).message})`)
    return z.NEVER
  }
}
