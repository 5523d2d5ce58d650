/** The workload `sales`: the engine beside pgbench and beside its own bare route, in interleaved rounds of one run. */
import { verifyPrograms } from '@premia/engine/ledger/verify.ts'
import { fillPgbench, findPgbench, type PgbenchRun, runPgbench } from './measure/pgbench.ts'
import { type ProcessorUse, watchProcessor } from './measure/processor.ts'
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts'
import { setStage, type Stage } from './sales/stage.ts'
import { type VariantName, variantNames, variants } from './sales/world.ts'

interface Plan {
  readonly rounds: number
  readonly members: number
  readonly rules: number
  readonly pgbench: { readonly scale: number; readonly seconds: number; readonly clients: number }
  /** Sales of one round. */
  readonly sales: Readonly<Record<VariantName | 'floor' | 'floorHundred', number>>
}

const fullPlan: Plan = {
  rounds: 3,
  members: 20_000,
  rules: 1_000,
  pgbench: { scale: 50, seconds: 6, clients: 16 },
  sales: {
    single: 8_000,
    hundred: 16_000,
    oneOwner: 6_000,
    noOwner: 6_000,
    twoPrograms: 5_000,
    threePrograms: 4_000,
    floor: 12_000,
    floorHundred: 16_000,
  },
}

/** Proves that everything works and that nothing is wrong by an order of magnitude; its figures say no more. */
const smokePlan: Plan = {
  rounds: 1,
  members: 300,
  rules: 100,
  pgbench: { scale: 1, seconds: 1, clients: 8 },
  sales: {
    single: 256,
    hundred: 800,
    oneOwner: 128,
    noOwner: 128,
    twoPrograms: 128,
    threePrograms: 128,
    floor: 256,
    floorHundred: 800,
  },
}

type Subject = VariantName | 'floor' | 'floorHundred'

interface Round {
  readonly perSecond: number
  readonly latencyMs: Percentiles
  readonly processor: ProcessorUse | undefined
}

const subjects: readonly Subject[] = ['floor', 'floorHundred', ...variantNames]

const runSubject = async (stage: Stage, subject: Subject, sales: number): Promise<Round> => {
  const bare = subject === 'floor' || subject === 'floorHundred'
  const variant = subject === 'floor' ? 'single' : subject === 'floorHundred' ? 'hundred' : subject
  const target = bare ? 'floor' : 'engine'
  await stage.order({ do: 'prepare', variant, sales, target }, 'prepared')
  const processor = watchProcessor(stage.processes)
  const { round } = await stage.order({ do: 'go', port: stage.ports[target] }, 'driven')
  const use = processor()
  if (round.acknowledged !== round.sales) {
    throw new Error(`${subject}: ${round.sales - round.acknowledged} of ${round.sales} sales were not acknowledged`)
  }
  return {
    perSecond: Math.round(round.sales / round.seconds),
    latencyMs: percentilesOf(round.latencyMs),
    processor: use,
  }
}

const runRounds = async (stage: Stage, plan: Plan, pgbench: string | undefined) => {
  const rounds: { pgbench?: PgbenchRun; subjects: Partial<Record<Subject, Round>> }[] = []
  const url = stage.adminUrl('bench_pgbench')
  if (pgbench !== undefined) {
    await stage.admin`CREATE DATABASE bench_pgbench`
    fillPgbench({ pgbench, url }, plan.pgbench.scale)
  }
  for (const subject of subjects) await runSubject(stage, subject, Math.ceil(plan.sales[subject] / 4))
  for (let at = 0; at < plan.rounds; at += 1) {
    const beside = pgbench === undefined ? {} : { pgbench: await runPgbench({ pgbench, url }, plan.pgbench) }
    const done: Partial<Record<Subject, Round>> = {}
    for (const subject of subjects) done[subject] = await runSubject(stage, subject, plan.sales[subject])
    rounds.push({ ...beside, subjects: done })
    console.log(
      `round ${at + 1} of ${plan.rounds}: ${subjects.map((name) => `${name} ${done[name]?.perSecond}/s`).join(', ')}`,
    )
  }
  return rounds
}

