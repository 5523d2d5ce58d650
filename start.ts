import { connect, createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build, serversFolder } from './build.ts'
import {
  type ChildName,
  childEnvironment,
  demoProgressFile,
  isLoopback,
  reachable,
  readSettings,
  type Settings,
} from './engine/config.ts'
import { type EmbeddedServer, startEmbedded } from './engine/db/embedded.ts'
import { type FolderLock, lockFolder } from './engine/db/folder-lock.ts'
import { hasMark, setMark } from './engine/db/marks.ts'
import { migrate } from './engine/db/migrate.ts'
import { ensurePartitions } from './engine/db/partitions.ts'
import { closePool, openPool, type Sql } from './engine/db/pool.ts'
import { checkDatabase, install, roleUrl } from './engine/db/roles.ts'
import { loadSecret, type Secret } from './engine/db/secret.ts'
import { blameDisk, reportStartError, StartError } from './engine/db/start-error.ts'
import { seedDemo } from './seed-demo.ts'
import { type Child, startChild } from './supervise.ts'

/**
 * npm start: settings → compile what is out of date, beside it the database → migrate → engine, jobs, console → the first
 * time the demo. Everything that was started is ended in the opposite order, the database last; whatever this process's end
 * leaves behind (kill -9) ends itself (leash.ts) or is found by the next start (embedded.ts).
 *
 * --demo seeds a database of DATABASE_URL too, --no-demo leaves an embedded one empty.
 */
const CHILD_STOP_MS = 10_000
/** The addresses are shown by then, complete demo or not. */
const DEMO_WAIT_MS = 60_000
/** What a killed supervisor has left needs this long to let go of its ports. */
const PORT_WAIT_MS = 6_000
const REDIS_WAIT_MS = 5_000
const DATABASE_RESTARTS_MAX = 5

type Running = {
  readonly settings: Settings
  /** Run in reverse order at the end. */
  readonly endings: (() => Promise<void>)[]
}
type Database = { readonly url: string; readonly secret: Secret; readonly owner: Sql; readonly server?: EmbeddedServer }

let ending: Promise<never> | undefined
const startedAt = performance.now()
const say = (text: string): void => console.log(`premia: ${text}`)

async function main(): Promise<void> {
  const endings: Running['endings'] = []
  try {
    const running: Running = { settings: readSettings(process.env), endings }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(running, signal))
    await run(running)
  } catch (error) {
    if (ending !== undefined) return
    reportStartError(blameDisk(error, [resolve(process.env['PREMIA_DATA'] ?? 'data'), import.meta.dirname]))
    await end(endings, 1)
  }
}

async function run(running: Running): Promise<void> {
  const { settings } = running
  const lock = lockFolder(settings.dataDir)
  running.endings.push(async () => lock.release())
  await checkPorts(settings, lock.afterCrash)
  await checkRedis(settings.redisUrl)
  const database = await prepare(running, lock)
  // Told to end while the database was opening: nothing more is started.
  if (ending !== undefined) return
  const demo = wantsDemo(settings) && !(await hasMark(database.owner, 'demo'))
  const children = startChildren(running, database)
  await Promise.all(children.map((child) => child.ready))
  if (ending !== undefined) return
  const shown = demo ? await Promise.race([seed(running, database), delay(DEMO_WAIT_MS, false, { ref: false })]) : true
  printAddresses(settings)
  if (!shown) say('the demo is still being made; the console shows how far it is')
}

/** Compiles and readies the database side by side; neither needs the other. */
async function prepare(running: Running, lock: FolderLock): Promise<Database> {
  const opening = openDatabase(running.settings, lock)
  running.endings.push(async () => closeDatabase(await opening.catch(() => undefined)))
  const [built, opened] = await Promise.allSettled([build(say), opening])
  // The database's complaint first: it is the one that a person has to act on.
  if (opened.status === 'rejected') throw opened.reason
  if (built.status === 'rejected') throw built.reason
  watchDatabase(running, opened.value)
  return opened.value
}

