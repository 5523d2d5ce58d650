import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { closePool, openPool, type PoolOptions, type Sql } from './pool.ts'
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
  let isLost = false
  const open = (): Sql => {
    const opened: Sql = openPool(url, {
      name,
      connectionsMax: 1,
      socket: pipelinedSocket,
      plansOnce: true,
      onClose: () => {
        if (opened !== sql) return
        connection += 1
        isLost = true
      },
    })
    return opened
  }
  let sql = open()
  const send = (text: string): Promise<unknown> => {
    const sent = sql.unsafe(text).execute()
    sent.catch(() => undefined)
    return sent
  }
  /** The driver's connection does not always come back: what it had not written yet when it broke stops all later writes. */
  const renew = (): void => {
    const lost = sql
    isLost = false
    sql = open()
    lost.end({ timeout: 0 }).catch(() => undefined)
  }
  return {
    get sql() {
      return sql
    },
    begin: (scope, limits) => {
      if (isLost) renew()
      // Known when BEGIN is answered: one that was sent while the old connection was dying is open on the new one.
      let mine: number | undefined
      const begun = send(`BEGIN; ${scopeSettings(scope, limits)}`).then(() => {
        mine = connection
      })
      begun.catch(() => undefined)
      return {
        begun,
        isIntact: () => connection === mine,
        commit: () => send('COMMIT'),
        // Where BEGIN is not answered nobody knows on which connection it is: what is sent behind it arrives behind it, and does
        // nothing where there is no transaction. Its answer may be lost with a connection, so that nobody waits long for it.
        rollback: () => (mine === undefined || connection === mine ? within(send('ROLLBACK')) : Promise.resolve()),
      }
    },
    close: () => closePool(sql),
  }
}

const ROLLBACK_WITHIN_MS = 1_000

const within = (sent: Promise<unknown>): Promise<unknown> => {
  const over = new AbortController()
  const late = delay(ROLLBACK_WITHIN_MS, undefined, { signal: over.signal }).catch(() => undefined)
  return Promise.race([sent, late]).finally(() => over.abort())
}

/** Room for the largest flush of a batch: half a MiB of sales becomes some three of statements. */
const UNSENT_MAX = 8 * 1024 * 1024

/**
 * A socket that sends what is written in one turn of the event loop together. The driver waits with the next statement
 * once a socket says that its buffer is full, which an ordinary one does after 16 KiB: then each large statement would cost
 * a round trip of its own. It is handed out while it connects; what is written meanwhile waits in it.
 */
const pipelinedSocket: NonNullable<PoolOptions['socket']> = ({ host, port, path }) => {
  const socket = new Socket({ writableHighWaterMark: UNSENT_MAX } as ConstructorParameters<typeof Socket>[0])
  if (path === undefined) socket.connect(port, host)
  else socket.connect(path)
  // After connect(), which takes any other `write` away.
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  let corked = false
  socket.write = ((...args: unknown[]): boolean => {
    if (!corked) {
      corked = true
      socket.cork()
      process.nextTick(() => {
        corked = false
        socket.uncork()
      })
    }
    return write(...args)
  }) as typeof socket.write
  return socket.setNoDelay(true)
}

/** SQLSTATE of a fault: the world failed, and the same work may succeed when it is done again. */
export const isFault = (error: unknown): boolean => {
  const { code } = error as { readonly code?: unknown }
  if (typeof code !== 'string') return false
  return FAULTS.has(code) || /^(08|57)/.test(code) || LOST.has(code)
}
/**
 * Whether a fault is the database's answer to this very work, while it serves others: a lock that somebody holds, a statement
 * that takes too long. Less of the same work may succeed.
 */
export const isRefusal = (error: unknown): boolean =>
  ['40001', '40P01', '55P03', '25P02', '57014'].includes(String((error as { readonly code?: unknown }).code))
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
