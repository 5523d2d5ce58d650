/** Everything that runs during the benchmark: a PostgreSQL of its own, engine, jobs, floor and load, each a process. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { deviceKey } from '@premia/engine/demo/sales/device-key.ts'
import { type EmbeddedServer, startEmbedded } from '@premia/engine/db/embedded.ts'
import { migrate } from '@premia/engine/db/migrate.ts'
import { ensurePartitions } from '@premia/engine/db/partitions.ts'
import { closePool, openPool, type Sql } from '@premia/engine/db/pool.ts'
import { install, roleUrl } from '@premia/engine/db/roles.ts'
import { deriveKey } from '@premia/engine/db/secret.ts'
import { freePort } from '@premia/engine/testing/free-port.ts'
import { adminClient, sendTo } from '@premia/pos-sdk/contract/admin'
import { enrolText, tillRequests } from '@premia/pos-sdk/contract/till'
import type { LoadOrder, LoadWord } from './load.ts'
import { compile, compiledFile, nodeArguments } from '../compiled.ts'
import { parentOf } from '../measure/processor.ts'
import { foundWorld, terminalsOf, variantNames } from './world.ts'

const database = 'premia'

export interface StageSize {
  readonly members: number
  readonly rules: number
}

export interface Stage {
  readonly ports: { readonly engine: number; readonly floor: number }
  readonly processes: Readonly<Record<'engine' | 'jobs' | 'postgres' | 'load' | 'floor', number>>
  /** Of the administrator, for pgbench's own database. */
  readonly adminUrl: (database: string) => string
  /** Sees through row security: only to look. */
  readonly admin: Sql
  order<W extends LoadWord['said']>(order: LoadOrder, expected: W): Promise<Extract<LoadWord, { said: W }>>
  stop(): Promise<void>
}

/** Files of the other processes; written so that whoever looks for unused files sees that they are used. */
const floorFile = fileURLToPath(new URL('./floor.ts', import.meta.url))
const loadFile = fileURLToPath(new URL('./load.ts', import.meta.url))
type Program = 'engine' | 'jobs' | 'floor' | 'load'

const child = (program: Program, env: Readonly<Record<string, string>>): ChildProcess =>
  fork(compiledFile(program), [], {
    execArgv: nodeArguments(),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })

const untilHealthy = async (port: number, path: string): Promise<void> => {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
    await answer?.text()
    if (answer !== undefined) return
    await delay(250)
  }
  throw new Error(`nothing answers at port ${port} within a minute`)
}

const end = async (process: ChildProcess): Promise<void> => {
  if (process.exitCode !== null || process.signalCode !== null) return
  const ended = new Promise((done) => process.once('exit', done))
  process.kill('SIGTERM')
  const timer = setTimeout(() => process.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

const prepareDatabase = async (server: EmbeddedServer): Promise<void> => {
  await install(server.adminUrl(), server.secret, database)
  const owner = openPool(roleUrl(server.adminUrl(database), 'premia_owner', server.secret), {
    name: 'bench',
    connectionsMax: 1,
  })
  try {
    await migrate(owner)
    await ensurePartitions(owner, Date.now())
  } finally {
    await closePool(owner)
  }
}

const enrol = async (port: number, codes: ReadonlyMap<string, string>): Promise<void> => {
  for (const terminal of variantNames.flatMap(terminalsOf)) {
    const code = codes.get(terminal.id) ?? ''
    const { publicKey, sign } = deviceKey(terminal)
    const body = {
      code,
      publicKey,
      software: { name: 'bench', version: '1' },
      signature: sign(enrolText(code, publicKey)),
    }
    const answer = await fetch(`http://127.0.0.1:${port}${tillRequests.enrol.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (answer.status !== 200) throw new Error(`${terminal.name} was not enrolled: ${await answer.text()}`)
    await answer.text()
  }
}

const orders =
  (load: ChildProcess) =>
  <W extends LoadWord['said']>(order: LoadOrder, expected: W): Promise<Extract<LoadWord, { said: W }>> =>
    new Promise((done, fail) => {
      load.once('message', (word: LoadWord) => {
        if (word.said === expected) done(word as Extract<LoadWord, { said: W }>)
        else fail(new Error(word.said === 'failed' ? word.reason : `the load said ${word.said}`))
      })
      load.send(order)
    })

/** Sets the stage: durable settings as the product has them, more memory for pgbench's tables. */
export const setStage = async (size: StageSize): Promise<Stage> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'premia-bench-'))
  const server = await startEmbedded({ dataDir, port: 0, settings: { shared_buffers: '1GB', max_wal_size: '8GB' } })
  const started: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    for (const each of started.reverse()) await end(each)
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  // Ctrl-C takes the servers with it, too.
  const abandon = (): void => void stop().finally(() => process.exit(130))
  process.once('SIGINT', abandon).once('SIGTERM', abandon)
  try {
    await compile({ engine: 'engine/main.ts', jobs: 'engine/jobs/main.ts', floor: floorFile, load: loadFile })
    await prepareDatabase(server)
    const [engine, floor] = [await freePort(), await freePort()]
    const url = (role: Parameters<typeof roleUrl>[1]): string => roleUrl(server.adminUrl(database), role, server.secret)
    const consoleKey = deriveKey(server.secret, 'console-door')
    const env = {
      PREMIA_HOST: '127.0.0.1',
      PREMIA_DATABASE_ENGINE: url('premia_engine'),
      PREMIA_DATABASE_OWNER: url('premia_owner'),
      PREMIA_DATABASE_JOBS: url('premia_jobs'),
      PREMIA_ENGINE_KEY: deriveKey(server.secret, 'engine'),
      PREMIA_CONSOLE_KEY: consoleKey,
      BENCH_MEMBERS: String(size.members),
    }
    const start = (program: Program, port = engine): ChildProcess => {
      const made = child(program, { ...env, ENGINE_PORT: String(port) })
      started.push(made)
      return made
    }
    const engineProcess = start('engine', engine)
    await untilHealthy(engine, '/health')
    const client = adminClient({ send: sendTo(`http://127.0.0.1:${engine}`), key: consoleKey })
    await enrol(engine, await foundWorld(client, size))
    const admin = openPool(server.adminUrl(database), {
      name: 'bench-admin',
      connectionsMax: 3,
      statementTimeoutMs: 600_000,
    })
    await admin`ANALYZE`
    const floorProcess = start('floor', floor)
    const jobs = start('jobs')
    const load = start('load')
    await untilHealthy(floor, '/health')
    const postmaster = (await admin<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`)[0]?.pid ?? 0
    return {
      ports: { engine, floor },
      processes: {
        engine: engineProcess.pid ?? 0,
        jobs: jobs.pid ?? 0,
        postgres: parentOf(postmaster),
        load: load.pid ?? 0,
        floor: floorProcess.pid ?? 0,
      },
      adminUrl: (name) => server.adminUrl(name),
      admin,
      order: orders(load),
      stop: async () => {
        process.off('SIGINT', abandon).off('SIGTERM', abandon)
        await closePool(admin)
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
