/** How long a durable write takes in the file store, beside the bare flush of the same disk in the same moment. */
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileStore } from '../stores/file.ts'

export interface FlushTimes {
  readonly p50Micros: number
  readonly p95Micros: number
  readonly p99Micros: number
}

export interface FlushMeasure {
  readonly rounds: number
  readonly bytes: number
  readonly store: FlushTimes
  /** The same bytes into an allocated file and `fdatasync`, nothing else. */
  readonly disk: FlushTimes
  /** Median of the store by median of the disk. */
  readonly ratio: number
}

const timesOf = (micros: readonly number[]): FlushTimes => {
  const sorted = [...micros].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50Micros: at(0.5), p95Micros: at(0.95), p99Micros: at(0.99) }
}

const microsSince = (startedAt: bigint): number => Number(process.hrtime.bigint() - startedAt) / 1_000

/** Measures in turns, store and disk alternately, in an empty folder, which is left empty. */
export const measureFileStore = async (folder: string, rounds: number, bytes: number): Promise<FlushMeasure> => {
  const store = fileStore(join(folder, 'store'))
  const path = join(folder, 'bare')
  const bare = openSync(path, 'w')
  const value = 'x'.repeat(bytes)
  const block = Buffer.from(value)
  writeSync(bare, Buffer.alloc(block.length * (rounds + 1)))
  fsyncSync(bare)
  const times: { readonly store: number[]; readonly disk: number[] } = { store: [], disk: [] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      const storeAt = process.hrtime.bigint()
      await store.write([{ key: `sale/${round}`, value }])
      times.store.push(microsSince(storeAt))
      const diskAt = process.hrtime.bigint()
      writeSync(bare, block, 0, block.length, round * block.length)
      fdatasyncSync(bare)
      times.disk.push(microsSince(diskAt))
    }
  } finally {
    closeSync(bare)
    await store.close()
    rmSync(path)
    rmSync(join(folder, 'store'), { recursive: true })
  }
  const [storeTimes, diskTimes] = [timesOf(times.store), timesOf(times.disk)]
  return { rounds, bytes, store: storeTimes, disk: diskTimes, ratio: storeTimes.p50Micros / diskTimes.p50Micros }
}
