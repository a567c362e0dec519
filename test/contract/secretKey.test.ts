import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SecretBox, SecretKeyMismatch } from '../../src/store/access/secretBox'
import { passingSecretKey, secretKeyOf, UnreadableSecretKey } from '../../src/store/access/secretKey'
import { temporaryDirectory } from '../support/server'

describe('the secret key of a data directory', () => {
  let directory: string
  let remove: () => Promise<void>

  beforeEach(async () => {
    const temporary = await temporaryDirectory()
    directory = path.join(temporary.directory, 'not made yet')
    remove = temporary.remove
  })

  afterEach(() => remove())

  test('is made once, for the owner alone to read', async () => {
    const key = await secretKeyOf(directory)
    expect(key).toHaveLength(32)
    const file = path.join(directory, 'secret.key')
    expect(await readFile(file, 'utf8')).toBe(`${key.toString('hex')}\n`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await secretKeyOf(directory)).toEqual(key)
  })

  test('is one, when several make it at once, and leaves nothing else behind', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => secretKeyOf(directory)))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(await readdir(directory)).toEqual(['secret.key'])
  })

  test.each(['', 'too short\n', 'x'.repeat(64)])(
    'is not made anew over a file that holds %j',
    async (text) => {
      await secretKeyOf(directory)
      const file = path.join(directory, 'secret.key')
      await writeFile(file, text)
      await expect(secretKeyOf(directory)).rejects.toThrow(UnreadableSecretKey)
      expect(await readFile(file, 'utf8')).toBe(text)
    },
  )

  test('is another in each directory', async () => {
    expect(await secretKeyOf(directory)).not.toEqual(await secretKeyOf(path.join(directory, 'other')))
  })
})

describe('a sealed secret', () => {
  const box = new SecretBox(passingSecretKey())

  test.each(['secret', '', 'ä€\0'])('is %j again when it is opened', (secret) => {
    expect(box.open(box.seal(secret, 'here'), 'here')).toBe(secret)
  })

  test('is other bytes each time', () => {
    expect(box.seal('secret', 'here')).not.toEqual(box.seal('secret', 'here'))
  })

  test('opens with its own key, in its own place, and unaltered only', () => {
    const sealed = box.seal('secret', 'here')
    expect(() => new SecretBox(passingSecretKey()).open(sealed, 'here')).toThrow(SecretKeyMismatch)
    expect(() => box.open(sealed, 'there')).toThrow(SecretKeyMismatch)
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed)
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
      expect(() => box.open(altered, 'here')).toThrow(SecretKeyMismatch)
    }
    for (const cut of [0, 11, 12, 27, sealed.length - 1])
      expect(() => box.open(sealed.subarray(0, cut), 'here')).toThrow(SecretKeyMismatch)
  })
})
