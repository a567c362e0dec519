import { SLICE } from './utf8'

const AMPERSAND = 0x26

/** The parts of a form that are not empty, in order; null after each slice in which there is none. */
export function* formParts(bytes: Buffer): Generator<Buffer | null> {
  let looked = 0
  for (let start = 0; start < bytes.length; start++) {
    if (bytes[start] === AMPERSAND) {
      looked += 1
      if (looked % SLICE === 0) yield null
      continue
    }
    const ampersand = bytes.indexOf(AMPERSAND, start)
    const end = ampersand < 0 ? bytes.length : ampersand
    yield bytes.subarray(start, end)
    start = end
  }
}
