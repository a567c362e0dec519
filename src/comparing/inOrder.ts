/**
 * Does the work on some of the items at once, and yields what comes of it in the order of the items. What fails ends it.
 *
 * @param width how many are under way at once
 */
export async function* inOrder<Item, Outcome>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Outcome>,
): AsyncGenerator<Outcome> {
  const underWay: Promise<Outcome>[] = []
  for await (const item of items) {
    const outcome = work(item)
    // It is told when its turn has come.
    outcome.catch(() => undefined)
    underWay.push(outcome)
    const first = underWay.length < width ? undefined : underWay.shift()
    if (first !== undefined) yield await first
  }
  for (const outcome of underWay) yield await outcome
}
