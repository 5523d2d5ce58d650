/** Where a terminal keeps what must survive: its key, the head of its chain, queue, parked sales, bundle. */

/** `null` removes the key. */
export interface Change {
  readonly key: string
  readonly value: string | null
}

/**
 * A small durable map: `stores/file.ts`, `stores/indexeddb.ts` and, for tests, `stores/memory.ts`. All policy (order,
 * retries, what is parked) lives above it, so an implementation has nothing to decide.
 */
export interface Store {
  /** All that is kept. Called once, before anything is written. */
  readonly load: () => Promise<ReadonlyMap<string, string>>
  /**
   * Applies the changes all or none and resolves when they would survive a power cut. Calls made before an earlier one
   * has resolved take effect in the order of the calls. After a failure every later write must fail too: the caller
   * cannot know what of the failed one is on disk. Only where nothing of it is, may what removes go on.
   */
  readonly write: (changes: readonly Change[]) => Promise<void>
  readonly close: () => Promise<void>
}
