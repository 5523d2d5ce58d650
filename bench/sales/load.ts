/** The load's own process: makes and signs the sales before the clock runs, then sends finished bytes. */
import { engineKeys } from '@premia/engine/keys.ts'
import type { SaleResult, SalesAnswer, Uuid } from '@premia/pos-sdk/contract/till'
import { drive } from '../load/closed-loop.ts'
import { Tills, type Unsealed } from './requests.ts'
import { type VariantName, variants } from './world.ts'

export type LoadOrder =
  | {
      readonly do: 'prepare'
      readonly variant: VariantName
      readonly sales: number
      readonly target: 'engine' | 'floor'
    }
  | { readonly do: 'go'; readonly port: number }
  | { readonly do: 'acknowledged'; readonly variant: VariantName }

export type LoadWord =
  | { readonly said: 'prepared' }
  | { readonly said: 'driven'; readonly round: LoadRound }
  | { readonly said: 'acknowledged'; readonly ids: readonly Uuid[] }
  | { readonly said: 'failed'; readonly reason: string }

export interface LoadRound {
  readonly seconds: number
  readonly sales: number
  readonly requests: number
  /** Answered as recorded, by every program. */
  readonly acknowledged: number
  readonly latencyMs: readonly number[]
}

interface Prepared {
  readonly variant: VariantName
  readonly target: 'engine' | 'floor'
  readonly lanes: readonly (readonly Unsealed[])[]
}

const { BENCH_MEMBERS = '1', PREMIA_ENGINE_KEY = '' } = process.env
const members = Number(BENCH_MEMBERS)
const { sessionSecret } = engineKeys(PREMIA_ENGINE_KEY)
const tills = new Map<string, Tills>()
const acknowledged = new Map<VariantName, Uuid[]>()
let prepared: Prepared | undefined

/** The floor gets sales of its own: what it answers is stored nowhere, so its chains must not touch the engine's. */
const tillsOf = (variant: VariantName, target: 'engine' | 'floor'): Tills => {
  const name = `${variant} ${target}`
  const known = tills.get(name) ?? new Tills(variant, members, target)
  tills.set(name, known)
  return known
}

const resultsOf = (variant: VariantName, body: Buffer): readonly SaleResult[] => {
  const parsed = JSON.parse(body.toString()) as SaleResult | SalesAnswer
  return variants[variant].perRequest === 1 ? [parsed as SaleResult] : (parsed as SalesAnswer).results
}

const go = async (port: number): Promise<LoadRound> => {
  if (prepared === undefined) throw new Error('nothing is prepared')
  const { variant, target, lanes } = prepared
  const nowMs = Date.now()
  const bytes = lanes.map((lane, index) =>
    lane.map((request) => tillsOf(variant, target).seal(index, request, { nowMs, sessionSecret })),
  )
  const bodies: Buffer[] = []
  const wrong: string[] = []
  const driven = await drive({ host: '127.0.0.1', port }, bytes, ({ status, body }) => {
    // Copied, because the connection reuses what it has read; parsed only when the clock has stopped.
    if (status === 200) bodies.push(Buffer.from(body))
    else wrong.push(`${status} ${body.toString().slice(0, 200)}`)
  })
  if (wrong.length > 0) throw new Error(`${wrong.length} requests were refused: ${wrong[0]}`)
  const results = bodies.flatMap((body) => resultsOf(variant, body))
  const recorded = results.filter(({ status }) => status === 'recorded')
  if (target === 'engine') {
    const known = acknowledged.get(variant) ?? []
    for (const { sale } of recorded) known.push(sale)
    acknowledged.set(variant, known)
  }
  return {
    seconds: driven.seconds,
    sales: results.length,
    requests: driven.latencyMs.length,
    acknowledged: recorded.length,
    latencyMs: driven.latencyMs,
  }
}

const obey = async (order: LoadOrder): Promise<LoadWord> => {
  switch (order.do) {
    case 'prepare': {
      const { variant, sales, target } = order
      prepared = { variant, target, lanes: tillsOf(variant, target).requests(sales, Date.now()) }
      return { said: 'prepared' }
    }
    case 'go':
      return { said: 'driven', round: await go(order.port) }
    case 'acknowledged':
      return { said: 'acknowledged', ids: acknowledged.get(order.variant) ?? [] }
  }
}

process.on('message', (order: LoadOrder) => {
  obey(order).then(
    (word) => process.send?.(word),
    (error: unknown) => process.send?.({ said: 'failed', reason: String(error) } satisfies LoadWord),
  )
})
