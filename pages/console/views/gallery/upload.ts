import type { Api } from '../../kit/api.js'
import type { StoreView } from '../../kit/shapes.js'

/** Adds a file to the store view as a new image. @throws RefusedRequest */
export async function upload(api: Api, path: string, { id }: StoreView, file: File): Promise<void> {
  await api.post(`${path}/images`, {
    store: id,
    name: file.name.replace(/\.[^.]*$/, ''),
    mime: file.type,
    content: await base64Of(file),
  })
}

export function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(new Error(`${file.name} could not be read.`)))
    reader.readAsDataURL(file)
  })
}
