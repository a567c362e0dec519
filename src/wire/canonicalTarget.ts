/** The names of the API's front controllers, by what a URL names them; a part may begin with a capital (magento.md §7). */
const CONTROLLERS: ReadonlyMap<string, string> = new Map([
  ['index', '/api/soap/'],
  ['soap', '/api/soap/'],
  ['v2_soap', '/api/v2_soap/'],
  ['xmlrpc', '/api/xmlrpc/'],
  ['jsonrpc', '/api/jsonrpc/'],
])

/** What `api.php?type=…` means (magento.md §7). */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['', '/api/soap/'],
  ['soap', '/api/soap/'],
  ['v2_soap', '/api/v2_soap/'],
  ['soap_v2', '/api/v2_soap/'],
  ['soap_wsi', '/api/v2_soap/?wsi=1'],
  ['xmlrpc', '/api/xmlrpc/'],
  ['jsonrpc', '/api/jsonrpc/'],
])

/** A part of the path before the API: a folder, `index.php` or the code of a store view. */
const FOLDER = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/

/** What stands at the root alone, so that nothing is reached by a path that begins with it. */
const RESERVED: ReadonlySet<string> = new Set([
  '_keepsake',
  'console',
  'metrics',
  'healthz',
  'readyz',
  'api',
  'api.php',
  'oauth',
  'media',
])

/** REST's own documents, which are at the root alone. */
const REST_DOCUMENTS: ReadonlySet<string | undefined> = new Set(['docs', 'openapi.json'])

/**
 * Returns the path and query that the routes know for any form of a URL that reached Magento (magento.md §7): below a folder,
 * `index.php` or the code of a store view, with slashes twice, with the parameters that Magento took from a path, by
 * `api.php`. A target that is none of these stays as it is.
 *
 * @param target a path with its query
 * @param adminPath the front name of the pages on which administrators authorize a token
 */
export function canonicalTarget(target: string, adminPath = 'admin'): string {
  const [path, query] = split(target)
  const parts = path.slice(1).split('/')
  const isAnchor = (part: string, at: number) =>
    RESERVED.has(part) || (part === adminPath && isAdminPage(parts.slice(at + 1)))
  const at = parts.findIndex(isAnchor)
  if (at < 0 || !parts.slice(0, at).every((part) => part === '' || FOLDER.test(part))) return target
  if (!RESERVED.has(parts[at] ?? '')) return adminTarget(parts.slice(at + 1), query)
  return routeOf(parts.slice(at), query, at > 0) ?? target
}

/** Whether these parts stand behind the front name of the pages, and not behind a folder of that name. */
function isAdminPage(parts: readonly string[]): boolean {
  const [first = 'index'] = withoutLastSlashes(parts)
  return first === 'index' || first.toLowerCase() === AUTHORIZE
}

const AUTHORIZE = 'oauth_authorize'

/** A script may send its sign-in to the pages' front name alone, as Magento took it from any page. */
function adminTarget(parts: readonly string[], query: string): string {
  const actions = parts[0]?.toLowerCase() === AUTHORIZE ? withoutLastSlashes(parts.slice(1)) : []
  return withQuery(['/admin', AUTHORIZE, ...actions].join('/'), query)
}

function routeOf([anchor, ...parts]: readonly string[], query: string, isBelow: boolean): string | null {
  if (anchor === 'api' && parts[0] === 'rest') return restTarget(parts.slice(1), query, isBelow)
  if (anchor === 'api') return rpcTarget(parts, query)
  if (anchor === 'api.php') return scriptTarget(parts, query)
  const isKnown =
    anchor === 'oauth' || (anchor === 'media' && parts[0] === 'catalog' && parts[1] === 'product')
  return isKnown ? withQuery(`/${[anchor, ...parts].join('/')}`, query) : null
}

/** REST takes slashes twice behind its own name and at the end, and letters that need no escape but have one. */
function restTarget(parts: readonly string[], query: string, isBelow: boolean): string | null {
  const kept = withoutLastSlashes(parts[0] === '' ? parts.slice(1) : parts)
  if (isBelow && REST_DOCUMENTS.has(kept[0])) return null
  if (REST_DOCUMENTS.has(kept[0])) return withQuery(['/api/rest', ...parts].join('/'), query)
  return withQuery(['/api/rest', ...kept.map(withoutNeedlessEscapes)].join('/'), query)
}

/** `/api/controller/action/key/value…`, where only the action `index` exists. */
function rpcTarget(parts: readonly string[], query: string): string | null {
  const [controller = 'index', action = 'index', ...parameters] = withoutLastSlashes(parts)
  if (asksForWsdl(controller, action)) return withWsdl('/api/soap/', query)
  const path = CONTROLLERS.get(withSmallFirstLetters(controller))
  if (path === undefined) return null
  if (asksForWsdl(action, parameters[0])) return withWsdl(path, query)
  if (withSmallFirstLetters(action) !== 'index' || parameters.includes('')) return null
  const isWsdl = parameters.some((key, index) => index % 2 === 0 && key.toLowerCase() === 'wsdl')
  return isWsdl ? withWsdl(path, query) : withQuery(path, withSmallWsdl(query))
}

/** `…/wsdl/1`, which Magento answered by 404 where it is not behind an action (docs/reference/protocols.md). */
function asksForWsdl(name: string, value: string | undefined): boolean {
  return name === 'wsdl' && value === '1'
}

function scriptTarget(parts: readonly string[], query: string): string | null {
  if (parts[0] === 'api' && parts[1] === 'rest') return restTarget(parts.slice(2), query, true)
  if (withoutLastSlashes(parts).length > 0) return null
  const path = TYPES.get(parameterOf(query, 'type') ?? '')
  if (path === undefined) return null
  const [canonical, own] = split(path)
  const others = query.split('&').filter((pair) => pair !== '' && nameOf(pair) !== 'type')
  return withQuery(canonical, withSmallWsdl([...own.split('&').filter(Boolean), ...others].join('&')))
}

function withWsdl(path: string, query: string): string {
  return withQuery(path, query === '' ? 'wsdl' : `wsdl&${query}`)
}

/** A parameter's name in capitals asks for the WSDL too (magento.md §5). */
function withSmallWsdl(query: string): string {
  return query.replace(/(^|&)wsdl(?==|&|$)/gi, '$1wsdl')
}

function withSmallFirstLetters(name: string): string {
  return name.replace(/(^|_)[A-Z]/g, (first) => first.toLowerCase())
}

function withoutLastSlashes(parts: readonly string[]): readonly string[] {
  const last = parts.findLastIndex((part) => part !== '')
  return parts.slice(0, last + 1)
}

/** RFC 3986, 6.2.2.2: an escape of a letter, digit, `-`, `.`, `_` or `~` means the same as the character. */
function withoutNeedlessEscapes(part: string): string {
  return part.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return /[A-Za-z0-9_~-]/.test(character) ? character : escaped
  })
}

function parameterOf(query: string, name: string): string | null {
  const pair = query.split('&').find((candidate) => nameOf(candidate) === name)
  return pair === undefined ? null : pair.slice(name.length + 1)
}

function nameOf(pair: string): string {
  const end = pair.indexOf('=')
  return end < 0 ? pair : pair.slice(0, end)
}

function split(target: string): readonly [path: string, query: string] {
  const end = target.indexOf('?')
  return end < 0 ? [target, ''] : [target.slice(0, end), target.slice(end + 1)]
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}
