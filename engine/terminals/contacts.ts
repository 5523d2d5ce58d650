import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'

const FLUSH_EVERY_MS = 30_000

/** When each terminal was last heard of. Kept in memory and written in bulk: a sale must not write a terminal's row. */
export class TerminalContacts {
  readonly #sql: Sql
  #heard = new Map<Uuid, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  note(terminal: Uuid, atMs: number): void {
    this.#heard.set(terminal, atMs)
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
    try {
      await sql`
        UPDATE directory.terminal t SET last_contact_at = h.at
        FROM unnest(${heard.map(([terminal]) => terminal)}::uuid[],
          ${heard.map(([, atMs]) => new Date(atMs).toISOString())}::timestamptz[]) AS h (terminal_id, at)
        WHERE t.terminal_id = h.terminal_id AND (t.last_contact_at IS NULL OR t.last_contact_at < h.at)`
    } catch (error) {
      for (const [terminal, atMs] of heard) if (!this.#heard.has(terminal)) this.#heard.set(terminal, atMs)
      throw error
    }
  }
}
