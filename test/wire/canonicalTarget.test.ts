import { canonicalTarget } from '../../src/wire/canonicalTarget'

/** Each form of a URL, and what is answered there; docs/reference/urls.md has this table in words. */

const SOAP = '/api/soap/'
const V2 = '/api/v2_soap/'

test.each([
  ['/api', SOAP],
  ['/api/', SOAP],
  ['/api/index', SOAP],
  ['/api/index/', SOAP],
  ['/api/index/index/', SOAP],
  ['/api/soap', SOAP],
  ['/api/soap/index/', SOAP],
  ['/index.php/api/soap/', SOAP],
  ['/index.php/api/', SOAP],
  ['/magento/index.php/api/soap/', SOAP],
  ['/de/api/soap/', SOAP],
  ['/index.php/default/api/v2_soap/', V2],
  ['/a/b/c/api/xmlrpc/', '/api/xmlrpc/'],
  ['/admin/api/soap/', SOAP],
  ['//api/soap/', SOAP],
  ['//magento//api/soap/', SOAP],
  ['/api/soap//', SOAP],
  ['/api/Soap/', SOAP],
  ['/api/soap/Index/', SOAP],
  ['/api/V2_Soap/', V2],
  ['/api/v2_soap/index/index/', V2],
  ['/api/soap/index/index/a/b', SOAP],
  ['/api/soap/index/x/', SOAP],
  ['/api/jsonrpc', '/api/jsonrpc/'],
  ['/api.php', SOAP],
  ['/api.php?type=soap', SOAP],
  ['/api.php?type=v2_soap', V2],
  ['/api.php?type=soap_v2', V2],
  ['/api.php?type=xmlrpc', '/api/xmlrpc/'],
  ['/api.php?type=soap_wsi', `${V2}?wsi=1`],
  ['/magento/api.php?type=soap&wsdl', `${SOAP}?wsdl`],
])('%s answers calls as %s', (asked, canonical) => {
  expect(canonicalTarget(asked)).toBe(canonical)
})

test.each([
  ['/api/soap/?wsdl', `${SOAP}?wsdl`],
  ['/api/soap/?WSDL', `${SOAP}?wsdl`],
  ['/api/soap/?a=1&Wsdl=1', `${SOAP}?a=1&wsdl=1`],
  ['/api/soap/wsdl/1', `${SOAP}?wsdl`],
  ['/api/wsdl/1/', `${SOAP}?wsdl`],
  ['/api/soap/index/wsdl/1', `${SOAP}?wsdl`],
  ['/api/soap/index/a/b/wsdl/1/x/y', `${SOAP}?wsdl`],
  ['/api/v2_soap/wsdl/1/?wsi=1', `${V2}?wsdl&wsi=1`],
  ['/api.php?type=soap_wsi&wsdl=1', `${V2}?wsi=1&wsdl=1`],
])('%s asks for a WSDL, as %s', (asked, canonical) => {
  expect(canonicalTarget(asked)).toBe(canonical)
})

test.each([
  ['/index.php/api/rest/products/1/images', '/api/rest/products/1/images'],
  ['/de/api/rest/products/1/images', '/api/rest/products/1/images'],
  ['/api/rest//products/1/images', '/api/rest/products/1/images'],
  ['/api/rest/products/1/images//', '/api/rest/products/1/images'],
  ['/api/rest/%70roducts/%31/images?x=1', '/api/rest/products/1/images?x=1'],
  ['/api/rest/products/a%2Fb/images', '/api/rest/products/a%2Fb/images'],
  ['/api.php/api/rest/products/1/images?type=rest', '/api/rest/products/1/images?type=rest'],
  ['/shop/oauth/initiate?x=1', '/oauth/initiate?x=1'],
  ['/index.php/admin/oauth_authorize?oauth_token=1', '/admin/oauth_authorize?oauth_token=1'],
  ['/index.php/admin/oAuth_authorize/confirm/?a=1', '/admin/oauth_authorize/confirm?a=1'],
  ['/index.php/admin/', '/admin/oauth_authorize'],
  ['/shop/media/catalog/product/a/b/ab.jpg', '/media/catalog/product/a/b/ab.jpg'],
])('%s is asked as %s', (asked, canonical) => {
  expect(canonicalTarget(asked)).toBe(canonical)
})

test.each([
  '/',
  '/API/soap/',
  '/Api/soap/',
  '/api/SOAP/',
  '/api/v2_SOAP/',
  '/api/XmlRpc/',
  '/api//soap/',
  '/api/soap%20/',
  '/api%2fsoap/',
  '/api/soap.html',
  '/api/nothing/',
  '/api/soap/nothing/',
  '/api/./soap/',
  '/x/../api/soap/',
  '/../api/soap/',
  '/x y/api/soap/',
  '/x%2f/api/soap/',
  '/api/nothing/api/soap/',
  '/_keepsake/api/soap/',
  '/console/api/soap/',
  '/media/api/soap/',
  '/api.php?type=nothing',
  '/api.php/x?type=soap',
  '/x/api/rest/docs/',
  '/x/api/rest/openapi.json',
  '/x/_keepsake/state',
  '/x/console/',
  '/x/metrics',
  '/x/healthz',
  '/x/readyz',
  '/x/media/other',
])('%s stays what it is', (asked) => {
  expect(canonicalTarget(asked)).toBe(asked)
})

test('the front name of the admin is a setting', () => {
  expect(canonicalTarget('/backoffice/oauth_authorize', 'backoffice')).toBe('/admin/oauth_authorize')
  expect(canonicalTarget('/x/admin/oauth_authorize', 'backoffice')).toBe('/x/admin/oauth_authorize')
})

test('a path of many parts takes no longer than its length', () => {
  const folders = '/x'.repeat(50_000)
  expect(canonicalTarget(`${folders}/api/soap/`)).toBe(SOAP)
  expect(canonicalTarget(`${'/'.repeat(50_000)}api/soap/`)).toBe(SOAP)
})
