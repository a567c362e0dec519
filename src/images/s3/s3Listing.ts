import { SaxesParser } from 'saxes'

export interface ListedObject {
  readonly key: string
  readonly size: number
  readonly modified: Date
}

/** One page of a bucket's list. */
export interface ListingPage {
  readonly objects: readonly ListedObject[]
  /** What asks for the next page; null on the last. */
  readonly next: string | null
}

/** Reads an answer of ListObjectsV2. @throws for what is none */
export function readListing(xml: string): ListingPage {
  const objects: ListedObject[] = []
  const page = new Map<string, string>()
  let object = new Map<string, string>()
  const path: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => {
    path.push(name)
    if (path.length === 2 && name === 'Contents') object = new Map()
  })
  parser.on('text', (text) => {
    const [root, member = '', detail = ''] = path
    if (root !== 'ListBucketResult') return
    if (path.length === 2) page.set(member, (page.get(member) ?? '') + text)
    if (path.length === 3 && member === 'Contents') object.set(detail, (object.get(detail) ?? '') + text)
  })
  parser.on('closetag', ({ name }) => {
    path.pop()
    if (path.length === 1 && name === 'Contents') objects.push(listedObject(object))
  })
  parser.write(xml).close()
  return { objects, next: nextOf(page) }
}

function listedObject(members: ReadonlyMap<string, string>): ListedObject {
  const key = members.get('Key')
  const size = Number(members.get('Size') ?? Number.NaN)
  const modified = new Date(members.get('LastModified') ?? '')
  if (key === undefined || !Number.isSafeInteger(size) || Number.isNaN(modified.getTime()))
    throw new Error('a listed object lacks its key, size or time')
  return { key, size, modified }
}

/** A list that breaks off without saying how to go on must not pass for a whole one. */
function nextOf(page: ReadonlyMap<string, string>): string | null {
  const isTruncated = page.get('IsTruncated')
  if (isTruncated === 'false') return null
  const next = page.get('NextContinuationToken')
  if (isTruncated !== 'true' || !next) throw new Error('a list that does not say how it goes on')
  return next
}
