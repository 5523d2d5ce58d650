import type { ProgramResult, Sale, SaleResult, Uuid } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackText } from '../../ledger/kept-text.ts'
import { verifyPrograms } from '../../ledger/verify.ts'
import type { Operator } from '../../programs/directory.ts'
import { originalsIn } from '../../returns/programs-of-return.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { type Fixture, openFixture, secondProgram } from '../../testing/fixture.ts'
import { allOf, holdings, returnOf } from '../../testing/sale-returns.ts'
import { injected, openTill, type TestTill } from '../../testing/till.ts'
import { testId, world } from '../../testing/world.ts'

let database: TestDatabase
let fixture: Fixture
/** Stands at the first outlet, which both programs have. */
let here: TestTill
/** Stands at the second outlet, which only the first program has. */
let there: TestTill

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { twoPrograms: true })
  here = fixture.till
  const terminals = [{ id: testId(4, 2), name: 'Till 2', outlet: world.outlets[1], from: world.startsAt }]
  const { codes } = await fixture.give('terminal.register', { terminals })
  await Promise.all([fixture.engine.directory.refresh(), fixture.engine.register.refresh()])
  there = await openTill(injected(fixture.engine.app), { code: codes[0]?.code ?? '', clock: fixture.clock })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const post = async (till: TestTill, sale: Sale): Promise<Extract<SaleResult, { programs: unknown }>> => {
  const answer = await till.post('/v1/sales', sale)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}
const told = (result: ProgramResult): string => {
  const name = result.program === secondProgram ? 'second' : 'first'
  const notices = 'notices' in result ? result.notices.map(({ code }) => ` ${code}`).join('') : ''
  return `${name} ${result.status}${notices}`
}
const send = async (till: TestTill, sale: Sale): Promise<readonly string[]> =>
  (await post(till, sale)).programs.map(told).sort()

const bought = (till: TestTill, number?: string): Sale =>
  till.sale({
    staff: { code: '1001' },
    lines: [{ grossMinor: 3_000 as never }],
    ...(number === undefined ? {} : { number }),
  })
const back = (till: TestTill, sale: Sale): Sale => returnOf(till, sale, { units: allOf(sale) })

const swept = async (): Promise<void> => {
  await fixture.engine.waitingReturns.settled()
  await fixture.engine.waitingReturns.sweep()
}
const waiting = async (): Promise<number> =>
  (await database.admin`SELECT FROM loyalty.sale_return WHERE waiting IS NOT NULL`).length
const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0)).toEqual([])
}

describe('a return of a sale in two programs', () => {
  it('PRG-02: takes back in both, also where it is brought to an outlet of one of them', async () => {
    const before = await holdings(database)
    const sale = bought(here)
    expect(await send(here, sale)).toEqual(['first booked', 'second booked'])
    expect(await send(there, back(there, sale))).toEqual(['first booked', 'second booked'])
    expect(await holdings(database)).toEqual(before)
    await expectSound()
  })

  it('reaches the program that its outlet has not got, though it came before the sale', async () => {
    const before = await holdings(database)
    const sale = bought(here)
    const made = back(there, sale)
    expect(await send(there, made)).toEqual(['first waiting'])
    expect(await send(here, sale)).toEqual(['first booked', 'second booked'])
    await swept()
    expect(await holdings(database)).toEqual(before)
    expect(await waiting()).toBe(0)
    expect(await send(there, made)).toEqual(['first booked', 'second booked'])
    await expectSound()
  })

  it('waits in the one that books the sale later', async () => {
    const before = await holdings(database)
    const { admin } = database
    await admin.unsafe(`
      CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.document_number = 'POISON' AND NEW.program_id = 2 THEN RAISE 'planted'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON loyalty.sale FOR EACH ROW EXECUTE FUNCTION public.poison()`)
    const sale = bought(here, 'POISON')
    expect(await send(here, sale)).toEqual(['first booked', 'second later'])
    const made = back(here, sale)
    expect(await send(here, made)).toEqual(['first booked', 'second waiting'])
    await swept()
    expect(await waiting()).toBe(1)
    await admin.unsafe('DROP TRIGGER poison ON loyalty.sale')
    expect(await send(here, sale)).toEqual(['first booked', 'second booked'])
    await swept()
    expect(await holdings(database)).toEqual(before)
    expect(await send(here, made)).toEqual(['first booked', 'second booked'])
    await expectSound()
  })
})

describe('a return of a sale in one program', () => {
  it('that waited in another one, too, is settled there without it', async () => {
    const before = await holdings(database)
    const sale = bought(there)
    const made = back(here, sale)
    expect(await send(here, made)).toEqual(['first waiting', 'second waiting'])
    expect(await send(there, sale)).toEqual(['first booked'])
    await swept()
    expect(await holdings(database)).toEqual(before)
    expect(await waiting()).toBe(0)
    await expectSound()
  })

  it('of another operator is nothing that an operator can see', async () => {
    const sale = bought(there)
    await send(there, sale)
    const [first, second] = fixture.engine.directory.programs()
    if (first === undefined || second === undefined) throw new Error('there are two programs')
    const originals = originalsIn(fixture.engine.sql)
    const made = back(here, sale)
    const of = async (programs: Operator['programs']): Promise<readonly Uuid[]> => {
      const operator = { programs } as Operator
      return (await originals.programsOf(made, { operator, programs: [second] })).map(({ publicId }) => publicId)
    }
    expect(await of([first, second])).toEqual([world.program])
    expect(await of([second])).toEqual([secondProgram])
  })
})

describe('where a program keeps totals alone', () => {
  it.each(['frozen', 'readjudicated'] as const)(
    'sales under model %s are taken back as if they were frozen',
    async (returnModel) => {
      const own = await createTestDatabase()
      const opened = await openFixture(own, { document: { returnModel } })
      const { engine, till } = opened
      try {
        await own.admin`UPDATE directory.program_outlet SET stores = 'totals'`
        await own.admin`UPDATE directory.program SET config_version = config_version + 1`
        await engine.directory.refresh()
        const sale = till.sale({
          staff: { code: '1001' },
          lines: [{ quantityMilli: 3_000 as never, unitPriceMinor: 1_000 as never, grossMinor: 3_000 as never }],
        })
        const before = await holdings(own)
        expect(await send(till, sale)).toEqual(['first booked'])
        expect(await send(till, returnOf(till, sale, { units: { 1: 1_000 } }))).toEqual(['first booked'])
        expect(await send(till, returnOf(till, sale, { units: { 1: 2_000 }, before: { 1: 1_000 } }))).toEqual([
          'first booked',
        ])
        expect(await holdings(own)).toEqual(before)
        const kept = await own.admin`SELECT content FROM loyalty.sale`
        for (const { content } of kept) expect(unpackText(content)).not.toContain('cream')
        expect((await verifyPrograms(own.engine, { replays: 10 })).filter(({ wrong }) => wrong > 0)).toEqual([])
      } finally {
        await opened.close()
        await own.drop()
      }
    },
  )
})
