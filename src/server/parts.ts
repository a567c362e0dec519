import type { Accounts, Sessions } from '../api/ports'
import { GalleryChanges } from '../catalog/galleryChanges'
import type { ImageRules } from '../catalog/imageRules'
import type { Galleries } from '../catalog/ports'
import type { ImageRightsSource } from '../catalog/rest/imageRights'
import type { ImageDisplay } from '../catalog/shownImage'
import type { ImageVariants } from '../catalog/variants/imageVariants'
import type { Log } from '../contract/log'
import { DecodingProbe } from '../images/decoding/decodingProbe'
import { authenticator } from '../oauth/authenticate'
import type { Authenticate } from '../oauth/authentication'
import type { OAuthOptions } from '../oauth/verify'
import type { Settings } from '../settings/settings'
import { PostgresImageRights } from '../store/access/imageRights'
import { PostgresOAuth } from '../store/access/oauth'
import { PostgresSessions } from '../store/access/sessions'
import { PostgresGalleries } from '../store/galleries/galleries'
import { PostgresStoreViews } from '../store/shop/storeViews'
import { accountsOf } from './accounts'
import type { Foundation } from './foundation'
import { type Interception, magicSkuInterception } from './interception'
import { profileOf } from './profiles'
import { imageVariantsOf, uniqueMark } from './variants'

/** The parts that answer calls. A test double wraps some of them. */
export interface Parts {
  readonly galleries: Galleries
  readonly storeViews: PostgresStoreViews
  readonly changes: GalleryChanges
  readonly imageRules: ImageRules
  readonly imageDisplay: ImageDisplay
  readonly variants: ImageVariants
  readonly sessions: Sessions
  readonly accounts: Accounts
  readonly oauth: OAuthOptions
  readonly authenticate: Authenticate
  readonly imageRights: ImageRightsSource
  /** Null when calls are not intercepted. */
  readonly interception: Interception | null
}

/** The sources of the time and of new session ids. */
export interface Source {
  readonly now: () => Date
  /** Makes a session id; by default, ids are random. */
  readonly newSessionId?: () => string
}

const SYSTEM: Source = { now: () => new Date() }

/** Opens the parts of a server that is no test double. */
export function openParts(foundation: Foundation, source: Source = SYSTEM): Parts {
  const { settings, storage, decoder } = foundation
  const { database } = storage
  const { now } = source
  const galleries = new PostgresGalleries(database, now, readsHashes(settings))
  const variants = imageVariantsOf(storage, settings, decoder, now)
  const oauth = oauthOf(foundation, now)
  const imageRules = profileOf(settings).images
  return {
    galleries,
    storeViews: new PostgresStoreViews(database),
    changes: changesOf(foundation, galleries, variants),
    imageRules,
    imageDisplay: { numbers: imageRules.numbers, hashes: settings.imageHashes },
    variants,
    sessions: sessionsOf(foundation, source),
    accounts: accountsOf(database, settings, now),
    oauth,
    authenticate: authenticator(oauth),
    imageRights: new PostgresImageRights(database),
    interception: settings.magicSkus ? magicSkuInterception() : null,
  }
}

function readsHashes({ imageHashes, extensionMethods }: Settings): boolean {
  return imageHashes.length > 0 || extensionMethods
}

function changesOf(
  { storage: { images }, settings, decoder, log }: Foundation,
  galleries: Galleries,
  variants: ImageVariants,
): GalleryChanges {
  return new GalleryChanges({
    galleries,
    images,
    imageProbe: new DecodingProbe(decoder, profileOf(settings).images.formats),
    uniqueMark,
    reusesSameImage: settings.sameImage === 'reuse',
    onReplaced: () => dropOutdated(variants, log),
  })
}

async function dropOutdated(variants: ImageVariants, log: Log): Promise<void> {
  try {
    await variants.dropOutdated()
  } catch (err) {
    log.error({ err }, 'variants of a replaced image were not dropped: the next replacement tries again')
  }
}

function sessionsOf({ storage, settings }: Foundation, { now, newSessionId: newId }: Source): Sessions {
  const lifetimeSeconds = settings.sessionLifetime
  return new PostgresSessions(storage.database, { lifetimeSeconds, now, newId })
}

function oauthOf({ storage, settings }: Foundation, now: () => Date): OAuthOptions {
  const clock = { now, timestampWindowSeconds: settings.oauthTimestampWindow }
  return {
    store: new PostgresOAuth(storage.database, storage.secretBox, clock),
    ...clock,
    takesOpenPlaintext: settings.oauthPlaintextOverHttp,
  }
}
