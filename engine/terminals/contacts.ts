import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'

const FLUSH_EVERY_MS = 30_000

interface Heard {
  readonly atMs: number
  /** What was refused of its documents, if anything since the last flush. */
  readonly refused?: { readonly code: string; readonly atMs: number }
}

/**
 * When each terminal was last heard of, and what of it was last refused. Kept in memory and written in bulk: a sale must not
 * write a terminal's row.
 */
export class TerminalContacts {
  readonly #sql: Sql
  #heard = new Map<Uuid, Heard>()
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  note(terminal: Uuid, atMs: number): void {
    this.#heard.set(terminal, { ...this.#heard.get(terminal), atMs })
  }

  /** A document that the terminal may not bring again as it is. */
  noteRefusal(terminal: Uuid, code: string, atMs: number): void {
    this.#heard.set(terminal, { atMs, refused: { code, atMs } })
  }

  start(onError: (error: unknown) => void): void {
    this.#timer ??= setInterval(() => void this.flush().catch(onError), FLUSH_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.flush()
  }

  /** Never moves a contact back: another process may have heard of the terminal later. */
  async flush(): Promise<void> {
    if (this.#heard.size === 0) return
    const heard = [...this.#heard].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#heard = new Map()
    const sql = this.#sql
    const iso = (atMs: number | undefined): string | null => (atMs === undefined ? null : new Date(atMs).toISOString())
    try {
      await sql`
        UPDATE directory.terminal t SET last_contact_at = greatest(t.last_contact_at, h.at),
          refusal_code = CASE WHEN h.refused_at > coalesce(t.refused_at, '-infinity') THEN h.code ELSE t.refusal_code END,
          refused_at = greatest(t.refused_at, h.refused_at)
        FROM unnest(${heard.map(([terminal]) => terminal)}::uuid[],
          ${heard.map(([, { atMs }]) => iso(atMs))}::timestamptz[], ${heard.map(([, { refused }]) => refused?.code ?? null)}::text[],
          ${heard.map(([, { refused }]) => iso(refused?.atMs))}::timestamptz[]) AS h (terminal_id, at, code, refused_at)
        WHERE t.terminal_id = h.terminal_id
          AND (t.last_contact_at IS NULL OR t.last_contact_at < h.at OR h.refused_at > coalesce(t.refused_at, '-infinity'))`
    } catch (error) {
      for (const [terminal, old] of heard) this.#heard.set(terminal, { ...old, ...this.#heard.get(terminal) })
      throw error
    }
  }
}
