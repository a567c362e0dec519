import { type Failures, GalleryChanges } from '../../src/catalog/galleryChanges'
import { MAGENTO_1 } from '../../src/catalog/imageRules'
import { fault as imageByIdFault } from '../../src/catalog/rest/faults'
import { fault as imageByFileFault } from '../../src/catalog/rpc/faults'
import { DecodingProbe } from '../../src/images/decoding/decodingProbe'
import { ImageDecoder } from '../../src/images/decoding/imageDecoder'
import { MemoryImages } from '../../src/images/memoryImages'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { AUTHOR, newProduct, seedCatalog } from '../support/catalog'
import { describeOnEachDatabase } from '../support/databases'
import { picture } from '../support/pictures'

const UNCHANGED = { label: null, position: null, exclude: null }

/** Failures in the faults of either numbering. */
const FAILURES: readonly (readonly [numbering: string, failures: Failures])[] = [
  [
    'Magento',
    {
      refused: (reason) => imageByFileFault('not_created', reason),
      missing: () => imageByFileFault('not_exists'),
      notStored: () => imageByFileFault('not_created'),
    },
  ],
  [
    'HTTP',
    {
      refused: () => imageByIdFault('unknown_error'),
      missing: () => imageByIdFault('resource_not_found'),
      notStored: () => imageByIdFault('not_stored'),
    },
  ],
]

describeOnEachDatabase('a change whose bytes are stored already', (opened) => {
  let images: MemoryImages
  let changes: GalleryChanges

  beforeAll(() => seedCatalog(opened().database))

  beforeEach(() => {
    let marks = 0
    images = new MemoryImages()
    changes = new GalleryChanges({
      galleries: new PostgresGalleries(opened().database),
      images,
      imageProbe: new DecodingProbe(
        new ImageDecoder({ maxPixels: 1_000_000, concurrency: 2, timeoutSeconds: 20 }),
        MAGENTO_1.formats,
      ),
      reusesSameImage: false,
      uniqueMark: () => `mark${++marks}`,
      onReplaced: async () => {},
    })
  })

  async function stored(): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const { key } of images.list()) keys.push(key)
    return keys
  }

  test.each(FAILURES)(
    'leaves no bytes behind when it is refused, in the faults of %s',
    async (_, failures) => {
      const scope = { productId: await newProduct(opened().database), storeId: 0, author: AUTHOR }
      const bytes = await picture('png', 1)
      const gone = { id: 2_000_000_000, file: '/g/o/gone.png' }
      await expect(changes.update(scope, gone, bytes, UNCHANGED, null, failures)).rejects.toEqual(
        failures.missing(),
      )
      expect(await stored()).toEqual([])
    },
  )

  test('keeps the bytes when it has failed in any other way, for it may have been committed', async () => {
    const scope = { productId: await newProduct(opened().database), storeId: 0, author: AUTHOR }
    const failed = new Error('the connection was lost')
    const failures: Failures = {
      refused: () => new Error('refused'),
      missing: () => {
        throw failed
      },
      notStored: () => new Error('not stored'),
    }
    const gone = { id: 2_000_000_000, file: '/g/o/gone.png' }
    const bytes = await picture('png', 1)
    await expect(changes.update(scope, gone, bytes, UNCHANGED, null, failures)).rejects.toBe(failed)
    expect(await stored()).toEqual(['/g/o/gone~mark1.png'])
  })
})
