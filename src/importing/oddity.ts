/** Something of a shop that is not as it should be, and what the import has made of it. */
export interface Oddity {
  readonly kind: string
  /** What it is, and what became of it. */
  readonly meaning: string
  readonly count: number
  /** The first of what it is about: ids of products or images, SKUs, or paths. */
  readonly examples: readonly string[]
}

/** How many examples an oddity has. */
export const MOST_EXAMPLES = 20
