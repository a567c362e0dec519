import type { Command } from 'commander'
import { program } from '../../src/cli/program'

/** Commands that stand for one of their own, unless another is named. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([['audit', 'list']])
/** What commander has of itself. */
const OF_ALL = ['--help', '--version'] as const

/** What is wrong with a line that a document shows, if it is a command line of Keepsake's: commands and flags that there are not. */
export function wrongInCommandLine(shown: string): readonly string[] {
  const line = shown
    .replace(/^\$ /, '')
    .replace(/^(?:[A-Z_]+=\S* )+/, '')
    .replace(/^(?:npm run keepsake --|npx keepsake)(?= )/, 'keepsake')
    .replace(/^npm start(?: --)?(?= |$)/, 'keepsake start')
    .replace(/ (?:#|&&|>|\|) .*$/, '')
  if (!/^keepsake [a-z-]/.test(line)) return []
  const words = line.replace(/[[\]]/g, '').trim().split(/ +/).slice(1)
  return commandsNamed(program(), words).flatMap((command) =>
    typeof command === 'string'
      ? [`there is no command ${command}`]
      : words
          .flatMap((word) => /^--[a-z][\w-]*/.exec(word) ?? [])
          .filter((flag) => !flagsOf(command).includes(flag))
          .map((flag) => `${fullNameOf(command)} takes no ${flag}`),
  )
}

/** What is wrong with a flag that is named alone: that no command takes it. */
export function wrongInFlag(shown: string): readonly string[] {
  const [flag] = /^--[a-z][\w-]*/.exec(shown) ?? []
  return flag === undefined || flagsOfAll(program()).includes(flag) ? [] : [`no command takes ${flag}`]
}

/** The commands that words name, `add|list` being two; of one that there is not, its name. */
function commandsNamed(command: Command, [word, ...rest]: readonly string[]): readonly (Command | string)[] {
  if (command.commands.length === 0 || word === undefined || word.startsWith('-')) return [command]
  return word.split('|').flatMap((name) => {
    const child = command.commands.find((each) => each.name() === name)
    return child ? commandsNamed(child, rest) : [`${fullNameOf(command)} ${name}`]
  })
}

function flagsOf(command: Command): readonly string[] {
  const ofDefault = command.commands.filter((child) => child.name() === DEFAULTS.get(command.name()))
  const options = [command, ...ofDefault].flatMap((each) => each.options)
  return [...options.flatMap(({ long }) => long ?? []), ...OF_ALL]
}

function flagsOfAll(command: Command): readonly string[] {
  return [...flagsOf(command), ...command.commands.flatMap(flagsOfAll)]
}

function fullNameOf(command: Command): string {
  return command.parent ? `${fullNameOf(command.parent)} ${command.name()}` : command.name()
}
