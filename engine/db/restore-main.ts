import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { refuseForeignDatabase } from './backup.ts'
import { restoreBackup } from './restore.ts'
import { reportStartError, StartError } from './start-error.ts'

/** npm run restore [-- <folder>] [--replace] [--until 2026-11-21T10:00:00Z]: into PREMIA_DATA, while Premia is stopped. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false }, until: { type: 'string' } },
  })
  const { dataDir, databaseUrl } = readSettings(process.env)
  refuseForeignDatabase(databaseUrl, 'restore')
  const until = values.until === undefined ? undefined : new Date(values.until)
  if (until !== undefined && Number.isNaN(until.getTime()))
    throw new StartError(`--until ${values.until} is not an instant.`)
  const target = positionals[0] ?? join(dataDir, 'backup')
  const { backup, movedAside, archives } = await restoreBackup({ dataDir, target, replace: values.replace, until })
  console.log(
    `restored ${backup.folder} and all of the log behind it${until === undefined ? '' : ` before ${until.toISOString()}`}`,
  )
  if (!archives) {
    console.log(
      `the backup is of another place (${backup.source?.dataDir ?? 'unknown'}): nothing is archived from here until npm run backup`,
    )
  }
  if (movedAside !== undefined) console.log(`what was there before now ends in .${movedAside}`)
}

await main().catch(reportStartError)
