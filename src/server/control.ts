import os from 'node:os'
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
import type { Settings } from '../settings/settings'
import { PostgresSessions } from '../store/access/sessions'
import { PostgresStoredGalleries } from '../store/galleries/storedGalleries'
import { PostgresAdministration } from '../store/shop/administration'
import { accountsOf, tokenGuardOf } from './accounts'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** The host names of an open double that nobody else can have: those of the settings, and those of this machine. */
function ownHosts({ baseUrl, doubleHosts }: Settings): ReadonlySet<string> {
  const machine = os.hostname().toLowerCase()
  return new Set([
    ...(doubleHosts ?? []),
    ...(baseUrl === null ? [] : [new URL(baseUrl).hostname]),
    machine,
    machine.split('.')[0] ?? machine,
  ])
}

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
  const token = tokenGuardOf(database, settings)
  const access = controlAccess({ open, token, operators, ownHosts: ownHosts(settings) })
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
