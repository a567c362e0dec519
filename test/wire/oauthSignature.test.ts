import { createSign, generateKeyPairSync } from 'node:crypto'
import { isSameText } from '../../src/contract/sameText'
import type { SignedRequest } from '../../src/oauth/authentication'
import { parametersOf } from '../../src/oauth/parameters'
import { baseStringsInto, signatureMethod } from '../../src/oauth/signature'

/** A request as the examples of RFC 5849 write it. */
function request(method: string, url: string, authorization: string, form = ''): SignedRequest {
  return {
    method,
    url,
    authorization: [authorization],
    contentType: form === '' ? null : 'application/x-www-form-urlencoded',
    body: Buffer.from(form),
    isConfidential: true,
  }
}

async function baseStrings(signed: Parameters<typeof baseStringsInto>[0]): Promise<readonly string[]> {
  const pieces = await baseStringsInto(signed, () => {
    const written: string[] = []
    return { written, update: (text: string) => written.push(text) }
  })
  return pieces.map(({ written }) => written.join(''))
}

describe('the example of RFC 5849, 3.4.1', () => {
  const example = request(
    'POST',
    'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    `OAuth realm="Example",
       oauth_consumer_key="9djdj82h48djs9d2",
       oauth_token="kkk9d7dh3k39sjv7",
       oauth_signature_method="HMAC-SHA1",
       oauth_timestamp="137131201",
       oauth_nonce="7d8f3e4a",
       oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`,
    'c2&a3=2+q',
  )

  test('has these parameters (3.4.1.3.1)', async () => {
    expect([...(await parametersOf(example)).signed].sort()).toEqual(
      [
        ['b5', '=%3D'],
        ['a3', 'a'],
        ['c@', ''],
        ['a2', 'r b'],
        ['oauth_consumer_key', '9djdj82h48djs9d2'],
        ['oauth_token', 'kkk9d7dh3k39sjv7'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131201'],
        ['oauth_nonce', '7d8f3e4a'],
        ['c2', ''],
        ['a3', '2 q'],
      ].sort(),
    )
  })

  test('has this base string (3.4.1.1)', async () => {
    const { signed } = await parametersOf(example)
    expect((await baseStrings({ request: example, parameters: signed }))[0]).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540' +
        '%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method' +
        '%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })
})

describe('the requests of RFC 5849, 1.2, are signed as they say', () => {
  const consumerKey = { kind: 'secret', secret: 'kd94hf93k423kf44' } as const

  test.each([
    [
      'for temporary credentials',
      '',
      request(
        'POST',
        'https://photos.example.net/initiate',
        `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1",
         oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready",
         oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"`,
      ),
    ],
    [
      'for token credentials',
      'hdhd0244k9j7ao03',
      request(
        'POST',
        'https://photos.example.net/token',
        `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola",
         oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh",
         oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"`,
      ),
    ],
    [
      'for a photograph',
      'pfkkdhi9sl3r4s00',
      request(
        'GET',
        'http://photos.example.net/photos?file=vacation.jpg&size=original',
        `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk",
         oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH",
         oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`,
      ),
    ],
  ])('%s', async (_what, tokenSecret, example) => {
    const { protocol, signed } = await parametersOf(example)
    const isValid = (parameters: typeof signed) =>
      signatureMethod('HMAC-SHA1')?.isValid(protocol.get('oauth_signature') ?? '', {
        request: example,
        parameters,
        consumerKey,
        tokenSecret,
      })
    expect(await isValid(signed)).toBe(true)
    expect(await isValid([...signed, ['more', '']])).toBe(false)
  })
})

test('a PLAINTEXT signature is both secrets, encoded (RFC 5849, 3.4.4)', async () => {
  const subject = {
    request: request('GET', 'http://example.com/', 'OAuth '),
    parameters: [],
    consumerKey: { kind: 'secret', secret: 'djr9 rjt&é' },
    tokenSecret: 'jjd9+',
  } as const
  const isValid = (signature: string) => signatureMethod('PLAINTEXT')?.isValid(signature, subject)
  expect(await isValid('djr9%20rjt%26%C3%A9&jjd9%2B')).toBe(true)
  expect(await isValid('djr9 rjt&é&jjd9+')).toBe(false)
  expect(await isValid('djr9%20rjt%26%C3%A9&')).toBe(false)
})

