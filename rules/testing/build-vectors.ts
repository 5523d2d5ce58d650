import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EvaluationInput, ProgramDocument, Rule } from '../index.ts'
import { canonicalJson, sha256Hex } from '../index.ts'
import { reference } from './reference.ts'
import { vectorCases } from './vector-cases.ts'
import type { VectorCase } from './vector-cases/scenes.ts'

/** A golden vector: what goes in, and what must come out byte for byte. */
export interface Vector {
  readonly schema: 1
  readonly name: string
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  readonly counters: Readonly<Record<string, number>>
  /** The outcome without the rule set's hash, computed by the reference evaluator. */
  readonly expect: object
  readonly hash: string
}

const folder = join(import.meta.dirname, '..', 'vectors')

const vectorOf = ({ name, rules, program, input, counters }: VectorCase): Vector => {
  const text = canonicalJson(reference(rules, program, input, counters))
  return { schema: 1, name, rules, program, input, counters, expect: JSON.parse(text) as object, hash: sha256Hex(text) }
}

/** One file an area. `node --import tsx rules/testing/build-vectors.ts` writes them from the table of cases. */
export const buildVectors = (): Map<string, Vector[]> => {
  const areas = new Map<string, Vector[]>()
  for (const one of vectorCases()) areas.set(one.area, [...(areas.get(one.area) ?? []), vectorOf(one)])
  return areas
}

/** The vectors on disk, by area. */
export const readVectors = (): Map<string, Vector[]> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector[]]),
  )

if (process.argv[1] === import.meta.filename) {
  for (const [area, vectors] of buildVectors()) {
    writeFileSync(join(folder, `${area}.json`), `[\n${vectors.map((vector) => canonicalJson(vector)).join(',\n')}\n]\n`)
  }
}
