import { PlainError } from '../contract/plainError'

/** A value that a call takes or answers. PHP's arrays are lists and objects here. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainMap

export interface PlainMap {
  readonly [key: string]: Plain
}

/** What a shop made of one question: a value, a fault or an HTTP status with its text, or no answer that can be read. */
export type Answer =
  | { readonly value: Plain }
  | { readonly fault: string; readonly message: string }
  | { readonly failure: string }

/** The bytes behind a URL; or why there are none. */
export type Bytes = { readonly sha256: string; readonly size: number } | { readonly failure: string }

/** What a shop answers of an attribute set. */
export interface SetAnswers {
  readonly set: string
  readonly types: Answer
}

/** What a shop answers of a product. */
export interface ProductAnswers {
  readonly product: string
  /** One for each store view. */
  readonly views: readonly ViewAnswers[]
  /** By the file of an image; missing where bytes were not asked for. */
  readonly bytes?: Readonly<Record<string, Bytes>> | undefined
}

export interface ViewAnswers {
  /** The code of the store view. */
  readonly store: string
  readonly list: Answer
  /** By the file of an image; missing where it was not asked. */
  readonly info?: Readonly<Record<string, Answer>> | undefined
  /** What REST lists; missing where it was not asked. */
  readonly rest?: Answer | undefined
}

export type ShopAnswers = SetAnswers | ProductAnswers

/** The shops cannot be asked, or answers that were saved cannot be read. */
export class NotComparable extends PlainError {
  override readonly name = 'NotComparable'
  override readonly exitCode = 2
}

export function isPlainList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value)
}

export function isPlainMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !isPlainList(value)
}

/** Returns the items of a list that was answered; none for any other answer. */
export function itemsIn(answer: Answer | undefined): readonly Plain[] {
  return answer && 'value' in answer && isPlainList(answer.value) ? answer.value : []
}

/** An image that a list has. */
export interface ListedImage {
  readonly file: string
  readonly url: string
}

/** Returns the images of a list, each file once. */
export function imagesIn(list: Answer | undefined): readonly ListedImage[] {
  const images = itemsIn(list).flatMap((item) => {
    const { file, url } = isPlainMap(item) ? item : {}
    return typeof file === 'string' && typeof url === 'string' ? [[file, { file, url }] as const] : []
  })
  return [...new Map(images).values()]
}
