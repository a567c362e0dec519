import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

const MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

const date = z.iso.date()
const dateAndTime = z.iso.datetime({ offset: true, local: true })

/**
 * Reads a moment: an age such as `90m`, `24h` or `7d`, a date, or a date and time. It is in UTC, like printed
 * times, unless it names a zone.
 *
 * @throws InvalidArgumentError
 */
export function moment(text: string): Date {
  const [, number, unit = ''] = /^([0-9]{1,6})([mhd])$/.exec(text) ?? []
  if (number !== undefined) return new Date(Date.now() - Number(number) * (MS[unit] ?? 0))
  if (date.safeParse(text).success) return new Date(text)
  if (!dateAndTime.safeParse(text).success)
    throw new InvalidArgumentError('Expected 2026-12-31, 2026-12-31T23:59 or an age such as 24h or 7d.')
  return new Date(/(?:Z|[+-][0-9]{2}:?[0-9]{2})$/.test(text) ? text : `${text}Z`)
}
