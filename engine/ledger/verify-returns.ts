import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import type { Tx } from '../db/pool.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { judgeReturn, sealed } from '../returns/judge-return.ts'
import { type Original, sendOriginals } from '../returns/original.ts'
import { unpackJson } from './kept-text.ts'
import type { SaleContent } from './sale-content.ts'
import type { Verified } from './verified.ts'

/** A booked return, as far as it was drawn. */
export interface StoredReturn {
  readonly documentId: Uuid
  readonly ruleSet: string
  readonly outcomeHash: string
  readonly content: SaleContent
}

interface WaitingRow {
  readonly original: Uuid
  readonly document: Uuid
  readonly waiting: Buffer
}

/** Returns that wait for their sale can be booked when it comes. */
export const verifyWaiting = async (tx: Tx, programId: number): Promise<Verified> => {
  const rows = await tx<WaitingRow[]>`
    SELECT original_id AS original, return_id AS document, waiting FROM loyalty.sale_return
    WHERE program_id = ${programId} AND waiting IS NOT NULL`
  const wrong = rows.filter(({ original, document, waiting }) => {
    try {
      const { sale } = unpackJson<{ readonly sale: Pick<Sale, 'id' | 'original'> }>(waiting)
      return sale.id !== document || sale.original?.sale !== original
    } catch {
      return true
    }
  })
  return { programId, name: 'returns that wait can be read', checked: rows.length, wrong: wrong.length }
}

/** Some returns taken back once more from what is kept of them and of their sales: the same, byte for byte. */
export const verifyReturns = async (
  tx: Tx,
  programId: number,
  {
    returns,
    sets,
  }: { readonly returns: readonly StoredReturn[]; readonly sets: ReadonlyMap<string, PublishedSet | undefined> },
): Promise<Verified> => {
  const ids = returns.map(({ documentId }) => documentId)
  const links = await tx<{ original: Uuid; document: Uuid }[]>`
    SELECT original_id AS original, return_id AS document FROM loyalty.sale_return
    WHERE program_id = ${programId} AND return_id = ANY (${ids}::uuid[])`
  const originalOf = new Map(links.map(({ original, document }) => [document, original]))
  const originals = await readOriginals(tx, programId, [...new Set(originalOf.values())])
  const plain = [...sets.values()].find((set) => set?.ruleSet.rules.length === 0)
  const wrong = returns.filter(({ documentId, ruleSet, outcomeHash, content: { before, input, lines } }) => {
    const original = originals.get(originalOf.get(documentId) as Uuid)
    const set = sets.get(ruleSet)
    if (original === undefined || set === undefined || plain === undefined) return true
    if (before === undefined || input === undefined) return true
    try {
      const { outcome } = judgeReturn({ original, set, before }, lines, { input, plain })
      return sealed(outcome).outcomeHash !== outcomeHash
    } catch {
      return true
    }
  })
  return { programId, name: 'stored returns repeat byte for byte', checked: returns.length, wrong: wrong.length }
}

/** Where one of them cannot be read, the others are read without it. */
const readOriginals = async (
  tx: Tx,
  programId: number,
  sales: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, Original>> => {
  try {
    return await sendOriginals(tx, programId, sales)()
  } catch {
    const found = new Map<Uuid, Original>()
    for (const sale of sales) {
      const own = await sendOriginals(tx, programId, [sale])().catch(() => new Map<Uuid, Original>())
      for (const [id, original] of own) found.set(id, original)
    }
    return found
  }
}
