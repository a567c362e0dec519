import type { DecodedCall } from '../../contract/exchange'
import type { RequestContext } from '../../contract/request'
import { CallFacts, type KnownThings } from './callFacts'
import { chanceOf } from './chance'
import type { Rule, RuleConditions, RuleDescription } from './rule'

/** A rule with its counts: of calls that met its conditions, and of calls that it answered. */
interface CountingRule {
  description: RuleDescription
  seen: number
  hits: number
  chance: () => number
}

/**
 * The rules of a test double, in the order of their creation. The first matching rule answers a call; every
 * rule counts the calls that meet its conditions, whichever rule answers them.
 */
export class Rules {
  readonly #rules = new Map<string, CountingRule>()
  #made = 0

  constructor(private readonly known: KnownThings) {}

  get size(): number {
    return this.#rules.size
  }

  all(): readonly Rule[] {
    return [...this.#rules].map(([id, rule]) => shown(id, rule))
  }

  find(id: string): Rule | null {
    const rule = this.#rules.get(id)
    return rule ? shown(id, rule) : null
  }

  add(description: RuleDescription): Rule {
    this.#made += 1
    const id = `rule-${this.#made}`
    const rule = fresh(id, description)
    this.#rules.set(id, rule)
    return shown(id, rule)
  }

  /** Replaces a rule by another one, which takes its id and its place and counts from zero. */
  replace(id: string, description: RuleDescription): Rule | null {
    if (!this.#rules.has(id)) return null
    const rule = fresh(id, description)
    this.#rules.set(id, rule)
    return shown(id, rule)
  }

  remove(id: string): boolean {
    return this.#rules.delete(id)
  }

  removeAll(): void {
    this.#rules.clear()
  }

  /**
   * Resets to the state at the start: no rules, and the ids and chances of later rules are the same again.
   */
  reset(): void {
    this.#rules.clear()
    this.#made = 0
  }

  /** Whether any method matches this name in a rule. */
  knowsMethod(name: string): boolean {
    return this.known.methods.has(name)
  }

  /** Returns the rule that answers the call, and counts the call for it; null for none. */
  async answering(call: DecodedCall, request: RequestContext): Promise<Rule | null> {
    const facts = new CallFacts(call, request, this.known)
    const met: [string, CountingRule][] = []
    for (const [id, rule] of this.#rules) {
      if (rule.description.enabled && (await facts.meets(rule.description.when))) met.push([id, rule])
    }
    // No await from here on, so that two calls at the same time are never counted as one.
    const due = met.filter(([, rule]) => isDue(rule))
    const [first] = due
    if (!first) return null
    const [id, rule] = first
    rule.hits += 1
    return shown(id, rule)
  }
}

/** Counts the call, and returns whether the rule answers it. */
function isDue(rule: CountingRule): boolean {
  const { when, times = Number.POSITIVE_INFINITY } = rule.description
  rule.seen += 1
  return isTurn(when, rule.seen) && rule.hits < times && rule.chance() < (when.probability ?? 1)
}

function isTurn({ nth, every = 1 }: RuleConditions, seen: number): boolean {
  return (nth === undefined || seen === nth) && seen % every === 0
}

function fresh(id: string, description: RuleDescription): CountingRule {
  return { description, seen: 0, hits: 0, chance: chanceOf(seedOf(id)) }
}

function seedOf(id: string): number {
  return Number(id.replace(/\D/g, ''))
}

function shown(id: string, { description, hits }: CountingRule): Rule {
  return { id, ...description, hits }
}
