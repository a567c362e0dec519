import type { Router } from 'express'
import { ImagesById } from '../catalog/rest/imagesById'
import { type BodyReader, bodyReader } from '../http/body'
import type { DirectRoute } from '../http/server'
import { Readiness } from '../metrics/readiness'
import { SealedSignIns } from '../store/access/sealedSignIns'
import { proveDatabaseWrite } from '../store/database/writeProof'
import { PostgresMediaFiles } from '../store/galleries/mediaFiles'
import { mediaRoute } from '../wire/media/route'
import { LARGEST_OAUTH_BODY, oauthRoute } from '../wire/oauth/route'
import { restRoute } from '../wire/rest/route'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** Returns the reader of a call's body, with the limits of the settings. */
export function callReader(foundation: Foundation): BodyReader {
  return readerOf(foundation, foundation.settings.bodyLimit)
}

/** Returns the route for REST's calls. */
export function restCalls(foundation: Foundation, parts: Parts): DirectRoute {
  const { authenticate, imageRights, interception } = parts
  const interceptor = interception && { interceptor: interception.interceptor }
  return restRoute(
    { images: new ImagesById(parts), authenticate, imageRights, ...interceptor },
    callReader(foundation),
  )
}

/** Returns the routes by which a program gets a token, and the pages on which an operator allows it. */
export function oauthFlow(foundation: Foundation, { oauth, accounts }: Parts): Router {
  return oauthRoute(
    { ...oauth, accounts, signIns: new SealedSignIns(foundation.storage.secretBox) },
    readerOf(foundation, LARGEST_OAUTH_BODY),
  )
}

/** Returns the route for stored images and their variants. */
export function storedImages({ storage, settings, capacity }: Foundation, { variants }: Parts): Router {
  return mediaRoute({
    files: new PostgresMediaFiles(storage.database),
    images: storage.images,
    variants,
    presets: settings.imagePresets ?? new Map(),
    capacity,
  })
}

/** Whether the server can do its work, which each proves by a write. */
export function readinessOf({ storage: { database, images }, log }: Foundation): Readiness {
  return new Readiness({ database: () => proveDatabaseWrite(database), images: () => images.check() }, log)
}

function readerOf({ settings, capacity }: Foundation, bytes: number): BodyReader {
  return bodyReader({ bytes, seconds: settings.bodyTimeout }, capacity)
}
