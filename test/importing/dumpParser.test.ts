import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { DumpParser } from '../../src/magento/dump/dumpParser'
import { DumpSource } from '../../src/magento/dump/dumpSource'
import type { SourceRow } from '../../src/magento/sourceRows'
import { dumpOf } from '../support/magentoShop'

type Tables = Readonly<Record<string, readonly SourceRow[]>>

/** Reads a dump that comes in pieces of so many bytes. */
function parsed(dump: string | Buffer, pieceLength = Number.POSITIVE_INFINITY): Tables {
  const bytes = Buffer.from(dump)
  const parser = new DumpParser((table) => !table.startsWith('log_'))
  const tables: Record<string, SourceRow[]> = {}
  const take = (rows: Iterable<{ database: string; table: string; rows: readonly SourceRow[] }>) => {
    for (const { database, table, rows: some } of rows) {
      const name = database === '' ? table : `${database}.${table}`
      tables[name] = [...(tables[name] ?? []), ...some]
    }
  }
  for (let at = 0; at < bytes.length; at += Math.min(pieceLength, bytes.length))
    take(parser.push(bytes.subarray(at, at + Math.min(pieceLength, bytes.length))))
  take(parser.end())
  return tables
}

const CREATE =
  "CREATE TABLE `t` (\n  `a` int(10) unsigned NOT NULL,\n  `b` varchar(8) DEFAULT 'x,y',\n  PRIMARY KEY (`a`)\n);\n"

describe('a dump', () => {
  test('is the same in pieces of any size', () => {
    const tables = {
      one: [
        { a: 1, b: "it's\n\\ ; (x), 'y' \u0000 ü 日本" },
        { a: 2, b: null },
      ],
      two: [{ a: -1, b: '' }],
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.boolean(), (length, isHex, isSingle) => {
        expect(parsed(dumpOf(tables, { isHex, isSingle }), length)).toEqual({
          one: [
            ['1', tables.one[0]?.b],
            ['2', null],
          ],
          two: [['-1', '']],
        })
      }),
      { numRuns: 60 },
    )
  })

  test('has any text that MySQL can hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (texts, length) => {
          const whole = texts.map((text) => Buffer.from(text).toString())
          const tables = { t: whole.map((b, a) => ({ a, b })) }
          expect(parsed(dumpOf(tables), length).t?.map(([, b]) => b)).toEqual(whole)
        },
      ),
    )
  })

  test.each<[what: string, sql: string, rows: readonly SourceRow[]]>([
    [
      'two spaces behind INSERT, and names of columns',
      "insert  into `t`(`b`,`a`) values ('x',1),(NULL,2);",
      [
        ['x', '1'],
        [null, '2'],
      ],
    ],
    ['REPLACE', `${CREATE}REPLACE INTO \`t\` VALUES (1,'x');`, [['1', 'x']]],
    [
      'INSERT IGNORE, and an ending of its own',
      `${CREATE}INSERT IGNORE INTO t VALUES (1,'x') ON DUPLICATE KEY UPDATE b=';';`,
      [['1', 'x']],
    ],
    [
      'binary introducers',
      `${CREATE}INSERT INTO t VALUES (1,_binary 'a\\0b'),(2,0x6162),(3,x'63'),(4,b'101');`,
      [
        ['1', 'a\0b'],
        ['2', 'ab'],
        ['3', 'c'],
        ['4', '5'],
      ],
    ],
    [
      'doubled quotes, and other quotes',
      `${CREATE}INSERT INTO t VALUES (1,'it''s ""'),(2,"a""'b");`,
      [
        ['1', 'it\'s ""'],
        ['2', 'a"\'b'],
      ],
    ],
    [
      'numbers and functions',
      `${CREATE}INSERT INTO t VALUES (-1.5e3, now()), (2 , 'x' );`,
      [
        ['-1.5e3', 'now()'],
        ['2', 'x'],
      ],
    ],
    [
      'comments with quotes',
      `-- don't\n# can't\n/* it's */${CREATE}INSERT INTO t VALUES (1,'x');`,
      [['1', 'x']],
    ],
    [
      'a procedure that inserts',
      `${CREATE}DELIMITER ;;\nCREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (9,'no'); END ;;\nDELIMITER ;\nINSERT INTO t VALUES (1,'x');`,
      [['1', 'x']],
    ],
  ])('has %s', (_what, sql, rows) => {
    expect(parsed(sql).t).toEqual(rows)
  })

  test('tells databases apart', () => {
    const sql = `USE \`one\`;\n${CREATE}INSERT INTO t VALUES (1,'x');\nUSE two;\n${CREATE}INSERT INTO t VALUES (2,'y');\nINSERT INTO one.t VALUES (3,'z');`
    expect(parsed(sql)).toEqual({
      'one.t': [
        ['1', 'x'],
        ['3', 'z'],
      ],
      'two.t': [['2', 'y']],
    })
  })

  test('is in the character set that it names, or in latin1 where it is no UTF-8', () => {
    const latin = Buffer.concat([
      Buffer.from(`${CREATE}INSERT INTO t VALUES (1,'`),
      Buffer.from([0xfc, 0x80]),
      Buffer.from("');"),
    ])
    expect(parsed(latin).t).toEqual([['1', 'ü€']])
    expect(parsed(Buffer.concat([Buffer.from('/*!40101 SET NAMES latin1 */;\n'), latin])).t).toEqual([
      ['1', 'ü€'],
    ])
    expect(() => parsed(`SET NAMES cp932;\n${CREATE}`)).toThrow('the character set cp932')
  })

  test('keeps backslashes in the mode that has no escapes', () => {
    expect(
      parsed(`SET sql_mode='NO_BACKSLASH_ESCAPES';\n${CREATE}INSERT INTO t VALUES (1,'a\\');`).t,
    ).toEqual([['1', 'a\\']])
  })

  test.each([
    ['within a row', `${CREATE}INSERT INTO t VALUES (1,'x'),(2,`],
    ['within a statement', `${CREATE}INSERT INTO t VALUES (1,'x');\nCREATE TABLE \`u\` (`],
    ['before its last line', `-- MySQL dump 10.13\n${CREATE}INSERT INTO t VALUES (1,'x');\n`],
  ])('that breaks off %s is refused', (_where, sql) => {
    expect(() => parsed(sql)).toThrow('the dump breaks off before its end')
  })

  test.each([
    ['without columns', 'INSERT INTO t VALUES (1);', 'does not say which columns t has'],
    ['whose rows do not fit', `${CREATE}INSERT INTO t VALUES (1);`, 'does not fit its columns'],
    ['in UTF-16', Buffer.from(`\uFEFF${CREATE}`, 'utf16le'), 'in UTF-16'],
    ['that is none', Buffer.alloc(64), 'this is no SQL dump'],
  ])('%s is refused', (_what, sql, message) => {
    expect(() => parsed(sql)).toThrow(message)
  })
})

