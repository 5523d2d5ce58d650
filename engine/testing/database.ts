import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { closePool, openPool, type Sql } from '../db/pool.ts'
import { type Role, roleUrl } from '../db/roles.ts'
import type { Secret } from '../db/secret.ts'
import { type TestServerAccess, templateName } from './server.ts'

/**
 * A database of its own for a test file, copied from the migrated template. In vitest the server is there
 * (testing/global-setup.ts); elsewhere (kill tests' children, benches) pass the access of startTestServer.
 */
export type TestDatabase = {
  readonly name: string
  readonly owner: Sql
  readonly engine: Sql
  readonly console: Sql
  /** The superuser, who sees through row security: for setting up and looking, never for what is tested. */
  readonly admin: Sql
  /** Addresses for other processes. */
  url(role: Role): string
  /** Closes the pools and removes the database. */
  drop(): Promise<void>
}

const CONNECTIONS_MAX = 4

export async function createTestDatabase(access: TestServerAccess = inject('database')): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await atServer(access, (admin) => copyTemplate(admin, name))
  const adminUrl = new URL(access.adminUrl)
  adminUrl.pathname = `/${name}`
  const url = (role: Role): string => roleUrl(adminUrl.href, role, access.secret as Secret)
  const open = (poolName: string, address: string): Sql =>
    openPool(address, { name: poolName, connectionsMax: CONNECTIONS_MAX })
  const pools = {
    owner: open('owner', url('premia_owner')),
    engine: open('engine', url('premia_engine')),
    console: open('console', url('premia_console')),
    admin: open('admin', adminUrl.href),
  }
  const drop = async (): Promise<void> => {
    await Promise.all(Object.values(pools).map(closePool))
    await atServer(access, async (admin) => {
      await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`
      await admin`DROP DATABASE IF EXISTS ${admin(`${name}_jobs`)} WITH (FORCE)`
    })
  }
  return { name, ...pools, url, drop }
}

/** The job queue's own database, made only for tests that need one. */
export async function createTestJobsDatabase(database: TestDatabase, access: TestServerAccess = inject('database')) {
  await atServer(access, async (admin) => {
    await admin`CREATE DATABASE ${admin(`${database.name}_jobs`)} OWNER premia_jobs TEMPLATE template0`
  })
  return database.url('premia_jobs')
}

async function copyTemplate(admin: Sql, name: string): Promise<void> {
  await admin`CREATE DATABASE ${admin(name)} OWNER premia_owner TEMPLATE ${admin(templateName)}`
  // Rights on the database itself are not copied with its content.
  await admin`GRANT CONNECT ON DATABASE ${admin(name)} TO premia_engine, premia_console`
}

async function atServer<T>(access: TestServerAccess, work: (admin: Sql) => Promise<T>): Promise<T> {
  const admin = openPool(access.adminUrl, { name: 'test-admin', connectionsMax: 1, statementTimeoutMs: 60_000 })
  try {
    return await work(admin)
  } finally {
    await closePool(admin)
  }
}
