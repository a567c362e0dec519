import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../src/packageRoot'
import { SETTINGS } from '../src/settings/settings'
import { readScenarios } from './golden/player'
import { wrongInCommandLine, wrongInFlag } from './support/commandLines'
import {
  codeLinesOf,
  codeSpansOf,
  commentsOf,
  linesOf,
  matches,
  type Piece,
  readTexts,
  repositoryFiles,
  type TextFile,
  withoutCodeBlocks,
} from './support/repository'

/** The page whose sections are cited as `magento.md §2.1`. */
const MAGENTO = 'docs/reference/magento.md'
/** Flags of Node that documents name. */
const FLAGS_OF_OTHERS: ReadonlySet<string> = new Set(['--experimental-vm-modules'])
const LONGEST_LINE = 160
const LONGEST_README = 180

const names = repositoryFiles()
const texts = readTexts(names)
const documents = texts.filter(({ name }) => name.endsWith('.md'))
const programs = texts.filter(({ name }) =>
  /(?:\.(?:[cm]?[jt]s|css|html|java|php|pl|pm|py|rb|cpp|ya?ml)|\/run|Dockerfile)$/.test(name),
)
const sources = programs.filter(({ name }) => name.startsWith('src/'))
const manifest = JSON.parse(textOf('package.json'))

function textOf(name: string): string {
  return readFileSync(path.join(packageRoot, name), 'utf8')
}

/** What is wrong, one line each: `file:line: what`. */
function findings(
  files: readonly TextFile[],
  piecesOf: (text: string) => readonly Piece[],
  wrongIn: (piece: string, file: string) => readonly string[],
): readonly string[] {
  return files.flatMap(({ name, text }) =>
    piecesOf(text).flatMap((piece) =>
      wrongIn(piece.text, name).map((what) => `${name}:${piece.line}: ${what}`),
    ),
  )
}

/** Matches the whole of a name, in which `*` stands for anything but a slash. */
function patternOf(named: string): RegExp {
  return new RegExp(`^${named.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
}

/** The first group of every match, or the whole of it. */
function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[0])
}

describe('what is cited exists', () => {
  const sections = new Set(found(textOf(MAGENTO), /^#+ (\d+(?:\.\d+)?) /gm))
  const unknownSections = (text: string) =>
    found(text, /§(\d+(?:\.\d+)?)/g)
      .filter((section) => !sections.has(section))
      .map((section) => `there is no §${section} in ${MAGENTO}`)

  test('sections of the page on Magento', () => {
    expect(sections.size).toBeGreaterThan(20)
    expect(
      findings(texts, linesOf, (line) =>
        found(line, /magento\.md (§[\d.]+(?:(?:,| and| to) §[\d.]+)*)/g).flatMap(unknownSections),
      ),
    ).toEqual([])
    expect(
      findings(
        texts.filter(({ name }) => name === MAGENTO),
        linesOf,
        unknownSections,
      ),
    ).toEqual([])
  })

  test('a citation in a program names its section, on the same line', () => {
    const others = programs.filter(({ name }) => name !== 'test/documents.test.ts')
    expect(
      findings(others, linesOf, (line) =>
        found(line, /magento\.md(?! §\d)/g).map(() => 'which section of magento.md?'),
      ),
    ).toEqual([])
  })

  test('sections have anchors by their numbers', () => {
    const anchors = found(textOf(MAGENTO), /<a id="s(\d+(?:-\d+)?)"><\/a>\n\n#+ \d/g).map((id) =>
      id.replace('-', '.'),
    )
    expect(anchors).toEqual([...sections])
  })

  test('decisions', () => {
    const decisions = new Set(found(names.join('\n'), /^docs\/decisions\/(\d{3})-/gm))
    expect(
      findings(texts, linesOf, (line) =>
        found(line, /\bdecisions? (\d{3}(?: and \d{3})?)\b/g)
          .flatMap((cited) => cited.split(' and '))
          .filter((decision) => !decisions.has(decision))
          .map((decision) => `there is no decision ${decision}`),
      ),
    ).toEqual([])
  })

  test('recordings', () => {
    const scenarios = names
      .filter((name) => name.startsWith('test/golden/recordings/'))
      .flatMap((name) => readScenarios(path.basename(name)))
      .map(({ scenario }) => scenario)
    expect(scenarios.length).toBeGreaterThan(400)
    expect(
      findings(texts, linesOf, (line) =>
        found(line, /\brecordings? (`[^`]+`(?:(?:,| and|, and) `[^`]+`)*)/g)
          .flatMap((cited) => found(cited, /`([^`]+)`/g))
          .filter((cited) => !scenarios.some((scenario) => isNamedBy(cited, scenario)))
          .map((cited) => `there is no recording ${cited}`),
      ),
    ).toEqual([])
  })

  function isNamedBy(cited: string, scenario: string): boolean {
    const [name, pattern] = cited.includes('/') ? [scenario, cited] : [path.basename(scenario), cited]
    return patternOf(pattern).test(name)
  }
})

