import type { RemovedFiles } from './ports'

const PAGE = 1000

/** Yields the files that no gallery has since before that time, in the order of their keys. */
export async function* removedFiles(
  files: Pick<RemovedFiles, 'page'>,
  before: Date,
): AsyncGenerator<{ readonly key: string; readonly size: number }> {
  for (let after = ''; ; ) {
    const page = await files.page(before, after, PAGE)
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.key
  }
}
