import type { HttpAnswer, Spoiling } from '../contract/exchange'

/** Returns the damaged answer to send; null if the connection is to end without one. */
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

/** Breaks the syntax of XML or JSON without removing any text. */
function malformed(body: string): string {
  const middle = Math.floor(body.length / 2)
  return `${body.slice(0, middle)}<&"${body.slice(middle)}`
}
