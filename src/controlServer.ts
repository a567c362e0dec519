import type { Router } from 'express'
import type { GalleryChanges } from './catalog/galleryChanges'
import { GalleryEditing } from './catalog/galleryEditing'
import type { Accounts } from './contract/session'
import type { Settings } from './settings'
import type { Storage } from './storage'
import { PostgresAdministration } from './store/administration'
import { PostgresSessions } from './store/sessions'
import { PostgresStoredGalleries } from './store/storedGalleries'
import { consoleRoute } from './wire/console/route'
import { controlAccess } from './wire/control/access'
import { administrationOperations } from './wire/control/administration'
import { galleryOperations } from './wire/control/galleries'
import type { ControlOperation } from './wire/control/operation'
import { Operators } from './wire/control/operators'
import { controlRoute } from './wire/control/route'
import { sessionRoute } from './wire/control/session'

export interface ControlParts {
  readonly settings: Settings
  readonly storage: Storage
  /** Whom operators are among: nobody is let in who is not there, be a test double loose. */
  readonly accounts: Accounts
  readonly changes: GalleryChanges
  /** What only a test double has; null for any other server. */
  readonly doubleOperations: readonly ControlOperation[] | null
}

/** The control API of a test double or of the console, and the console; none of them on any other server. */
export function controlRoutes(parts: ControlParts): readonly Router[] {
  const { settings, accounts, changes, doubleOperations } = parts
  const { database, secretBox } = parts.storage
  if (doubleOperations === null && !settings.console) return []
  const { bodyLimit, controlToken } = settings
  const sessions = new PostgresSessions(database, {
    purpose: 'console',
    lifetimeSeconds: settings.sessionLifetime,
    now: () => new Date(),
  })
  const operators = new Operators({ accounts, sessions })
  const open = settings.double && controlToken === null
  const access = controlAccess({ open, token: controlToken, operators, publicUrl: settings.baseUrl })
  const editing = new GalleryEditing({ stored: new PostgresStoredGalleries(database), changes })
  const control = controlRoute({
    operations: [
      ...(doubleOperations ?? []),
      ...galleryOperations(editing),
      ...administrationOperations(new PostgresAdministration(database, secretBox)),
    ],
    access,
    bodyLimit,
    before: sessionRoute({ operators, access, isDouble: doubleOperations !== null }),
  })
  return [control, consoleRoute()]
}
