import path from 'node:path'
import fc from 'fast-check'
import { storageKey, storedName, storedPath } from '../../src/catalog/fileName'

const PATH = /^\/[A-Za-z0-9_-]\/[A-Za-z0-9_-]\/[A-Za-z0-9_.-]+$/
const ROOT = '/media/catalog/product'
const LONGEST = 255

/** What clients call their files, and what attackers do. An empty name never gets here: it is `image`. */
const base = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'Z', '0', '.', '.', '_', '-', ' ', '\\', '/', '~', '\0', 'ä', '€', '🙂'),
    minLength: 1,
  }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('.', '_', 'x'), minLength: 240, maxLength: 260 }),
  fc.constantFrom(
    '.',
    '..',
    '...',
    '../../etc/passwd',
    '..\\..\\boot.ini',
    '.htaccess',
    '_',
    '__',
    '~',
    'con',
    '%2e%2e%2f',
    '\ud800',
    '\n',
    '-',
    'é',
    '日本語',
  ),
)
const extension = fc.constantFrom('jpg', 'gif', 'png')
const suffix = fc.oneof(fc.constant(0), fc.nat(1000))
const mark = fc.stringMatching(/^[0-9a-f]{16}$/)

test('whatever the name, its path is three plain segments', () => {
  checkPaths((stored) => {
    expect(stored).toMatch(PATH)
    expect(path.posix.basename(stored).length).toBeLessThanOrEqual(LONGEST)
  })
})

test('whatever the name, its path stays where files are kept', () => {
  checkPaths((stored) => {
    const located = path.posix.join(ROOT, stored)
    expect(located).toBe(ROOT + stored)
    expect(path.posix.relative(ROOT, located).split('/')).toHaveLength(3)
  })
})

test('whatever the name, its storage key stays there too, and is no path of any file', () => {
  fc.assert(
    fc.property(base, extension, suffix, mark, (given, type, count, own) => {
      const stored = pathOf(given, type, count)
      if (stored === null) return
      const key = storageKey(stored, own)
      expect(path.posix.join(ROOT, key)).toBe(ROOT + key)
      expect(path.posix.dirname(key)).toBe(path.posix.dirname(stored))
      expect(key).toContain(own)
      expect(key).not.toMatch(PATH)
    }),
    { numRuns: 2000 },
  )
})

test('a path ends in the extension of its type, and lies under its first two characters', () => {
  fc.assert(
    fc.property(base, extension, suffix, (given, type, count) => {
      const stored = pathOf(given, type, count)
      if (stored === null) return
      const [, first, second, name = ''] = stored.split('/')
      expect(name.endsWith(`.${type}`)).toBe(true)
      expect([first, second]).toEqual(
        [...name.slice(0, 2)].map((character) => (character === '.' ? '_' : character)),
      )
    }),
    { numRuns: 2000 },
  )
})

test('only a name with a slash or a NUL, or one that is too long, has no path', () => {
  fc.assert(
    fc.property(base, extension, (given, type) => {
      const name = given.replace(/^(\.\/+)+/, '')
      const isRefused = /[/\0]/.test(name) || Buffer.byteLength(`${name}.${type}`) > LONGEST
      expect(pathOf(given, type, 0) === null).toBe(isRefused)
    }),
    { numRuns: 2000 },
  )
})

test('a name of plain characters is kept as it is', () => {
  const plain = fc.stringMatching(/^[A-Za-z0-9.-][A-Za-z0-9_.-]{0,60}$/)
  fc.assert(
    fc.property(plain, extension, (given, type) => {
      expect(path.posix.basename(pathOf(given, type, 0) ?? '')).toBe(`${given}.${type}`)
    }),
  )
})

test('no two suffixes of a name share a path', () => {
  fc.assert(
    fc.property(base, extension, suffix, suffix, (given, type, one, other) => {
      const paths = [pathOf(given, type, one), pathOf(given, type, other)]
      if (one === other || paths.includes(null)) return
      expect(paths[0]).not.toBe(paths[1])
    }),
  )
})

function checkPaths(check: (stored: string) => void): void {
  fc.assert(
    fc.property(base, extension, suffix, (given, type, count) => {
      const stored = pathOf(given, type, count)
      if (stored !== null) check(stored)
    }),
    { numRuns: 2000 },
  )
}

function pathOf(given: string, type: string, count: number): string | null {
  const name = storedName(given, type)
  return name && storedPath(name, count)
}
