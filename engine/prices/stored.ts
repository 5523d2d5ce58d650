import type { Uuid } from '@premia/pos-sdk/contract/till'
import { type ProgramDocument, SEMANTICS } from '@premia/rules'
import { textArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { unpackJson } from '../ledger/kept-text.ts'
import type { SaleContent } from '../ledger/sale-content.ts'
import { type PublishedSet, readRuleSet } from '../programs/rule-sets.ts'
import { type AskedPrice, askedPrices } from './asked.ts'

/** A stored sale, as far as it tells of prices; empty where another program steers them, or the content is redacted. */
export interface StoredSale {
  readonly kind: 'sale' | 'return'
  readonly outlet: Uuid
  /** The instant it was judged as of. */
  readonly atMs: number
  readonly ruleSet: string
  readonly content: Buffer | null
}

export const STORED_COLUMNS = `d.kind, d.outlet_id AS outlet, d.rule_set AS "ruleSet", d.content,
  coalesce((d.told->>'atMs')::bigint, (extract(epoch FROM d.occurred_at) * 1000)::bigint) AS "atMs"`

/** Reads what a stored sale tells of prices: the same as whoever booked it told, from what is kept of it. */
export type PriceReader = (sale: StoredSale) => readonly AskedPrice[]

interface Steering {
  readonly outlet: Uuid
  readonly fromMs: number
  readonly untilMs: number | null
}

/** For sales judged by these rule sets; `undefined` where the program steers prices nowhere. */
export const openPriceReader = async (
  tx: Tx,
  programId: number,
  ruleSets: readonly string[],
): Promise<PriceReader | undefined> => {
  const steering = await tx<Steering[]>`
    SELECT outlet_id AS outlet, (extract(epoch FROM from_at) * 1000)::bigint AS "fromMs",
      (extract(epoch FROM until_at) * 1000)::bigint AS "untilMs"
    FROM directory.program_outlet WHERE program_id = ${programId} AND steers_prices`
  if (steering.length === 0) return undefined
  const sets = await readSets(tx, programId, ruleSets)
  const steers = ({ outlet, atMs }: StoredSale): boolean =>
    steering.some((each) => each.outlet === outlet && each.fromMs <= atMs && (each.untilMs ?? Infinity) > atMs)
  return (sale) => {
    if (sale.content === null || sale.kind !== 'sale' || !steers(sale)) return []
    const { lines, input } = unpackJson<SaleContent>(sale.content)
    const { kind, outlet, ruleSet } = sale
    return input === undefined ? [] : askedPrices({ kind, outlet, lines, input }, () => sets.get(ruleSet))
  }
}

const readSets = async (
  tx: Tx,
  programId: number,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, PublishedSet>> => {
  const rows = await tx<{ version: number; document: ProgramDocument }[]>`
    SELECT version, document FROM loyalty.program_version WHERE program_id = ${programId}`
  const documents = new Map(rows.map(({ version, document }) => [version, document]))
  const sets = new Map<string, PublishedSet>()
  const published = await tx<{ hash: string }[]>`
    SELECT hash FROM loyalty.rule_set
    WHERE program_id = ${programId} AND semantics = ${SEMANTICS} AND hash = ANY (${textArray(hashes)}::text[])`
  for (const { hash } of published) {
    // One that is not what its hash says cuts nothing; the proof of the program tells it.
    const loaded = await readRuleSet(tx, programId, { hash, documents }).catch(() => undefined)
    if (loaded !== undefined) sets.set(hash, loaded.set)
  }
  return sets
}
