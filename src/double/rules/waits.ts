/** Calls that are being kept waiting. */
export class Waits {
  readonly #running = new Set<(isWhole: boolean) => void>()

  /**
   * Waits that long, unless the client hangs up first or all waits are ended.
   *
   * @returns whether it was the whole time
   */
  wait(ms: number, hungUp: AbortSignal | undefined): Promise<boolean> {
    if (hungUp?.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const end = (isWhole: boolean) => {
        clearTimeout(timer)
        hungUp?.removeEventListener('abort', breakOff)
        this.#running.delete(end)
        resolve(isWhole)
      }
      const breakOff = () => end(false)
      const timer = setTimeout(end, ms, true)
      hungUp?.addEventListener('abort', breakOff)
      this.#running.add(end)
    })
  }

  /** Breaks off all that are running. */
  endAll(): void {
    for (const end of [...this.#running]) end(false)
  }
}
