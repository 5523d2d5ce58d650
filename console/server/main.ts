import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { removeDemoUsers, seedDemoUsers } from './demo-users.ts'
import { engineDoor } from './engine-door.ts'
import { sweepLogins } from './login.ts'
import { loadSections } from './sections.ts'
import { sweepSessions } from './session.ts'
import { loadStaticFiles } from './static-files.ts'

const sweepEveryMs = 3_600_000
const demoEveryMs = 1_000
const closeTimeoutS = 5

const config = readConfig(process.env)
const database = openDatabase(config.databaseUrl)
const log = (entry: Readonly<Record<string, unknown>>): void =>
  console.log(JSON.stringify({ at: new Date().toISOString(), part: 'console', ...entry }))
const failed = (error: unknown): void => log({ level: 'error', error: String(error) })

const parts = {
  database,
  engine: engineDoor(config.engineUrl, config.consoleKey),
  sections: await loadSections(),
  sessionKey: config.sessionKey,
  demo: config.demo,
  demoProgressFile: config.demoProgressFile,
  nowMs: Date.now,
  log,
}
const files = loadStaticFiles(fileURLToPath(new URL('../../build/client/', import.meta.url)))
const app = createApp(parts, files)

const sweep = async (): Promise<void> => {
  await sweepSessions(database, Date.now())
  await sweepLogins(database, Date.now())
}
const timers = [setInterval(() => void sweep().catch(failed), sweepEveryMs)]
await sweep()
if (!config.demo) await removeDemoUsers(database)
else if (!(await seedDemoUsers(database, Date.now()))) {
  // The demo is being made at this moment: its organizations come first.
  const waiting = setInterval(() => {
    void seedDemoUsers(database, Date.now()).then((done) => done && clearInterval(waiting), failed)
  }, demoEveryMs)
  timers.push(waiting)
}

const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, ({ port }) => {
  log({ level: 'info', listening: `http://${config.host}:${port}` })
})

let stopping = false
const stop = (): void => {
  if (stopping) return
  stopping = true
  for (const timer of timers) clearInterval(timer)
  server.close(() => void database.end({ timeout: closeTimeoutS }).finally(() => process.exit(0)))
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  setTimeout(() => process.exit(0), closeTimeoutS * 1000).unref()
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
