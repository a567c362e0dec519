import type { StepResult } from './clientProcess'
import type { Client, Protocol } from './clients'

/** What every client does, in this order. */
export const STEPS = ['login', 'create', 'list', 'updateInStore', 'remove', 'fault101', 'fault103'] as const

/** A client on a protocol. */
export interface Row {
  readonly client: Client
  readonly protocol: Protocol
}

/** Client × protocol × step, as Markdown; – is a step that did not run. */
export function tableOf(
  rows: readonly Row[],
  resultsOf: (row: Row) => readonly StepResult[] | undefined,
): string {
  const cells = rows.map((row) => {
    const results = resultsOf(row)
    return [row.client.name, row.protocol, ...STEPS.map((step) => mark(results, step))]
  })
  const lines = [['client', 'protocol', ...STEPS], ...cells]
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body, ''].join('\n')
}

function mark(results: readonly StepResult[] | undefined, step: string): string {
  const result = results?.find((each) => each.step === step)
  if (!result) return '–'
  return result.ok ? '✓' : '✗'
}
