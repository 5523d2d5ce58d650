import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clusterFolder } from '../db/cluster.ts'
import { type EmbeddedServer, startEmbedded } from '../db/embedded.ts'
import { lockFolder } from '../db/folder-lock.ts'
import { migrate } from '../db/migrate.ts'
import { ensurePartitions } from '../db/partitions.ts'
import { closePool, openPool } from '../db/pool.ts'
import { install, roleUrl } from '../db/roles.ts'
import { stopServerProcesses } from '../db/server-process.ts'

/**
 * One real PostgreSQL for all tests of a run, in a temporary folder, with a migrated template that each test file copies.
 * TEST_POSTGRES_BIN=/usr/lib/postgresql/15/bin runs them on another version than the embedded one.
 */
export type TestServer = {
  readonly embedded: EmbeddedServer
  /** What createTestDatabase needs, also in another process. */
  readonly access: TestServerAccess
  stop(): Promise<void>
}
export type TestServerAccess = { readonly adminUrl: string; readonly secret: string }

export const templateName = 'premia_template'

export async function startTestServer(): Promise<TestServer> {
  await sweepAbandoned()
  const dataDir = mkdtempSync(join(tmpdir(), 'premia-test-'))
  const embedded = await startEmbedded({
    dataDir,
    port: 0,
    binDir: process.env['TEST_POSTGRES_BIN'],
    settings: { shared_buffers: '256MB', max_connections: '200' },
  })
  const stop = async (): Promise<void> => {
    await embedded.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(embedded)
  } catch (error) {
    await stop()
    throw error
  }
  return { embedded, access: { adminUrl: embedded.adminUrl(), secret: embedded.secret }, stop }
}

/** A run that was killed leaves a server and its folder: the next run ends and removes them. */
async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith('premia-test-'))) {
    const folder = join(tmpdir(), name)
    if (!existsSync(join(folder, 'premia.lock'))) continue
    try {
      const lock = lockFolder(folder)
      await stopServerProcesses(clusterFolder(folder))
      lock.release()
    } catch {
      continue // Somebody is using it.
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Migrated, with the partitions of this month and the next three. */
async function makeTemplate(embedded: EmbeddedServer): Promise<void> {
  await install(embedded.adminUrl(), embedded.secret, templateName)
  const url = roleUrl(embedded.adminUrl(templateName), 'premia_owner', embedded.secret)
  const owner = openPool(url, { name: 'template', connectionsMax: 1 })
  try {
    await migrate(owner)
    await ensurePartitions(owner, Date.now())
  } finally {
    await closePool(owner)
  }
}