type Rounds = Awaited<ReturnType<typeof runRounds>>

const two = (value: number): number => Math.round(value * 100) / 100

/** The median of the rounds' own ratios: neighbours disturb both sides of a round alike. */
const ratios = (rounds: Rounds): Readonly<Record<string, number | null>> => {
  const ratio = (of: (round: Rounds[number]) => readonly [number | undefined, number | undefined]): number | null => {
    const each = rounds
      .map(of)
      .filter((pair): pair is readonly [number, number] => pair.every((rate) => rate !== undefined))
    return each.length === 0 ? null : two(medianOf(each.map(([ours, theirs]) => ours / theirs)))
  }
  const rate = (round: Rounds[number], subject: Subject): number | undefined => round.subjects[subject]?.perSecond
  return {
    singleToPgbench: ratio((round) => [rate(round, 'single'), round.pgbench?.perSecond]),
    hundredToPgbench: ratio((round) => [rate(round, 'hundred'), round.pgbench?.perSecond]),
    singleToFloor: ratio((round) => [rate(round, 'single'), rate(round, 'floor')]),
    hundredToFloor: ratio((round) => [rate(round, 'hundred'), rate(round, 'floorHundred')]),
    oneOwnerToNoOwner: ratio((round) => [rate(round, 'oneOwner'), rate(round, 'noOwner')]),
    twoProgramsToOne: ratio((round) => [rate(round, 'twoPrograms'), rate(round, 'single')]),
    threeProgramsToOne: ratio((round) => [rate(round, 'threePrograms'), rate(round, 'single')]),
  }
}

const page = 10_000

/** Every acknowledged sale must be booked once in each of its programs, and the ledger must prove itself. */
const verify = async (stage: Stage): Promise<{ readonly acknowledged: number; readonly checks: number }> => {
  let acknowledged = 0
  for (const variant of variantNames) {
    const { ids } = await stage.order({ do: 'acknowledged', variant }, 'acknowledged')
    acknowledged += ids.length
    for (let start = 0; start < ids.length; start += page) {
      const [row] = await stage.admin<{ wrong: number }[]>`
        SELECT count(*) AS wrong FROM unnest(${ids.slice(start, start + page) as string[]}::uuid[]) AS a (id)
        WHERE (SELECT count(*) FROM loyalty.sale s JOIN loyalty.sale_key k
            ON k.program_id = s.program_id AND k.document_id = s.document_id AND k.booked_at = s.booked_at
          WHERE k.document_id = a.id AND k.state = 'booked') <> ${variants[variant].programs.length}`
      if ((row?.wrong ?? 1) !== 0)
        throw new Error(`${variant}: ${row?.wrong} acknowledged sales are not booked as told`)
    }
  }
  const checks = await verifyPrograms(stage.admin, { replays: 200 })
  const wrong = checks.filter((check) => check.wrong > 0)
  if (wrong.length > 0) throw new Error(`the ledger does not prove itself: ${wrong.map(({ name }) => name).join(', ')}`)
  return { acknowledged, checks: checks.length }
}

/** The workload; its answer is what `bench/results/sales.json` holds. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  const plan = smoke ? smokePlan : fullPlan
  const pgbench = findPgbench()
  if (pgbench === undefined) console.log('pgbench is not installed: no ratio to it will be given')
  const stage = await setStage(plan)
  try {
    const rounds = await runRounds(stage, plan, pgbench)
    const settings = await stage.admin<{ name: string; setting: string }[]>`
      SELECT name, setting FROM pg_settings
      WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')`
    const medians = Object.fromEntries(
      subjects.map((name) => [name, medianOf(rounds.map((round) => round.subjects[name]?.perSecond ?? 0))]),
    )
    return {
      plan,
      settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
      ratios: ratios(rounds),
      medianPerSecond: {
        ...medians,
        pgbench: pgbench === undefined ? null : medianOf(rounds.map((round) => round.pgbench?.perSecond ?? 0)),
      },
      verified: await verify(stage),
      rounds,
    }
  } finally {
    await stage.stop()
  }
}
