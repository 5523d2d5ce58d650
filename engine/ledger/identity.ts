import { createHash } from 'node:crypto'
import type { Uuid } from '@premia/pos-sdk/contract/till'

export type HolderKind = 'member' | 'staff' | 'owner' | 'organizer'

/**
 * Accounts and collecting lots are found by what they are, so their ids are hashes of it: no look-up before the first
 * posting, and two processes that make one at the same moment make the same. UUID version 8.
 */
const hashedId = (name: string): Uuid => {
  const hex = createHash('sha256').update(name).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid
}

/** Parts of the balance of a house, staff or owner account, so that batches do not wait for each other. */
export const SLOTS = 32

export interface AccountName {
  readonly programId: number
  readonly holderKind: HolderKind
  readonly holderId: Uuid
  readonly pointType: string
}

/** Staff and owners earn with nearly every sale; hashing their names again costs more than all else of their award. */
const known = new Map<string, Uuid>()
const KNOWN_MAX = 50_000

const idOf = (name: string): Uuid => {
  let id = known.get(name)
  if (id === undefined) {
    id = hashedId(name)
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(name, id)
  }
  return id
}

export const accountIdOf = ({ programId, holderKind, holderId, pointType }: AccountName): Uuid =>
  idOf(`account ${programId} ${holderKind} ${holderId} ${pointType}`)

/** The one lot in which a house, staff or owner account collects, per slot, day of activation and day of expiry. */
export const collectingLotIdOf = (
  accountId: Uuid,
  slot: number,
  activeFromMs: number,
  expiresAtMs: number | null,
): Uuid => idOf(`lot ${accountId} ${slot} ${activeFromMs} ${expiresAtMs ?? 'never'}`)
