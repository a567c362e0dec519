import type { z } from 'zod'
import type { entry, recording } from '../../src/control/operations/journalAnswers'
import type { awaited, verified } from '../../src/control/operations/journalOperations'
import type { descriptionOf } from '../../src/control/operations/rules'
import type {
  AwaitOptions,
  CallMatch,
  HowOften,
  JournalEntry,
  NewRule,
  Recording,
  SeedFile,
} from '../../src/library'
import type { seedSchema } from '../../src/store/shop/seed'

/** Compiles only if whatever is of the one type is of the other as well. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never

/** As deep as it goes: the library changes nothing that it is given, and does not take undefined for absent. */
type Plain<T> = T extends object ? { readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> } : T

type RuleSent = z.input<ReturnType<typeof descriptionOf>>

test('a seed has the type of what the server reads', () => {
  const isSame: Same<Plain<SeedFile>, Plain<z.input<typeof seedSchema>>> = true
  expect(isSame).toBe(true)
})

test('a rule, and what is awaited and verified, have the fields that the server reads', () => {
  const areSame: readonly true[] = [
    true satisfies Same<keyof NewRule, keyof RuleSent>,
    true satisfies Same<keyof NonNullable<NewRule['when']>, keyof NonNullable<RuleSent['when']>>,
    true satisfies Same<keyof NewRule['answer'], keyof RuleSent['answer']>,
    true satisfies Same<keyof AwaitOptions | 'match', keyof z.input<typeof awaited>>,
    true satisfies Same<keyof HowOften | 'match', keyof z.input<typeof verified>>,
    true satisfies Same<keyof CallMatch, keyof NonNullable<z.input<typeof awaited>['match']>>,
  ]
  expect(areSame).not.toContain(false)
})

test('an entry of the journal and a recording have the fields that the OpenAPI document lists', () => {
  type ShownEntry = z.output<typeof entry>
  type ShownRecording = z.output<typeof recording>
  const areSame: readonly true[] = [
    true satisfies Same<keyof JournalEntry, keyof ShownEntry>,
    true satisfies Same<keyof JournalEntry['calls'][number], keyof ShownEntry['calls'][number]>,
    true satisfies Same<keyof JournalEntry['request'], keyof ShownEntry['request']>,
    true satisfies Same<keyof JournalEntry['answer'], keyof ShownEntry['answer']>,
    true satisfies Same<Plain<Recording>, Plain<ShownRecording>>,
  ]
  expect(areSame).not.toContain(false)
})
