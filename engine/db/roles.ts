import { closePool, openPool, type Sql } from './pool.ts'
import { deriveKey, type Secret, scramVerifier } from './secret.ts'
import { StartError } from './start-error.ts'

/**
 * premia_owner    owns schemas and tables, migrates, makes partitions
 * premia_engine   reads and writes directory, people, loyalty and read; row security applies
 * premia_console  reads what `read` names, writes schema console; row security applies
 * premia_jobs     owns the job queue's own database, <database>_jobs, which may be lost at any time
 *
 * All log in with a password derived from the installation's secret. Their names belong to the whole server, so a second
 * installation on one server needs a copy of the first one's secret; existing passwords are never changed.
 */
export const roles = ['premia_owner', 'premia_engine', 'premia_console', 'premia_jobs'] as const
export type Role = (typeof roles)[number]

/** The address of a database for one role: the given address with another user and password. */
export function roleUrl(base: string, role: Role, secret: Secret): string {
  const url = new URL(base)
  url.username = role
  url.password = deriveKey(secret, `role:${role}`)
  if (role === 'premia_jobs') url.pathname = `${url.pathname}_jobs`
  return url.href
}

/** Whether the server answers, is new enough and speaks UTF-8: before anything is made, here or there. */
export async function checkDatabase(url: string): Promise<void> {
  const sql = openPool(url, { name: 'install', connectionsMax: 1 })
  try {
    await checkServer(sql)
  } catch (error) {
    throw explain(error, databaseName(url))
  } finally {
    await closePool(sql)
  }
}

/** Makes roles and databases where they are missing. The address is that of a user who may, usually the administrator. */
export async function install(adminUrl: string, secret: Secret, database = databaseName(adminUrl)): Promise<void> {
  const admin = openPool(adminUrl, { name: 'install', connectionsMax: 1 })
  try {
    await createRoles(admin, secret)
    await createDatabase(admin, database, 'premia_owner')
    await createDatabase(admin, `${database}_jobs`, 'premia_jobs')
    await ignoreTwin(grantDatabase(admin, database))
  } catch (error) {
    throw explain(error, database)
  } finally {
    await closePool(admin)
  }
  await checkPasswords(adminUrl, database, secret)
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

async function checkServer(admin: Sql): Promise<void> {
  const [server] = await admin<{ version: number; encoding: string }[]>`
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`
  if (server === undefined || server.version < 150_000) throw new StartError('PostgreSQL 15 or newer is needed.')
  if (server.encoding !== 'UTF8') throw new StartError(`The database is encoded in ${server.encoding}: UTF8 is needed.`)
}

async function createRoles(admin: Sql, secret: Secret): Promise<void> {
  for (const role of roles) {
    const found = await admin`SELECT 1 FROM pg_roles WHERE rolname = ${role}`
    if (found.length > 0) continue
    const verifier = scramVerifier(deriveKey(secret, `role:${role}`))
    await ignoreTwin(admin.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD '${verifier}'`))
    // Whoever makes a database for another role has to belong to it.
    await ignoreTwin(admin.unsafe(`GRANT ${role} TO CURRENT_USER`))
  }
}

async function createDatabase(admin: Sql, name: string, owner: Role): Promise<void> {
  const found = await admin`SELECT 1 FROM pg_database WHERE datname = ${name}`
  if (found.length > 0) return
  await ignoreTwin(
    admin`CREATE DATABASE ${admin(name)} OWNER ${admin(owner)} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`,
  )
}

/** Nobody but our roles connects. A database that an administrator has prepared is left as it is. */
async function grantDatabase(admin: Sql, database: string): Promise<void> {
  const [mine] = await admin<{ owned: boolean; prepared: boolean }[]>`
    SELECT pg_has_role(datdba, 'USAGE') AS owned, has_database_privilege('premia_owner', oid, 'CREATE') AS prepared
    FROM pg_database WHERE datname = ${database}`
  if (mine?.owned !== true && mine?.prepared === true) return
  const name = admin(database)
  await admin`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`
  await admin`GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${name} TO premia_owner`
  await admin`GRANT CONNECT ON DATABASE ${name} TO premia_engine, premia_console`
}

/** Two installations at the same moment: what the other has just made is as good. */
async function ignoreTwin(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    const { code } = error as { code?: string }
    // duplicate_object, duplicate_database, unique_violation on the system catalogue, and "tuple concurrently updated".
    if (code === undefined || !['42710', '42P04', '23505', 'XX000'].includes(code)) throw error
  }
}

async function checkPasswords(adminUrl: string, database: string, secret: Secret): Promise<void> {
  const base = new URL(adminUrl)
  base.pathname = `/${database}`
  for (const role of roles) {
    const sql = openPool(roleUrl(base.href, role, secret), { name: 'install', connectionsMax: 1 })
    try {
      await sql`SELECT 1`
    } catch (error) {
      if ((error as { code?: string }).code !== '28P01') throw explain(error, database)
      throw new StartError(
        `The database server already has a role ${role} with another password: copy the file "secret" of the installation that made it into PREMIA_DATA, or drop the role.`,
      )
    } finally {
      await closePool(sql)
    }
  }
}

function explain(error: unknown, database: string): unknown {
  const { code, message } = error as { code?: string; message?: string }
  if (error instanceof StartError || code === undefined) return error
  if (code === '42501') {
    return new StartError(
      `The user of DATABASE_URL may not prepare the database ${database} (${message}): it must own the database and have CREATEROLE and CREATEDB, or an administrator prepares it once.`,
    )
  }
  if (['ECONNREFUSED', 'ENOTFOUND', 'CONNECT_TIMEOUT', '28P01', '28000', '3D000'].includes(code)) {
    return new StartError(`The database cannot be reached: ${message}.`)
  }
  return error
}
