import type { Uuid } from '@premia/pos-sdk/contract/till'
import { newId } from '../clock.ts'
import { instantText, plainArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { MEMBERS_MAX } from './due-accounts.ts'
import { Entries } from './entries.ts'
import { writeTransfers } from './transfers.ts'
import { writeMemberEntries } from './write-entries.ts'

/**
 * Collecting lots of staff, owners and organizers as time passes. Order of locks as everywhere: lots, then slots, each in
 * key order. What is taken or moved is booked on slot 0, with all slots of the account locked.
 */
interface CollectingLot {
  readonly lot_id: Uuid
  readonly account_id: Uuid
  readonly point_type: string
  readonly remaining: number
  readonly pending: boolean
}

export const expireHouseLots = async (tx: Tx, programId: number, nowMs: number): Promise<number> => {
  const lots = await tx<CollectingLot[]>`
    SELECT lot_id, account_id, point_type, remaining, pending FROM loyalty.lot
    WHERE program_id = ${programId} AND open AND expires_at <= ${instantText(nowMs)} AND origin_document_id IS NULL
    ORDER BY lot_id LIMIT ${MEMBERS_MAX} FOR UPDATE SKIP LOCKED`
  if (lots.length === 0) return 0
  const entries = new Entries()
  const transfers: Uuid[] = []
  const changes = new Map<Uuid, SlotChange>()
  for (const [accountId, own] of byAccount(lots)) {
    const documentId = newId(nowMs)
    transfers.push(documentId)
    entries.begin(documentId)
    const taken = sum(own)
    const parts = own.map((lot) => ({ lotId: lot.lot_id, amount: lot.remaining }))
    entries.expired({ accountId, pointType: (own[0] as CollectingLot).point_type }, { taken, parts })
    const waiting = sum(own.filter((lot) => lot.pending))
    changes.set(accountId, { balance: waiting - taken, pending: -waiting })
  }
  await changeSlots(tx, programId, changes)
  await tx`
    UPDATE loyalty.lot SET remaining = 0, open = false, pending = false
    WHERE program_id = ${programId} AND lot_id = ANY (${plainArray(lots.map((lot) => lot.lot_id))}::uuid[])`
  await Promise.all(writeMemberEntries(tx, { programId, bookedAtMs: nowMs, entries, accounts: [] }))
  await writeTransfers(tx, { programId, bookedAtMs: nowMs, kind: 'expire', reason: 'expired', transfers, entries })
  return lots.length
}

export const activateHouseLots = async (tx: Tx, programId: number, nowMs: number): Promise<number> => {
  const lots = await tx<CollectingLot[]>`
    SELECT lot_id, account_id, point_type, remaining, pending FROM loyalty.lot
    WHERE program_id = ${programId} AND pending AND active_from <= ${instantText(nowMs)} AND origin_document_id IS NULL
    ORDER BY lot_id LIMIT ${MEMBERS_MAX} FOR UPDATE SKIP LOCKED`
  if (lots.length === 0) return 0
  const changes = new Map<Uuid, SlotChange>()
  for (const [accountId, own] of byAccount(lots)) changes.set(accountId, { balance: sum(own), pending: -sum(own) })
  await changeSlots(tx, programId, changes)
  await tx`
    UPDATE loyalty.lot SET pending = false
    WHERE program_id = ${programId} AND lot_id = ANY (${plainArray(lots.map((lot) => lot.lot_id))}::uuid[])`
  return lots.length
}

interface SlotChange {
  readonly balance: number
  readonly pending: number
}

const byAccount = (lots: readonly CollectingLot[]): ReadonlyMap<Uuid, readonly CollectingLot[]> => {
  const groups = new Map<Uuid, CollectingLot[]>()
  for (const lot of lots) groups.set(lot.account_id, [...(groups.get(lot.account_id) ?? []), lot])
  return groups
}

const sum = (lots: readonly CollectingLot[]): number => lots.reduce((total, { remaining }) => total + remaining, 0)

const changeSlots = async (tx: Tx, programId: number, changes: ReadonlyMap<Uuid, SlotChange>): Promise<void> => {
  const accounts = [...changes.keys()].sort()
  const ids = plainArray(accounts)
  await tx`
    SELECT 1 FROM loyalty.account_slot WHERE program_id = ${programId} AND account_id = ANY (${ids}::uuid[])
    ORDER BY account_id, slot FOR UPDATE`
  await tx`
    INSERT INTO loyalty.account_slot AS s (program_id, account_id, slot, balance, pending)
    SELECT ${programId}, a, 0, balance, pending FROM unnest(${ids}::uuid[],
      ${plainArray(accounts.map((id) => changes.get(id)?.balance ?? 0))}::bigint[],
      ${plainArray(accounts.map((id) => changes.get(id)?.pending ?? 0))}::bigint[]) AS n(a, balance, pending)
    ON CONFLICT (program_id, account_id, slot) DO UPDATE
      SET balance = s.balance + excluded.balance, pending = s.pending + excluded.pending`
}