describe('what is named exists', () => {
  /** With each folder that holds them. */
  const paths = new Set(names.flatMap((name) => [name, ...foldersOf(name)]))

  function foldersOf(name: string): readonly string[] {
    return found(name, /\//g).map((_, index) =>
      name
        .split('/')
        .slice(0, index + 1)
        .join('/'),
    )
  }

  /** A path from the top of the repository, or the end of the name of one of its sources or pages. */
  const PATH =
    /(?<![\w/.:@~${}*<-])((?:\.ci|bench|docs|examples|migrations|pages|scripts|src|test)\/[\w./*-]*[\w*]|wsdl\/[\w-]+\.\w+|(?:[\w-]+\/)*[\w.-]+\.(?:ts|cjs|md))(?![\w/*{<])/g

  const isThere = (named: string) => {
    if (named.includes('*')) return names.some((name) => patternOf(named).test(name))
    return paths.has(named) || names.some((name) => name.endsWith(`/${named}`))
  }

  const unknownPaths = (text: string) =>
    found(text, PATH)
      .filter((named) => !isThere(named))
      .map((named) => `there is no ${named}`)

  test('paths, in documents and in comments; decisions are history, so what they name may be gone', () => {
    const lasting = documents.filter(({ name }) => !/^docs\/decisions\/\d/.test(name))
    const inDocuments = findings(lasting, linesOf, unknownPaths)
    expect([...inDocuments, ...findings(programs, commentsOf, unknownPaths)]).toEqual([])
  })

  test('settings', () => {
    const settings = new Set<string>(Object.values(SETTINGS).map(({ environment }) => environment))
    const readElsewhere = programs.flatMap(({ text }) =>
      found(text, /(?:env\.|\$\{)(KEEPSAKE_[A-Z_]+[A-Z])/g),
    )
    const known = new Set([...settings, ...readElsewhere])
    const unknownSettings = (text: string) =>
      found(text, /\bKEEPSAKE_[A-Z0-9_]*[A-Z0-9]/g)
        .filter((name) => !known.has(name))
        .map((name) => `there is no setting ${name}`)
    const [tests, others] = [programs.filter(isTest), programs.filter((file) => !isTest(file))]
    // A test may give a server what is no setting, to see it refused: of tests, only comments are read.
    const inTests = findings(tests, commentsOf, unknownSettings)
    expect([...inTests, ...findings([...documents, ...others], linesOf, unknownSettings)]).toEqual([])
  })

  function isTest({ name }: TextFile): boolean {
    return name.startsWith('test/')
  }

  test('npm scripts', () => {
    expect(
      findings([...documents, ...programs], linesOf, (line) =>
        found(line, /\bnpm run (?:--silent )?([a-z][\w:-]*)/g)
          .filter((script) => !(script in manifest.scripts))
          .map((script) => `there is no npm script ${script}`),
      ),
    ).toEqual([])
  })

  test('commands and their flags', () => {
    const inBlocks = findings(documents, codeLinesOf, wrongInCommandLine)
    const inSpans = findings(documents, codeSpansOf, wrongInCommandLine)
    expect([...inBlocks, ...inSpans, ...findings(sources, spansOfComments, wrongInCommandLine)]).toEqual([])
  })

  test('flags that stand alone, but for the column of the settings page, which has a test of its own', () => {
    const pages = documents.filter(({ name }) => name !== 'docs/reference/settings.md')
    const wrong = (span: string) => (FLAGS_OF_OTHERS.has(span) ? [] : wrongInFlag(span))
    expect([...findings(pages, codeSpansOf, wrong), ...findings(sources, spansOfComments, wrong)]).toEqual([])
  })

  /** What stands between backquotes in comments. */
  function spansOfComments(text: string): readonly Piece[] {
    return commentsOf(text).flatMap((comment) =>
      found(comment.text, /`([^`]+)`/g).map((span) => ({ text: span, line: comment.line })),
    )
  }
})

describe('links', () => {
  const linksOf = (text: string) => matches(withoutCodeBlocks(text), /\]\(([^)\s]+)\)/g)
  const isOutside = (target: string) => /^(?:https?|mailto):/.test(target)

  test('lead to files and headings that exist, within the repository', () => {
    expect(
      documents.flatMap(({ name, text }) =>
        linesOfLinks(text)
          .filter(({ target }) => !isOutside(target))
          .flatMap(({ target, line }) => {
            const wrong = wrongWith(name, target)
            return wrong === null ? [] : [`${name}:${line}: ${wrong}`]
          }),
      ),
    ).toEqual([])
  })

  function linesOfLinks(text: string): readonly { readonly target: string; readonly line: number }[] {
    return linksOf(text).map(({ groups: [target = ''], line }) => ({ target, line }))
  }

  function wrongWith(from: string, link: string): string | null {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file)
    if (target.startsWith('..')) return `${link} leads out of the repository`
    if (!existsSync(path.join(packageRoot, target))) return `there is no ${target}`
    if (anchor === undefined) return null
    return anchorsOf(textOf(target)).includes(anchor) ? null : `there is no #${anchor} in ${target}`
  }

  /** Of headings as GitHub makes them, and those that the text names. */
  function anchorsOf(markdown: string): readonly string[] {
    const headings = found(withoutCodeBlocks(markdown), /^#+ (.*)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    )
    return [...headings, ...found(markdown, /<a id="([^"]+)">/g)]
  }

  const targetsOf = (name: string) =>
    linesOfLinks(textOf(name)).map(({ target }) =>
      path.posix.join(path.posix.dirname(name), target.split('#')[0] ?? ''),
    )

  test.each([
    ['docs/README.md', /^docs\/(?:guides|reference)\/[^/]+\.md$|^docs\/[a-z-]+\.md$/],
    ['docs/decisions/README.md', /^docs\/decisions\/\d[^/]+\.md$/],
  ])('%s lists every page', (index, pages) => {
    expect(names.filter((name) => pages.test(name) && !targetsOf(index).includes(name))).toEqual([])
  })

  test('the package has every document that its README leads to', () => {
    const shipped = (target: string) =>
      target === 'LICENSE' ||
      manifest.files.some((part: string) => target === part || target.startsWith(`${part}/`))
    const targets = linesOfLinks(textOf('README.md')).filter(
      ({ target }) => !isOutside(target) && !target.startsWith('#'),
    )
    expect(
      targets.map(({ target }) => target.split('#')[0] ?? '').filter((target) => !shipped(target)),
    ).toEqual([])
  })
})

describe('INVARIANTS.md', () => {
  const invariants = matches(textOf('INVARIANTS.md'), /^- [^\n]*(?:\n {2}[^\n]*)*/gm)

  test('names one enforcer for each rule, a file that exists, or says that nothing enforces it', () => {
    expect(invariants.length).toBeGreaterThan(50)
    expect(
      invariants.flatMap(({ text, line }) => {
        const [, enforcer] = /\sEnforced by `([^`]+)`(?: \([^)]+\))?\.$/.exec(text) ?? []
        if (enforcer !== undefined && names.includes(enforcer)) return []
        if (enforcer !== undefined) return [`INVARIANTS.md:${line}: there is no file ${enforcer}`]
        return /\sNot enforced[.:]/.test(text) ? [] : [`INVARIANTS.md:${line}: who enforces it?`]
      }),
    ).toEqual([])
  })

  test('has nothing but headings, lists and its introduction', () => {
    expect(linesOf(textOf('INVARIANTS.md')).filter(({ text }) => text.startsWith('|'))).toEqual([])
  })
})

describe('a size that one can read', () => {
  test('README.md', () => {
    expect(linesOf(textOf('README.md').trimEnd()).length).toBeLessThanOrEqual(LONGEST_README)
  })

  test.each(['README.md', 'INVARIANTS.md'])('the lines of %s', (name) => {
    const long = linesOf(textOf(name)).filter(({ text }) => text.length > LONGEST_LINE)
    expect(long.map(({ line }) => `${name}:${line}: over ${LONGEST_LINE} characters`)).toEqual([])
  })
})

test('nothing leads to folders that are beside the repository', () => {
  const beside = ['REFERENCE' + '.md', 'shared' + '/']
  // CI may look whether they are there.
  const others = texts.filter(({ name }) => name !== '.ci/run')
  expect(
    findings(others, linesOf, (line) =>
      beside.filter((part) => line.includes(part)).map((part) => `${part} is not here`),
    ),
  ).toEqual([])
})
