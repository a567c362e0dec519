export type * from '../control/ports'
export type { ForcedAnswer, Rule, RuleConditions } from '../double/rules/rule'
export type { ServerUrls } from '../serverUrls'
export type {
  AwaitOptions,
  ClockState,
  Control,
  KeyAndSecret,
  NewRule,
  TokenAndSecret,
} from './control'
export { ControlRefusal } from './controlRequest'
export type { ApiUser } from './hostMessages'
export type * from './journalQueries'
export { KeepsakeError } from './keepsakeError'
export type * from './seedFile'
export { type Keepsake, type StartOptions, startKeepsake } from './startKeepsake'
