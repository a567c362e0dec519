import { NotComparable, type ShopAnswers } from './answers'

/** What to ask a shop, all at once: of an attribute set, or of a product in each of these store views. */
export type Question =
  | { readonly set: string }
  | { readonly product: string; readonly stores: readonly string[] }

/** What is asked beyond types, lists and infos. */
export interface Extent {
  /** What REST lists to a guest. */
  readonly rest: boolean
  /** The bytes behind each URL. */
  readonly bytes: boolean
}

/** Ids of products and attribute sets, and codes of store views. */
export interface Shop {
  readonly products: readonly string[]
  readonly stores: readonly string[]
  readonly sets: readonly string[]
}

/** Returns all questions about a shop; with a sample, about so many of its products. @throws NotComparable if there is none */
export function questionsAbout({ products, stores, sets }: Shop, sample?: number): readonly Question[] {
  const chosen = stores.length === 0 ? [] : sampled(products, sample ?? products.length)
  const questions = [...sets.map((set) => ({ set })), ...chosen.map((product) => ({ product, stores }))]
  if (questions.length === 0)
    throw new NotComparable('there is nothing to ask: no product in a store view, and no attribute set')
  return questions
}

/** Returns the question to which these are the answers. */
export function questionOf(answers: ShopAnswers): Question {
  if ('set' in answers) return { set: answers.set }
  return { product: answers.product, stores: answers.views.map(({ store }) => store) }
}

/** Returns so many of the ids, spread evenly over all of them, and the same ones each time. */
function sampled(ids: readonly string[], count: number): readonly string[] {
  if (count >= ids.length) return ids
  return Array.from({ length: count }, (_, index) => ids[Math.floor((index * ids.length) / count)] ?? '')
}

/** Reads a file of ids, one in a line. @throws NotComparable */
export function idsIn(text: string, name: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const wrong = lines.findIndex((line) => !/^[0-9]*$/.test(line))
  if (wrong >= 0) throw new NotComparable(`${name}, line ${wrong + 1}: expected the id of a product`)
  return [...new Set(lines.filter((line) => line !== ''))]
}
