import type { Readable } from 'node:stream'
import type { AuditEntry } from './auditEntry'
import type { StoredName } from './fileName'
import type { Gallery } from './gallery'

/** How a client named a product, once it is known whether that was an id or an SKU. */
export type ProductReference = { readonly id: number } | { readonly sku: string }

export interface Product {
  readonly id: number
  /** Whether its attribute set has a media gallery. */
  readonly hasGallery: boolean
}

/** Galleries and what they hang on, as rows. */
export interface Galleries {
  product(reference: ProductReference): Promise<Product | null>
  /** The product and its gallery as that store view sees it, in one read; null when there is no such product. */
  view(reference: ProductReference, storeId: number): Promise<{ product: Product; gallery: Gallery } | null>
  /** One transaction that holds the product's row; what `work` throws undoes all of it. */
  change<T>(productId: number, work: (gallery: OpenGallery) => Promise<T>): Promise<T>
  /** Whether the store view is of one of the product's websites. */
  isOffered(productId: number, storeId: number): Promise<boolean>
  attributeSetExists(id: number): Promise<boolean>
}

/** A gallery inside the transaction that holds its product. */
export interface OpenGallery {
  view(storeId: number): Promise<Gallery>
  /**
   * Claims the first free path of a name for a file, for good: a removed image leaves its name taken.
   * @returns null when every free path is longer than a file name may be
   */
  claim(name: StoredName, file: WrittenFile): Promise<string | null>
  /** Puts another file in the place of the one under this path, and answers the storage key of that: it is released. */
  replaceFile(path: string, file: WrittenFile): Promise<string>
  /** Adds an image for a claimed path and answers its id. */
  addImage(path: string): Promise<number>
  /** Writes the whole gallery as this store view's own. */
  write(storeId: number, gallery: Gallery): Promise<void>
  /** Whether the image is the value of a type in the default scope or in a store view of the product's websites, other than this one. */
  isUsedBeyond(storeId: number, imageId: number): Promise<boolean>
  deleteImage(imageId: number): Promise<void>
  /** Records who has changed what, for good: whatever becomes of product, image, store view and author. */
  record(entry: AuditEntry): Promise<void>
}

export interface StoreViews {
  /** The id of the store view with exactly this code, or null. */
  byCode(code: string): Promise<number | null>
  /** Whether there is a store view with this id. */
  exists(id: number): Promise<boolean>
}

export type ImageFormat = 'jpeg' | 'png' | 'gif'

/** What the store records of a file. */
export interface ImageFacts {
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
  readonly size: number
  readonly sha256: Buffer
}

/** A file whose bytes are in the image store. */
export interface WrittenFile extends ImageFacts {
  readonly storageKey: string
}

export interface ImageProbe {
  /**
   * Decodes all pixels of the image, of an animation those of its first frame, off the event loop.
   *
   * @param client the address of who sent it: those who wait have their turns one after the other
   * @returns 'unsupported' for bytes that do not start as a JPEG, PNG or GIF
   */
  probe(bytes: Buffer, client: string): Promise<ImageFacts | 'unsupported' | InvalidImage>
}

/** Bytes that start as an image, and are not decoded. */
export interface InvalidImage {
  /** Why, for the log. */
  readonly problem: string
}

/** Bytes, by a key such as `/i/m/image~x7k2.jpg`, which is written once and never again. */
export interface ImageStore {
  /** Writes the bytes durably. Readers see the whole of them or nothing, never a part. */
  write(key: string, bytes: Uint8Array): Promise<void>
  open(key: string): Promise<StoredBytes | null>
  delete(key: string): Promise<void>
  /** Every file that is there from beginning to end; what is written or deleted meanwhile may be named or not. */
  list(): AsyncIterable<StoredFile>
  /** What writes have left behind that broke off, or are still under way; `delete` takes its keys as well. */
  unfinished(): AsyncIterable<StoredFile>
  /** Throws when the store cannot be written to or read from. */
  check(): Promise<void>
}

/** What a store tells of a file without opening it. */
export interface StoredFile {
  readonly key: string
  readonly size: number
  readonly modified: Date
}

export interface StoredBytes {
  readonly size: number
  /** The bytes from `start` to `end`, both included, as in an HTTP range. */
  read(range?: { readonly start: number; readonly end: number }): Readable
}

/** A file's row: what is served under its path, wherever its bytes are. */
export interface MediaFile {
  readonly storageKey: string
  readonly format: ImageFormat
  readonly sha256: Buffer
  readonly modified: Date
}

export interface MediaFiles {
  find(path: string): Promise<MediaFile | null>
}
