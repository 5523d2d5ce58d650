import { existsSync } from 'node:fs'
import { readSettings } from '../config.ts'
import { clusterFolder } from '../db/cluster.ts'
import { startEmbedded } from '../db/embedded.ts'
import { closePool, openPool } from '../db/pool.ts'
import { roleUrl } from '../db/roles.ts'
import { loadSecret } from '../db/secret.ts'
import { findServerProcesses, readPidFile } from '../db/server-process.ts'
import { reportStartError, StartError } from '../db/start-error.ts'
import type { Verified } from './verified.ts'
import { verifyPrograms } from './verify.ts'

/** npm run verify [-- <replays>]: beside the running Premia, or by itself when nothing runs. Exit 1 on any difference. */
const REPLAYS = 1_000

const withDatabase = async <T>(work: (adminUrl: string) => Promise<T>): Promise<T> => {
  const { dataDir, databaseUrl } = readSettings(process.env)
  if (databaseUrl !== undefined) return work(databaseUrl)
  const folder = clusterFolder(dataDir)
  if (!existsSync(folder)) throw new StartError(`There is nothing to verify: ${folder} does not exist yet.`)
  const running = findServerProcesses(folder).length > 0 ? readPidFile(folder) : undefined
  if (running !== undefined) return work(`postgres://127.0.0.1:${running.port}/premia`)
  const server = await startEmbedded({ dataDir, port: 0 })
  try {
    return await work(server.adminUrl('premia'))
  } finally {
    await server.stop()
  }
}

const print = (results: readonly Verified[]): void => {
  const width = Math.max(...results.map(({ name }) => name.length))
  for (const { programId, name, checked, wrong } of results) {
    console.log(
      `program ${String(programId).padStart(3)}  ${name.padEnd(width)}  ${String(checked).padStart(9)}  ${wrong === 0 ? 'ok' : `${wrong} WRONG`}`,
    )
  }
}

const main = async (): Promise<void> => {
  const { dataDir } = readSettings(process.env)
  const replays = Number(process.argv[2] ?? REPLAYS)
  if (!Number.isSafeInteger(replays) || replays < 0) {
    throw new StartError('npm run verify -- <how many sales of each program are judged again>')
  }
  await withDatabase(async (adminUrl) => {
    // Only where there is a database: asking for it makes the secret of a new installation.
    const sql = openPool(roleUrl(adminUrl, 'premia_engine', loadSecret(dataDir)), {
      name: 'verify',
      connectionsMax: 2,
      statementTimeoutMs: 600_000,
    })
    try {
      const results = await verifyPrograms(sql, { replays })
      if (results.length === 0) console.log('There is no program yet.')
      else print(results)
      const wrong = results.filter((each) => each.wrong > 0).length
      console.log(wrong === 0 ? `${results.length} checks, all well` : `${wrong} of ${results.length} checks FAILED`)
      if (wrong > 0) process.exitCode = 1
    } finally {
      await closePool(sql)
    }
  })
}

await main().catch(reportStartError)
