import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { ReturnedSale, ReturnJudgement } from '../../returns/judge-return.ts'
import type { Original } from '../../returns/original.ts'
import type { Books } from '../books.ts'
import type { Notices } from '../notices.ts'
import type { LoadedHoldings } from './load-returns.ts'

export interface ReturnBooks extends Books {
  readonly holdings: LoadedHoldings
  /** Vouchers that become usable again. */
  readonly vouchersBack: { readonly voucherId: Uuid; readonly documentId: Uuid; readonly usedBy: Uuid }[]
}

export interface ToTakeBack {
  readonly documentId: Uuid
  readonly original: Original
  readonly before: ReturnedSale['before']
  readonly judged: ReturnJudgement
  readonly memberId: Uuid | null
  /** What the till paid back in points, in minor units. */
  readonly pointsTenderMinor: number
  readonly isVoid: boolean
  readonly notices: Notices
}
