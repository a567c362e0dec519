import type { MediaAttributeScope } from '../catalog/mediaAttribute'
import type { Settings } from '../settings/settings'
import { saveAttributeSet } from '../store/shop/administration'
import { attributeSetsOf } from '../store/shop/catalogRows'
import { mediaAttributesOf, saveMediaAttributes } from '../store/shop/mediaAttributeRows'
import { print, printTable } from './terminal'
import { withStorage } from './withStorage'

export interface SetFlags {
  readonly id?: number
  readonly gallery: boolean
  readonly mediaAttributes?: readonly string[]
}

export async function add(settings: Settings, name: string, flags: SetFlags): Promise<void> {
  const { id, mediaAttributes } = await withStorage(settings, ({ database }) =>
    database.transaction((rows) => saveAttributeSet(rows, name, flags)),
  )
  print(`Saved attribute set ${name} with id ${id} and the types ${mediaAttributes.join(', ') || 'none'}.`)
}

export async function list(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const sets = await attributeSetsOf(database)
    printTable(
      ['ID', 'NAME', 'GALLERY', 'MEDIA ATTRIBUTES'],
      sets.map(({ id, name, gallery, mediaAttributes }) => [
        String(id),
        name,
        gallery ? 'yes' : 'no',
        mediaAttributes.join(','),
      ]),
    )
  })
}

export interface AttributeFlags {
  readonly label?: string
  readonly scope?: MediaAttributeScope
}

export async function addAttribute(settings: Settings, code: string, flags: AttributeFlags): Promise<void> {
  await withStorage(settings, ({ database }) =>
    database.transaction((rows) => saveMediaAttributes(rows, [{ code, ...flags }])),
  )
  print(`Saved media attribute ${code}. Attribute sets have it once attribute-set add names it.`)
}

export async function listAttributes(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const attributes = await mediaAttributesOf(database)
    printTable(
      ['CODE', 'LABEL', 'SCOPE', 'ATTRIBUTE SETS'],
      attributes.map(({ code, label, scope, attributeSets }) => [
        code,
        label,
        scope,
        attributeSets.join(', '),
      ]),
    )
  })
}
