import type { Readable } from 'node:stream'
import type { AuditEntry, Replacement } from './auditEntry'
import type { StoredName } from './fileName'
import type { Gallery } from './gallery'
import type { MediaAttribute } from './mediaAttribute'

/** A product by its id or its SKU. */
export type ProductReference = { readonly id: number } | { readonly sku: string }

export interface Product {
  readonly id: number
  /** Whether the product's attribute set has a media gallery. */
  readonly hasGallery: boolean
}

/** The rows of galleries and their products. */
export interface Galleries {
  product(reference: ProductReference): Promise<Product | null>
  /**
   * Reads the product and its gallery as that store view sees it, in one query; null when there is no such
   * product.
   */
  view(reference: ProductReference, storeId: number): Promise<{ product: Product; gallery: Gallery } | null>
  /** Runs `work` in one transaction that locks the product's row. An error in `work` undoes all of it. */
  change<T>(productId: number, work: (gallery: OpenGallery) => Promise<T>): Promise<T>
  /** Whether the store view belongs to one of the product's websites. */
  isOffered(productId: number, storeId: number): Promise<boolean>
  /**
   * Whether guests and customers see the product in the store view: it is enabled there, and visible on its own. One of which
   * neither is known, as no import has brought it, is seen.
   */
  isSeenByGuests(productId: number, storeId: number): Promise<boolean>
  /** Returns the media attributes of an attribute set in its order; none for a set that does not exist. */
  mediaAttributes(attributeSetId: number): Promise<readonly MediaAttribute[]>
}

/** A gallery inside the transaction that locks its product. */
export interface OpenGallery {
  view(storeId: number): Promise<Gallery>
  /**
   * Claims the first free path of a name for a file, permanently: a removed image does not free its name.
   *
   * @returns null when every free path is longer than a file name may be
   */
  claim(name: StoredName, file: WrittenFile): Promise<string | null>
  /**
   * Replaces the file under this path in all galleries that have it, and answers the storage key of the old file, which is
   * then released; null when it had no bytes.
   */
  replaceFile(path: string, file: WrittenFile): Promise<string | null>
  /** Returns the first image of the gallery whose file has these bytes, by their SHA-256; null for none. */
  imageWithBytes(sha256: Buffer): Promise<{ readonly id: number; readonly file: string } | null>
  /** Adds an image for a claimed path and answers its id. */
  addImage(path: string): Promise<number>
  /**
   * Writes the whole gallery as the own values of this store view. An empty label is written as none, so that a store view
   * inherits it (magento.md §6.3). A type of scope website is written for all store views of the website, and one of scope
   * global for the default scope (magento.md §6.7).
   */
  write(storeId: number, gallery: Gallery): Promise<void>
  /**
   * Whether a type of the product's attribute set shows the image in the default scope or in a store view of the product's
   * websites, other than this one.
   */
  isUsedBeyond(storeId: number, imageId: number): Promise<boolean>
  deleteImage(imageId: number): Promise<void>
  /** Records permanently who has changed what: the entry outlives product, image, store view and author. */
  record(entry: AuditEntry): Promise<void>
  /** Records for each other image that has the image's file that its bytes were replaced. */
  recordReplacedElsewhere(entry: Replacement): Promise<void>
}

export interface StoreViews {
  /** Returns the id of the store view with exactly this code; null if there is none. */
  byCode(code: string): Promise<number | null>
  /** Whether there is a store view with this id. */
  exists(id: number): Promise<boolean>
  /**
   * Returns the id of the default store view of the default website (magento.md §6.2). Without a default website it is
   * the store view with the lowest id above 0; null if there is none.
   */
  defaultView(): Promise<number | null>
}

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp'

/** The format of a stored file: `other` is one of an import that is no image of a known format. */
export type FileFormat = ImageFormat | 'other'

/** The facts that the store records of a file. */
export interface ImageFacts {
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
  readonly size: number
  readonly sha256: Buffer
  readonly md5: Buffer
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
   * @returns 'unsupported' for bytes that do not start as an accepted format
   */
  probe(bytes: Buffer, client: string): Promise<ImageFacts | 'unsupported' | InvalidImage>
}

/** Bytes that start as an image, and are not decoded. */
export interface InvalidImage {
  /** Why, for the log. */
  readonly problem: string
}

/** Stores bytes under keys such as `/i/m/image~x7k2.jpg`. Each key is written only once. */
export interface ImageStore {
  /** Writes the bytes durably. Readers see all of them or nothing, never a part. */
  write(key: string, bytes: Uint8Array): Promise<void>
  open(key: string): Promise<StoredBytes | null>
  delete(key: string): Promise<void>
  /**
   * Lists every file that exists during the whole listing. Files that are written or deleted meanwhile may be
   * listed or not.
   */
  list(): AsyncIterable<StoredFile>
  /** Lists files of writes that broke off or are still under way. `delete` accepts their keys as well. */
  unfinished(): AsyncIterable<StoredFile>
  /** Throws when the store cannot be written to or read from. */
  check(): Promise<void>
}

/** The facts of a file that a store knows without opening it. */
export interface StoredFile {
  readonly key: string
  readonly size: number
  readonly modified: Date
}

export interface StoredBytes {
  readonly size: number
  /** Reads the bytes from `start` to `end`, both included, as in an HTTP range. */
  read(range?: { readonly start: number; readonly end: number }): Readable
}

/** The row of a file: what is served under its path, wherever its bytes are. */
export interface MediaFile {
  readonly storageKey: string
  readonly format: FileFormat
  readonly sha256: Buffer
  readonly modified: Date
}

export interface MediaFiles {
  /**
   * Finds the file that a URL's path means. One whose own path has no slash, or two, at its beginning is found as well: on a
   * disk they are one file.
   */
  find(path: string): Promise<MediaFile | null>
}
