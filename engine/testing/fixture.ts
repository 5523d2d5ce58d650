import type { Uuid } from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument, Rule } from '@premia/rules'
import { buildEngine, type Engine, type EngineOptions } from '../app.ts'
import { engineKeys } from '../keys.ts'
import type { TestDatabase } from './database.ts'
import { injected, openTill, type TestTill } from './till.ts'
import {
  type Give,
  giver,
  injectedClient,
  operatorActor,
  setUpWorld,
  testDocument,
  testId,
  testMember,
  world,
} from './world.ts'

/**
 * A small world on a real database, made by the commands of the admin door: one operator, one organizer, two programs (the
 * second admits the first outlet only), two outlets, two tills, a member of staff, members by number, rules that credit
 * customer, staff and owner.
 */
export interface Fixture {
  readonly engine: Engine
  readonly give: Give
  readonly till: TestTill
  readonly clock: TestClock
  /** Another process on the same database, without its own timers. */
  twin(options?: Partial<EngineOptions>): Promise<Engine>
  close(): Promise<void>
}

export interface TestClock {
  (): number
  set(timeMs: number): void
  advance(byMs: number): void
}

export const testClock = (startMs: number): TestClock => {
  let nowMs = startMs
  return Object.assign(() => nowMs, {
    set: (timeMs: number) => {
      nowMs = timeMs
    },
    advance: (byMs: number) => {
      nowMs += byMs
    },
  })
}

export const testEngineKey = 'test-engine-key-of-forty-three-characters-x'
export const testKeys = engineKeys(testEngineKey)
export const testConsoleKey = 'test-console-key-of-forty-three-characters-'
export const startsMs = Date.parse('2026-11-20T10:00:00.000Z')

export const secondProgram = testId(2, 2)

export const cardNumber = (member: number): string => `26001${String(member).padStart(8, '0')}`
export const memberId = (member: number): Uuid => testId(7, member)

const head = { schema: 1, version: 1 } as const

/** One point a whole zloty for the customer, one a sale for the staff, one for each 10.00 for the owner. */
export const earningRules: readonly Rule[] = [
  {
    ...head,
    id: 'R-CUSTOMER',
    name: 'Point for a zloty',
    phase: 'accrual.base',
    then: [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } },
    ],
  },
  {
    ...head,
    id: 'R-STAFF',
    name: 'Point for a sale',
    phase: 'accrual.bonus',
    then: [{ do: 'points', to: 'staff', formula: { kind: 'fixed', points: 1 } }],
  },
  {
    ...head,
    id: 'R-OWNER',
    name: 'Point for ten zloty',
    phase: 'accrual.bonus',
    then: [{ do: 'points', to: 'owner', formula: { kind: 'perValue', minor: 1_000, points: 1, basis: 'gross' } }],
  },
]

export interface FixtureOptions {
  readonly rules?: readonly Rule[]
  readonly document?: Partial<ProgramDocument>
  readonly members?: number
  readonly twoPrograms?: boolean
  readonly engine?: Partial<EngineOptions>
  /** Where the clock starts. */
  readonly startMs?: number
}

export const openFixture = async (database: TestDatabase, options: FixtureOptions = {}): Promise<Fixture> => {
  const clock = testClock(options.startMs ?? startsMs)
  const build = (changes: Partial<EngineOptions> = {}): Promise<Engine> =>
    buildEngine({
      databaseUrl: database.url('premia_engine'),
      clock,
      keys: testKeys,
      consoleKey: testConsoleKey,
      logger: false,
      watch: false,
      slot: 0,
      ...changes,
    })
  const engine = await build(options.engine)
  const programs = [world.program, secondProgram]
  const give = giver(injectedClient(engine.app, testConsoleKey, clock), operatorActor({ programs }))
  const rules = (options.rules ?? earningRules).map((rule) => ({ name: rule.name, rule }))
  const { enrolCode } = await setUpWorld(give, rules, testDocument(options.document))
  if (options.twoPrograms === true) await addSecondProgram(give, rules)
  for (let first = 2; first <= (options.members ?? 1); first += 500) {
    const count = Math.min(500, (options.members ?? 1) - first + 1)
    await give(
      'member.enrol',
      { members: Array.from({ length: count }, (_, index) => numberedMember(first + index)) },
      { program: world.program },
    )
  }
  await Promise.all([engine.directory.refresh(), engine.register.refresh()])
  const till = await openTill(injected(engine.app), { code: enrolCode, clock })
  const opened: Engine[] = [engine]
  return {
    engine,
    give,
    till,
    clock,
    twin: async (changes = {}) => {
      const twin = await build({ slot: 8, ...changes })
      opened.push(twin)
      return twin
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.close()))
    },
  }
}

const numberedMember = (number: number): ReturnType<typeof testMember> =>
  testMember({
    id: memberId(number),
    person: { id: testId(8, number), givenName: 'Jan', familyName: `Number ${number}` },
    cards: [{ id: testId(9, number), number: cardNumber(number), kind: 'standard' }],
  })

const addSecondProgram = async (give: Give, rules: Parameters<typeof setUpWorld>[1]): Promise<void> => {
  const program = secondProgram
  const document = testDocument({ name: 'Second program', languages: ['en'] })
  await give('program.create', { id: program, organizer: world.organizer, startsAt: world.startsAt, document })
  await give(
    'program.admit',
    { outlets: [{ outlet: world.outlets[0], from: world.startsAt, steersPrices: false }] },
    { program },
  )
  await give('rules.publish', { rules: rules ?? [], from: world.startsAt }, { program })
}
