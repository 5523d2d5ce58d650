import { Gauge, type Registry } from 'prom-client'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'

/**
 * What an alarm watches of the work after commit: batches that wait in the outbox, how old the oldest of them and the oldest
 * unchecked one are, the head of the chain, and what the last proof of each program found. Asked of the database when the
 * metrics are read.
 */
interface ProgramState {
  readonly program: string
  readonly waiting: number
  readonly oldestAt: Date | null
  readonly unlinkedAt: Date | null
  readonly links: number
  readonly wrong: number
  readonly provenAt: string | null
}

const readStates = async (sql: Sql): Promise<readonly ProgramState[]> => {
  const programs = await sql<{ id: number }[]>`SELECT program_id AS id FROM directory.program ORDER BY program_id`
  if (programs.length === 0) return []
  const ids = programs.map(({ id }) => id)
  return inProgram(
    sql,
    ids,
    (tx) => tx<ProgramState[]>`
      SELECT p.program_id::text AS program, coalesce(b.waiting, 0)::int AS waiting, b.oldest AS "oldestAt",
        (SELECT booked_at FROM loyalty.batch u WHERE u.program_id = p.program_id AND u.chain_n IS NULL
          ORDER BY booked_at LIMIT 1) AS "unlinkedAt", coalesce((c.note->>'n')::bigint, 0) AS links, coalesce((v.note->>'wrong')::int, 0) AS wrong,
        v.note->>'at' AS "provenAt"
      FROM unnest(${ids}::bigint[]) AS p (program_id)
      LEFT JOIN (
        SELECT program_id, count(*) AS waiting, min(booked_at) AS oldest FROM loyalty.batch
        WHERE program_id = ANY(${ids}::bigint[]) AND relayed_at IS NULL GROUP BY program_id) b USING (program_id)
      LEFT JOIN loyalty.job c ON c.program_id = p.program_id AND c.job = 'chain'
      LEFT JOIN loyalty.job v ON v.program_id = p.program_id AND v.job = 'verify'`,
  )
}

export const outboxGauges = (registry: Registry, sql: Sql, nowMs: () => number): void => {
  let asked: Promise<readonly ProgramState[]> | undefined
  // Gauges are read side by side: whoever comes first asks for all, so that none of them tells what was true the last time.
  const states = (): Promise<readonly ProgramState[]> =>
    (asked ??= readStates(sql).finally(() => {
      asked = undefined
    }))
  const gauge = (name: string, help: string, of: (state: ProgramState) => number): Gauge<'program'> =>
    new Gauge({
      name,
      help,
      labelNames: ['program'],
      registers: [registry],
      async collect() {
        for (const state of await states()) this.set({ program: state.program }, of(state))
      },
    })
  const since = (at: string | Date | null): number => (at === null ? 0 : (nowMs() - new Date(at).getTime()) / 1000)
  gauge('premia_outbox_batches', 'Batches that wait in the outbox', ({ waiting }) => waiting)
  gauge('premia_outbox_oldest_seconds', 'Age of the oldest batch in the outbox', ({ oldestAt }) => since(oldestAt))
  gauge(
    'premia_chain_waiting_seconds',
    'Age of the oldest batch whose signatures are not checked yet',
    ({ unlinkedAt }) => since(unlinkedAt),
  )
  gauge('premia_chain_links', 'Batches in the hash chain', ({ links }) => links)
  gauge(
    'premia_proof_wrong',
    'What the last proof of balances and chain found wrong; not 0 is an alarm',
    ({ wrong }) => wrong,
  )
  gauge('premia_proof_age_seconds', 'Age of the last proof', ({ provenAt }) => since(provenAt))
}
