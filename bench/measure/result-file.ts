import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Machine, thisCommit, thisMachine } from './machine.ts'

const folder = fileURLToPath(new URL('../results/', import.meta.url))

export interface ResultHead {
  readonly workload: string
  readonly at: string
  readonly commit: string
  /** A smoke run proves that the benchmark works; its figures say nothing. */
  readonly smoke: boolean
  readonly machine: Machine
}

/** Writes `bench/results/<workload>.json` with machine and commit in front; a smoke run leaves its file in /tmp. */
export const writeResult = (workload: string, smoke: boolean, body: object): string => {
  const head: ResultHead = {
    workload,
    at: new Date().toISOString(),
    commit: thisCommit(),
    smoke,
    machine: thisMachine(),
  }
  if (!smoke) mkdirSync(folder, { recursive: true })
  const path = smoke ? join(tmpdir(), `premia-bench-${workload}.json`) : join(folder, `${workload}.json`)
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...head, ...body }, null, 2)}\n`)
  renameSync(`${path}.new`, path)
  return path
}
