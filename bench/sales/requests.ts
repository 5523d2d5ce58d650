/** Finished requests: signed sales of the bench's tills as bytes, sealed for the engine they go to. */
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { products } from '@premia/engine/demo/catalogue/product.ts'
import type { DemoTerminal } from '@premia/engine/demo/outlets.ts'
import { type Random, randomOf } from '@premia/engine/demo/random.ts'
import { deviceKey } from '@premia/engine/demo/sales/device-key.ts'
import { signed, Till } from '@premia/engine/demo/sales/till.ts'
import {
  instantOf,
  type Line,
  localTime,
  requestText,
  type Sale,
  sessionHeaders,
  sessionIdOf,
  sessionInfo,
  type Uuid,
  utcOffsetMinutes,
} from '@premia/pos-sdk/contract/till'
import { type Milli, minor, type Ppm } from '@premia/rules'
import { cardNumber, staffCode, terminalsOf, type VariantName, variants } from './world.ts'

const goods = products.filter((product) => product.assortment === 'polishShop' && product.unit === 'piece')
const linesPerSale = 5
const zone = 'Europe/Warsaw'
const sessionLifeMs = 600_000

const lineOf = (number: number, random: Random): Line => {
  const product = random.pick(goods)
  const units = random.percent(80) ? 1 : 2
  return {
    number,
    kind: 'goods',
    product: { code: product.code, ...(product.gtin === undefined ? {} : { gtin: product.gtin }) },
    name: product.name,
    quantityMilli: (units * 1000) as Milli,
    unit: 'piece',
    unitPriceMinor: minor(product.priceMinor),
    grossMinor: minor(product.priceMinor * units),
    reductions: [],
    vat: { ratePpm: product.vat.ratePpm as Ppm, code: product.vat.code },
    marks: [],
  }
}

/** A request without its seal, which lives five minutes only. */
export interface Unsealed {
  readonly body: string
  readonly sales: readonly Uuid[]
}

/** The tills of one variant; their chains go on from round to round. */
export class Tills {
  readonly #variant: VariantName
  readonly #members: number
  readonly #terminals: readonly DemoTerminal[]
  readonly #tills: readonly Till[]
  readonly #random: Random

  constructor(variant: VariantName, members: number, seed: string) {
    this.#variant = variant
    this.#members = members
    this.#terminals = terminalsOf(variant)
    this.#tills = this.#terminals.map((terminal) => new Till(terminal))
    this.#random = randomOf(`bench:${variant}:${seed}`)
  }

  /** So many sales, spread over all lanes. */
  requests(count: number, nowMs: number): readonly (readonly Unsealed[])[] {
    const { perRequest, lanes } = variants[this.#variant]
    const perLane = Math.ceil(count / perRequest / lanes)
    return this.#tills.map((till, lane) =>
      Array.from({ length: perLane }, () => {
        const sales = Array.from({ length: perRequest }, () => this.#sale(till, lane, nowMs))
        const body = perRequest === 1 ? JSON.stringify(sales[0]) : JSON.stringify({ sales })
        return { body, sales: sales.map(({ id }) => id) }
      }),
    )
  }

  seal(lane: number, { body }: Unsealed, target: SealTarget): Buffer {
    const terminal = this.#terminals[lane] as DemoTerminal
    const { keyId } = deviceKey(terminal)
    const expiresAt = instantOf(target.nowMs + sessionLifeMs)
    const info = sessionInfo(keyId, expiresAt)
    const key = Buffer.from(hkdfSync('sha256', target.sessionSecret, terminal.id, info, 32))
    const session = sessionIdOf(keyId, expiresAt)
    const time = String(target.nowMs)
    const bytes = Buffer.from(body)
    const bodyHash = createHash('sha256').update(bytes).digest('hex')
    const path = '/v1/sales'
    const text = requestText({ method: 'POST', path, terminal: terminal.id, session, time, bodyHash })
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${bytes.length}`,
      `${sessionHeaders.terminal}: ${terminal.id}`,
      `${sessionHeaders.session}: ${session}`,
      `${sessionHeaders.time}: ${time}`,
      `${sessionHeaders.mac}: ${createHmac('sha256', key).update(text).digest('base64url')}`,
    ]
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes])
  }

  #sale(till: Till, lane: number, nowMs: number): Sale {
    const lines = Array.from({ length: linesPerSale }, (_, index) => lineOf(index + 1, this.#random))
    const grossMinor = minor(lines.reduce((sum, line) => sum + line.grossMinor, 0))
    const none = minor(0)
    const card = { number: cardNumber(this.#random.below(this.#members)), entry: 'scanned', role: 'identify' } as const
    const chained = till.finish(
      {
        utcOffsetMinutes: utcOffsetMinutes(zone, nowMs),
        businessDate: localTime(zone, nowMs).date,
        staff: { code: staffCode(this.#variant, lane) },
        currency: 'PLN',
        channel: 'counter',
        cards: [card],
        lines,
        adjustments: [],
        uses: [],
        tenders: [{ kind: 'card', amountMinor: grossMinor }],
        totals: {
          grossMinor,
          reductionMinor: none,
          reimbursedMinor: none,
          roundingMinor: none,
          payableMinor: grossMinor,
        },
      },
      { occurredAtMs: nowMs, sentAtMs: nowMs, day: 0 },
    )
    return signed(chained)
  }
}

export interface SealTarget {
  readonly nowMs: number
  readonly sessionSecret: Buffer
}
