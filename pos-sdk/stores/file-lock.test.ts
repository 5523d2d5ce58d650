import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'premia-file-lock-'))
  await build({
    entryPoints: [fileURLToPath(new URL('./file-lock.ts', import.meta.url))],
    outfile: join(folder, 'file-lock.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROUNDS = 200
const STARTERS = 2

/**
 * Each round both starters meet the lock of a till that was killed, at the same instant. What they took stays taken until
 * the next round, which the test prepares: `round` says which one runs, `tried` how many have tried, `taken` who holds it.
 */
const starter = `
  import { parentPort, workerData } from 'node:worker_threads'
  const { lockStore } = await import(workerData.module)
  const [round, tried, taken] = [0, 1, 2]
  const shared = new Int32Array(workerData.shared)
  for (let own = 1; own <= workerData.rounds; own += 1) {
    Atomics.wait(shared, round, own - 1)
    try {
      lockStore(workerData.path)
      Atomics.add(shared, taken, 1)
    } catch {}
    Atomics.add(shared, tried, 1)
  }
  parentPort.postMessage('done')
`

test('two starts after a crash never both get the store: one of them would lose its sales', async () => {
  const shared = new SharedArrayBuffer(12)
  const counts = new Int32Array(shared)
  const path = join(folder, 'till.lock')
  const workerData = { module: pathToFileURL(join(folder, 'file-lock.mjs')).href, path, shared, rounds: ROUNDS }
  const url = new URL(`data:text/javascript,${encodeURIComponent(starter)}`)
  const workers = Array.from({ length: STARTERS }, () => new Worker(url, { workerData }))
  const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
  const holders: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    // 2^22 is above every process id of Linux.
    writeFileSync(path, '4194305 1')
    counts[1] = 0
    counts[2] = 0
    Atomics.store(counts, 0, round)
    Atomics.notify(counts, 0)
    while (Atomics.load(counts, 1) < STARTERS) await new Promise((resolve) => setImmediate(resolve))
    holders.push(counts[2])
  }
  await Promise.all(ended)
  expect(holders.filter((count) => count !== 1)).toEqual([])
  expect(readdirSync(folder).sort()).toEqual(['file-lock.mjs', 'till.lock'])
})
