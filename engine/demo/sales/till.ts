import { createHash } from 'node:crypto'
import {
  chainStart,
  documentHash,
  instantOf,
  type PartDigest,
  partDigests,
  type QuoteRequest,
  type Sale,
  saleParts,
  signedText,
  type UnsignedSale,
} from '@premia/pos-sdk/contract/till'
import { namedUuid } from '../identity.ts'
import type { DemoTerminal } from '../outlets.ts'
import { deviceKey, sha256 } from './device-key.ts'

/** A finished sale of the demo, chained but not yet signed. */
export interface ChainedSale {
  readonly sale: UnsignedSale
  readonly digests: readonly PartDigest[]
  readonly salt: string
  readonly terminal: DemoTerminal
  /** When the till reaches the engine with it: at once, or when its line is back. */
  readonly sentAtMs: number
}

type Finished = Omit<QuoteRequest, 'schema' | 'id' | 'kind' | 'terminal' | 'occurredAt'> & {
  readonly invoiceTo?: string
}

type FinishedReturn = Omit<Finished, 'invoiceTo'> & Required<Pick<QuoteRequest, 'original'>>
type Document = Omit<UnsignedSale, 'schema' | 'id' | 'terminal' | 'sequence' | 'previous' | 'occurredAt'>

/** The chain of one till: sequence, previous hash and receipt numbers. */
export class Till {
  readonly #terminal: DemoTerminal
  #sequence = 0
  #previous = chainStart

  constructor(terminal: DemoTerminal) {
    this.#terminal = terminal
  }

  /** Numbers and chains a finished basket. */
  finish({ invoiceTo, ...basket }: Finished, at: FinishedAt): ChainedSale {
    const number = this.#nextNumber()
    const document: UnsignedSale['document'] = {
      kind: invoiceTo === undefined ? 'receipt' : 'invoice',
      number: invoiceTo === undefined ? `W${number}` : `F/${this.#terminal.outlet.code}/${number}`,
      fiscal: { deviceId: this.#terminal.fiscalDevice, number, reportNumber: String(at.day + 1) },
      ...(invoiceTo === undefined ? {} : { buyerTaxId: invoiceTo }),
    }
    return this.#chain({ kind: 'sale', ...basket, document }, at)
  }

  /** Goods that come back are written down, not printed by the fiscal device. */
  takeBack(basket: FinishedReturn, at: FinishedAt): ChainedSale {
    return this.#chain(
      { kind: 'return', ...basket, document: { kind: 'receipt', number: `Z${this.#nextNumber()}` } },
      at,
    )
  }

  #nextNumber(): string {
    return String(this.#sequence + 1).padStart(6, '0')
  }

  #chain({ kind, ...rest }: Document, { occurredAtMs, sentAtMs }: FinishedAt): ChainedSale {
    this.#sequence += 1
    const id = namedUuid(occurredAtMs, `premia-demo:sale:${this.#terminal.id}:${this.#sequence}`)
    const sale: UnsignedSale = {
      schema: 1,
      id,
      kind,
      terminal: this.#terminal.id,
      sequence: this.#sequence,
      previous: this.#previous,
      occurredAt: instantOf(occurredAtMs),
      ...rest,
    }
    const salt = createHash('sha256').update(`salt:${id}`).digest('hex').slice(0, 32)
    const digests = partDigests(saleParts(sale), salt, sha256)
    this.#previous = documentHash(digests, sha256)
    return { sale, digests, salt, terminal: this.#terminal, sentAtMs }
  }
}

interface FinishedAt {
  /** By the till's own clock. */
  readonly occurredAtMs: number
  readonly sentAtMs: number
  readonly day: number
}

/** Signs a chained sale with its till's key; apart from chaining, because a sale that is already booked needs none. */
export const signed = ({ sale, digests, salt, terminal }: ChainedSale): Sale => {
  const key = deviceKey(terminal)
  return { ...sale, signature: { keyId: key.keyId, value: key.sign(signedText(digests)), salt } }
}
