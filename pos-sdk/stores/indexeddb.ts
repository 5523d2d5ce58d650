/**
 * The store of a till in a browser: one IndexedDB database a till, one tab at a time (a second one would continue the same
 * chain of documents and get the terminal quarantined). A group of changes is one transaction with strict durability, begun
 * when the one before has ended, so that after a failure nothing later is kept.
 *
 * A browser may evict what it was not asked to keep: the store asks (`navigator.storage.persist`), and a till that is
 * installed as an app, or whose site is a bookmark, is granted it.
 */
import type { Change, Store } from '../store.ts'

const KEPT = 'kept'
/** A page that is loaded anew meets the end of its former self. */
const LOCK_WAIT_MS = 2_000

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = (): void => resolve(request.result)
    request.onerror = (): void => reject(request.error ?? new Error('the request has failed'))
  })

const openDatabase = (name: string): Promise<IDBDatabase> => {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = (): void => void opening.result.createObjectStore(KEPT)
  return result(opening)
}

/** Takes the lock of a name, which ends with the tab however that ends; `undefined` where another tab has it. */
const takeLock = (name: string): Promise<(() => void) | undefined> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(LOCK_WAIT_MS)
    const held = navigator.locks.request(name, { signal }, () => new Promise<void>((release) => resolve(release)))
    held.catch((error: unknown) => (signal.aborted ? resolve(undefined) : reject(error as Error)))
  })

const readAll = async (database: IDBDatabase): Promise<Map<string, string>> => {
  const kept = database.transaction(KEPT, 'readonly').objectStore(KEPT)
  const [keys, values] = await Promise.all([result(kept.getAllKeys()), result<string[]>(kept.getAll())])
  return new Map(keys.map((key, index) => [key as string, values[index] as string]))
}

const commit = (database: IDBDatabase, changes: readonly Change[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction(KEPT, 'readwrite', { durability: 'strict' })
    transaction.oncomplete = (): void => resolve()
    transaction.onabort = (): void => reject(transaction.error ?? new Error('the transaction was aborted'))
    const kept = transaction.objectStore(KEPT)
    try {
      for (const { key, value } of changes) {
        if (value === null) kept.delete(key)
        else kept.put(value, key)
      }
    } catch (error) {
      // Nothing of the group is kept.
      transaction.abort()
      reject(error as Error)
    }
  })

/**
 * The store of this name in this browser. Fails to load when another tab uses it.
 *
 * @param name of the database: one a till
 */
export const indexedDbStore = (name: string): Store => {
  let database: IDBDatabase | undefined
  let release = (): void => undefined
  let failure: Error | undefined
  /** A write that only adds has failed, for want of room as a rule. Nothing of it is kept, so what removes may go on. */
  let full: Error | undefined
  let last: Promise<unknown> = Promise.resolve()

  const write = async (changes: readonly Change[]): Promise<void> => {
    const removes = changes.some(({ value }) => value === null)
    const before = failure ?? (removes ? undefined : full)
    if (before !== undefined) throw new Error('the store has failed before', { cause: before })
    if (database === undefined) throw new Error('the store is closed')
    try {
      await commit(database, changes)
    } catch (error) {
      if (removes) failure = error as Error
      else full = error as Error
      throw error
    }
  }

  return {
    // A failed load leaves the lock to `close`, as every other end does.
    load: async () => {
      const lock = await takeLock(`premia-till ${name}`)
      if (lock === undefined) throw new Error(`another tab uses this till's store: ${name}`)
      release = lock
      // Best effort: whether it is granted is the browser's decision, and a till without it works all the same.
      await navigator.storage.persist().catch(() => false)
      database = await openDatabase(name)
      database.onclose = (): void => {
        failure ??= new Error('the browser has closed the store')
      }
      return readAll(database)
    },
    write: (changes) => {
      const written = last.then(() => write(changes))
      last = written.catch(() => undefined)
      return written
    },
    close: async () => {
      await last
      database?.close()
      database = undefined
      release()
    },
  }
}
