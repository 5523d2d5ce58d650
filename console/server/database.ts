import postgres from 'postgres'
import type { Database } from '../kit/server/transaction.ts'

const connectionsMax = 12
const connectTimeoutS = 10
const statementTimeoutMs = 10_000

/** int8 arrives as a checked number; dates and instants stay text, so that a cursor keeps every digit. */
const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is beyond the safe integers`)
  return value
}
const asIs = (value: unknown): unknown => value

export const openDatabase = (url: string): Database => {
  const address = new URL(url)
  const socketFolder = address.searchParams.get('host')
  address.searchParams.delete('host')
  return postgres<{ bigint: postgres.PostgresType<number> }>(address.href, {
    ...(socketFolder === null ? {} : { path: `${socketFolder}/.s.PGSQL.${address.port || '5432'}` }),
    max: connectionsMax,
    connect_timeout: connectTimeoutS,
    connection: {
      application_name: 'premia-console',
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 30_000,
      TimeZone: 'UTC',
    },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: parseInt8 },
      date: { to: 1184, from: [1082, 1114, 1184], serialize: asIs, parse: asIs },
    } as never,
    onnotice: () => undefined,
  }) as Database
}
