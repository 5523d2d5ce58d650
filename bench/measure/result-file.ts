import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
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

/** Writes `bench/results/<workload>.json` with machine and commit in front; a smoke run goes beside it. */
export const writeResult = (workload: string, smoke: boolean, body: object): string => {
  const head: ResultHead = {
    workload,
    at: new Date().toISOString(),
    commit: thisCommit(),
    smoke,
    machine: thisMachine(),
  }
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${workload}${smoke ? '.smoke' : ''}.json`)
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...head, ...body }, null, 2)}\n`)
  renameSync(`${path}.new`, path)
  return path
}
