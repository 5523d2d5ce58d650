import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Tx } from '../db/pool.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { judgeReturn, sealed } from '../returns/judge-return.ts'
import { sendOriginals } from '../returns/original.ts'
import type { SaleContent } from './sale-content.ts'
import type { Verified } from './verified.ts'

/** A booked return, as far as it was drawn. */
export interface StoredReturn {
  readonly documentId: Uuid
  readonly ruleSet: string
  readonly outcomeHash: string
  readonly content: SaleContent
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
  const originals = await sendOriginals(tx, programId, [...new Set(originalOf.values())])()
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
