import {
  contentHash,
  inspectSale,
  partDigests,
  receiptIdentity,
  type Sale,
  saleParts,
  saleSchema,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import type { Received } from '../batcher/item.ts'
import { type EngineKeys, sha256 } from '../keys.ts'
import { packSigned } from '../ledger/signed.ts'
import { type Directory, type Operator, periodAt } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'
import { type Authenticator, documentRefusal } from '../terminals/authenticate.ts'
import type { RegisteredTerminal } from '../terminals/register.ts'
import type { Originals } from '../returns/programs-of-return.ts'
import type { Problem } from './problem.ts'
import { quoteOf } from './quote-proof.ts'
import { compiledCheck } from './shape.ts'

/** A till's clock may be ahead of ours by so much before its time is not believed. */
const AHEAD_MAX_MS = 2 * 60_000

const checkSale = compiledCheck(saleSchema)

/** What can be refused about a sale by reading it; the rest is a fact. */
export const inspect = (value: unknown): Problem | null => inspectSale(value, checkSale)

export interface Receiving {
  readonly directory: Directory
  readonly keys: EngineKeys
  readonly register: Authenticator['register']
  readonly originals: Originals
}

/** A sale that is understood, with the programs that book it. */
export interface Routed {
  readonly received: Received
  readonly programs: readonly Program[]
  /** Programs that run at the outlet today, or that the sale names, and that it did not belong to then. */
  readonly strangers: readonly Program[]
}

/** Why this terminal may not bring this document; `null` when it may. */
export const permission = (sale: Sale, sender: RegisteredTerminal, { register }: Receiving): Problem | null => {
  const { keyId } = sale.signature
  const refused = documentRefusal({ register }, sender, { terminal: sale.terminal, keyId, sequence: sale.sequence })
  return refused ?? null
}

/** Hashes a sale once, for all its programs, and finds them; `null` where the terminal stands at no outlet. */
export const route = async (sale: Sale, bytes: number, nowMs: number, receiving: Receiving): Promise<Routed | null> => {
  const found = await locate(sale, nowMs, receiving)
  if (found === null) return null
  const { operator, outlet, atMs } = found
  const { keys, originals } = receiving
  const programs = await originals.programsOf(sale, found)
  const occurredAtMs = Date.parse(sale.occurredAt)
  const parts = saleParts(sale)
  const received: Received = {
    sale,
    operator: operator.operatorId,
    outlet,
    occurredAtMs,
    receivedAtMs: nowMs,
    atMs,
    clockWrong: atMs !== occurredAtMs,
    contentHash: contentHash(sale, sha256, parts),
    receiptKey: sha256(receiptIdentity(sale, outlet)).slice(0, 32),
    cardTokens: sale.cards.map(({ number }) => keys.cardToken(number).toString('hex')),
    voucherTokens: sale.uses.map((use) =>
      use.kind === 'voucher' ? keys.voucherToken(use.code).toString('hex') : null,
    ),
    texts: { lines: textOf(parts, 'lines'), tenders: textOf(parts, 'tenders') },
    signed: packSigned(sale, partDigests(parts, sale.signature.salt, sha256)),
    bytes,
    programs: programs.length,
    quote: quoteOf(sale, atMs, keys),
  }
  // A return is a matter of its sale's programs alone.
  const others = sale.kind === 'return' ? [] : operator.programs
  const strangers = others.filter(
    (program) =>
      !programs.includes(program) &&
      (program.admission(outlet, nowMs) !== undefined || isNamed(sale, program.publicId)),
  )
  return { received, programs, strangers }
}

export interface Found {
  readonly operator: Operator
  readonly outlet: Uuid
  readonly atMs: number
  readonly programs: readonly Program[]
}

type Where = Pick<Sale, 'terminal' | 'occurredAt'>

const find = (sale: Where, nowMs: number, { directory }: Pick<Receiving, 'directory'>): Found | null => {
  const operator = directory.operatorOfTerminal(sale.terminal)
  if (operator === undefined) return null
  const occurredAtMs = Date.parse(sale.occurredAt)
  const atMs = occurredAtMs - nowMs > AHEAD_MAX_MS ? nowMs : occurredAtMs
  const periods = operator.terminals.get(sale.terminal) ?? []
  // A sale from before the terminal was enrolled, in a queue that it took over, was made where it began.
  const period = periodAt(periods, atMs) ?? (atMs < (periods[0]?.fromMs ?? 0) ? periods[0] : periods.at(-1))
  if (period === undefined) return null
  const programs = operator.programs.filter((program) => program.admission(period.outlet, atMs) !== undefined)
  return { operator, outlet: period.outlet, atMs, programs }
}

/**
 * Where a sale was made and which programs want it; `null` where its terminal stands nowhere. What no program wants may
 * have been sent right after a change: then our copy is brought up to date first.
 */
export const locate = async (
  sale: Where,
  nowMs: number,
  receiving: Pick<Receiving, 'directory'>,
): Promise<Found | null> => {
  const found = find(sale, nowMs, receiving)
  if (found !== null && found.programs.length > 0) return found
  await receiving.directory.refresh()
  return find(sale, nowMs, receiving)
}

/** Card numbers and voucher codes go no further than here. */
export const tokensOf = (
  sale: Pick<Sale, 'cards' | 'uses'>,
  keys: EngineKeys,
): Pick<Received, 'cardTokens' | 'voucherTokens'> => ({
  cardTokens: sale.cards.map(({ number }) => keys.cardToken(number).toString('hex')),
  voucherTokens: sale.uses.map((use) => (use.kind === 'voucher' ? keys.voucherToken(use.code).toString('hex') : null)),
})

const textOf = (parts: ReturnType<typeof saleParts>, name: string): string =>
  parts.find((part) => part.name === name)?.text ?? '[]'

const isNamed = ({ offline, uses }: Sale, program: Uuid): boolean =>
  (offline !== undefined && program in offline.outcomes) ||
  uses.some((use) => 'program' in use && use.program === program)
