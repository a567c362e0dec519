import type { HttpAnswer, Spoiling } from '../contract/exchange'

/** What is sent in the place of an answer; null for nothing, the connection being cut. */
export function spoiled(answer: HttpAnswer, spoiling: Spoiling): HttpAnswer | null {
  switch (spoiling.kind) {
    case 'cut':
      return null
    case 'truncated':
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
    case 'malformed':
      return { ...answer, body: malformed(answer.body) }
    case 'replaced':
      return spoiling.answer
  }
}

/** No longer well-formed, be it XML or JSON, though nothing of it is missing. */
function malformed(body: string): string {
  const middle = Math.floor(body.length / 2)
  return `${body.slice(0, middle)}<&"${body.slice(middle)}`
}
