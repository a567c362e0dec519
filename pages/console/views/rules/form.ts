import type { Api } from '../../kit/api.js'
import { askForm, type Filled, type Option } from '../../kit/form.js'
import type { FaultGuide, Rule, RuleDescription } from '../../kit/shapes.js'
import { PROTOCOLS, SPOILT } from './words.js'

/** Shows a form for a new rule, or for a change of an existing one. @returns whether it was saved */
export function askRule(api: Api, faults: readonly FaultGuide[], rule: Rule | null): Promise<boolean> {
  const { when = {}, answer = {} } = rule ?? {}
  return askForm({
    title: rule ? `Change ${rule.name || 'the rule'}` : 'Add a rule',
    action: 'Save',
    fields: [
      { name: 'name', label: 'Name', value: rule?.name ?? '', hint: 'For whoever reads the rules.' },
      {
        legend: 'Which calls',
        fields: [
          {
            name: 'protocol',
            label: 'Protocol',
            kind: 'select',
            options: optionsOf(PROTOCOLS),
            value: when.protocol ?? '',
          },
          {
            name: 'method',
            label: 'Method',
            value: when.method ?? '',
            hint: 'create, product_media.list, login…',
          },
          { name: 'product', label: 'Product', value: String(when.product ?? ''), hint: 'SKU or id' },
          { name: 'storeView', label: 'Store view', value: String(when.storeView ?? ''), hint: 'code or id' },
          { name: 'user', label: 'User', value: when.user ?? '' },
          { name: 'nth', label: 'Only the nth call', kind: 'number', value: String(when.nth ?? '') },
          { name: 'every', label: 'Each nth call', kind: 'number', value: String(when.every ?? '') },
          {
            name: 'probability',
            label: 'Probability',
            kind: 'number',
            value: String(when.probability ?? ''),
            hint: '0 to 1',
          },
        ],
      },
      {
        legend: 'What is answered',
        fields: [
          {
            name: 'answer',
            label: 'Answer',
            kind: 'select',
            options: [
              { value: '', label: 'as it should be, but later' },
              ...faults.map(({ code, message }) => ({
                value: `fault:${code}`,
                label: `Fault ${code}: ${message}`,
              })),
              ...optionsOf(SPOILT),
            ],
            value: rule ? choiceOf(rule) : 'fault:104',
          },
          {
            name: 'message',
            label: 'Text of the fault',
            value: answer.message ?? '',
            hint: 'Without one, Magento’s own.',
          },
          { name: 'wait', label: 'Wait first (ms)', kind: 'number', value: String(answer.wait ?? '') },
          {
            name: 'times',
            label: 'How many times',
            kind: 'number',
            value: String(rule?.times ?? ''),
            hint: 'Without a number, always.',
          },
          { name: 'after', label: 'Carry the call out first', kind: 'check', value: answer.after === true },
          { name: 'enabled', label: 'In force', kind: 'check', value: rule?.enabled ?? true },
        ],
      },
    ],
    async send(filled) {
      const description = descriptionOf(filled)
      if (rule) await api.put(`/rules/${rule.id}`, description)
      else await api.post('/rules', description)
    },
  })
}

function choiceOf({ answer: { fault, broken, http } }: RuleDescription): string {
  if (fault !== undefined) return `fault:${fault}`
  if (broken !== undefined) return `broken:${broken}`
  return http === undefined ? '' : `http:${http}`
}

/** Returns the rule that was filled in. An empty field sets no condition. */
function descriptionOf(filled: Filled): object {
  const texts = (names: readonly string[]) => given(names, (name) => filled.text(name))
  const numbers = (names: readonly string[]) => given(names, (name) => filled.number(name))
  const [kind = '', value = ''] = (filled.text('answer') ?? '').split(':')
  return {
    ...texts(['name']),
    when: {
      ...texts(['protocol', 'method', 'product', 'storeView', 'user']),
      ...numbers(['nth', 'every', 'probability']),
    },
    answer: {
      ...(kind === 'broken' ? { broken: value } : kind !== '' && { [kind]: Number(value) }),
      ...(kind === 'fault' && texts(['message'])),
      ...numbers(['wait']),
      ...(filled.isTicked('after') && { after: true }),
    },
    ...numbers(['times']),
    enabled: filled.isTicked('enabled'),
  }
}

function given<T>(names: readonly string[], read: (name: string) => T | null): Record<string, T> {
  const pairs = names.map((name) => [name, read(name)] as const)
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, T & {}] => pair[1] !== null))
}

function optionsOf(table: readonly (readonly [value: string, words: string])[]): readonly Option[] {
  return table.map(([value, label]) => ({ value, label }))
}
