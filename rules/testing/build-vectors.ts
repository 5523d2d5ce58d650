import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EvaluationInput, ProgramDocument, ReturnedUnits, Reversal, Rule } from '../index.ts'
import { canonicalJson, compileRuleSet, evaluate, reverse, sha256Hex } from '../index.ts'
import { reference } from './reference.ts'
import { vectorCases } from './vector-cases.ts'
import { type ReturnCase, returnCases } from './vector-cases/returns.ts'
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

/** A golden vector of returns: a sale by its rules, and returns of it one after the other. */
export interface ReturnVector {
  readonly schema: 1
  readonly name: string
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  readonly counters: Readonly<Record<string, number>>
  readonly steps: readonly {
    /** What came back before, by line number, and what earlier returns took back. */
    readonly returned: Readonly<Record<number, number>>
    readonly takenBack: Pick<Reversal, 'points' | 'claims'>
    readonly units: readonly ReturnedUnits[]
  }[]
  /** A reversal for each step; `hash` is of the canonical list. */
  readonly expect: readonly object[]
  readonly hash: string
}

const folder = join(import.meta.dirname, '..', 'vectors')

const vectorOf = ({ name, rules, program, input, counters }: VectorCase): Vector => {
  const text = canonicalJson(reference(rules, program, input, counters))
  return { schema: 1, name, rules, program, input, counters, expect: JSON.parse(text) as object, hash: sha256Hex(text) }
}

const returnVectorOf = ({ returns, ...one }: ReturnCase): ReturnVector => {
  const { rules, program, input, counters } = one
  const ruleSet = compileRuleSet(rules, program)
  const outcome = evaluate(ruleSet, input, counters)
  const steps: ReturnVector['steps'][number][] = []
  const reversals: Reversal[] = []
  const returned: Record<number, number> = {}
  for (const units of returns) {
    const takenBack = {
      points: reversals.flatMap(({ points }) => points),
      claims: reversals.flatMap(({ claims }) => claims),
    }
    steps.push({ returned: { ...returned }, takenBack, units })
    reversals.push(reverse(ruleSet, { input, counters, outcome, returned: { ...returned }, takenBack }, units))
    for (const { line, quantityMilli } of units) returned[line] = (returned[line] ?? 0) + quantityMilli
  }
  const text = canonicalJson(reversals)
  const { name } = one
  const vector = {
    schema: 1,
    name,
    rules,
    program,
    input,
    counters,
    steps,
    expect: JSON.parse(text) as object[],
  } as const
  return { ...vector, hash: sha256Hex(text) }
}

/** One file an area. `node --import tsx rules/testing/build-vectors.ts` writes them from the table of cases. */
export const buildVectors = (): Map<string, Vector[]> => {
  const areas = new Map<string, Vector[]>()
  for (const one of vectorCases()) areas.set(one.area, [...(areas.get(one.area) ?? []), vectorOf(one)])
  return areas
}

const RETURNS = 'returns'

export const buildReturns = (): ReturnVector[] => returnCases().map(returnVectorOf)

const read = (area: string): unknown => JSON.parse(readFileSync(join(folder, `${area}.json`), 'utf8'))

/** The vectors on disk, by area. */
export const readVectors = (): Map<string, Vector[]> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json') && file !== `${RETURNS}.json`)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => [file.replace('.json', ''), read(file.replace('.json', '')) as Vector[]]),
  )

export const readReturns = (): ReturnVector[] => read(RETURNS) as ReturnVector[]

if (process.argv[1] === import.meta.filename) {
  for (const [area, vectors] of [...buildVectors(), [RETURNS, buildReturns()] as const]) {
    writeFileSync(join(folder, `${area}.json`), `[\n${vectors.map((vector) => canonicalJson(vector)).join(',\n')}\n]\n`)
  }
}
