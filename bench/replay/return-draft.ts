import type { SaleDraft } from '@premia/pos-sdk'
import { instantOf } from '@premia/pos-sdk/contract/till'
import { returnOf } from '@premia/pos-sdk/returns'
import { saleId } from './identity.ts'
import type { GoodsBack } from './match-returns.ts'
import { saleDraft } from './sale-draft.ts'

/** A cancellation as the till sends it: a return of the sale it was matched to, or one without receipt. */
export const returnDraft = ({ cancellation, number, lines, of }: GoodsBack): SaleDraft => {
  const { file, atMs } = cancellation
  const own = {
    id: saleId(file, number, atMs),
    occurredAt: instantOf(atMs),
    document: { kind: 'invoice', number },
  } as const
  if (of === undefined) {
    return {
      ...saleDraft({ ...cancellation, lines }),
      ...own,
      kind: 'return',
      original: { reason: 'customer' },
      // Without its sale a return moves no points: whose they are does not matter.
      cards: [],
    }
  }
  const { invoice, units, returned } = of
  const reply = returnOf(saleDraft(invoice), { units, returned, document: own.document, reason: 'customer' })
  if (reply.status === 'refused') throw new TypeError(`${number} was matched to ${invoice.number}: ${reply.detail}`)
  return { ...reply.draft, ...own }
}