async function openDatabase(settings: Settings, lock: FolderLock): Promise<Database> {
  const { dataDir, databaseUrl } = settings
  const server =
    databaseUrl === undefined ? await startEmbedded({ dataDir, port: settings.databasePort, lock }) : undefined
  if (databaseUrl !== undefined) await checkDatabase(databaseUrl)
  const secret = server?.secret ?? loadSecret(dataDir)
  const url = databaseUrl ?? server!.adminUrl('premia')
  const owner = openPool(roleUrl(url, 'premia_owner', secret), { name: 'start', connectionsMax: 1 })
  try {
    await install(server?.adminUrl() ?? url, secret, server === undefined ? undefined : 'premia')
    const { applied } = await migrate(owner)
    if (applied.length > 0) say(`applied ${applied.length} migrations`)
    await ensurePartitions(owner, Date.now())
  } catch (error) {
    await closePool(owner)
    await server?.stop()
    throw error
  }
  return { url, secret, owner, ...(server === undefined ? {} : { server }) }
}

async function closeDatabase(database: Database | undefined): Promise<void> {
  if (database === undefined) return
  await closePool(database.owner)
  await database.server?.stop()
}

/** A database that dies is started again; its clients reconnect by themselves. */
function watchDatabase(running: Running, { server }: Database): void {
  const crashes: number[] = []
  server?.onCrash((reason) => {
    if (ending !== undefined) return
    const now = performance.now()
    crashes.push(now)
    console.error(`premia: PostgreSQL ended (${reason}); starting it again`)
    if (crashes.filter((at) => now - at < 60_000).length > DATABASE_RESTARTS_MAX) {
      return fail(running, `PostgreSQL ended ${DATABASE_RESTARTS_MAX + 1} times within a minute: ${reason}`)
    }
    server.start().catch((error: unknown) => fail(running, (error as Error).message))
  })
}

function startChildren(running: Running, database: Database): Child[] {
  const { settings } = running
  const start = (name: ChildName, readyUrl?: string): Child =>
    startChild({
      name,
      file: join(serversFolder, `${name}.js`),
      leash: join(serversFolder, 'leash.js'),
      env: childEnvironment(name, settings, { ...database, demo: wantsDemo(settings) }),
      ...(readyUrl === undefined ? {} : { readyUrl }),
      logFolder: settings.dataDir,
      onFailed: (reason) => fail(running, reason),
    })
  const host = reachable(settings.host)
  const children = [
    start('engine', `http://${host}:${settings.enginePort}/ready`),
    start('jobs'),
    start('console', `http://${host}:${settings.consolePort}/health`),
  ]
  running.endings.push(async () => {
    await Promise.all(children.map((child) => child.stop(CHILD_STOP_MS)))
  })
  killAll = () => children.forEach((child) => child.kill())
  return children
}

/** True when the demo is there, or has failed and said so. */
async function seed(running: Running, database: Database): Promise<boolean> {
  const { settings } = running
  const demo = seedDemo({
    file: join(serversFolder, 'demo.js'),
    leash: join(serversFolder, 'leash.js'),
    env: childEnvironment('demo', settings, { ...database, demo: true }),
    progressFile: demoProgressFile(settings),
    onProgress: showProgress(),
  })
  running.endings.push(() => demo.stop())
  try {
    await demo.finished
    await setMark(database.owner, 'demo')
    say(`the demo is complete after ${seconds()} s`)
  } catch (error) {
    if (ending !== undefined) return true
    console.error(`premia: ${(error as Error).message}`)
    console.error('premia: the demo is incomplete; the next start goes on with it')
  }
  return true
}

