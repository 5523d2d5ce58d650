import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { closePool, openPool, type Sql } from './pool.ts'
import { checkDatabase, install, type Role, roles, roleUrl } from './roles.ts'
import { deriveKey, type Secret } from './secret.ts'

// A server without our roles, and on it a user as a hosting firm would give us: not a superuser.
let root: string
let server: EmbeddedServer
let hosted: string
const secret = 'cd'.repeat(32) as Secret

const as = async <T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
  const sql = openPool(url, { name: 'test', connectionsMax: 1 })
  try {
    return await work(sql)
  } finally {
    await closePool(sql)
  }
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'premia-roles-'))
  chmodSync(root, 0o711)
  server = await startEmbedded({ dataDir: join(root, 'data'), port: 0, binDir: process.env['TEST_POSTGRES_BIN'] })
  await as(server.adminUrl(), async (admin) => {
    await admin`CREATE ROLE hosted LOGIN CREATEROLE CREATEDB PASSWORD 'given'`
    await admin`CREATE DATABASE shop OWNER hosted`
    await admin`CREATE ROLE stranger LOGIN PASSWORD 'given'`
  })
  hosted = `postgres://hosted:given@127.0.0.1:${server.port}/shop`
})
afterAll(async () => {
  await server.stop()
  rmSync(root, { recursive: true, force: true })
})

test('a user who may make nothing is told what is missing', async () => {
  const stranger = hosted.replace('hosted', 'stranger')
  await expect(install(stranger, secret)).rejects.toThrow(/must own the database and have CREATEROLE and CREATEDB/)
})

test('an ordinary user with CREATEROLE and CREATEDB prepares roles and databases, twice at once and once more', async () => {
  await Promise.all([install(hosted, secret), install(hosted, secret)])
  await install(hosted, secret)
  for (const role of roles) {
    const [row] = await as(
      roleUrl(hosted, role, secret),
      (sql) => sql`SELECT current_user AS me, current_database() AS at`,
    )
    expect(row).toEqual({ me: role, at: role === 'premia_jobs' ? 'shop_jobs' : 'shop' })
  }
})

test('the owner migrates, and nobody else of ours may make a table or enter the other database', async () => {
  const url = (role: Role) => roleUrl(hosted, role, secret)
  expect((await as(url('premia_owner'), (sql) => migrate(sql))).applied).not.toHaveLength(0)
  for (const role of ['premia_engine', 'premia_console'] as const) {
    await expect(as(url(role), (sql) => sql`CREATE TABLE loyalty.mine (n int)`)).rejects.toMatchObject({
      code: '42501',
    })
    await expect(as(url(role), (sql) => sql`CREATE TABLE public.mine (n int)`)).rejects.toMatchObject({ code: '42501' })
  }
  const jobsInShop = url('premia_jobs').replace('/shop_jobs', '/shop')
  await expect(as(jobsInShop, (sql) => sql`SELECT 1`)).rejects.toMatchObject({ code: '42501' })
})

test('the console may neither write what the engine owns nor see it without a scope', async () => {
  const console = roleUrl(hosted, 'premia_console', secret)
  for (const table of ['loyalty.posting', 'loyalty.sale', 'people.person', 'directory.program', 'read.daily_outlet']) {
    await expect(as(console, (sql) => sql.unsafe(`DELETE FROM ${table}`))).rejects.toMatchObject({ code: '42501' })
  }
  expect(await as(console, (sql) => sql`SELECT 1 FROM read.member`)).toEqual([])
})

test("another installation's secret is refused and changes no password", async () => {
  await expect(install(hosted, 'ef'.repeat(32) as Secret)).rejects.toThrow(
    /already has a role premia_owner with another password/,
  )
  await install(hosted, secret)
})

test('no password reaches the server in the clear', async () => {
  const stored = await as(
    server.adminUrl(),
    (sql) =>
      sql<
        { name: string; stored: string }[]
      >`SELECT rolname AS name, rolpassword AS stored FROM pg_authid WHERE rolname LIKE 'premia%'`,
  )
  expect(stored).toHaveLength(roles.length)
  for (const row of stored) {
    expect(row.stored).toMatch(/^SCRAM-SHA-256\$4096:/)
    expect(row.stored).not.toContain(deriveKey(secret, `role:${row.name}`))
  }
})

test.each([
  ['a wrong password', (url: string) => url.replace('given', 'wrong'), /password authentication failed/],
  ['an unknown database', (url: string) => url.replace('/shop', '/nowhere'), /"nowhere" does not exist/],
  ['nobody there', (url: string) => url.replace(/:\d+\//, ':1/'), /ECONNREFUSED/],
])('%s is one sentence', async (_, change, sentence) => {
  await expect(checkDatabase(change(hosted))).rejects.toThrow(sentence)
})
