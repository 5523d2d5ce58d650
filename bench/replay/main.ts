import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { reachable, readSettings } from '@premia/engine/config.ts'
import { deriveKey, loadSecret } from '@premia/engine/db/secret.ts'
import { adminClient, sendTo } from '@premia/pos-sdk/contract/admin'
import { replay, type ReplayedEngine } from './replay.ts'

/**
 * `npm run replay -- <file.csv.gz> …`: sends months of a real retailer's invoices to the running engine, through the till's
 * SDK. The same files send the same documents: run twice it books nothing twice, interrupted and run again it ends the same.
 */

class Unusable extends Error {}

/** The engine of this folder's installation, or the one that ENGINE_URL and PREMIA_CONSOLE_KEY name. */
const openEngine = (): ReplayedEngine => {
  const settings = readSettings(process.env)
  const url = process.env['ENGINE_URL'] ?? `http://${reachable(settings.host)}:${settings.enginePort}`
  const client = adminClient({ send: sendTo(url), key: consoleKey(settings.dataDir) })
  const folder = join(settings.dataDir, 'replay')
  mkdirSync(folder, { recursive: true })
  return { url, client, folder }
}

const consoleKey = (dataDir: string): string => {
  const given = process.env['PREMIA_CONSOLE_KEY']
  if (given !== undefined) return given
  if (existsSync(join(dataDir, 'secret'))) return deriveKey(loadSecret(dataDir), 'console-door')
  throw new Unusable(
    `there is no installation in ${dataDir}: run npm start first, or set PREMIA_DATA; or set ENGINE_URL and PREMIA_CONSOLE_KEY`,
  )
}

const assertReady = async (url: string): Promise<void> => {
  const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  if (answer?.ok !== true) throw new Unusable(`no engine answers at ${url}: run npm start first, or set ENGINE_URL`)
  await answer.text()
}

const run = async (paths: readonly string[]): Promise<number> => {
  const engine = openEngine()
  await assertReady(engine.url)
  const { sending, isWhole } = await replay(engine, paths, (text) => console.log(text))
  return isWhole && sending.refusals.length === 0 ? 0 : 1
}

const paths = process.argv.slice(2)
const missing = paths.filter((path) => !existsSync(path))
if (paths.length === 0 || missing.length > 0) {
  console.error(
    paths.length === 0 ? 'usage: npm run replay -- <file.csv.gz> …' : `there is no file ${missing.join(', ')}`,
  )
  process.exitCode = 2
} else {
  try {
    process.exitCode = await run(paths)
  } catch (error) {
    console.error(`replay: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
