import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listBackups, refuseForeignDatabase, takeBackup } from './backup.ts'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'
import { closePool, openPool, type Sql } from './pool.ts'
import { restoreBackup } from './restore.ts'

const binDir = process.env['TEST_POSTGRES_BIN']
let root: string
let dataDir: string
let target: string
let server: EmbeddedServer
let admin: Sql

const open = () => openPool(server.adminUrl(), { name: 'test', connectionsMax: 2 })
const write = async (n: number) => void (await admin`INSERT INTO written (n) VALUES (${n})`)
const written = async () => (await admin<{ n: number }[]>`SELECT n FROM written ORDER BY n`).map((row) => row.n)
const archive = async () => {
  const [row] = await admin<{ segment: string }[]>`SELECT pg_walfile_name(pg_switch_wal()) AS segment`
  await expect.poll(() => existsSync(join(target, 'wal', row!.segment)), { timeout: 20_000 }).toBe(true)
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'premia-backup-'))
  dataDir = join(root, 'data')
  target = join(root, 'target')
  // The server's user has to pass through.
  chmodSync(root, 0o711)
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  await admin`CREATE TABLE written (n int PRIMARY KEY)`
})
afterAll(async () => {
  await closePool(admin)
  await server.stop()
  rmSync(root, { recursive: true, force: true })
})

test('what was written after the backup and archived is there after the data folder is lost', async () => {
  await write(1)
  const backup = await takeBackup({ dataDir, port: server.port, target })
  expect(backup.bytes).toBeGreaterThan(10_000_000)
  await write(2)
  await archive()
  await closePool(admin)
  await server.stop()
  rmSync(dataDir, { recursive: true })

  const { movedAside } = await restoreBackup({ dataDir, target, binDir })
  expect(movedAside).toBeUndefined()
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  expect(await written()).toEqual([1, 2])
})

test('a restored database goes on archiving, so that it can be restored again', async () => {
  await write(3)
  await archive()
  await closePool(admin)
  await server.kill()
  await server.stop()
  rmSync(dataDir, { recursive: true })
  await restoreBackup({ dataDir, target, binDir })
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  expect(await written()).toEqual([1, 2, 3])
})

test('a restore elsewhere, for practice, takes nothing away from the next real one', async () => {
  const copyDir = join(root, 'copy')
  const { archives } = await restoreBackup({ dataDir: copyDir, target, binDir })
  expect(archives).toBe(false)
  const copy = await startEmbedded({ dataDir: copyDir, port: 0, binDir })
  const copyAdmin = openPool(copy.adminUrl(), { name: 'test', connectionsMax: 1 })
  await copyAdmin`INSERT INTO written (n) VALUES (99)`
  await copyAdmin`SELECT pg_switch_wal()`
  // Archived or let go, but dealt with.
  const dealt = async () => (await copyAdmin<{ n: number }[]>`SELECT archived_count AS n FROM pg_stat_archiver`)[0]!.n
  await expect.poll(dealt, { timeout: 20_000 }).toBeGreaterThan(0)
  await closePool(copyAdmin)
  await copy.stop()

  await admin`DELETE FROM written WHERE n = 3`
  await archive()
  await closePool(admin)
  await server.stop()
  rmSync(dataDir, { recursive: true })
  expect((await restoreBackup({ dataDir, target, binDir })).archives).toBe(true)
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  expect(await written()).toEqual([1, 2])
  await write(3)
})

test('an instant may be named; what came after it is left out, and the old folder is moved aside', async () => {
  await write(4)
  // A Date has whole milliseconds: the next one, once it has passed, lies between the two commits.
  const [row] = await admin<{ at: Date }[]>`
    SELECT next.at FROM (SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS at) next, pg_sleep(0.002)`
  await write(5)
  await archive()
  await closePool(admin)
  await server.stop()
  await expect(restoreBackup({ dataDir, target, binDir })).rejects.toThrow(/exists: npm run restore -- --replace/)
  const { movedAside } = await restoreBackup({ dataDir, target, binDir, replace: true, until: row!.at })
  expect(existsSync(join(dataDir, `postgres.${movedAside}`))).toBe(true)
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  expect(await written()).toEqual([1, 2, 3, 4])
})

test('the last two bases and the log since the older one are kept', async () => {
  for (let n = 0; n < 3; n += 1) await takeBackup({ dataDir, port: server.port, target })
  const backups = listBackups(target)
  expect(backups).toHaveLength(2)
  const segments = readdirSync(join(target, 'wal')).filter((name) => /^[0-9A-F]{24}$/.test(name))
  expect(segments.every((name) => name >= backups[0]!.firstSegment)).toBe(true)
})

test('a running Premia is not restored over', async () => {
  await expect(restoreBackup({ dataDir, target, binDir, replace: true })).rejects.toThrow(/already running/)
})

test('a restore that cannot end leaves everything as it was', async () => {
  await closePool(admin)
  await server.stop()
  const backup = listBackups(target).at(-1)!
  rmSync(join(backup.folder, 'postgres', 'backup_label'))
  rmSync(join(backup.folder, 'postgres', 'global', 'pg_control'))
  await expect(restoreBackup({ dataDir, target, binDir, replace: true })).rejects.toThrow(/damaged/)
  server = await startEmbedded({ dataDir, port: 0, binDir })
  admin = open()
  expect(await written()).toEqual([1, 2, 3, 4])
})

test('a folder without a complete backup changes nothing', async () => {
  const empty = join(root, 'empty')
  await expect(restoreBackup({ dataDir: join(root, 'other'), target: empty, binDir })).rejects.toThrow(
    /no complete backup/,
  )
  expect(existsSync(join(root, 'other'))).toBe(false)
})

test('a server of DATABASE_URL is left to its own tools', () => {
  expect(() => refuseForeignDatabase('postgres://h/d', 'back up')).toThrow(/pg_basebackup/)
})
