import { partDigest, partSalt, receiptIdentity, type Uuid } from '@premia/pos-sdk/contract/till'
import { canonicalJson, evaluate, type Outcome, type ProgramDocument, SEMANTICS } from '@premia/rules'
import type { Sql, Tx } from '../db/pool.ts'
import { sha256 } from '../keys.ts'
import { loadRuleSet, type PublishedSet, publishedSet } from '../programs/rule-sets.ts'
import { unpackJson } from './kept-text.ts'
import type { SaleContent, Told, ToldUse } from './sale-content.ts'
import { readSigned } from './signed.ts'
import type { Verified } from './verified.ts'
import { type StoredReturn, verifyReturns, verifyWaiting } from './verify-returns.ts'

interface Drawing {
  readonly programId: number
  /** Sales that are drawn by lot. */
  readonly replays: number
}

interface SaleRow {
  readonly documentId: Uuid
  readonly kind: 'sale' | 'return'
  readonly businessDate: string
  readonly outlet: Uuid
  readonly terminal: Uuid
  readonly staff: Uuid | null
  readonly member: Uuid | null
  readonly number: string
  readonly grossMinor: number
  readonly reductionMinor: number
  readonly reimbursedMinor: number
  readonly payableMinor: number
  readonly ruleSet: string
  readonly outcomeHash: string
  readonly receiptKey: string | null
  /** That it used, as the vouchers have it. */
  readonly vouchers: readonly Uuid[]
  readonly told: Told
  readonly content: Buffer
  readonly signed: Buffer
}

/** Of some sales all that was kept: it is what the till signed, and judging it again gives the same, byte for byte. */
export const verifyStored = async (sql: Sql, tx: Tx, { programId, replays }: Drawing): Promise<readonly Verified[]> => {
  const documents = await tx<{ version: number; document: ProgramDocument }[]>`
    SELECT version, document FROM loyalty.program_version WHERE program_id = ${programId}`
  const byVersion = new Map(documents.map((row) => [row.version, row.document]))
  const sets = await loadSets(sql, tx, programId, byVersion)
  const signed = { programId, name: 'stored sales are what their tills signed', checked: 0, wrong: 0 }
  const repeated = { programId, name: 'stored judgements repeat byte for byte', checked: 0, wrong: 0 }
  const returns: StoredReturn[] = []
  for (const row of await drawSales(tx, { programId, replays })) {
    const content = readContent(row)
    signed.checked += 1
    if (content === undefined || !isSigned(row, content)) signed.wrong += 1
    if (content?.input === undefined) continue
    if (content.before !== undefined) {
      returns.push({ ...row, content })
      continue
    }
    repeated.checked += 1
    if (!repeats(row, content, sets)) repeated.wrong += 1
  }
  const broken = [...sets.values()].filter((set) => set === undefined).length
  return [
    signed,
    repeated,
    await verifyReturns(tx, programId, { returns, sets }),
    await verifyWaiting(tx, programId),
    { programId, name: 'published rule sets have their hash', checked: sets.size, wrong: broken },
  ]
}

const drawSales = async (tx: Tx, { programId, replays }: Drawing): Promise<readonly SaleRow[]> => {
  const [all] = await tx<
    { sales: number }[]
  >`SELECT count(*) AS sales FROM loyalty.sale WHERE program_id = ${programId}`
  // Twice as many as are wanted, so that the sample is rarely too small; LIMIT takes the rest away.
  const share = Math.min(100, (200 * replays) / Math.max(1, all?.sales ?? 1))
  return tx<SaleRow[]>`
    SELECT s.document_id AS "documentId", s.kind, s.business_date::text AS "businessDate", s.outlet_id AS outlet,
      s.terminal_id AS terminal, s.staff_id AS staff, s.member_id AS member, s.document_number AS number,
      s.gross_minor AS "grossMinor", s.reduction_minor AS "reductionMinor", s.reimbursed_minor AS "reimbursedMinor",
      s.payable_minor AS "payableMinor", s.rule_set AS "ruleSet", encode(s.outcome_hash, 'hex') AS "outcomeHash",
      encode(k.receipt_key, 'hex') AS "receiptKey", coalesce(u.vouchers, '{}') AS vouchers, s.told, s.content, s.signed
    FROM loyalty.sale s TABLESAMPLE BERNOULLI (${share})
    LEFT JOIN loyalty.sale_key k ON k.program_id = ${programId} AND k.document_id = s.document_id
    LEFT JOIN (SELECT document_id, array_agg(voucher_id) AS vouchers FROM loyalty.voucher_use
      WHERE program_id = ${programId} GROUP BY document_id) u ON u.document_id = s.document_id
    WHERE s.program_id = ${programId} AND s.content IS NOT NULL AND s.semantics = ${SEMANTICS} LIMIT ${replays}`
}

