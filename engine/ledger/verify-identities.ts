import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Tx } from '../db/pool.ts'
import { accountIdOf, collectingLotIdOf, type HolderKind, SLOTS } from './identity.ts'
import type { Verified } from './verified.ts'

interface AccountRow {
  readonly accountId: Uuid
  readonly holderKind: HolderKind
  readonly holderId: Uuid
  readonly pointType: string
}

interface LotRow {
  readonly lotId: Uuid
  readonly accountId: Uuid
  readonly activeFrom: Date
  readonly expiresAt: Date | null
}

const PAGE = 1_000

/** Ids that are hashes of what they name: whoever gives points to another holder, or other days, has to change the id. */
export const verifyIdentities = async (tx: Tx, programId: number): Promise<readonly Verified[]> => [
  await verifyEach<AccountRow>('accounts belong to whom they were made for', programId, {
    rows: tx<AccountRow[]>`
      SELECT account_id AS "accountId", holder_kind AS "holderKind", holder_id AS "holderId", point_type AS "pointType"
      FROM loyalty.account WHERE program_id = ${programId}`.cursor(PAGE),
    isRight: (row) => accountIdOf({ programId, ...row }) === row.accountId,
  }),
  await verifyEach<LotRow>('collecting lots have the days they were made for', programId, {
    rows: tx<LotRow[]>`
      SELECT lot_id AS "lotId", account_id AS "accountId", active_from AS "activeFrom", expires_at AS "expiresAt"
      FROM loyalty.lot WHERE program_id = ${programId} AND origin_document_id IS NULL`.cursor(PAGE),
    isRight: isCollecting,
  }),
]

/** Spendable at once or from a day on, in one of the slots. */
const isCollecting = ({ lotId, accountId, activeFrom, expiresAt }: LotRow): boolean => {
  const expiresAtMs = expiresAt?.getTime() ?? null
  for (let slot = 0; slot < SLOTS; slot += 1) {
    if (collectingLotIdOf(accountId, slot, 0, expiresAtMs) === lotId) return true
    if (collectingLotIdOf(accountId, slot, activeFrom.getTime(), expiresAtMs) === lotId) return true
  }
  return false
}

const verifyEach = async <Row>(
  name: string,
  programId: number,
  { rows, isRight }: { readonly rows: AsyncIterable<readonly Row[]>; readonly isRight: (row: Row) => boolean },
): Promise<Verified> => {
  let checked = 0
  let wrong = 0
  for await (const page of rows) {
    for (const row of page) {
      checked += 1
      if (!isRight(row)) wrong += 1
    }
  }
  return { programId, name, checked, wrong }
}
