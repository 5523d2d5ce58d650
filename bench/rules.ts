import { compileRuleSet, evaluate, type EvaluationInput, matchingRules, type Rule, type RuleSet } from '@premia/rules'
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts'
import { closures, type Contender, flatOf, floor, jsonLogic, jsonRules, plainOf, zen } from './rules-contenders.ts'
import { program, rulesOf, saleOf, seeded } from './rules-workload.ts'

// All engines answer the same question, which rules hold for a sale, on the same rules and sales, in interleaved rounds of
// one run; the sale is flattened for the others beforehand, which is in their favour. Ours is also measured whole: all
// phases, limits, allocation to lines and the outcome as plain data.

const contendersFor = (ruleSet: RuleSet, sales: readonly EvaluationInput[], n: number): Contender[] => {
  const flat = sales.map(flatOf)
  const plain = ruleSet.rules.map(plainOf)
  return [
    { name: 'floor', count: floor(plain, flat), sales: 20_000 },
    {
      name: 'matching',
      count: (index) => matchingRules(ruleSet, sales[index] as EvaluationInput).length,
      sales: 10_000,
    },
    {
      name: 'evaluation',
      count: (index) => evaluate(ruleSet, sales[index] as EvaluationInput, {}).applied.length,
      sales: 5_000,
    },
    { name: 'closures', count: closures(plain, flat), sales: Math.max(20, Math.floor(200_000 / n)) },
    { name: 'json-logic-engine', count: jsonLogic(plain, flat), sales: Math.max(10, Math.floor(50_000 / n)) },
    { name: 'zen-engine', count: zen(plain, flat), sales: Math.max(5, Math.floor(5_000 / n)) },
    { name: 'json-rules-engine', count: jsonRules(plain, flat), sales: Math.max(2, Math.floor(1_000 / n)) },
  ]
}

/** Mean nanoseconds a sale in one round. */
const round = async ({ count, sales: size }: Contender, offset: number, sales: number): Promise<number> => {
  const begun = process.hrtime.bigint()
  for (let index = 0; index < size; index += 1) {
    const answer = count((offset + index) % sales)
    if (typeof answer !== 'number') await answer
  }
  return Number(process.hrtime.bigint() - begun) / size
}

/** Microseconds of single calls, timer included. */
const singles = async ({ count, sales: size }: Contender, sales: number): Promise<Percentiles> => {
  const times: number[] = []
  for (let index = 0; index < Math.min(size, 2_000); index += 1) {
    const begun = process.hrtime.bigint()
    const answer = count(index % sales)
    if (typeof answer !== 'number') await answer
    times.push(Number(process.hrtime.bigint() - begun) / 1_000)
  }
  return percentilesOf(times)
}

/** Every engine must find the same rules, else the comparison says nothing. */
const assertSame = async (contenders: readonly Contender[], sales: number): Promise<void> => {
  const judges = contenders.filter(({ name }) => name !== 'floor' && name !== 'evaluation')
  for (let index = 0; index < sales; index += 1) {
    const counts = await Promise.all(judges.map(async ({ count }) => count(index)))
    if (new Set(counts).size !== 1) {
      throw new Error(`sale ${index}: ${judges.map(({ name }, i) => `${name} ${counts[i]}`).join(', ')}`)
    }
  }
}

const compileCost = (rules: readonly Rule[], options: { readonly hash: boolean }): number => {
  const begun = process.hrtime.bigint()
  const ruleSet = compileRuleSet(rules, program)
  if (options.hash && ruleSet.hash === '') throw new Error('a rule set has a hash')
  return Number(process.hrtime.bigint() - begun) / 1e6
}

const measure = async (n: number, smoke: boolean): Promise<object> => {
  const rules = rulesOf(n)
  const ruleSet = compileRuleSet(rules, program)
  const random = seeded(7)
  const sales = Array.from({ length: 500 }, () => saleOf(random))
  const contenders = contendersFor(ruleSet, sales, n).map((one) =>
    smoke ? { ...one, sales: Math.ceil(one.sales / 20) } : one,
  )
  await assertSame(contenders, smoke ? 5 : 20)
  for (const one of contenders) await round(one, 0, sales.length)
  const rounds: Record<string, number[]> = Object.fromEntries(contenders.map(({ name }) => [name, []]))
  for (let at = 0; at < (smoke ? 2 : 7); at += 1) {
    for (const one of contenders) rounds[one.name]?.push(await round(one, at * 97, sales.length))
  }
  const medianNs = Object.fromEntries(
    Object.entries(rounds).map(([name, times]) => [name, Math.round(medianOf(times))]),
  )
  const percentilesUs: Record<string, Percentiles> = {}
  for (const one of contenders) percentilesUs[one.name] = await singles(one, sales.length)
  const times = (other: string, ours: string): number =>
    Math.round(((medianNs[other] ?? 0) / (medianNs[ours] ?? 1)) * 10) / 10
  const others = ['closures', 'json-logic-engine', 'zen-engine', 'json-rules-engine'] as const
  return {
    n,
    applied: sales.reduce((sum, sale) => sum + evaluate(ruleSet, sale, {}).applied.length, 0) / sales.length,
    medianNs,
    matchingToFloor: times('matching', 'floor'),
    matchingFasterThan: Object.fromEntries(others.map((name) => [name, times(name, 'matching')])),
    evaluationFasterThan: Object.fromEntries(others.map((name) => [name, times(name, 'evaluation')])),
    percentilesUs,
    roundsNs: rounds,
  }
}

/** N = 10, 100, 1,000 and 10,000 rules (ours, floor and closures alone at 10,000), and what compiling costs. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  const sizes: object[] = []
  for (const n of [10, 100, 1_000]) sizes.push(await measure(n, smoke))
  const many = rulesOf(10_000)
  const compileMs = [1, 2, 3, 4, 5].map(() => compileCost(many, { hash: false }))
  return {
    sizes,
    compile: { rules: 10_000, medianMs: medianOf(compileMs), withHashMs: compileCost(many, { hash: true }) },
  }
}