/** Absent where the bytes are none of ours. */
const readContent = ({ content }: SaleRow): SaleContent | undefined => {
  try {
    return unpackJson<SaleContent>(content)
  } catch {
    return undefined
  }
}

/** The parts that are kept whole have the digests that were signed, and the rest of the row is what these parts say. */
const isSigned = (row: SaleRow, content: SaleContent): boolean => {
  const { document, lines, adjustments = [], tenders, salt, input, roundingMinor } = content
  const { grossMinor, reductionMinor, reimbursedMinor, payableMinor, terminal, businessDate, kind } = row
  const totals = { grossMinor, reductionMinor, reimbursedMinor, roundingMinor, payableMinor }
  // Where only totals are kept, the lines have been stripped of what was bought.
  const parts = { adjustments, tenders, totals, ...(input === undefined ? undefined : { lines }) }
  const digests = new Map(readSigned(row.signed).digests.map(({ name, digest }) => [name, digest]))
  const receipt = sha256(receiptIdentity({ kind, terminal, businessDate, document }, row.outlet)).slice(0, 32)
  return (
    Object.entries(parts).every(
      ([name, part]) => partDigest(canonicalJson(part), partSalt(salt, name, sha256), sha256) === digests.get(name),
    ) &&
    receipt === row.receiptKey &&
    document.number === row.number &&
    isServedBy(row, content) &&
    vouchersTaken(row, content) === [...row.vouchers].sort().join()
  )
}

const vouchersTaken = ({ kind, told, vouchers }: SaleRow, { uses = [] }: SaleContent): string => {
  // One that was worth less than was taken off for it is used as well.
  const isTaken = ({ status, code }: ToldUse): boolean => status === 'taken' || code === 'voucher_short'
  // What a return makes usable again it has not shown.
  if (kind === 'return') return [...vouchers].sort().join()
  const taken = new Set(told.uses?.filter(isTaken).map(({ useRef }) => useRef))
  return uses
    .flatMap(({ index, voucher }) => (voucher !== undefined && taken.has(index) ? [voucher] : []))
    .sort()
    .join()
}

/** Who served and who bought, as they were judged. Nobody is judged to have served with a card of their own. */
const isServedBy = ({ staff, member, told }: SaleRow, { input }: SaleContent): boolean => {
  if (input === undefined) return true
  const ownCard = told.notices?.some(({ code }) => code === 'own_card') === true
  // A card that only spends is judged as nobody's.
  return (ownCard || (input.staff ?? null) === staff) && (input.member === undefined || input.member.id === member)
}

const repeats = (
  { ruleSet, outcomeHash }: SaleRow,
  { input, counters = {} }: SaleContent,
  sets: ReadonlyMap<string, PublishedSet | undefined>,
): boolean => {
  const set = sets.get(ruleSet)
  if (set === undefined || input === undefined) return false
  try {
    return sha256(canonicalJson(evaluate(set.ruleSet, input, counters) satisfies Outcome)) === outcomeHash
  } catch {
    return false
  }
}

/** All sets of a program by their hash; `undefined` for one that compiles to another. */
const loadSets = async (
  sql: Sql,
  tx: Tx,
  programId: number,
  byVersion: ReadonlyMap<number, ProgramDocument>,
): Promise<ReadonlyMap<string, PublishedSet | undefined>> => {
  const sets = new Map<string, PublishedSet | undefined>()
  // Before its first set a program judges with none: the set without rules.
  for (const document of byVersion.values()) {
    const empty = publishedSet([], document)
    sets.set(empty.ruleSet.hash, empty)
  }
  const published = await tx<{ hash: string }[]>`
    SELECT hash FROM loyalty.rule_set WHERE program_id = ${programId} AND semantics = ${SEMANTICS}`
  for (const { hash } of published) {
    const loaded = await loadRuleSet(sql, programId, hash, byVersion).catch(() => undefined)
    sets.set(hash, loaded?.set)
  }
  return sets
}
