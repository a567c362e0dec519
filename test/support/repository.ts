import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'

/** Folders of the repository that people write; each file of the top is read besides. */
const FOLDERS = [
  '.ci',
  'bench',
  'docs',
  'examples',
  'migrations',
  'pages',
  'scripts',
  'src',
  'test',
  'wsdl',
] as const
/** Files whose text nobody writes. */
const NOT_WRITTEN = /\.(?:png|gz|log|tgz|tsbuildinfo)$|^package-lock\.json$|^test\/golden\/recordings\//

/** A text that somebody has written. */
export interface TextFile {
  /** From the top of the repository, with `/`. */
  readonly name: string
  readonly text: string
}

/** A piece of a file, and where it begins. */
export interface Piece {
  readonly text: string
  /** From 1. */
  readonly line: number
}

/** The name of every file in the repository's folders and at its top. */
export function repositoryFiles(): readonly string[] {
  const top = readdirSync(packageRoot).filter((name) => statSync(path.join(packageRoot, name)).isFile())
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { encoding: 'utf8', recursive: true })
      .map((name) => path.join(folder, name))
      .filter((name) => statSync(path.join(packageRoot, name)).isFile()),
  )
  return [...top, ...below].map((name) => name.split(path.sep).join('/'))
}

export function readTexts(names: readonly string[]): readonly TextFile[] {
  return names
    .filter((name) => !NOT_WRITTEN.test(name))
    .map((name) => ({ name, text: readFileSync(path.join(packageRoot, name), 'utf8') }))
}

/** Each line of a text. */
export function linesOf(text: string): readonly Piece[] {
  return text.split('\n').map((line, index) => ({ text: line, line: index + 1 }))
}

/** Each line of a program that is a comment or ends in one, without the code before it. */
export function commentsOf(text: string): readonly Piece[] {
  return linesOf(text).flatMap(({ text, line }) => {
    const comment = /^\s*(?:\/?\*|<!--|"""|#).*|(?<![:'"`/\w])\/\/.*|\/\*.*/.exec(text)
    return comment ? [{ text: comment[0], line }] : []
  })
}

/** What stands between backquotes in a Markdown text; a line break within is a space. */
export function codeSpansOf(markdown: string): readonly Piece[] {
  return matches(withoutCodeBlocks(markdown), /`([^`]+)`/g).map(({ text, line }) => ({
    text: text.slice(1, -1).replace(/\s*\n\s*/g, ' '),
    line,
  }))
}

/** The lines of a Markdown text's code blocks, fenced or indented. */
export function codeLinesOf(markdown: string): readonly Piece[] {
  const prose = withoutCodeBlocks(markdown).split('\n')
  return linesOf(markdown)
    .filter(({ text, line }) => text !== '' && prose[line - 1] === '')
    .map(({ text, line }) => ({ text: text.trim(), line }))
}

/** The same lines with those of code blocks empty, so that numbers of lines stay. */
export function withoutCodeBlocks(markdown: string): string {
  let isFenced = false
  let isAfterBlank = true
  let isIndented = false
  return markdown
    .split('\n')
    .map((line) => {
      const isFence = line.startsWith('```')
      if (isFence) isFenced = !isFenced
      isIndented = /^ {4}/.test(line) && (isAfterBlank || isIndented)
      isAfterBlank = line.trim() === ''
      return isFence || isFenced || isIndented ? '' : line
    })
    .join('\n')
}

/** Every match of a pattern, which may reach over lines, with the line on which it begins. */
export function matches(
  text: string,
  pattern: RegExp,
): readonly (Piece & { readonly groups: readonly string[] })[] {
  return [...text.matchAll(pattern)].map((match) => ({
    text: match[0],
    line: text.slice(0, match.index).split('\n').length,
    groups: match.slice(1).map((group) => group ?? ''),
  }))
}
