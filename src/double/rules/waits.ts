/** The waits of calls that a rule delays. */
export class Waits {
  readonly #running = new Set<(isWhole: boolean) => void>()

  /**
   * Waits for the given time, unless the client hangs up first or all waits are ended.
   *
   * @returns whether the whole time has passed
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

  /** Ends all waits. */
  endAll(): void {
    for (const end of [...this.#running]) end(false)
  }
}