/** One line that counts up on a terminal, a line every few seconds in a log. */
function showProgress(): (progress: { phase: string; done: number; total: number }) => void {
  let shownAt = 0
  return ({ phase, done, total }) => {
    const now = performance.now()
    if (now - shownAt < (process.stdout.isTTY ? 200 : 5_000) && done < total) return
    shownAt = now
    const text = `premia: demo: ${phase} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
    process.stdout.write(process.stdout.isTTY ? `\r\u001B[K${text}${done < total ? '' : '\n'}` : `${text}\n`)
  }
}

function wantsDemo(settings: Settings): boolean {
  if (!isLoopback(settings.host) || process.argv.includes('--no-demo')) return false
  return settings.databaseUrl === undefined || process.argv.includes('--demo')
}

async function checkPorts(settings: Settings, afterCrash: boolean): Promise<void> {
  const until = performance.now() + (afterCrash ? PORT_WAIT_MS : 0)
  for (const [name, port] of [
    ['ENGINE_PORT', settings.enginePort],
    ['CONSOLE_PORT', settings.consolePort],
  ] as const) {
    for (;;) {
      const code = await tryPort(settings.host, port)
      if (code === undefined) break
      if (code !== 'EADDRINUSE') throw new StartError(`Premia cannot listen on ${settings.host}:${port} (${code}).`)
      if (performance.now() > until)
        throw new StartError(`The port ${port} is taken by another program: stop it or set ${name}.`)
      await delay(100)
    }
  }
}

/** Whether somebody listens there; the jobs themselves say what they miss beyond that. */
async function checkRedis(redisUrl: string | undefined): Promise<void> {
  if (redisUrl === undefined) return
  const { hostname, port } = new URL(redisUrl)
  const socket = connect({ host: hostname, port: Number(port || 6379), timeout: REDIS_WAIT_MS })
  const reason = await new Promise<string | undefined>((done) => {
    socket.once('connect', () => done(undefined))
    socket.once('timeout', () => done(`no answer within ${REDIS_WAIT_MS / 1000} s`))
    socket.once('error', (error) => done(error.message))
  })
  socket.destroy()
  if (reason !== undefined) throw new StartError(`Redis of REDIS_URL cannot be reached: ${reason}.`)
}

async function tryPort(host: string, port: number): Promise<string | undefined> {
  const probe = createServer()
  const code = await new Promise<string | undefined>((done) => {
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    probe.listen(port, host, () => done(undefined))
  })
  await new Promise((done) => probe.close(done))
  return code
}

function printAddresses(settings: Settings): void {
  const host = reachable(settings.host)
  const database =
    settings.databaseUrl === undefined
      ? `PostgreSQL on 127.0.0.1:${settings.databasePort}, ${relative(process.cwd(), settings.dataDir) || '.'}/postgres`
      : `PostgreSQL on ${new URL(settings.databaseUrl).host}`
  console.log(`
  console   http://${host}:${settings.consolePort}
  engine    http://${host}:${settings.enginePort}
  database  ${database}
  jobs      ${settings.redisUrl === undefined ? 'on PostgreSQL' : 'on Redis'}`)
  if (wantsDemo(settings)) {
    console.log(`
  logins    operator@demo   all programs, terminals, users
            apteki@demo     the pharmacies' programs
            magazin@demo    the shops' program
            analyst@demo    reads the first organizer, no personal data
            outlet@demo     one outlet
  password  premia-demo`)
  }
  console.log(`\n  ready after ${seconds()} s · Ctrl-C stops everything\n`)
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1)
}

let killAll = (): void => undefined

function onSignal(running: Running, signal: NodeJS.Signals): void {
  if (ending !== undefined) {
    killAll()
    return
  }
  say(`${signal}, stopping`)
  void end(running.endings, 0)
}

function fail(running: Running, reason: string): void {
  if (ending !== undefined) return
  console.error(`premia: ${reason}`)
  void end(running.endings, 1)
}

/** Ends what was started, last first. An ending that fails is said and does not keep the others. */
function end(endings: Running['endings'], exitCode: number): Promise<never> {
  ending ??= (async () => {
    for (const stop of endings.reverse()) await stop().catch(reportStartError)
    process.exit(Math.max(exitCode, Number(process.exitCode ?? 0)))
  })()
  return ending
}

await main()
