import type { FileFormat } from '../catalog/ports'
import type { Oddity } from './oddity'
import type { ShopAccess } from './shopAccess'
import type { ShopFacts } from './shopFacts'
import type { LargeRows } from './shopTables'

/** The bytes of a file of the media folder, once they are in the image store. */
export interface StoredMedia {
  readonly path: string
  /** Size and time of the file in the media folder, by which it is known again. The time is in milliseconds since 1970. */
  readonly sourceSize: number
  readonly sourceModified: number
  readonly storageKey: string
  readonly format: FileFormat
  readonly width: number | null
  readonly height: number | null
  readonly sha256: Buffer
  readonly md5: Buffer
}

/** A path of the shop's galleries, and what an earlier import knows of its file. */
export interface StagedPath {
  readonly path: string
  /** Null for a file that no import has stored. */
  readonly known: Pick<StoredMedia, 'sourceSize' | 'sourceModified'> | null
  /** Whether {@link ImportStore.notePaths} has been told of it. */
  readonly isNoted: boolean
}

/** What an import does with a product that was changed here since the last. */
export type ConflictRule = 'keep' | 'replace'

export interface MoveOptions {
  readonly conflicts: ConflictRule
  /** Whether products are deleted that the shop has no more. */
  readonly deletes: boolean
  /** Whether all is undone at the end. */
  readonly isDryRun: boolean
}

/** How many rows came in, and what became of the products. */
export interface MoveCounts {
  readonly products: {
    readonly total: number
    readonly added: number
    readonly changed: number
    readonly unchanged: number
    readonly conflicts: number
    readonly deleted: number
    readonly gone: number
  }
  readonly images: number
  readonly values: number
  readonly types: number
  readonly files: { readonly stored: number; readonly missing: number; readonly unsafe: number }
}

/** What an import gives to the rest of an import's parts: the rows of the shop that is being moved. */
export interface ImportStore {
  /** Runs `work` while no other import does. @throws when another one is at work */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Makes the tables in which rows are staged, or empties those that an import left which was ended. */
  begin(): Promise<void>
  stage(rows: LargeRows): Promise<void>
  /** Readies what was staged for all that follows. */
  prepare(facts: ShopFacts): Promise<void>
  /** Returns at most `limit` paths of the shop's galleries after this one, in order. */
  paths(after: string, limit: number): Promise<readonly StagedPath[]>
  /** Returns those of the paths that a gallery of the shop has, in any of the forms that mean one file. */
  named(files: readonly string[]): Promise<ReadonlyMap<string, readonly StagedPath[]>>
  countPaths(): Promise<number>
  /** Remembers stored bytes, so that an import that is ended here need not store them again. */
  remember(media: readonly StoredMedia[]): Promise<void>
  /** Notes of paths that their files are where they were, are missing, or cannot be. */
  notePaths(paths: readonly string[], state: 'stored' | 'missing' | 'unsafe'): Promise<void>
  /** Moves all staged rows to their places, in one transaction. */
  move(
    facts: ShopFacts,
    access: ShopAccess,
    options: MoveOptions,
  ): Promise<MoveCounts & { readonly oddities: readonly Oddity[] }>
  /** Drops the staged rows. */
  end(): Promise<void>
}

/** The bytes of a file, as they were at one moment. */
export interface ReadFile {
  readonly bytes: Buffer
  /** In milliseconds since 1970. */
  readonly modified: number
}

/** A file of a media folder. */
export interface MediaSourceFile {
  /** The path as galleries have it: with one slash at its beginning, and none twice. */
  readonly path: string
  readonly size: number
  /** In milliseconds since 1970. */
  readonly modified: number
  /** Reads the bytes, and tells the time of the file that they are of. @throws UnreadableShop for a file that changes all the time */
  read(): Promise<ReadFile>
}

/** A media folder from which files are taken by their paths. */
export interface MediaFolder {
  readonly kind: 'folder'
  /** Opens a file by its path; null when there is none. */
  open(path: string): Promise<MediaSourceFile | null>
  /** Yields the paths of all files, but for caches and placeholders. */
  list(): AsyncGenerator<string>
}

/** A media archive, whose files come in their own order. */
export interface MediaArchive {
  readonly kind: 'archive'
  files(): AsyncGenerator<MediaSourceFile>
}

export type MediaSource = MediaFolder | MediaArchive
