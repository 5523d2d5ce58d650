/**
 * The conformance kit: scripted faults against a till, whoever wrote it and in whatever language, and then a count. A
 * maker of tills runs it alone: the engine it needs is the fake one, on a port of the same machine.
 */
import type { FakeEngine } from './fake-engine.ts'
import { startFakeEngine } from './fake-engine.ts'
import type { Fault } from './faults.ts'

/** What the kit needs of a till. */
export interface TillUnderTest {
  /** Starts the till against an engine; the enrolment code is good once. Its store is empty. */
  readonly start: (engineUrl: string, enrolmentCode: string) => Promise<void>
  /** Sells one pack for 12.99 cash to the card 2990000000014, under this receipt number. Resolves when it is safe. */
  readonly sell: (receipt: string) => Promise<void>
  /** Resolves when nothing waits any more. */
  readonly drained: () => Promise<void>
  readonly stop: () => Promise<void>
  /**
   * The terminal was revoked while sales wait: starts its replacement with a code of its own, which takes over what the old
   * till has left. `sell`, `drained` and `stop` are the replacement's from then on. A till without it is not tested for it.
   */
  readonly replace?: (engineUrl: string, enrolmentCode: string) => Promise<void>
  /**
   * The pack sold under a receipt comes back and is paid back in cash: a return that names the sale, under a document number
   * of its own. Resolves when it is safe. A till without it is not tested for returns.
   */
  readonly giveBack?: (goods: GoodsBack) => Promise<void>
}

export interface GoodsBack {
  readonly receipt: string
  readonly document: string
  readonly reason: 'customer' | 'void'
}

export interface Scenario {
  readonly name: string
  readonly faults: readonly Fault[]
  /** After the second sale the terminal is revoked, after the third it is replaced. */
  readonly replaced?: boolean
  /** What is sold first comes back, while its sale is not booked everywhere or when all is sold. */
  readonly returned?: {
    readonly reason: GoodsBack['reason']
    readonly when: 'early' | 'atTheEnd'
    /** Of the requests that follow. */
    readonly faults: readonly Fault[]
  }
}

export interface Finding {
  readonly scenario: string
  /** Empty: passed. */
  readonly failures: readonly string[]
}

/** The scenarios, each with the faults of the first requests to `/v1/sales`. */
export const scenarios: readonly Scenario[] = [
  { name: 'all is well', faults: [] },
  { name: 'the request is lost', faults: [{ kind: 'lost' }, { kind: 'lost' }] },
  { name: 'the answer is cut off', faults: [{ kind: 'cut' }, { kind: 'cut' }] },
  { name: 'booked, but the answer is an error', faults: [{ kind: 'bookedThen500' }] },
  { name: 'a defect of the engine', faults: [{ kind: 'status500' }, { kind: 'status500' }] },
  { name: 'busy, with Retry-After', faults: [{ kind: 'busy', retryAfterSeconds: 1 }] },
  { name: 'a proxy answers', faults: [{ kind: 'proxy' }] },
  { name: 'the answer is not about the question', faults: [{ kind: 'garbage' }] },
  {
    name: 'one program comes later',
    faults: [
      { kind: 'later', retryAfterMs: 0 },
      { kind: 'later', retryAfterMs: 0 },
    ],
  },
  { name: 'the session ends', faults: [{ kind: 'sessionExpired' }] },
  { name: 'the terminal is inspected', faults: [{ kind: 'refusal', code: 'terminal_quarantined' }] },
  { name: 'the till is replaced', faults: [{ kind: 'lost' }], replaced: true },
  { name: 'goods come back', faults: [], returned: { reason: 'customer', when: 'atTheEnd', faults: [] } },
  {
    name: 'a return is sent twice',
    faults: [],
    returned: { reason: 'customer', when: 'atTheEnd', faults: [{ kind: 'bookedThen500' }, { kind: 'cut' }] },
  },
  {
    name: 'a return comes before its sale',
    faults: [{ kind: 'later', retryAfterMs: 500 }],
    returned: { reason: 'customer', when: 'early', faults: [] },
  },
  {
    name: 'a void comes before its sale, twice',
    faults: [{ kind: 'later', retryAfterMs: 500 }],
    returned: { reason: 'void', when: 'early', faults: [{ kind: 'bookedThen500' }] },
  },
]

