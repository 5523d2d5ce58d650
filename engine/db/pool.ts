import type { Socket } from 'node:net'
import postgres from 'postgres'

/** All database access goes through this type: int8 arrives as a checked number, never as text. */
export type Sql = postgres.Sql<{ bigint: number }>
/** One database transaction; ledger and outbox code gets this and cannot reach the pool. */
export type Tx = postgres.TransactionSql<{ bigint: number }>
/** One connection taken out of the pool, for those who pipeline their own BEGIN … COMMIT. */
export type ReservedSql = postgres.ReservedSql<{ bigint: number }>

export type PoolOptions = {
  /** Shown in pg_stat_activity as premia-<name>. */
  readonly name: string
  readonly connectionsMax: number
  /** Outer limit of one statement; a database transaction sets its own, tighter ones (transaction.ts). */
  readonly statementTimeoutMs?: number
  /** Called when a connection is lost or closed. */
  readonly onClose?: () => void
  /** Plans are made once a connection, not by the values: for statements that look up whatever they get by an index. */
  readonly plansOnce?: boolean
  /** Makes the socket of each connection, where the driver's own does not do. */
  readonly socket?: (address: {
    readonly host: string
    readonly port: number
    readonly path: string | undefined
  }) => Socket
}

const STATEMENT_TIMEOUT_MS = 30_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_S = 10
/** A server that comes back is met again within a second; the driver's own pauses grow to twenty. */
const BACKOFF_MAX_S = 1
/** How long closePool lets running queries finish. */
const CLOSE_TIMEOUT_S = 5

const INT8 = 20

export function openPool(url: string, options: PoolOptions): Sql {
  return postgres<{ bigint: postgres.PostgresType<number> }>(url, {
    max: options.connectionsMax,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: (retries) => Math.min(0.02 * 2 ** retries, BACKOFF_MAX_S),
    connection: {
      application_name: `premia-${options.name}`,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      TimeZone: 'UTC',
      ...(options.plansOnce === true ? { plan_cache_mode: 'force_generic_plan' } : {}),
    },
    types: { bigint: { to: INT8, from: [INT8], serialize: String, parse: parseInt8 } },
    // A notice ("schema exists, skipping") is not for the operator's terminal.
    onnotice: () => undefined,
    ...(options.onClose === undefined ? {} : { onclose: options.onClose }),
    ...(options.socket === undefined ? {} : { socket: socketMaker(options.socket) }),
  })
}

type DriverOptions = { readonly host: readonly string[]; readonly port: readonly number[]; readonly path?: string }

/** What the driver hands to its `socket` option, which its types do not tell. */
function socketMaker(make: NonNullable<PoolOptions['socket']>): never {
  const socket = ({ host, port, path }: DriverOptions): Socket =>
    make({ host: host[0] ?? 'localhost', port: port[0] ?? 5432, path: path === (false as never) ? undefined : path })
  return socket as never
}

export async function closePool(sql: Sql): Promise<void> {
  await sql.end({ timeout: CLOSE_TIMEOUT_S })
}

/** The one place where int8 becomes a number: beyond 2^53 - 1 it is a defect, never a rounded amount. */
export function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is beyond the safe integers`)
  return value
}
