import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Claim } from '@premia/rules'
import type { Entries } from '../ledger/entries.ts'
import { accountIdOf } from '../ledger/identity.ts'
import { type MemberAccount, newMemberAccount } from '../ledger/member-account.ts'
import { accountKey, type LoadedMembers } from '../members/load.ts'
import type { Program } from '../programs/program.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import type { VoucherRow, VoucherUse } from '../vouchers/use.ts'
import type { CounterBook } from './counters.ts'
import type { MemberAt } from './facts.ts'
import type { Received } from './item.ts'
import type { Difference, Judgement } from './judgement.ts'
import type { Notices } from './notices.ts'

/** The part of a batch's state that bookings change. */
export interface Books {
  readonly program: Program
  readonly bookedAtMs: number
  readonly slot: number
  readonly loaded: LoadedMembers
  readonly vouchers: ReadonlyMap<string, VoucherRow>
  readonly voucherUses: VoucherUse[]
  readonly counters: CounterBook
  readonly entries: Entries
}

export interface ToBook {
  readonly received: Received
  readonly judgement: Judgement
  /** Used up of the limits on prices and discounts. */
  readonly priceClaims: readonly Claim[]
  readonly buyer: MemberAt | null
  readonly staff: Uuid | undefined
  readonly mayRedeem: boolean
  readonly owner: Uuid | undefined
  readonly keeps: 'all' | 'totals' | 'nothing'
  readonly difference: Difference | undefined
  readonly notices: Notices
  readonly set: PublishedSet
}

export const accountOf = (books: Books, holderId: Uuid, pointType: string): MemberAccount => {
  const key = accountKey(holderId, pointType)
  const known = books.loaded.accounts.get(key)
  if (known !== undefined) return known
  const { programId } = books.program
  const account = newMemberAccount(
    accountIdOf({ programId, holderKind: 'member', holderId, pointType }),
    holderId,
    pointType,
  )
  books.loaded.accounts.set(key, account)
  return account
}
