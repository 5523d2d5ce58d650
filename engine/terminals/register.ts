import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'

/**
 * Every terminal's state and keys, in memory, because each request asks for them. A process looks every second whether an
 * operator's terminals have changed (`directory.change`), and at once after a command of its own: a quarantined or revoked
 * terminal is turned away within a second everywhere.
 */
export interface RegisteredTerminal {
  readonly terminal: Uuid
  readonly operator: Uuid
  readonly state: 'new' | 'active' | 'quarantined' | 'revoked'
  readonly keys: ReadonlyMap<string, TerminalKey>
  /** Terminals whose queue this one may bring to an end. */
  readonly replaces: ReadonlySet<Uuid>
}

export interface TerminalKey {
  readonly keyId: string
  /** 32 bytes in base64url; made into a key by whoever checks a signature, for that is slower than reading ten rows. */
  readonly publicKey: string
  /** Opens no session any more. */
  readonly retired: boolean
  /** Documents from this sequence on are refused; `null`: all that it signed are taken. */
  readonly revokedFromSequence: number | null
}

interface KeyRow {
  readonly terminal: Uuid
  readonly operator: Uuid
  readonly state: RegisteredTerminal['state']
  readonly keyId: string | null
  readonly publicKey: Buffer | null
  readonly revokedAt: Date | null
  readonly revokedFromSequence: number | null
}

const LOOK_EVERY_MS = 1_000

export class TerminalRegister {
  readonly #sql: Sql
  #terminals: ReadonlyMap<Uuid, RegisteredTerminal> = new Map()
  #versions: ReadonlyMap<string, number> = new Map()
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  static async open(sql: Sql): Promise<TerminalRegister> {
    const register = new TerminalRegister(sql)
    await register.refresh()
    return register
  }

  find(terminal: Uuid): RegisteredTerminal | undefined {
    return this.#terminals.get(terminal)
  }

  /** Looks for changes each second until `stop`. A look that fails is followed by the next one. */
  watch(onError: (error: unknown) => void): void {
    this.#timer ??= setInterval(() => void this.refresh().catch(onError), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * Brings in what has changed before the call. One look runs at a time; calls that come meanwhile share the next one, so
   * that no number of strangers at the door makes a queue.
   */
  refresh(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        return this.#start()
      })
    return this.#next
  }

  #start(): Promise<void> {
    const running = this.#look().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  async #look(): Promise<void> {
    // Versions first, rows after: rows may be newer than their version says, never older.
    const rows = await this.#sql<{ operator: string; version: number }[]>`
      SELECT operator_id AS operator, version FROM directory.change WHERE part = 'terminals'`
    const versions = new Map(rows.map(({ operator, version }) => [operator, version]))
    const changed = [...versions].filter(([operator, version]) => this.#versions.get(operator) !== version)
    if (changed.length === 0) return
    const operators = changed.map(([operator]) => operator)
    const terminals = new Map([...this.#terminals].filter(([, { operator }]) => !operators.includes(operator)))
    for (const each of await readTerminals(this.#sql, operators)) terminals.set(each.terminal, each)
    this.#terminals = terminals
    this.#versions = versions
  }
}

const readTerminals = async (sql: Sql, operators: readonly string[]): Promise<readonly RegisteredTerminal[]> => {
  const rows = await sql<KeyRow[]>`
    SELECT t.terminal_id AS terminal, t.operator_id AS operator, t.state, k.key_id AS "keyId",
      k.public_key AS "publicKey", k.revoked_at AS "revokedAt", k.revoked_from_sequence AS "revokedFromSequence"
    FROM directory.terminal t LEFT JOIN directory.terminal_key k USING (terminal_id)
    WHERE t.operator_id = ANY(${[...operators]}::uuid[])`
  const replaced = await sql<{ terminal: Uuid; replaces: Uuid }[]>`
    SELECT p.terminal_id AS terminal, p.replaces_id AS replaces
    FROM directory.terminal_period p JOIN directory.terminal t USING (terminal_id)
    WHERE t.operator_id = ANY(${[...operators]}::uuid[]) AND p.replaces_id IS NOT NULL`
  const terminals = new Map<Uuid, RegisteredTerminal & { keys: Map<string, TerminalKey>; replaces: Set<Uuid> }>()
  for (const row of rows) {
    const { terminal, operator, state } = row
    const known = terminals.get(terminal) ?? { terminal, operator, state, keys: new Map(), replaces: new Set<Uuid>() }
    if (row.keyId !== null && row.publicKey !== null) {
      known.keys.set(row.keyId, {
        keyId: row.keyId,
        publicKey: row.publicKey.toString('base64url'),
        retired: row.revokedAt !== null,
        revokedFromSequence: row.revokedFromSequence,
      })
    }
    terminals.set(terminal, known)
  }
  for (const { terminal, replaces } of replaced) terminals.get(terminal)?.replaces.add(replaces)
  return [...terminals.values()]
}

/** An Ed25519 key from its 32 bytes in base64url. Throws for what is no point of the curve. */
export const publicKeyOf = (x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