test('an RSA-SHA1 signature is verified with the consumer’s public key (RFC 5849, 3.4.3)', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const subject = {
    request: request('GET', 'http://example.com/', 'OAuth '),
    parameters: [['a', 'b']],
    consumerKey: { kind: 'rsa', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    tokenSecret: 'not part of it',
  } as const
  const signature = createSign('RSA-SHA1')
    .update('GET&http%3A%2F%2Fexample.com%2F&a%3Db')
    .sign(privateKey, 'base64')
  expect(await signatureMethod('RSA-SHA1')?.isValid(signature, subject)).toBe(true)
  expect(await signatureMethod('RSA-SHA1')?.isValid(`A${signature.slice(1)}`, subject)).toBe(
    signature[0] === 'A',
  )
  expect(await signatureMethod('RSA-SHA1')?.isValid('', subject)).toBe(false)
})

test.each([
  ['http://EXAMPLE.COM:80/r%20v/X?id=123', ['http://example.com/r%20v/X', 'http://example.com:80/r%20v/X']],
  ['https://www.example.net:8080/?q=1', ['https://www.example.net/', 'https://www.example.net:8080/']],
  ['https://example.net:443', ['https://example.net/', 'https://example.net:443/']],
  ['http://[::1]:8080/a', ['http://[::1]/a', 'http://[::1]:8080/a']],
])('the URL %s is signed with and without its port (RFC 5849, 3.4.1.2)', async (url, uris) => {
  const strings = await baseStrings({ request: request('get', url, 'OAuth '), parameters: [] })
  expect(strings.map((text) => decodeURIComponent(text.split('&')[1] ?? ''))).toEqual(uris)
})

describe('parameters', () => {
  test.each([
    ['bytes that are no UTF-8', '?a=%FF%fe', 'a=%FF%FE'],
    ['UTF-8', '?%C3%A9=%E2%82%AC', '%C3%A9=%E2%82%AC'],
    ['what no percent sign encodes', '?a=100%&b=%zz', 'a=100%25&b=%25zz'],
    ['plus signs, which are spaces', '?a=b+c', 'a=b%20c'],
    ['a value with an equals sign', '?a=b=c', 'a=b%3Dc'],
    ['empty pairs', '?&&a&', 'a='],
    ['unreserved characters, encoded or not', '?a=%7E~%2d-._', 'a=~~--._'],
    ['one name thrice', '?a=2&a=10&a=1', 'a=1&a=10&a=2'],
    ['names that sort by their bytes', '?aB=1&a1=2&a=3&B=4', 'B=4&a=3&a1=2&aB=1'],
  ])('of a query with %s are signed as the RFC encodes them', async (_what, query, normalized) => {
    const asked = request('GET', `http://example.com/${query}`, 'OAuth ')
    const [text = ''] = await baseStrings({ request: asked, parameters: (await parametersOf(asked)).signed })
    expect(decodeURIComponent(text.split('&')[2] ?? '')).toBe(normalized)
  })

  test.each([
    ['one line', 'OAuth a="1",oauth_b="2"'],
    ['many lines', 'OAuth\r\n  a="1",\r\n  oauth_b="2"'],
    ['no quotes', 'oauth a=1, oauth_b=2'],
    ['a realm with commas', 'OAuth realm="x, oauth_b=9", a="1", oauth_b="2"'],
    ['encoded names', 'OAuth %61="1", oauth%5Fb="%32"'],
  ])('are found in a header of %s', async (_what, header) => {
    expect((await parametersOf(request('GET', 'http://example.com/', header))).signed).toEqual([
      ['a', '1'],
      ['oauth_b', '2'],
    ])
  })

  test('of a body are signed only if it is a form', async () => {
    const form = request('POST', 'http://example.com/', 'OAuth ', 'a=1')
    expect((await parametersOf(form)).signed).toEqual([['a', '1']])
    expect((await parametersOf({ ...form, contentType: 'application/json' })).signed).toEqual([])
    expect(
      (await parametersOf({ ...form, contentType: 'Application/X-WWW-Form-urlencoded; charset=utf-8' }))
        .signed,
    ).toEqual([['a', '1']])
  })
})

test('texts of different lengths are compared as well', () => {
  expect([isSameText('a', 'a'), isSameText('a', 'b'), isSameText('a', 'aa'), isSameText('', 'a')]).toEqual([
    true,
    false,
    false,
    false,
  ])
})
