import type { Uuid } from '@premia/pos-sdk/contract/till'
import { textArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { type LoadedMembers, noMembers, sendMemberLoad } from '../members/load.ts'
import { sendVoucherLoad, type VoucherRow } from '../vouchers/use.ts'
import type { ProgramState } from './decide.ts'
import { sendGate } from './gate.ts'
import type { Item } from './item.ts'
import type { BundleRow } from './rule-choice.ts'

/** What flush 1 brings. */
export interface Loaded {
  readonly held: ReadonlySet<Uuid>
  readonly state: ProgramState
  readonly configVersion: number
  readonly members: LoadedMembers
  readonly vouchers: ReadonlyMap<string, VoucherRow>
  readonly bundles: ReadonlyMap<string, BundleRow>
}

export interface LoadQuery {
  readonly programId: number
  readonly items: readonly Item[]
  readonly alsoMembers: readonly Uuid[]
  readonly bookedAtMs: number
}

/**
 * Flush 1, one round trip: the gate, the locks of the members, then everything else, each statement with a snapshot newer
 * than the locks. Statements that no item of the batch needs are not sent.
 */
export const load = async (sql: Sql, query: LoadQuery): Promise<Loaded> => {
  const { programId, items, bookedAtMs } = query
  const gate = sendGate(sql, programId, items, bookedAtMs)
  const cardTokens = distinct(items.flatMap(({ received }) => received.cardTokens))
  const members =
    cardTokens.length === 0
      ? () => Promise.resolve(noMembers())
      : sendMemberLoad(sql, {
          programId,
          cardTokens,
          spendingTokens: distinct(items.filter(spends).flatMap(({ received }) => received.cardTokens)),
          alsoMembers: query.alsoMembers,
          nowMs: bookedAtMs,
          oldestMs: items.reduce((oldest, { received }) => Math.min(oldest, received.atMs), bookedAtMs),
          lock: true,
        })
  const codes = distinct(items.flatMap(({ received }) => received.voucherTokens.filter((token) => token !== null)))
  const vouchers = sendVoucherLoad(sql, programId, { tokens: codes, lock: true })
  const state = sendStateLoad(sql, programId)
  const bundles = sendBundleLoad(sql, programId, distinct(items.flatMap(bundleOf)))
  const all = await Promise.all([gate, members(), vouchers(), state, bundles])
  const [held, loadedMembers, loadedVouchers, [row], bundleRows] = all
  if (row === undefined) throw new Error(`program ${programId} is gone`)
  return {
    held: new Set(held.map((each) => each.document_id)),
    state: stateOf(row),
    configVersion: row.config_version,
    members: loadedMembers,
    vouchers: loadedVouchers,
    bundles: new Map(
      bundleRows.map((bundle) => [
        bundle.bundle_id,
        {
          ruleSet: bundle.rule_set,
          validFromMs: bundle.valid_from.getTime(),
          validUntilMs: bundle.valid_until.getTime(),
        },
      ]),
    ),
  }
}

const spends = ({ received }: Item): boolean => received.sale.uses.some(({ kind }) => kind === 'points')
const bundleOf = ({ received }: Item): string[] =>
  received.sale.offline === undefined ? [] : [received.sale.offline.bundle]
const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

interface StateRow {
  readonly state: ProgramState['state']
  readonly config_version: number
  readonly starts_at: Date
  readonly ends_at: Date | null
}

export const stateOf = (row: StateRow): ProgramState => ({
  state: row.state,
  startsAtMs: row.starts_at.getTime(),
  endsAtMs: row.ends_at?.getTime() ?? null,
})

export const sendStateLoad = (sql: Sql | Tx, programId: number): Promise<readonly StateRow[]> => {
  const sent = sql<StateRow[]>`
    SELECT state, config_version, starts_at, ends_at FROM directory.program WHERE program_id = ${programId}`.execute()
  sent.catch(() => undefined)
  return sent
}

interface BundleSelect {
  readonly bundle_id: string
  readonly rule_set: string
  readonly valid_from: Date
  readonly valid_until: Date
}

const sendBundleLoad = (sql: Sql, programId: number, bundles: readonly string[]): Promise<readonly BundleSelect[]> => {
  if (bundles.length === 0) return Promise.resolve([])
  const sent = sql<BundleSelect[]>`
    SELECT bundle_id, rule_set, valid_from, valid_until FROM loyalty.bundle
    WHERE program_id = ${programId} AND bundle_id = ANY (${textArray(bundles)}::text[])`.execute()
  sent.catch(() => undefined)
  return sent
}
