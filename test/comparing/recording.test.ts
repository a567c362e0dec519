import type { ShopAnswers } from '../../src/comparing/answers'
import { answersIn, answersLine, endLine, headIn, headLine } from '../../src/comparing/recording'

const HEAD = { shop: 'http://old/', recorded: '2026-11-27T12:00:00.000Z', rest: true, bytes: false }
const ANSWERS: readonly ShopAnswers[] = [
  { set: '4', types: { fault: '103', message: 'None.' } },
  {
    product: '7',
    views: [
      {
        store: 'admin',
        list: { value: [{ file: '/ä.jpg', label: null, position: 1, types: [] }] },
        info: { '/ä.jpg': { failure: 'no SOAP, with status 502' } },
        rest: { value: [] },
      },
    ],
    bytes: { '/ä.jpg': { sha256: 'aa', size: 1 }, '/b.jpg': { failure: 'status 404' } },
  },
]

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

async function read(lines: readonly string[]): Promise<readonly ShopAnswers[]> {
  const all: ShopAnswers[] = []
  for await (const answers of answersIn(linesOf(lines), 'truth.json')) all.push(answers)
  return all
}

const LINES = ANSWERS.map(answersLine)

test('what was saved is read as it was', async () => {
  expect(headIn(headLine(HEAD), 'truth.json')).toMatchObject(HEAD)
  expect(await read([...LINES, endLine(2)])).toEqual(ANSWERS)
})

test.each([
  ['cut', LINES],
  ['without a line', [...LINES.slice(1), endLine(2)]],
])('a file that was %s is not taken for a smaller shop', async (_how, lines) => {
  await expect(read(lines)).rejects.toThrow('truth.json is not whole: save the answers again')
})

test.each(['{"product":"7"}', 'nothing', ''])('a line that has no answers is named: %j', async (line) => {
  await expect(read([...LINES, line])).rejects.toThrow('truth.json, line 4: expected answers that were saved')
})

test.each(['', '{}', '{"keepsakeComparison":2}', '['])('a file that begins with %j is refused', (line) => {
  expect(() => headIn(line, 'truth.json')).toThrow(
    'truth.json has no answers that keepsake compare has saved',
  )
})
