import type { z } from 'zod'
import type { awaited, verified } from '../../src/control/operations/journalOperations'
import type { descriptionOf } from '../../src/control/operations/rules'
import type { AwaitOptions, CallMatch, HowOften, NewRule, SeedFile } from '../../src/library'
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
