import { closePool, openPool, type Sql } from './pool.ts'
import { type Limits, type Scope, scopeSettings } from './transaction.ts'

/**
 * One connection on which somebody sends BEGIN … COMMIT by himself, statement after statement without waiting. It is a pool
 * of one, because a connection that postgres.js reserves out of a larger pool forgets its waiting statements when the
 * connection breaks, and they never settle.
 *
 * A broken connection comes back by itself, outside of any transaction. Statements of the lost transaction that are still
 * on their way then meet no scope: row security refuses every insert and hides every row, so none of them can do harm; and
 * `isIntact` tells before the second flush that it must not be sent at all.
 */
export interface Channel {
  readonly sql: Sql
  /** Sends BEGIN and the scope; what follows on `sql` is inside, until `commit` or `rollback`. */
  begin(scope: Scope, limits: Limits): Transaction
  close(): Promise<void>
}

export interface Transaction {
  readonly begun: Promise<unknown>
  /** False once the connection that began it is gone. */
  isIntact(): boolean
  commit(): Promise<unknown>
  rollback(): Promise<unknown>
}

export const openChannel = (url: string, name: string): Channel => {
  let connection = 0
  const onClose = (): void => {
    connection += 1
  }
  const sql = openPool(url, { name, connectionsMax: 1, onClose })
  const send = (text: string): Promise<unknown> => {
    const sent = sql.unsafe(text).execute()
    sent.catch(() => undefined)
    return sent
  }
  return {
    sql,
    begin: (scope, limits) => {
      const mine = connection
      return {
        begun: send(`BEGIN; ${scopeSettings(scope, limits)}`),
        isIntact: () => connection === mine,
        commit: () => send('COMMIT'),
        rollback: () => (connection === mine ? send('ROLLBACK') : Promise.resolve()),
      }
    },
    close: () => closePool(sql),
  }
}

/** SQLSTATE of a fault: the world failed, and the same work may succeed when it is done again. */
export const isFault = (error: unknown): boolean => {
  const { code } = error as { readonly code?: unknown }
  if (typeof code !== 'string') return false
  return FAULTS.has(code) || /^(08|57)/.test(code) || LOST.has(code)
}
/** serialization_failure, deadlock_detected, lock_not_available, and "transaction is aborted", which follows one of them. */
const FAULTS = new Set(['40001', '40P01', '55P03', '25P02', '53300'])
/** What the driver and the socket say when there is nobody at the other end. */
const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
])
