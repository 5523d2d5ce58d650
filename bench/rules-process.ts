import {
  compileRuleSet,
  evaluate,
  type EvaluationInput,
  explain,
  matchingRules,
  restrict,
  type Rule,
  type RuleSet,
  simulate,
} from '@premia/rules'
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts'
import { allPhases, allPhasesProgram } from './rules-all-phases.ts'
import { closures, type Contender, flatOf, floor, jsonLogic, jsonRules, plainOf, zen } from './rules-contenders.ts'
import { program, rulesOf, saleOf, seeded } from './rules-workload.ts'

// All engines answer the same question, which rules hold for a sale, on the same rules and sales, in interleaved rounds of
// one run; the sale is flattened for the others beforehand, which is in their favour. Ours is also measured whole: the
// accrual phases with allocation to lines and the outcome as plain data, and with other rules all phases.

const contendersFor = (ruleSet: RuleSet, sales: readonly EvaluationInput[], n: number): Contender[] => {
  const flat = sales.map(flatOf)
  const plain = ruleSet.rules.map(plainOf)
  return [
    { name: 'floor', count: floor(plain, sales), sales: 20_000 },
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
    { name: 'zen-engine', count: zen(plain, flat), sales: Math.max(3, Math.floor(5_000 / n)) },
    { name: 'json-rules-engine', count: jsonRules(plain, flat), sales: Math.max(1, Math.floor(1_000 / n)) },
  ]
}

/** Processor time since `from` in nanoseconds, of all threads: garbage collection and compiling count too. */
const processorNs = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from)
  return (user + system) * 1_000
}

/** Mean nanoseconds of processor time a sale in one round: waiting for a neighbour does not count. */
const round = async ({ count, sales: size }: Contender, offset: number, sales: number): Promise<number> => {
  const begun = process.cpuUsage()
  for (let index = 0; index < size; index += 1) {
    const answer = count((offset + index) % sales)
    if (typeof answer !== 'number') await answer
  }
  return processorNs(begun) / size
}

/** Microseconds of single calls by the clock, timer included. */
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

const milliseconds = (work: () => unknown): number => {
  const begun = process.cpuUsage()
  work()
  return processorNs(begun) / 1e6
}

const memoryBytes = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** What compiling costs, first in a fresh process and then as a median, and what a set takes after 500 sales. */
const compileCosts = (count: number): object => {
  const rules = rulesOf(count)
  const compile = (): RuleSet => compileRuleSet(rules, program)
  const whole = (): string => compile().hash
  const firstWithHashMs = milliseconds(whole)
  const plain = [1, 2, 3, 4, 5].map(() => milliseconds(compile))
  const hashed = [1, 2, 3, 4, 5].map(() => milliseconds(whole))
  const sales = salesOf()
  const before = memoryBytes()
  const kept = compile()
  for (const sale of sales) evaluate(kept, sale, {})
  const setBytes = memoryBytes() - before
  const parsed = JSON.stringify(rules)
  const beforeRules = memoryBytes()
  const again = JSON.parse(parsed) as readonly Rule[]
  const rulesBytes = memoryBytes() - beforeRules
  if (kept.rules.length !== again.length) throw new Error('rules got lost')
  return {
    rules: count,
    firstWithHashMs,
    medianMs: medianOf(plain),
    withHashMs: medianOf(hashed),
    /** Without the rules themselves, which the caller has parsed. */
    setMegabytes: setBytes / 1e6,
    rulesMegabytes: rulesBytes / 1e6,
  }
}

const salesOf = (): EvaluationInput[] => {
  const random = seeded(7)
  return Array.from({ length: 500 }, () => saleOf(random))
}

