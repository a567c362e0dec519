import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { NotComparable, type ShopAnswers } from '../comparing/answers'
import { answersIn, answersLine, endLine, headIn, headLine, type RecordingHead } from '../comparing/recording'

/** Writes answers to a file, which has its name once it is whole. Returns how many questions they answer. */
export async function saveRecording(
  file: string,
  about: Omit<RecordingHead, 'recorded'>,
  answers: AsyncIterable<ShopAnswers>,
): Promise<number> {
  const unfinished = `${file}.part`
  const handle = await open(unfinished, 'w')
  let count = 0
  try {
    await handle.write(`${headLine({ ...about, recorded: new Date().toISOString() })}\n`)
    for await (const answered of answers) {
      await handle.write(`${answersLine(answered)}\n`)
      count++
    }
    await handle.write(`${endLine(count)}\n`)
    await handle.sync()
  } catch (thrown) {
    await handle.close()
    await rm(unfinished, { force: true })
    throw thrown
  }
  await handle.close()
  await rename(unfinished, file)
  return count
}

/** Reads a text that a flag names. @throws NotComparable */
export function textIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
}

/** Opens a file of saved answers. @throws NotComparable when it is none */
export async function openRecording(
  file: string,
): Promise<{ head: RecordingHead; answers: AsyncIterable<ShopAnswers> }> {
  const lines = linesOf(file)
  const first = await lines.next()
  const head = headIn(first.done ? '' : first.value, file)
  return { head, answers: answersIn(lines, file) }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

function unreadable(file: string, cause: unknown): NotComparable {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new NotComparable(`${file} cannot be read: ${reason}`, { cause })
}