const SALES = 5
const POINTS_EACH = 12

/** The document number under which the first receipt comes back. */
const BACK = 'back-1'

const failuresOf = ({ ledger, programs }: FakeEngine, returns: number): readonly string[] => {
  const failures: string[] = [...ledger.suspicions]
  const documents = [...ledger.bookings.values()].map(({ sale }) => sale)
  const numbers = documents.filter(({ kind }) => kind === 'sale').map(({ document }) => document.number)
  const back = documents.filter(({ kind }) => kind === 'return').map(({ document }) => document.number)
  const due = returns === 0 ? '' : BACK
  if (back.join() !== due) failures.push(`the returns are ${back.join() || 'none'} instead of ${due || 'none'}`)
  for (let receipt = 1; receipt <= SALES; receipt += 1) {
    const times = numbers.filter((number) => number === String(receipt)).length
    if (times !== 1) failures.push(`receipt ${receipt} is booked ${times} times`)
  }
  for (const { sale, programs: booked } of ledger.bookings.values()) {
    if (booked.size < programs.length) failures.push(`${sale.document.number} is not booked in every program`)
  }
  const points = ledger.points('2990000000014')
  const earned = (SALES - returns) * POINTS_EACH * programs.length
  if (points !== earned) failures.push(`the card has ${points} points instead of ${earned}`)
  return failures
}

/** Gives up on a till that never finishes. */
const SCENARIO_MS = 60_000

const within = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${SCENARIO_MS / 1_000} s`)), SCENARIO_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves when the engine has had a request with sales. */
const asked = async ({ batches }: FakeEngine): Promise<void> => {
  while (batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
}

const takeBack = async (till: TillUnderTest, engine: FakeEngine, { returned }: Scenario): Promise<void> => {
  if (returned === undefined) return
  if (returned.when === 'early') await asked(engine)
  else await till.drained()
  engine.script(...returned.faults)
  await till.giveBack?.({ receipt: '1', document: BACK, reason: returned.reason })
}

/** Sells all receipts, by two tills where the scenario replaces the first, and takes the first one back where it says so. */
const sellAll = async (till: TillUnderTest, engine: FakeEngine, scenario: Scenario): Promise<void> => {
  const { replaced = false, returned } = scenario
  let code = ''
  for (let receipt = 1; receipt <= SALES; receipt += 1) {
    if (replaced && receipt === 3) code = engine.replaceTerminal()
    if (replaced && receipt === 4) await till.replace?.(engine.url, code)
    await till.sell(String(receipt))
    if (returned?.when === 'early' && receipt === 1) await takeBack(till, engine, scenario)
  }
  if (returned?.when === 'atTheEnd') await takeBack(till, engine, scenario)
}

const runScenario = async (till: TillUnderTest, scenario: Scenario): Promise<Finding> => {
  const { name, faults, returned } = scenario
  const engine = await startFakeEngine({ programs: 2 })
  engine.script(...faults)
  try {
    await within(
      (async () => {
        await till.start(engine.url, engine.enrolmentCode)
        await sellAll(till, engine, scenario)
        await till.drained()
      })(),
    )
    return { scenario: name, failures: failuresOf(engine, returned === undefined ? 0 : 1) }
  } catch (error) {
    return { scenario: name, failures: [String(error)] }
  } finally {
    await till.stop()
    await engine.close()
  }
}

/**
 * Runs the scenarios, one after the other, and answers what was found in each.
 *
 * @example for (const { scenario, failures } of await runConformance(myTill)) console.log(scenario, failures)
 */
export const runConformance = async (
  till: TillUnderTest,
  chosen: readonly Scenario[] = scenarios,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const scenario of chosen) {
    if (scenario.replaced === true && till.replace === undefined) continue
    if (scenario.returned !== undefined && till.giveBack === undefined) continue
    findings.push(await runScenario(till, scenario))
  }
  return findings
}
