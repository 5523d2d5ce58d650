/** The workload `till`: how soon a till may hand out the receipt, beside the bare flush of the same disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTerminal, memoryStore, type Store, type Terminal } from '@premia/pos-sdk'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { fileStore } from '@premia/pos-sdk/stores/file'
import {
  type FakeEngine,
  measureFileStore,
  sampleBundle,
  sampleBundleProgram,
  sampleDraft,
  sampleLine,
  startFakeEngine,
} from '@premia/pos-sdk/testing'
import { medianOf, percentilesOf } from './percentiles.ts'

interface Plan {
  readonly rounds: number
  readonly salesARound: number
  /** Sales that wait when a till is opened. */
  readonly waiting: number
}

const fullPlan: Plan = { rounds: 40, salesARound: 60, waiting: 5_000 }
const smokePlan: Plan = { rounds: 1, salesARound: 40, waiting: 100 }

/** Five lines and a card, as in the workload `sales`. */
const lines = [1, 2, 3, 4, 5].map((number) => sampleLine({ number }))
let receipts = 0
const draft = () => sampleDraft(`T${String((receipts += 1)).padStart(7, '0')}`, { lines })

/** One try, and then none within the time of a run: a queue that sends would be measured, too. */
const patience = { retry: { firstMs: 3_600_000, mostMs: 3_600_000 }, heartbeatMs: 3_600_000, answerWithinMs: 1 }

const openTill = ({ url, enrolmentCode }: FakeEngine, store: Store): Promise<Terminal> =>
  createTerminal({ engineUrl: url, enrolmentCode, store, software: { name: 'bench', version: '1' }, ...patience })

/** A till whose engine has gone after it gave a bundle. */
const lonelyTill = async (store: Store): Promise<Terminal> => {
  const engine = await startFakeEngine()
  engine.publish(sampleBundle(engine.terminal, [sampleBundleProgram(engine.programs[0] as Uuid)]))
  const till = await openTill(engine, store)
  for (let waited = 0; till.status().bundle === undefined; waited += 1) {
    if (waited === 500) throw new Error('no bundle within five seconds')
    await delay(10)
  }
  await engine.close()
  return till
}

/** A store that knows how many bytes its newest write had. */
const weighed = (inner: Store): { readonly store: Store; readonly bytes: () => number } => {
  let bytes = 0
  const write: Store['write'] = (changes) => {
    bytes = changes.reduce((sum, { key, value }) => sum + key.length + Buffer.byteLength(value ?? ''), 0)
    return inner.write(changes)
  }
  return { store: { ...inner, write }, bytes: () => bytes }
}

/** Microseconds of each sale, one after the other; `answerWithinMs` 0: until it is durable, no estimate. */
const sell = async (
  till: Terminal,
  sales: number,
  options?: { readonly answerWithinMs: number },
): Promise<number[]> => {
  const micros: number[] = []
  for (let at = 0; at < sales; at += 1) {
    const finished = draft()
    const startedMs = performance.now()
    await till.sale(finished, options)
    micros.push((performance.now() - startedMs) * 1_000)
  }
  return micros
}

const durable = { answerWithinMs: 0 }

interface Tills {
  readonly folder: string
  readonly onDisk: Terminal
  readonly inMemory: Terminal
  readonly bytes: () => number
}

const runRound = async ({ folder, onDisk, inMemory, bytes }: Tills, sales: number) => ({
  sale: await sell(onDisk, sales, durable),
  files: await measureFileStore(folder, sales, bytes()),
  memory: await sell(inMemory, sales, durable),
  answer: await sell(onDisk, sales),
})
type Round = Awaited<ReturnType<typeof runRound>>

/** How long a till takes to open whose queue is full of what waits. */
const openFull = async (folder: string, waiting: number): Promise<number> => {
  const path = join(folder, 'full')
  const engine = await startFakeEngine()
  const till = await openTill(engine, fileStore(path))
  await engine.close()
  await sell(till, waiting, durable)
  await till.close()
  const startedMs = performance.now()
  const again = await openTill(engine, fileStore(path))
  const elapsedMs = performance.now() - startedMs
  const { queued } = again.status()
  await again.close()
  if (queued !== waiting) throw new Error(`${queued} of ${waiting} sales are still there`)
  return elapsedMs
}

const two = (value: number): number => Math.round(value * 100) / 100

/** Ratios of medians, each taken within its round; microseconds. */
const reportOf = (rounds: readonly Round[]): object => {
  const ratio = (subject: (round: Round) => number): number =>
    two(medianOf(rounds.map((round) => subject(round) / round.files.disk.p50Micros)))
  const micros = (subject: 'sale' | 'memory' | 'answer') => percentilesOf(rounds.flatMap((round) => round[subject]))
  return {
    ratios: {
      writeToFlush: ratio(({ files }) => files.store.p50Micros),
      saleToFlush: ratio(({ sale }) => medianOf(sale)),
      answerToFlush: ratio(({ answer }) => medianOf(answer)),
    },
    micros: { sale: micros('sale'), memory: micros('memory'), answer: micros('answer') },
    rounds: rounds.map(({ files: { disk, store }, sale, memory, answer }) => ({
      flush: disk,
      write: store,
      sale: percentilesOf(sale),
      memory: percentilesOf(memory),
      answer: percentilesOf(answer),
    })),
  }
}

/** The workload; its answer is what `bench/results/till.json` holds. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  const plan = smoke ? smokePlan : fullPlan
  const folder = mkdtempSync(join(tmpdir(), 'premia-bench-till-'))
  const { store, bytes } = weighed(fileStore(join(folder, 'till')))
  const tills: Tills = { folder, bytes, onDisk: await lonelyTill(store), inMemory: await lonelyTill(memoryStore()) }
  try {
    await runRound(tills, plan.salesARound)
    const rounds: Round[] = []
    for (let at = 0; at < plan.rounds; at += 1) rounds.push(await runRound(tills, plan.salesARound))
    const openMs = Math.round(await openFull(folder, plan.waiting))
    return { plan, bytesAWrite: bytes(), openMs, ...reportOf(rounds) }
  } finally {
    await Promise.all([tills.onDisk.close(), tills.inMemory.close()])
    rmSync(folder, { recursive: true, force: true })
  }
}
