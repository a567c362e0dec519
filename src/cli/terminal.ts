import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { PlainError } from '../contract/plainError'
import { printable, printableJson } from '../text/printable'
import { CommandError } from './commandError'

// All that a command writes goes through here, for much of it is what clients and operators have typed.
// test/cli/terminal.test.ts sees to it that no other file writes.

/** Writes lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(joined(lines))
}

/** Writes lines to standard error. */
export function printAside(...lines: readonly string[]): void {
  process.stderr.write(joined(lines))
}

/** Writes lines to standard error, each as a warning. */
export function warn(...lines: readonly string[]): void {
  printAside(...lines.map((line) => `keepsake: warning: ${line}`))
}

/** Writes a value to standard output as a line of JSON, which is read back as the same value. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(JSON.stringify(value))}\n`)
}

/** Writes rows as columns that line up, below their header unless they continue a table. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { isContinued } = { isContinued: false },
): void {
  const shown = rows.map((row) => row.map(printable))
  const widths = header.map((title, column) =>
    Math.max(title.length, ...shown.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of isContinued ? shown : [header, ...shown]) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

/** Asks on standard error for a text that the terminal does not show, and returns it. */
export async function askSecretly(question: string): Promise<string> {
  process.stderr.write(printable(question))
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true })
  try {
    return await new Promise((resolve, reject) => {
      reader.once('line', resolve)
      reader.once('close', () => reject(new CommandError('nothing was typed')))
    })
  } finally {
    reader.close()
    printAside('')
  }
}

/** Writes why a command has failed to standard error. What is unforeseen is told with its stack. */
export function printFailure(thrown: unknown): void {
  const [first = '', ...others] = failureLines(thrown)
  printAside(`keepsake: ${first}`, ...others)
}

function failureLines(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return [String(thrown)]
  if (thrown instanceof CommandError) return [thrown.message, ...thrown.details]
  // What the system refuses has a code, and says of itself what it was: EADDRINUSE, ENOENT.
  const isPlain = thrown instanceof PlainError || 'code' in thrown
  return isPlain ? [thrown.message || String(thrown)] : (thrown.stack ?? thrown.message).split('\n')
}

/** Lets commander write its help and its errors, which may quote an argument. */
export const COMMANDER_OUTPUT = {
  writeOut: (text: string) => print(...linesIn(text)),
  writeErr: (text: string) => printAside(...linesIn(text)),
  // An error is one line, with what else was meant in another: a line end in between is one of the argument.
  outputError: (text: string) => printAside(...text.trimEnd().split(/\n(?=\(Did you mean )/)),
}

function linesIn(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n')
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('')
}
