import type { Router } from 'express'
import type { Accounts } from '../api/ports'
import type { GalleryChanges } from '../catalog/galleryChanges'
import { GalleryEditing } from '../catalog/operator/galleryEditing'
import { controlAccess } from '../control/access'
import { consoleRoute } from '../control/consolePage'
import type { ControlOperation } from '../control/operation'
import { administrationOperations } from '../control/operations/administration'
import { galleryOperations } from '../control/operations/galleries'
import { Operators } from '../control/operators'
import { controlRoute } from '../control/route'
import { sessionRoute } from '../control/session'
import type { Settings } from '../settings/settings'
import { PostgresSessions } from '../store/access/sessions'
import { PostgresStoredGalleries } from '../store/galleries/storedGalleries'
import { PostgresAdministration } from '../store/shop/administration'
import type { Storage } from './storage'

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