const measure = async (n: number, smoke: boolean): Promise<object> => {
  const rules = rulesOf(n)
  const ruleSet = compileRuleSet(rules, program)
  const sales = salesOf()
  const contenders = contendersFor(ruleSet, sales, n).map((one) =>
    smoke ? { ...one, sales: Math.ceil(one.sales / 20) } : one,
  )
  await assertSame(contenders, smoke || n > 1_000 ? 5 : 20)
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

/** Microseconds of processor time for work that no other engine does: median of rounds. */
const alone = (smoke: boolean, sales: number, work: (index: number) => unknown): number =>
  medianOf(
    Array.from({ length: smoke ? 2 : 7 }, (_, at) =>
      milliseconds(() => {
        for (let index = 0; index < sales; index += 1) work((at * 97 + index) % 500)
      }),
    ).map((ms) => (ms * 1_000) / sales),
  )

/** Prices, discounts, vouchers, limits, groups and points in one set of 1,000, and what explaining costs. */
const beyond = (smoke: boolean): object => {
  const sales = salesOf().map((sale): EvaluationInput => ({ ...sale, mode: 'price' }))
  const ruleSet = compileRuleSet(allPhases(1_000), allPhasesProgram)
  const applied = sales.reduce((sum, sale) => sum + evaluate(ruleSet, sale, {}).applied.length, 0) / sales.length
  const at = (index: number): EvaluationInput => sales[index] as EvaluationInput
  const one = ruleSet.rules[500]?.id as string
  return {
    rules: 1_000,
    applied,
    evaluationUs: alone(smoke, 5_000, (index) => evaluate(ruleSet, at(index), {})),
    explainOneUs: alone(smoke, 500, (index) => explain(ruleSet, at(index), {}, one)),
    explainAllUs: alone(smoke, 50, (index) => explain(ruleSet, at(index), {})),
  }
}

/** What one till carries of 10,000 rules, and what a sale of its outlet costs there and under the whole set. */
const atTerminal = (smoke: boolean): object => {
  const ruleSet = compileRuleSet(rulesOf(10_000), program)
  const [{ outlet }] = salesOf() as [EvaluationInput]
  const sales = salesOf().map((sale): EvaluationInput => ({ ...sale, outlet }))
  const { id, ...place } = outlet
  const view = restrict(ruleSet, { ...place, outlet: id, fromDate: '2026-11-10', toDate: '2026-11-24' })
  const at = (index: number): EvaluationInput => sales[index] as EvaluationInput
  return {
    rules: view.stats.rules,
    ofRules: ruleSet.stats.rules,
    evaluationUs: alone(smoke, 2_000, (index) => evaluate(view, at(index), {})),
    wholeSetUs: alone(smoke, 2_000, (index) => evaluate(ruleSet, at(index), {})),
  }
}

/** Past sales a second of processor time through one set and through two, 1,000 rules each. */
const backtest = (smoke: boolean): object => {
  const [one, other] = [compileRuleSet(rulesOf(1_000), program), compileRuleSet(rulesOf(999), program)]
  const some = salesOf()
  const count = smoke ? 1_000 : 50_000
  const sales = function* (): Generator<EvaluationInput> {
    for (let index = 0; index < count; index += 1) yield some[index % some.length] as EvaluationInput
  }
  const perSecond = (sets: Parameters<typeof simulate>[0]): number => {
    simulate(sets, some)
    return Math.round((count * 1_000) / milliseconds(() => simulate(sets, sales())))
  }
  return { sales: count, oneSetPerSecond: perSecond([one]), twoSetsPerSecond: perSecond([one, other]) }
}

/** N = 10, 100, 1,000 and 10,000 rules, what compiling costs, and what no other engine can be asked. */
const measured = async (smoke: boolean): Promise<object> => {
  const compile = compileCosts(10_000)
  const sizes: object[] = []
  for (const n of [10, 100, 1_000, 10_000]) sizes.push(await measure(n, smoke))
  return {
    clock: 'processor time of all threads',
    sizes,
    allPhases: beyond(smoke),
    terminal: atTerminal(smoke),
    backtest: backtest(smoke),
    compile,
  }
}

process.send?.(await measured(process.argv.includes('--smoke')))
