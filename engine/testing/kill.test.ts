import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Sale } from '@premia/pos-sdk/contract/till'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { cardNumber, memberId, openFixture, testConsoleKey, testEngineKey } from './fixture.ts'
import { freePort } from './free-port.ts'
import { startTestServer, type TestServer } from './server.ts'
import { allOf, returnOf } from './sale-returns.ts'
import { type Answer, overHttp, type TestTill } from './till.ts'
import { world } from './world.ts'

/** Kills by SIGKILL: of PostgreSQL and of two engine processes on one program, in turn, while six tills' sales go on. */
const ROUNDS = 20
const SENDERS = 6
const MEMBERS = 10
/** So many sales are acknowledged between two kills. */
const PROGRESS = 12
const PROGRESS_WITHIN_MS = 30_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundleFolder = join(root, 'build', `kill-test-${process.pid}`)

let server: TestServer
let database: TestDatabase
let till: TestTill
const engines: EngineProcess[] = []

class EngineProcess {
  readonly port: number
  readonly #slot: number
  #child: ChildProcess | undefined

  constructor(port: number, slot: number) {
    this.port = port
    this.#slot = slot
  }

  start(): void {
    this.#child = spawn(process.execPath, [join(bundleFolder, 'engine-child.mjs')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        CHILD_DATABASE: database.url('premia_engine'),
        CHILD_ENGINE_KEY: testEngineKey,
        CHILD_CONSOLE_KEY: testConsoleKey,
        CHILD_SLOT: String(this.#slot),
        CHILD_PORT: String(this.port),
      },
    })
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** One that could not start because the database was away is started again. */
  revive(): void {
    if (this.#child?.exitCode !== null || this.#child.signalCode !== null) this.start()
  }
}

beforeAll(async () => {
  mkdirSync(bundleFolder, { recursive: true })
  await build({
    entryPoints: { 'engine-child': join(root, 'engine/testing/engine-main.ts') },
    outdir: bundleFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'npm-packages-outside',
        setup: (plugin) => {
          plugin.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@premia/') ? undefined : { path, external: true },
          )
        },
      },
    ],
  })
  server = await startTestServer()
  database = await createTestDatabase(server.access)
  const fixture = await openFixture(database, { members: MEMBERS, startMs: Date.now() })
  till = fixture.till
  await fixture.close()
  for (const slot of [0, 8]) {
    const engine = new EngineProcess(await freePort(), slot)
    engines.push(engine)
    engine.start()
  }
}, 120_000)

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.kill()))
  await database?.drop().catch(() => undefined)
  await server?.stop()
  rmSync(bundleFolder, { recursive: true, force: true })
})

/** Sales and returns; what a return takes back is below zero. */
const acknowledged = new Map<string, { readonly member: number; readonly zloty: number; readonly staff: number }>()
let stopping = false
let number = 0

/** One till's queue: a sale is sent, to whichever engine, until it is final. */
const sendSales = async (sender: number): Promise<void> => {
  while (!stopping) {
    const own = (number += 1)
    const draft = { member: 2 + (own % (MEMBERS - 1)), zloty: 1 + (own % 50) }
    const sale = till.sale({
      card: cardNumber(draft.member),
      staff: { code: '1001' },
      atMs: Date.now(),
      lines: [{ grossMinor: (draft.zloty * 100) as never }],
    })
    const back = returnOf(till, sale, { units: allOf(sale), draft: { atMs: Date.now() } })
    // One in four comes back, every other time before its sale.
    const isEarly = own % 8 === 0
    if (isEarly) await untilFinal(back, sender)
    await untilFinal(sale, sender)
    acknowledged.set(sale.id, { ...draft, staff: 1 })
    if (own % 4 !== 0) continue
    if (!isEarly) await untilFinal(back, sender)
    acknowledged.set(back.id, { ...draft, zloty: -draft.zloty, staff: -1 })
  }
}

const untilFinal = async (sale: Sale, sender: number): Promise<void> => {
  const payload = JSON.stringify(sale)
  for (let attempt = sender; ; attempt += 1) {
    const engine = engines[attempt % engines.length] as EngineProcess
    const answer = await overHttp(`http://127.0.0.1:${engine.port}`)({
      method: 'POST',
      url: '/v1/sales',
      headers: till.seal('POST', '/v1/sales', payload),
      payload,
    }).catch((): Answer => ({ status: 0, body: null, headers: {} }))
    if (answer.status === 200 && ['recorded', 'duplicate'].includes(answer.body.status)) return
    if (answer.status >= 400 && answer.status < 500) throw new Error(`refused: ${JSON.stringify(answer.body)}`)
    await delay(50)
  }
}

const progress = async (): Promise<void> => {
  const wanted = acknowledged.size + PROGRESS
  const deadline = Date.now() + PROGRESS_WITHIN_MS
  while (acknowledged.size < wanted) {
    if (Date.now() > deadline) throw new Error(`no progress: ${acknowledged.size} of ${wanted}`)
    for (const engine of engines) engine.revive()
    await delay(20)
  }
}

/** Returns whose engine was killed between their sale and them are found when an engine starts. */
const untilSettled = async (): Promise<void> => {
  for (const engine of engines) {
    await engine.kill()
    engine.start()
  }
  await expect
    .poll(async () => (await database.admin`SELECT FROM loyalty.sale_return WHERE waiting IS NOT NULL`).length, {
      timeout: PROGRESS_WITHIN_MS,
    })
    .toBe(0)
}

const killOne = async (round: number): Promise<void> => {
  const victim = engines[(round >> 1) % engines.length] as EngineProcess
  if (round % 2 === 0) {
    await server.embedded.kill()
    await server.embedded.start()
  } else {
    await victim.kill()
    victim.start()
  }
}

it('every acknowledged sale and return is there exactly once, however often engine and database are killed', async () => {
  const senders = Array.from({ length: SENDERS }, (_, index) => sendSales(index))
  const failed = Promise.all(senders)
  failed.catch(() => undefined)
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.race([progress(), failed])
    await killOne(round)
  }
  await progress()
  stopping = true
  await failed
  await untilSettled()
  await Promise.all(engines.map((engine) => engine.kill()))

  const { admin } = database
  const booked = await admin<{ document_id: string; times: number }[]>`
    SELECT document_id, count(*) AS times FROM loyalty.sale GROUP BY document_id`
  expect(booked.filter(({ times }) => times !== 1)).toEqual([])
  expect(booked.map((row) => row.document_id).sort()).toEqual([...acknowledged.keys()].sort())

  const expected = new Map<string, number>()
  for (const { member, zloty } of acknowledged.values()) {
    expected.set(memberId(member), (expected.get(memberId(member)) ?? 0) + zloty)
  }
  const rows = await admin<{ holder_id: string; balance: number }[]>`
    SELECT holder_id, balance FROM loyalty.account WHERE holder_kind = 'member'`
  expect(new Map(rows.map((row) => [row.holder_id, row.balance]))).toEqual(expected)
  const [staff] = await admin<{ points: number }[]>`
    SELECT sum(s.balance)::bigint AS points FROM loyalty.account_slot s JOIN loyalty.account a USING (program_id, account_id)
    WHERE a.holder_id = ${world.staff}`
  expect(staff?.points).toBe([...acknowledged.values()].reduce((sum, each) => sum + each.staff, 0))

  const verified = await verifyPrograms(database.engine, { replays: 2_000 })
  expect(verified.filter(({ wrong }) => wrong > 0)).toEqual([])
}, 180_000)
