/** `npm run check:types` proves what stands here: each line below `@ts-expect-error` must be refused by the compiler. */
import { asFault } from '../../src/api/call'
import { globalFaults } from '../../src/api/faults'
import type { Failures } from '../../src/catalog/galleryChanges'
import { fault as imageByIdFault } from '../../src/catalog/rest/faults'
import { fault as imageByFileFault, productMediaFaults } from '../../src/catalog/rpc/faults'
import { Fault, type FaultCode, faultsOf } from '../../src/contract/fault'
import { type ErrorStatus, HttpFault, httpFaultsOf } from '../../src/contract/httpFault'
import { requestContext } from '../../src/contract/request'
import { JsonRpcLayerFault } from '../../src/wire/jsonrpc/faults'
import { inRest } from '../../src/wire/rest/forcedFaults'
import { errorAnswer } from '../../src/wire/rest/handle'
import { SoapLayerFault } from '../../src/wire/soap/faults'
import { faultAnswer as soapAnswer } from '../../src/wire/soap/handle'
import { encodeFault as encodeXmlRpcFault, XmlRpcLayerFault } from '../../src/wire/xmlrpc/faults'

const KINDS = [Fault, HttpFault, SoapLayerFault, XmlRpcLayerFault, JsonRpcLayerFault]

describe('faults of different numberings', () => {
  it('are told apart by the compiler', () => {
    const magento = imageByFileFault('product_not_exists')
    const http = imageByIdFault('resource_not_found')
    const xmlRpc = new XmlRpcLayerFault('unknown_method', 620, 'Method does not exist')

    const refused = {
      // @ts-expect-error a fault of Magento's has no status
      asHttp: magento satisfies HttpFault,
      // @ts-expect-error HTTP's status is no code of Magento's
      asMagento: http satisfies Fault,
      // @ts-expect-error XML-RPC's 620 is no code of Magento's
      layerAsMagento: xmlRpc satisfies Fault,
      // @ts-expect-error XML-RPC's 620 is none of JSON-RPC's codes
      layerAsLayer: xmlRpc satisfies JsonRpcLayerFault,
    }
    expect(Object.keys(refused)).toHaveLength(4)
  })

  it('have numbers of their own', () => {
    const refused = [
      // @ts-expect-error 101 is a code of Magento's, and no status of a failure
      101 satisfies ErrorStatus,
      // @ts-expect-error 404 is HTTP's status, and no code of Magento's
      404 satisfies FaultCode,
      // @ts-expect-error 620 is no code of JSON-RPC's
      () => new JsonRpcLayerFault('parse_error', 620, ''),
      // @ts-expect-error a table of Magento's codes makes no answers of REST
      () => httpFaultsOf(productMediaFaults),
      // @ts-expect-error a table of HTTP's statuses makes no faults of Magento's
      () => faultsOf({ no_route: [404, 'Request does not match any route.'] }),
    ]
    expect(refused).toHaveLength(5)
  })

  it('are answered only by the protocol that knows their numbers', () => {
    const [magento, http] = [imageByFileFault('not_exists'), imageByIdFault('image_not_found')]
    const context = requestContext({ publicUrl: '', clientAddress: '', isConfidential: true })
    const refused = [
      // @ts-expect-error REST answers a status
      () => errorAnswer(magento, 'json', '/', context),
      // @ts-expect-error SOAP answers a code of Magento's
      () => soapAnswer(http, '1.1', context),
      // @ts-expect-error XML-RPC answers a code of Magento's, or of its own
      () => encodeXmlRpcFault(http),
    ]
    expect(refused).toHaveLength(3)
  })

  it('are made by the failures of whoever changes a gallery, all in one numbering', () => {
    const failures: Failures<HttpFault> = {
      // @ts-expect-error REST words a refusal as HTTP's status
      refused: () => imageByFileFault('not_created'),
      missing: () => imageByIdFault('resource_not_found'),
      notStored: (cause) => imageByIdFault('not_stored', undefined, { cause }),
    }
    expect(failures.missing()).toBeInstanceOf(HttpFault)
  })

  it('are told apart when they are caught as well', () => {
    const [magento, http] = [imageByFileFault('not_exists'), imageByIdFault('image_not_found')]
    expect(KINDS.map((kind) => magento instanceof kind)).toEqual([true, false, false, false, false])
    expect(KINDS.map((kind) => http instanceof kind)).toEqual([false, true, false, false, false])
  })

  it('are failures of the server where their numbers mean nothing', () => {
    const logged: unknown[] = []
    const log = { debug() {}, error: ({ err }: { readonly err: unknown }) => void logged.push(err) }
    const context = requestContext({ publicUrl: '', clientAddress: '', isConfidential: true })
    const strayed = imageByIdFault('image_not_found')
    expect(asFault(strayed, log, context)).toMatchObject({ key: 'internal', code: 1 })
    expect(logged).toEqual([strayed])
  })
})

it('each fault of a rule has an answer in REST', () => {
  const tables = [globalFaults, productMediaFaults].flatMap((table) => Object.entries(table))
  for (const [key, [code, message]] of tables)
    expect(inRest(new Fault(key, code, message)).status).toBeGreaterThanOrEqual(400)
})
