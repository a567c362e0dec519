/** Cases of JSON-RPC: what a client sends, and what it is answered. */

interface JsonRpcError {
  readonly code: number
  readonly message: string
}

/** Arguments of `product_media.currentStore`, where the view `german` has the id 2 and `none` is none. */
export const ARGUMENTS: readonly { readonly rule: string; readonly args: string; readonly result: string }[] =
  [
    { rule: 'an object keeps its order', args: '{"x":"german","1":"none"}', result: '2' },
    {
      rule: 'an object keeps the order of keys that look like integers',
      args: '{"2":"german","1":"none"}',
      result: '2',
    },
    { rule: 'of members with one name, the last counts', args: '{"x":"none","x":"german"}', result: '2' },
    { rule: '__proto__ is a name like any other', args: '{"__proto__":"german","x":"none"}', result: '2' },
    { rule: 'so is constructor', args: '{"constructor":"german"}', result: '2' },
    { rule: 'escapes are read', args: '["\\u0067erm\\u0061n"]', result: '2' },
    { rule: 'white space is skipped', args: ' [\t"german"\r\n] ', result: '2' },
  ]

/** Ids, each of which comes back to the byte. */
export const IDS: readonly string[] = ['1', '-1.5', '0', '"1"', '""', 'null', '"\\u0000\\"ä"']

/** Bodies that are no request, in UTF-8 unless said otherwise. */
export const NO_REQUESTS: readonly {
  readonly body: string
  readonly encoding?: BufferEncoding
  readonly error: JsonRpcError
  readonly id: unknown
}[] = [
  { body: '', error: { code: -32700, message: 'Parse error: not JSON at character 1' }, id: null },
  { body: '  ', error: { code: -32700, message: 'Parse error: not JSON at character 3' }, id: null },
  {
    body: '{"jsonrpc":"2.0","method":"login","params":"bar","baz]',
    error: { code: -32700, message: 'Parse error: not JSON at character 50' },
    id: null,
  },
  { body: '[1,]', error: { code: -32700, message: 'Parse error: not JSON at character 4' }, id: null },
  { body: '{"a":1,}', error: { code: -32700, message: 'Parse error: not JSON at character 8' }, id: null },
  { body: '{a:1}', error: { code: -32700, message: 'Parse error: not JSON at character 2' }, id: null },
  { body: "{'a':1}", error: { code: -32700, message: 'Parse error: not JSON at character 2' }, id: null },
  { body: '{"a" 1}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{"a":01}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{"a":NaN}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{"a":"\n"}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{"a":"\\x"}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{"a":"\\"}', error: { code: -32700, message: 'Parse error: not JSON at character 6' }, id: null },
  { body: '{} {}', error: { code: -32700, message: 'Parse error: not JSON at character 4' }, id: null },
  {
    body: '<methodCall/>',
    error: { code: -32700, message: 'Parse error: not JSON at character 1' },
    id: null,
  },
  {
    body: '"ÿ"',
    encoding: 'latin1',
    error: { code: -32700, message: 'Parse error: not readable as UTF-8' },
    id: null,
  },
  {
    body: '{}',
    encoding: 'utf16le',
    error: { code: -32700, message: 'Parse error: not JSON at character 2' },
    id: null,
  },
  {
    body: '['.repeat(100_000),
    error: { code: -32700, message: 'Parse error: nested deeper than 256 levels' },
    id: null,
  },
  {
    body: '{"a":'.repeat(100_000),
    error: { code: -32700, message: 'Parse error: nested deeper than 256 levels' },
    id: null,
  },
  {
    body: `[${'1,'.repeat(250_000)}1]`,
    error: { code: -32700, message: 'Parse error: more than 250000 values' },
    id: null,
  },
  { body: '1', error: { code: -32600, message: 'Invalid Request: a request is an object' }, id: null },
  { body: 'null', error: { code: -32600, message: 'Invalid Request: a request is an object' }, id: null },
  { body: '"login"', error: { code: -32600, message: 'Invalid Request: a request is an object' }, id: null },
  { body: '[]', error: { code: -32600, message: 'Invalid Request: the batch is empty' }, id: null },
  { body: '{}', error: { code: -32600, message: 'Invalid Request: "method" must be a string' }, id: null },
  {
    body: '{"jsonrpc":null,"method":"login","id":1}',
    error: { code: -32600, message: 'Invalid Request: "jsonrpc" must be "2.0"' },
    id: 1,
  },
  {
    body: '{"jsonrpc":"1.0","method":"login"}',
    error: { code: -32600, message: 'Invalid Request: "jsonrpc" must be "2.0"' },
    id: null,
  },
  {
    body: '{"jsonrpc":"2.0","id":1}',
    error: { code: -32600, message: 'Invalid Request: "method" must be a string' },
    id: 1,
  },
  {
    body: '{"jsonrpc":"2.0","method":1,"params":"bar"}',
    error: { code: -32600, message: 'Invalid Request: "method" must be a string' },
    id: null,
  },
  {
    body: '{"jsonrpc":"2.0","method":["login"],"id":"a"}',
    error: { code: -32600, message: 'Invalid Request: "method" must be a string' },
    id: 'a',
  },
  {
    body: '{"jsonrpc":"2.0","method":"startSession","id":{}}',
    error: { code: -32600, message: 'Invalid Request: "id" must be a string, a number or null' },
    id: null,
  },
  {
    body: '{"jsonrpc":"2.0","method":"startSession","id":true}',
    error: { code: -32600, message: 'Invalid Request: "id" must be a string, a number or null' },
    id: null,
  },
  {
    body: '{"jsonrpc":"2.0","method":"login","params":"bar","id":1}',
    error: { code: -32600, message: 'Invalid Request: "params" must be an array or an object' },
    id: 1,
  },
  {
    body: '{"jsonrpc":"2.0","method":"login","params":true,"id":1}',
    error: { code: -32600, message: 'Invalid Request: "params" must be an array or an object' },
    id: 1,
  },
  {
    body: '{"jsonrpc":"2.0","method":"login","params":null,"id":1}',
    error: { code: -32600, message: 'Invalid Request: "params" must be an array or an object' },
    id: 1,
  },
]

/** Methods that are error -32601. */
export const UNKNOWN_METHODS: readonly string[] = [
  'nosuch',
  'Login',
  'discover',
  '__proto__',
  'constructor',
  '',
]

/** Calls whose parameters are error -32602, and why. */
export const WRONG_PARAMS: readonly {
  readonly method: string
  readonly params?: unknown
  readonly detail: string
}[] = [
  { method: 'login', params: [], detail: 'missing: username, apiKey' },
  { method: 'login', params: ['apiUser'], detail: 'missing: apiKey' },
  { method: 'login', params: { username: 'apiUser' }, detail: 'missing: apiKey' },
  { method: 'login', params: ['apiUser', 'apiKey123', 'more'], detail: 'at most 2, 3 given' },
  { method: 'login', params: { username: 'a', apiKey: 'b', more: 'c' }, detail: 'unknown: more' },
  { method: 'startSession', params: ['more'], detail: 'at most 0, 1 given' },
  { method: 'endSession', detail: 'missing: sessionId' },
  { method: 'call', params: ['x'], detail: 'missing: resourcePath' },
  { method: 'call', params: { resourcePath: 'x' }, detail: 'missing: sessionId' },
  { method: 'multiCall', params: ['x'], detail: 'missing: calls' },
  { method: 'resources', params: {}, detail: 'missing: sessionId' },
  { method: 'globalFaults', params: [], detail: 'missing: sessionId' },
  { method: 'resourceFaults', params: ['x'], detail: 'missing: resourceName' },
]
