/**
 * A till that kills itself with SIGKILL at a named step, for the crash tests: a real process with a real file store.
 * Says `done <receipt>` for each sale that it was told is safe, and at the end how often each step came.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { instant } from '../contract/till/index.ts'
import { createTerminal, type Store } from '../index.ts'
import { fileStore, leftFileStore } from '../stores/file.ts'
import { takeOver } from '../take-over.ts'
import { sampleDraft } from './sample-sale.ts'

/** Where the till dies: at the n-th time of a step. `torn`: half of the record is on the disk. */
export interface CrashPoint {
  readonly step: 'torn' | 'beforeWrite' | 'afterWrite' | 'beforeSend' | 'afterSend' | 'settle'
  readonly nth: number
}

export interface CrashOrder {
  readonly engineUrl: string
  readonly enrolmentCode: string
  readonly folder: string
  readonly receipts: readonly string[]
  /** Folder of an old till whose queue is taken over first. */
  readonly from?: string
  readonly crash?: CrashPoint
}

const order = JSON.parse(process.argv[2] ?? '{}') as CrashOrder
const counts: Record<CrashPoint['step'], number> = {
  torn: 0,
  beforeWrite: 0,
  afterWrite: 0,
  beforeSend: 0,
  afterSend: 0,
  settle: 0,
}
const bareWrite = fs.writeSync

const isCrash = (step: CrashPoint['step']): boolean => {
  counts[step] += 1
  return order.crash?.step === step && order.crash.nth === counts[step]
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  // The signal comes at once, but not before this statement ends.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  throw new Error('still alive')
}

const reach = (step: CrashPoint['step']): void => {
  if (isCrash(step)) die()
}

// Everything the store writes is a record, or zeros allocated ahead, which are longer.
type BareWrite = readonly [file: number, bytes: Uint8Array, offset: number, length: number, position: number]
fs.writeSync = ((...call: BareWrite) => {
  const [file, bytes, offset, length, position] = call
  if (length !== undefined && length < 1_000_000 && isCrash('torn')) {
    bareWrite(file, bytes, offset, Math.floor(length / 2), position)
    die()
  }
  return bareWrite(file, bytes, offset, length, position)
}) as typeof fs.writeSync
syncBuiltinESMExports()

const mortalStore = (): Store => {
  const store = fileStore(order.folder)
  return {
    ...store,
    write: async (changes) => {
      reach('beforeWrite')
      await store.write(changes)
      reach('afterWrite')
    },
  }
}
const options = {
  engineUrl: order.engineUrl,
  enrolmentCode: order.enrolmentCode,
  software: { name: 'crash-till', version: '1.0.0' },
  retry: { firstMs: 1, mostMs: 5 },
  answerWithinMs: 10_000,
  fetch: async (url: string | URL | Request, init?: RequestInit) => {
    reach('beforeSend')
    const response = await fetch(url, init)
    reach('afterSend')
    return response
  },
  onSettled: () => reach('settle'),
}
if (order.from !== undefined) await takeOver({ ...options, store: mortalStore(), from: leftFileStore(order.from) })
const till = await createTerminal({ ...options, store: mortalStore() })
for (const [index, receipt] of order.receipts.entries()) {
  // The receipt was printed at its time: whoever repeats it repeats the time.
  const occurredAt = instant(`2026-11-21T10:15:00.${receipt.padStart(3, '0')}Z`)
  // Every second sale does not wait for its answer, so that several travel together.
  const { status } = await till.sale(sampleDraft(receipt, { occurredAt }), index % 2 === 0 ? {} : { answerWithinMs: 0 })
  if (status !== 'rejected') bareWrite(1, `done ${receipt}\n`)
}
await till.drained()
bareWrite(1, `counts ${JSON.stringify(counts)}\n`)
await till.close()
process.exit(0)
