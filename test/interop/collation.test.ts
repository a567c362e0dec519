import { spawnSync } from 'node:child_process'
import { folded } from '../../src/contract/folded'
import { describeWithCommand } from './support/command'

/** How `mariadb` reaches a server: its own defaults, or what this names, such as `--host=db --user=me`. */
const CONNECTION = (process.env.TEST_MARIADB ?? '--user=root').split(' ')

/** The weight of each character up to U+FFFF but for surrogates, in hex. */
const WEIGHTS = `
  SELECT seq, HEX(WEIGHT_STRING(CONVERT(CONVERT(UNHEX(LPAD(HEX(seq), 4, '0')) USING ucs2) USING utf8mb3)
                                COLLATE utf8mb3_general_ci))
    FROM seq_0_to_65535 WHERE seq NOT BETWEEN 0xD800 AND 0xDFFF`

/** Names that are the same under the collation, or not, for what is no matter of single characters. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['Camera', 'camera  '],
  ['Camera', ' camera'],
  ['Camera', 'camera\t'],
  ['Camera', 'came\u0301ra'],
  ['', '   '],
  ['caße', 'CASE'],
  ['æ', 'ae'],
]

describeWithCommand('mariadb', 'names as a MariaDB compares them by utf8_general_ci', () => {
  test('are the same where each of their characters is, for all characters up to U+FFFF', () => {
    const weightOf = new Map(rowsOf(WEIGHTS).map(([code, weight]) => [Number(code), weight]))
    expect(weightOf.size).toBe(0x10000 - 0x800)
    // Behind it stands a letter, so that a space is not at the end.
    const form = (code: number) => folded(`${String.fromCharCode(code)}.`)
    const weightOfForm = new Map([...weightOf].map(([code, weight]) => [form(code), weight]))
    const others = [...weightOf].filter(([code, weight]) => weightOfForm.get(form(code)) !== weight)
    expect(others).toEqual([])
    expect(weightOfForm.size).toBe(new Set(weightOf.values()).size)
  })

  test.each(PAIRS)('%j and %j', (name, other) => {
    const hex = (text: string) => `CONVERT(X'${Buffer.from(text).toString('hex')}' USING utf8mb3)`
    const [[isSame] = []] = rowsOf(`SELECT ${hex(name)} = ${hex(other)} COLLATE utf8mb3_general_ci`)
    expect(folded(name) === folded(other)).toBe(isSame === '1')
  })
})

function rowsOf(statement: string): readonly (readonly string[])[] {
  const { status, stdout, stderr } = spawnSync(
    'mariadb',
    [...CONNECTION, '--batch', '--skip-column-names', '--database=mysql', '--execute', statement],
    { encoding: 'utf8', maxBuffer: 16_000_000 },
  )
  if (status !== 0) throw new Error(`mariadb: ${stderr}`)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}
