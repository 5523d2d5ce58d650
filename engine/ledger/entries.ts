import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { accountIdOf, collectingLotIdOf, type HolderKind } from './identity.ts'
import type { Credit, CreditedLot, Debit, MemberAccount, OpenLot } from './member-account.ts'
import type { GiveBack } from './take-back.ts'

export type PostingKind = 'earn' | 'redeem' | 'expire' | 'adjust' | 'clawBack' | 'giveBack' | 'merge'
export type Contra = 'issued' | 'redeemed' | 'expired' | 'adjusted' | 'clearing' | 'account'

/** A pair: what the account gets, the contra gives. It cannot fail to balance. */
export interface Posting {
  readonly documentId: Uuid
  readonly n: number
  readonly kind: PostingKind
  readonly accountId: Uuid
  readonly contra: Contra
  readonly pointType: string
  readonly amount: number
  readonly lotId: Uuid | null
}

export interface NewLot {
  readonly lotId: Uuid
  readonly accountId: Uuid
  readonly pointType: string
  readonly originDocumentId: Uuid | null
  readonly amount: number
  /** What is left of it when the batch is written: a later sale of the batch may have spent from it. */
  readonly open: OpenLot
}

export interface LotUse {
  readonly documentId: Uuid
  readonly lotId: Uuid
  readonly amount: number
}

/** A house, staff or owner account and what this batch adds to its slot. */
export interface HouseCredit {
  readonly accountId: Uuid
  readonly holderKind: Exclude<HolderKind, 'member'>
  readonly holderId: Uuid
  readonly pointType: string
  balance: number
  pending: number
}

/** A collecting lot and what this batch adds to it. */
export interface CollectingCredit {
  readonly lotId: Uuid
  readonly accountId: Uuid
  readonly pointType: string
  readonly earnedAtMs: number
  readonly activeFromMs: number
  readonly expiresAtMs: number | null
  readonly pending: boolean
  amount: number
}

/** All that one database transaction adds to the ledger. Written by `write-entries.ts`, one statement a table. */
export class Entries {
  readonly postings: Posting[] = []
  readonly lots: NewLot[] = []
  readonly lotUses: LotUse[] = []
  readonly house = new Map<Uuid, HouseCredit>()
  readonly collecting = new Map<Uuid, CollectingCredit>()
  /** Of collecting lots that returns take from: locked by whoever does. */
  readonly taken = new Map<Uuid, number>()
  #document: Uuid | undefined
  #n = 0
  /** Index in `lotUses` of each lot of the present document. */
  readonly #used = new Map<Uuid, number>()

  /** What follows belongs to this document. */
  begin(documentId: Uuid): void {
    this.#document = documentId
    this.#n = 0
    this.#used.clear()
  }

