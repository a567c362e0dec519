import { S3Error } from './s3/s3Bucket'

/** What a disk refuses whoever asks: it is full, read-only, broken, or not for this process. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'EACCES',
  'EPERM',
  'ENOTCONN',
  'ESTALE',
])

/** Whether a failure is about the image store as such, and not about one image. */
export function isImagesOutage(failure: unknown): boolean {
  return failure instanceof S3Error || REFUSALS.has((failure as { code?: unknown } | null)?.code)
}
