/** Time, handed in, so that the same input gives the same bytes and no test waits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * Resolves after that many milliseconds, or at once when the signal aborts; never rejects. A sleep may be the time
   * limit of something under way: a clock that jumps ahead may do so only where nothing else can happen.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
