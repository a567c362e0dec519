import type { Api } from '../../kit/api.js'
import { askForm, type Filled } from '../../kit/form.js'
import type { StoreView } from '../../kit/shapes.js'
import { DEFAULT_SCOPE, nameOf, type SeenImage, storeViewName } from './seen.js'
import { base64Of } from './upload.js'

/** Shows a form to edit an image in a store view. @returns whether it was saved */
export function editImage(api: Api, path: string, storeView: StoreView, image: SeenImage): Promise<boolean> {
  return askForm({
    title: `${nameOf(image)} in ${storeViewName(storeView)}`,
    ...(storeView.id !== DEFAULT_SCOPE && {
      note: 'Saving makes every value of this gallery this store view’s own, as in Magento.',
    }),
    action: 'Save',
    fields: [
      { name: 'label', label: 'Label', value: image.label.value ?? '' },
      { name: 'position', label: 'Position', kind: 'number', value: String(image.position.value ?? '') },
      {
        name: 'types',
        label: 'Types',
        kind: 'checks',
        options: image.mediaAttributes.map(({ code, label }) => ({ value: code, label })),
        value: image.types.map(({ code }) => code),
      },
      {
        name: 'exclude',
        label: 'Exclude from the product’s page',
        kind: 'check',
        value: image.exclude.value === true,
      },
      {
        name: 'file',
        label: 'Replace the file',
        kind: 'file',
        accept: 'image/jpeg,image/png,image/gif',
        hint: 'For every store view; its address stays the same.',
      },
    ],
    send: async (filled) => {
      await api.put(`${path}/images/${image.id}?store=${storeView.id}`, await changesOf(filled, image))
    },
  })
}

/** Returns only the values that were changed, so that the server keeps all others. */
async function changesOf(filled: Filled, image: SeenImage): Promise<object> {
  const label = filled.text('label') ?? ''
  const position = filled.number('position')
  const exclude = filled.isTicked('exclude')
  const types = filled.ticked('types')
  const file = filled.file('file')
  return {
    ...(label !== (image.label.value ?? '') && { label }),
    ...(position !== null && position !== image.position.value && { position }),
    ...(exclude !== (image.exclude.value === true) && { exclude }),
    ...(types.join() !== image.types.map(({ code }) => code).join() && { types }),
    ...(file && { content: await base64Of(file) }),
  }
}
