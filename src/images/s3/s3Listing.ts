import { childElements, parseXml, textOf, type XmlElement } from '../../text/xml/tree'

export interface ListedObject {
  readonly key: string
  readonly size: number
  readonly modified: Date
}

/** One page of a bucket's list. */
export interface ListingPage {
  readonly objects: readonly ListedObject[]
  /** The token for the next page; null on the last. */
  readonly next: string | null
}

/** Reads an answer of ListObjectsV2. @throws for any other document */
export function readListing(xml: string): ListingPage {
  const { root } = parseXml(xml)
  const members = root.name === 'ListBucketResult' ? childElements(root) : []
  const objects = members.filter(({ name }) => name === 'Contents').map(listedObject)
  return { objects, next: nextOf(members) }
}

function listedObject(contents: XmlElement): ListedObject {
  const members = childElements(contents)
  const key = textNamed('Key', members)
  const size = Number(textNamed('Size', members) ?? Number.NaN)
  const modified = new Date(textNamed('LastModified', members) ?? '')
  if (key === null || !Number.isSafeInteger(size) || Number.isNaN(modified.getTime()))
    throw new Error('a listed object lacks its key, size or time')
  return { key, size, modified }
}

/** Returns the token for the next page. A list that is cut off without a token must not count as complete. */
function nextOf(members: readonly XmlElement[]): string | null {
  const isTruncated = textNamed('IsTruncated', members)
  if (isTruncated === 'false') return null
  const next = textNamed('NextContinuationToken', members)
  if (isTruncated !== 'true' || !next) throw new Error('a list that does not say how it goes on')
  return next
}

function textNamed(name: string, members: readonly XmlElement[]): string | null {
  const member = members.find((candidate) => candidate.name === name)
  return member ? textOf(member) : null
}