describe('a compressed dump', () => {
  /** `CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n`, as bzip2 and zstd have packed it. */
  const BZIP2 =
    'QlpoOTFBWSZTWcuS2ycAAAvfgAAQQGAgCDolnwAgIQQAIABA1R5Jp5MkPU8poUAGI000aauLF5DnRQobCsFpM3tE9Vw8JIWWFMnJueN/tEPxdyRThQkMuS2ycA=='
  const ZSTANDARD = 'KLUv/SQ0oQEAQ1JFQVRFIFRBQkxFIHQgKAphIGludAopOwpJTlNFUlQgSU5UTyB0IFZBTFVFUyAoMSk7CgR8CxY='

  async function read(packed: Buffer): Promise<readonly SourceRow[]> {
    const rows: SourceRow[] = []
    for await (const batch of new DumpSource(Readable.from([packed]), () => true).rows())
      rows.push(...batch.rows)
    return rows
  }

  const SQL = 'CREATE TABLE t (\na int\n);\nINSERT INTO t VALUES (1);\n'

  test.each([
    ['gzip', gzipSync(SQL)],
    ['bzip2', Buffer.from(BZIP2, 'base64')],
    ['Zstandard', Buffer.from(ZSTANDARD, 'base64')],
    ['nothing', Buffer.from(SQL)],
  ])('by %s is unpacked', async (_how, packed) => {
    expect(await read(packed)).toEqual([['1']])
  })

  test.each([
    ['gzip', gzipSync(SQL).subarray(0, 40)],
    ['bzip2', Buffer.from(BZIP2, 'base64').subarray(0, 60)],
    ['Zstandard', Buffer.from(ZSTANDARD, 'base64').subarray(0, 40)],
  ])('by %s that breaks off is refused', async (_how, packed) => {
    await expect(read(packed)).rejects.toThrow(/cannot be unpacked|breaks off/)
  })

  test('in an archive is refused, with its name', async () => {
    await expect(read(Buffer.from('504b030414000000', 'hex'))).rejects.toThrow('a ZIP archive')
  })
})
