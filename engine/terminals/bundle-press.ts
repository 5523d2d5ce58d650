import { createHash, sign } from 'node:crypto'
import {
  type BundleDocument,
  bundleBytesMax,
  bundleHash,
  keyIdOf,
  type SignedBundle,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import { canonicalJson } from '@premia/rules'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { type EngineKeys, sha256 } from '../keys.ts'
import type { LowestPrices } from '../prices/lowest.ts'
import { type Ground, NO_PRICES, readBundle, readGround, readLowestAt } from './bundle-content.ts'

/**
 * Makes and keeps the bundles of this process's terminals. A bundle is new when something that it holds has changed, and
 * every six hours, so that its validity moves on; the hour differs by terminal, so that not all of them come at once. All
 * processes make the same bundle at the same time: its instant is the beginning of the six hours, its hash its name.
 *
 * What has to be told beside price cuts comes from sales, which change it at any time. Once an hour and outlet it is looked
 * at, and a bundle is new for it only where a number is another one: seldom, for what was asked before a cut stays. Processes
 * that looked on both sides of such a change have different bundles for the rest of that hour.
 */
export interface PrintedBundle {
  readonly hash: string
  readonly signed: SignedBundle
}

interface Kept extends PrintedBundle {
  readonly version: string
}

const RENEW_EVERY_MS = 6 * 3_600_000
/** Bundles in memory; the oldest leaves first and is made again when it is asked for. */
const KEPT_MAX = 500
const PRICES_EVERY_MS = 3_600_000
/** Outlets. */
const PRICES_KEPT_MAX = 5_000

export class BundlePress {
  readonly #sql: Sql
  readonly #keys: EngineKeys
  readonly #kept = new Map<Uuid, Kept>()
  readonly #prices = new Map<Uuid, { readonly version: string; readonly digest: Promise<string> }>()
  readonly #printing = new Map<string, Promise<PrintedBundle | undefined>>()

  constructor(sql: Sql, keys: EngineKeys) {
    this.#sql = sql
    this.#keys = keys
  }

  /** `undefined` where no program runs, or where the bundle would be larger than a terminal takes. */
  async bundleFor(terminal: Uuid, nowMs: number): Promise<PrintedBundle | undefined> {
    const ground = await readGround(this.#sql, terminal, nowMs)
    if (ground === undefined) return undefined
    const slotMs = slotOf(terminal, nowMs)
    const version = `${slotMs} ${ground.version} ${await this.#pricesOf(ground, nowMs)}`
    const kept = this.#kept.get(terminal)
    if (kept?.version === version) return kept
    const key = `${terminal} ${version}`
    const printing =
      this.#printing.get(key) ??
      this.#print(terminal, ground, { nowMs, slotMs, version }).finally(() => this.#printing.delete(key))
    this.#printing.set(key, printing)
    return printing
  }

  async #print(
    terminal: Uuid,
    ground: Ground,
    { nowMs, slotMs, version }: { readonly nowMs: number; readonly slotMs: number; readonly version: string },
  ): Promise<PrintedBundle | undefined> {
    const read = (lowest: LowestPrices): Promise<BundleDocument> =>
      readBundle(this.#sql, terminal, ground, { nowMs, issuedAtMs: slotMs, lowest })
    const lowest = await readLowestAt(this.#sql, ground, nowMs)
    let document = await read(lowest)
    if (document.programs.length === 0) return undefined
    let text = canonicalJson(document)
    // Better a till that judges alone without the prices before a cut than one that cannot judge alone.
    if (text.length > bundleBytesMax && lowest.size > 0) text = canonicalJson((document = await read(NO_PRICES)))
    if (text.length > bundleBytesMax) return undefined
    const hash = bundleHash(text, sha256)
    const signed: SignedBundle = {
      schema: 1,
      text,
      keyId: keyIdOf(this.#keys.bundlePublicKey, sha256),
      value: sign(null, Buffer.from(text), this.#keys.bundleKey).toString('base64url'),
    }
    await this.#record(terminal, { ground, document, hash })
    const kept = { hash, signed, version }
    this.#kept.delete(terminal)
    this.#kept.set(terminal, kept)
    if (this.#kept.size > KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value as Uuid)
    return kept
  }

  /** Changes when what has to be told beside price cuts at the outlet has changed, within the hour. */
  #pricesOf(ground: Ground, nowMs: number): Promise<string> {
    const { id } = ground.outlet
    const version = `${beginOf(PRICES_EVERY_MS, id, nowMs)} ${ground.version}`
    const kept = this.#prices.get(id)
    if (kept?.version === version) return kept.digest
    const digest = readLowestAt(this.#sql, ground, nowMs).then(digestOf)
    // Who asks after a failure asks again.
    digest.catch(() => this.#prices.delete(id))
    this.#prices.delete(id)
    this.#prices.set(id, { version, digest })
    if (this.#prices.size > PRICES_KEPT_MAX) this.#prices.delete(this.#prices.keys().next().value as Uuid)
    return digest
  }

  /** Which bundle named which rule set, and until when: what a sale judged offline is booked by. */
  async #record(
    terminal: Uuid,
    { ground, document, hash }: { readonly ground: Ground; readonly document: BundleDocument; readonly hash: string },
  ): Promise<void> {
    for (const { program, ruleSet, validUntil } of document.programs) {
      const programId = ground.programs.find((each) => each.program === program)?.programId
      if (programId === undefined) continue
      await inProgram(
        this.#sql,
        programId,
        (tx) => tx`
          INSERT INTO loyalty.bundle (program_id, bundle_id, terminal_id, rule_set, valid_from, valid_until)
          VALUES (${programId}, ${hash}, ${terminal}, ${ruleSet}, ${document.issuedAt}, ${validUntil})
          ON CONFLICT DO NOTHING`,
      )
    }
  }
}

const slotOf = (terminal: Uuid, nowMs: number): number => beginOf(RENEW_EVERY_MS, terminal, nowMs)

/** The last beginning of so many milliseconds; who they are for says when they begin. */
const beginOf = (everyMs: number, id: Uuid, nowMs: number): number => {
  const offset = createHash('sha256').update(id).digest().readUInt32BE(0) % everyMs
  return nowMs - ((((nowMs - offset) % everyMs) + everyMs) % everyMs)
}

const digestOf = (lowest: LowestPrices): string => (lowest.size === 0 ? '' : sha256(JSON.stringify([...lowest])))
