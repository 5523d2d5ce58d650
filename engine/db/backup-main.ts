import { join } from 'node:path'
import { readSettings } from '../config.ts'
import { refuseForeignDatabase, takeBackup } from './backup.ts'
import { clusterFolder } from './cluster.ts'
import { startEmbedded } from './embedded.ts'
import { readPidFile, findServerProcesses } from './server-process.ts'
import { reportStartError, StartError } from './start-error.ts'
import { existsSync } from 'node:fs'

/** npm run backup [-- <folder>]: beside the running Premia, or by itself when nothing runs. */
async function main(): Promise<void> {
  const { dataDir, databaseUrl } = readSettings(process.env)
  refuseForeignDatabase(databaseUrl, 'back up')
  const folder = clusterFolder(dataDir)
  if (!existsSync(folder)) throw new StartError(`There is nothing to back up: ${folder} does not exist yet.`)
  const target = process.argv[2] ?? join(dataDir, 'backup')
  const running = findServerProcesses(folder).length > 0 ? readPidFile(folder) : undefined
  const server = running === undefined ? await startEmbedded({ dataDir, port: 0 }) : undefined
  try {
    const startedAt = performance.now()
    const backup = await takeBackup({ dataDir, port: running?.port ?? server!.port, target })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(
      `${backup.folder}: ${(backup.bytes / 1024 / 1024).toFixed(0)} MiB in ${seconds} s; the log is archived into ${target}/wal`,
    )
  } finally {
    await server?.stop()
  }
}

await main().catch(reportStartError)
