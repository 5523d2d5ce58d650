import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../testing/free-port.ts'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'
import { closePool, openPool } from './pool.ts'
import { findServerProcesses, readPidFile } from './server-process.ts'
import { StartError } from './start-error.ts'

const binDir = process.env['TEST_POSTGRES_BIN']
let root: string
let dataDir: string
let server: EmbeddedServer

const ask = async <T>(work: (sql: ReturnType<typeof openPool>) => Promise<T>): Promise<T> => {
  const sql = openPool(server.adminUrl(), { name: 'test', connectionsMax: 1 })
  try {
    return await work(sql)
  } finally {
    await closePool(sql)
  }
}
const rows = () => ask((sql) => sql`SELECT n FROM kept`).then((found) => found.length)

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'premia-embedded-'))
  chmodSync(root, 0o711)
  dataDir = join(root, 'data')
  server = await startEmbedded({ dataDir, port: 0, binDir })
  await ask((sql) => sql`CREATE TABLE kept (n int)`)
  await ask((sql) => sql`INSERT INTO kept VALUES (1)`)
})
afterAll(async () => {
  await server.stop()
  rmSync(root, { recursive: true, force: true })
})

test('a new server is durable, speaks UTF-8 and asks for a password that lies in a file only its owner reads', async () => {
  const [settings] = await ask(
    (sql) => sql`SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
      current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS listens, lower('ŻÓŁĆ') AS lower`,
  )
  expect(settings).toEqual({
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    checksums: 'on',
    encoding: 'UTF8',
    listens: '127.0.0.1',
    lower: 'żółć',
  })
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
  const wrong = openPool(server.adminUrl().replace(/:[^:@]+@/, ':wrong@'), { name: 'test', connectionsMax: 1 })
  await expect(wrong`SELECT 1`).rejects.toMatchObject({ code: '28P01' })
  await closePool(wrong)
})

test('a second start on the same folder is refused and does not disturb the first', async () => {
  await expect(startEmbedded({ dataDir, port: 0, binDir })).rejects.toThrow(
    `Premia is already running on the data folder ${dataDir} (process ${process.pid}).`,
  )
  expect(await rows()).toBe(1)
})

test('kill -9 of PostgreSQL is noticed, and starting again finds every committed row', async () => {
  const crashed = new Promise((done) => server.onCrash(done))
  process.kill(readPidFile(join(dataDir, 'postgres'))!.pid, 'SIGKILL')
  await crashed
  await server.start()
  expect(await rows()).toBe(1)
})

test('a supervisor that is killed leaves a server that the next start stops and replaces', async () => {
  await server.stop()
  const port = await freePort()
  const script = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, port: ${port}, binDir: ${JSON.stringify(binDir)} })
    console.log('up')
    setInterval(() => undefined, 1000)`
  writeFileSync(join(root, 'supervisor.mts'), script)
  const args = ['--import', 'tsx', join(root, 'supervisor.mts')]
  const supervisor = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(supervisor.stdout, 'data')
  supervisor.kill('SIGKILL')
  await once(supervisor, 'exit')
  const orphan = readPidFile(join(dataDir, 'postgres'))!.pid
  expect(findServerProcesses(join(dataDir, 'postgres'))).toContain(orphan)

  server = await startEmbedded({ dataDir, port, binDir })
  expect(findServerProcesses(join(dataDir, 'postgres'))).not.toContain(orphan)
  expect(await rows()).toBe(1)
})

test('a pid file whose number now belongs to somebody else does not keep the server from starting', async () => {
  await server.kill()
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'))
  await server.start()
  expect(await rows()).toBe(1)
})

/** Each of these must say one sentence and leave the folder as it found it. */
const refusals: [string, (folder: string) => void, RegExp][] = [
  ['made by another PostgreSQL', (folder) => writeCluster(folder, '99'), /written by PostgreSQL 99, newer than/],
  ['made by an older PostgreSQL', (folder) => writeCluster(folder, '9'), /written by PostgreSQL 9, older than/],
  ['damaged', (folder) => writeFileSync(join(mkdir(folder, 'postgres'), 'junk'), ''), /is damaged \(PG_VERSION/],
  ['with a damaged secret', (folder) => writeFileSync(join(mkdir(folder), 'secret'), 'no'), /secret is damaged/],
]
test.each(refusals)('a data folder %s is refused in a sentence and not changed', async (_, prepare, sentence) => {
  const folder = mkdtempSync(join(root, 'refused-'))
  prepare(folder)
  const before = listAll(folder)
  const error = await startEmbedded({ dataDir: folder, port: 0, binDir }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StartError)
  expect((error as Error).message).toMatch(sentence)
  expect(listAll(folder)).toEqual(before)
})

test('a taken port is refused and no data folder appears', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const fresh = join(root, 'fresh')
  await expect(startEmbedded({ dataDir: fresh, port, binDir })).rejects.toThrow(`The database port ${port} is taken`)
  expect(existsSync(fresh)).toBe(false)
  taken.close()
})

test('missing programs are named', async () => {
  await expect(startEmbedded({ dataDir: join(root, 'fresh'), port: 0, binDir: root })).rejects.toThrow(
    /program .*initdb is missing/,
  )
  expect(existsSync(join(root, 'fresh'))).toBe(false)
})

test('a data folder that is a file is named in one sentence, and left as it is', async () => {
  const dataDir = join(root, 'file')
  writeFileSync(dataDir, 'a letter')
  await expect(startEmbedded({ dataDir, port: 0, binDir })).rejects.toThrow(
    new RegExp(`^The data folder ${dataDir} cannot be used \\(.*\\): set PREMIA_DATA\\.$`),
  )
  expect(readFileSync(dataDir, 'utf8')).toBe('a letter')
})

test('a first start that was killed while making the folder is made anew', async () => {
  const folder = join(root, 'again')
  writeFileSync(join(mkdir(folder, 'postgres.new'), 'PG_VERSION'), '18')
  const again = await startEmbedded({ dataDir: folder, port: 0, binDir })
  expect(again.fresh).toBe(true)
  await again.stop()
  expect(readdirSync(folder)).not.toContain('postgres.new')
})

test.runIf(process.getuid?.() === 0)('a folder that the unprivileged user may not enter is named', async () => {
  const closed = mkdtempSync(join(root, 'closed-'))
  await expect(startEmbedded({ dataDir: join(closed, 'data'), port: 0, binDir })).rejects.toThrow(
    new RegExp(`may not enter ${closed}: open it with chmod o\\+x`),
  )
  expect(readdirSync(closed)).toEqual([])
})

function mkdir(...path: string[]): string {
  const folder = join(...path)
  mkdirSync(folder, { recursive: true })
  return folder
}

function writeCluster(folder: string, version: string): void {
  const cluster = mkdir(folder, 'postgres')
  writeFileSync(join(cluster, 'PG_VERSION'), `${version}\n`)
  writeFileSync(join(mkdir(cluster, 'global'), 'pg_control'), '')
}

function listAll(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).sort()
}