  post(posting: Omit<Posting, 'documentId' | 'n'>): void {
    assert(this.#document !== undefined && posting.amount !== 0 && Number.isSafeInteger(posting.amount))
    this.#n += 1
    this.postings.push({ documentId: this.#document, n: this.#n, ...posting })
  }

  /** An award of a member: its own lot. */
  credited(account: MemberAccount, lot: CreditedLot, credit: Credit): void {
    const { accountId, pointType } = account
    this.post({ kind: 'earn', accountId, contra: 'issued', pointType, amount: lot.amount, lotId: lot.lotId })
    this.#opened(account, lot, credit)
  }

  #opened({ accountId, pointType }: MemberAccount, { lotId, amount }: CreditedLot, credit: Credit): void {
    assert(credit.lot.remaining + credit.settled === amount, 'what settled a debt and what is left are the credit')
    this.lots.push({
      lotId,
      accountId,
      pointType,
      originDocumentId: this.#document ?? null,
      amount,
      open: credit.lot,
    })
    if (credit.settled > 0) this.#use(lotId, credit.settled)
  }

  /** Points spent by a member. */
  debited(account: MemberAccount, debit: Debit): void {
    if (debit.taken === 0) return
    const { accountId, pointType } = account
    this.post({ kind: 'redeem', accountId, contra: 'redeemed', pointType, amount: -debit.taken, lotId: null })
    for (const part of debit.parts) this.#use(part.lotId, part.amount)
  }

  /** What nobody spent in time. */
  expired({ accountId, pointType }: Named, debit: Debit): void {
    this.post({ kind: 'expire', accountId, contra: 'expired', pointType, amount: -debit.taken, lotId: null })
    for (const part of debit.parts) this.#use(part.lotId, part.amount)
  }

  /** Points of a returned sale, from a member: what is owed from now on is posted as well. */
  clawedBack({ accountId, pointType }: Named, { parts, taken, owed }: Debit & { readonly owed: number }): void {
    if (taken + owed === 0) return
    this.post({ kind: 'clawBack', accountId, contra: 'issued', pointType, amount: -(taken + owed), lotId: null })
    for (const part of parts) this.#use(part.lotId, part.amount)
  }

  /** Points of a returned sale, from a collecting lot of the staff, the outlet's owner or the organizer. */
  clawedBackHouse({ holderKind, holderId, lot, amount }: HouseClawBack): void {
    const { accountId, pointType, lotId, pending } = lot
    this.post({ kind: 'clawBack', accountId, contra: 'issued', pointType, amount: -amount, lotId: null })
    this.#use(lotId, amount)
    this.taken.set(lotId, (this.taken.get(lotId) ?? 0) + amount)
    const account = this.house.get(accountId) ?? { accountId, holderKind, holderId, pointType, balance: 0, pending: 0 }
    if (pending) account.pending -= amount
    else account.balance -= amount
    this.house.set(accountId, account)
  }

  /** Points that were spent on a returned sale: back into their lots, or into a new one where these have expired. */
  gaveBack(account: MemberAccount, { parts, settled, late }: GiveBack): void {
    const { accountId, pointType } = account
    const amount = parts.reduce((sum, part) => sum + part.amount, settled)
    if (amount > 0) this.post({ kind: 'giveBack', accountId, contra: 'redeemed', pointType, amount, lotId: null })
    for (const part of parts) this.#use(part.lotId, -part.amount)
    if (late === undefined) return
    const { lot, credit } = late
    this.post({ kind: 'giveBack', accountId, contra: 'redeemed', pointType, amount: lot.amount, lotId: lot.lotId })
    this.#opened(account, lot, credit)
  }

  /** An award of the staff, the outlet's owner or the organizer, into this batch's slot. */
  creditHouse(award: HouseAward): void {
    const { programId, holderKind, holderId, pointType, amount, activeFromMs, expiresAtMs, slot, bookedAtMs } = award
    const accountId = accountIdOf({ programId, holderKind, holderId, pointType })
    const pending = activeFromMs > bookedAtMs
    // What is spendable at once collects by day of expiry alone; what waits, also by the day it becomes spendable.
    const lotId = collectingLotIdOf(accountId, slot, pending ? activeFromMs : 0, expiresAtMs)
    this.post({ kind: 'earn', accountId, contra: 'issued', pointType, amount, lotId })
    const account = this.house.get(accountId) ?? { accountId, holderKind, holderId, pointType, balance: 0, pending: 0 }
    if (pending) account.pending += amount
    else account.balance += amount
    this.house.set(accountId, account)
    const lot = this.collecting.get(lotId)
    if (lot !== undefined) lot.amount += amount
    else {
      const earnedAtMs = bookedAtMs
      this.collecting.set(lotId, {
        lotId,
        accountId,
        pointType,
        earnedAtMs,
        activeFromMs,
        expiresAtMs,
        pending,
        amount,
      })
    }
  }

  /** One row for each document and lot. */
  #use(lotId: Uuid, amount: number): void {
    const documentId = this.#document as Uuid
    const index = this.#used.get(lotId) ?? this.lotUses.length
    this.lotUses[index] = { documentId, lotId, amount: amount + (this.lotUses[index]?.amount ?? 0) }
    this.#used.set(lotId, index)
  }

  /** Σ postings by account, the assertion before anything is written. */
  sumByAccount(): ReadonlyMap<Uuid, number> {
    const sums = new Map<Uuid, number>()
    for (const { accountId, amount } of this.postings) sums.set(accountId, (sums.get(accountId) ?? 0) + amount)
    return sums
  }
}

type Named = Pick<MemberAccount, 'accountId' | 'pointType'>

export interface HouseClawBack {
  readonly holderKind: Exclude<HolderKind, 'member'>
  readonly holderId: Uuid
  readonly lot: Pick<CollectingCredit, 'lotId' | 'accountId' | 'pointType' | 'pending'>
  readonly amount: number
}

export interface HouseAward {
  readonly programId: number
  readonly holderKind: Exclude<HolderKind, 'member'>
  readonly holderId: Uuid
  readonly pointType: string
  readonly amount: number
  readonly activeFromMs: number
  readonly expiresAtMs: number | null
  readonly slot: number
  readonly bookedAtMs: number
}
