/** The workload `large`: what a sale costs when millions of past ones lie in the database, beside a small one. */
import { multiply } from './large/multiply.ts'
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts'
import { setStage, type Stage } from './sales/stage.ts'

interface Plan {
  readonly rounds: number
  readonly members: number
  readonly rules: number
  /** Sales booked in both databases before anything is measured. */
  readonly booked: number
  /** How often those are copied in the large one. */
  readonly copies: number
  readonly salesARound: number
}

const fullPlan: Plan = { rounds: 7, members: 20_000, rules: 1_000, booked: 100_000, copies: 99, salesARound: 6_000 }
const smokePlan: Plan = { rounds: 1, members: 300, rules: 100, booked: 400, copies: 3, salesARound: 128 }

/** Signed sales are made in memory. */
const BOOKED_A_TURN = 10_000

const drive = async (stage: Stage, variant: 'single' | 'hundred', sales: number) => {
  await stage.order({ do: 'prepare', variant, sales, target: 'engine' }, 'prepared')
  const { round } = await stage.order({ do: 'go', port: stage.ports.engine }, 'driven')
  if (round.acknowledged !== round.sales)
    throw new Error(`${round.sales - round.acknowledged} sales were not acknowledged`)
  return round
}

const book = async (stage: Stage, sales: number): Promise<void> => {
  for (let done = 0; done < sales; done += BOOKED_A_TURN) {
    await drive(stage, 'hundred', Math.min(BOOKED_A_TURN, sales - done))
  }
  await stage.admin.unsafe('VACUUM (ANALYZE)')
  await stage.admin.unsafe('CHECKPOINT')
}

interface Round {
  readonly perSecond: number
  readonly latencyMs: Percentiles
  readonly walBytesASale: number
}

const walNow = async (stage: Stage): Promise<number> => {
  const [row] = await stage.admin<{ bytes: number }[]>`
    SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS bytes`
  return row?.bytes ?? 0
}

/** Each round begins with a checkpoint, so that the pages it touches go whole into the log on both sides. */
const runRound = async (stage: Stage, sales: number): Promise<Round> => {
  await stage.admin.unsafe('CHECKPOINT')
  const before = await walNow(stage)
  const round = await drive(stage, 'single', sales)
  return {
    perSecond: Math.round(round.sales / round.seconds),
    latencyMs: percentilesOf(round.latencyMs),
    walBytesASale: Math.round(((await walNow(stage)) - before) / round.sales),
  }
}

const sizeOf = async (stage: Stage) => {
  const [row] = await stage.admin<{ sales: number; bytes: number }[]>`
    SELECT count(*) AS sales, pg_database_size(current_database()) AS bytes FROM loyalty.sale_key`
  return { sales: row?.sales ?? 0, gibibytes: Math.round(((row?.bytes ?? 0) / 2 ** 30) * 10) / 10 }
}

const two = (value: number): number => Math.round(value * 100) / 100

/** The workload; its answer is what `bench/results/large.json` holds. Disk: 4 GB for each million sales, and the log. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  const copies = Number(process.env['BENCH_COPIES'] ?? fullPlan.copies)
  const plan = smoke ? smokePlan : { ...fullPlan, copies }
  const small = await setStage(plan)
  const large = await setStage(plan).catch(async (error: unknown) => {
    await small.stop()
    throw error
  })
  try {
    for (const stage of [small, large]) await book(stage, plan.booked)
    const startedMs = performance.now()
    await multiply(large.admin, plan.copies, (done) =>
      console.log(`copy ${done} of ${plan.copies}, ${Math.round((performance.now() - startedMs) / 1000)} s`),
    )
    const sizes = { small: await sizeOf(small), large: await sizeOf(large) }
    console.log(JSON.stringify(sizes))
    for (const stage of [small, large]) await runRound(stage, plan.salesARound)
    const rounds: { readonly small: Round; readonly large: Round }[] = []
    for (let at = 0; at < plan.rounds; at += 1) {
      // The order turns, so that neither is always the one that runs second.
      const first = at % 2 === 0 ? small : large
      const one = await runRound(first, plan.salesARound)
      const other = await runRound(first === small ? large : small, plan.salesARound)
      rounds.push(first === small ? { small: one, large: other } : { small: other, large: one })
    }
    const ratio = (of: (round: Round) => number): number =>
      two(medianOf(rounds.map((round) => of(round.large) / of(round.small))))
    return {
      plan,
      sizes,
      ratios: {
        p50: ratio(({ latencyMs }) => latencyMs.p50),
        p99: ratio(({ latencyMs }) => latencyMs.p99),
        walBytesASale: ratio((round) => round.walBytesASale),
        perSecond: ratio(({ perSecond }) => perSecond),
      },
      rounds,
    }
  } finally {
    await small.stop()
    await large.stop()
  }
}
