import type { Router } from 'express'
import { GalleryEditing } from '../catalog/operator/galleryEditing'
import { controlAccess } from '../control/access'
import { consoleRoute } from '../control/consolePage'
import type { ControlOperation } from '../control/operation'
import { administrationOperations } from '../control/operations/administration'
import { galleryOperations } from '../control/operations/galleries'
import { Operators } from '../control/operators'
import { controlRoute } from '../control/route'
import { sessionRoute } from '../control/session'
import { PostgresSessions } from '../store/access/sessions'
import { PostgresStoredGalleries } from '../store/galleries/storedGalleries'
import { PostgresAdministration } from '../store/shop/administration'
import { accountsOf } from './accounts'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/**
 * Returns the routes of the control API and the console.
 *
 * @param doubleOperations the operations that only a test double has; null for any other server
 */
export function controlRoutes(
  { settings, storage: { database, secretBox } }: Foundation,
  { changes }: Pick<Parts, 'changes'>,
  doubleOperations: readonly ControlOperation[] | null = null,
): readonly Router[] {
  const { bodyLimit, controlToken } = settings
  const sessions = new PostgresSessions(database, {
    purpose: 'console',
    lifetimeSeconds: settings.sessionLifetime,
    now: () => new Date(),
  })
  // Operators must be existing users, even when a test double is loose.
  const operators = new Operators({ accounts: accountsOf(database, settings), sessions })
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
