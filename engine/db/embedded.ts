import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Binaries, findBinaries } from './binaries.ts'
import { asUser, checkReachable, clusterFolder, createCluster, inspectCluster, supportsSetting } from './cluster.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { findRunUser, type RunUser } from './run-user.ts'
import { deriveKey, loadSecret, type Secret } from './secret.ts'
import { findServerProcesses, readPidFile, stopServerProcesses } from './server-process.ts'
import { StartError } from './start-error.ts'

/**
 * A real PostgreSQL from the binaries of an npm package, in our data folder and under our supervision.
 *
 * States: stopped → (start) running → (stop | kill | it died) stopped. The folder's lock is held from startEmbedded until
 * stop. A server left behind by a supervisor that was killed is found by the folder it works in and stopped first: its
 * settings may be old, and stopping costs a fraction of a second.
 */
export type EmbeddedServer = {
  readonly port: number
  readonly dataDir: string
  readonly binDir: string
  /** Folder of the Unix socket, for clients on this machine that want it. */
  readonly socketDir: string
  /** True when this start made the data folder. */
  readonly fresh: boolean
  readonly secret: Secret
  /** Address for the superuser; the password is in it. */
  adminUrl(database?: string): string
  /** Starts again after kill() or a crash, on the same folder and port. */
  start(): Promise<void>
  /** Fast shutdown; releases the folder. */
  stop(): Promise<void>
  /** kill -9, as crash tests do; start() brings it back. */
  kill(): Promise<void>
  /** Called when the server ends without having been told to. */
  onCrash(listener: (reason: string) => void): void
}

export type EmbeddedOptions = {
  readonly dataDir: string
  /** 0 takes a free one. */
  readonly port: number
  readonly binDir?: string | undefined
  readonly settings?: Readonly<Record<string, string>>
  /** Longer where a log has to be replayed first. */
  readonly startTimeoutMs?: number
  /** Of the data folder, when the caller holds it already; stop() releases it all the same. */
  readonly lock?: FolderLock
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000
const LOG_BYTES_MAX = 16 * 1024 * 1024
// sun_path holds 107 bytes; PostgreSQL adds "/.s.PGSQL.65535.lock".
const SOCKET_FOLDER_BYTES_MAX = 85

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir)
  const binaries = findBinaries(options.binDir)
  const folder = clusterFolder(dataDir)
  const user = findRunUser(folder)
  checkReachable([dirname(dataDir), binaries.folder], user)
  const found = inspectCluster(folder, binaries)
  const lock = options.lock ?? lockFolder(dataDir)
  try {
    await stopServerProcesses(folder)
    const port = await checkPort(options.port)
    // The server's user must pass through; what is secret inside has its own mode.
    if (user !== undefined) chmodSync(dataDir, statSync(dataDir).mode | 0o011)
    const secret = loadSecret(dataDir)
    if (found === 'absent') createCluster({ dataDir, binaries, user, password: deriveKey(secret, 'role:postgres') })
    const server = supervise({
      ...options,
      port,
      dataDir,
      folder,
      binaries,
      user,
      lock,
      secret,
      fresh: found === 'absent',
    })
    await server.start()
    return server
  } catch (error) {
    // A first start that failed takes back what it made; data are never touched.
    if (lock.madeFolder && !existsSync(folder)) rmSync(dataDir, { recursive: true, force: true })
    lock.release()
    throw error
  }
}

type Parts = EmbeddedOptions & {
  readonly folder: string
  readonly binaries: Binaries
  readonly user: RunUser | undefined
  readonly lock: FolderLock
  readonly secret: Secret
  readonly fresh: boolean
}

function supervise(parts: Parts): EmbeddedServer {
  const { dataDir, folder, binaries, port, user } = parts
  const socketDir = makeSocketFolder(dataDir, user)
  const logFile = join(dataDir, 'postgres.log')
  const settings = { ...serverSettings(parts, socketDir), ...parts.settings }
  const listeners: ((reason: string) => void)[] = []
  let child: ChildProcess | undefined
  let exited: Promise<void> = Promise.resolve()
  let told = true

  const start = async (): Promise<void> => {
    await stopServerProcesses(folder)
    const logStart = rotateLog(logFile)
    const started = spawnServer({ binaries, folder, user, logFile, settings })
    child = started
    exited = new Promise((done) => {
      started.once('error', () => done())
      started.once('exit', () => done())
    })
    started.once('exit', () => {
      if (child === started) child = undefined
      if (!told) for (const listener of listeners) listener(lastComplaint(logFile, 0))
    })
    // Until it is ready an end is this call's own failure, not a crash.
    await waitUntilReady({ started, folder, logFile, logStart, timeoutMs: parts.startTimeoutMs ?? START_TIMEOUT_MS })
    told = false
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    told = true
    child?.kill(signal)
    const late = await Promise.race([exited.then(() => false), delay(STOP_TIMEOUT_MS, true, { ref: false })])
    if (late || findServerProcesses(folder).length > 0) await stopServerProcesses(folder)
  }
  return {
    port,
    dataDir,
    binDir: binaries.folder,
    socketDir,
    fresh: parts.fresh,
    secret: parts.secret,
    adminUrl: (database = 'postgres') =>
      `postgres://postgres:${deriveKey(parts.secret, 'role:postgres')}@127.0.0.1:${port}/${database}`,
    start,
    stop: async () => {
      await end('SIGINT')
      parts.lock.release()
    },
    kill: () => end('SIGKILL'),
    onCrash: (listener) => void listeners.push(listener),
  }
}

/** Durable by every setting that matters; sizes for two cores and a shared machine. */
function serverSettings({ binaries, folder, user, port }: Parts, socketDir: string): Record<string, string> {
  const megabytes = Math.floor(totalmem() / 1024 / 1024)
  const lz4 = supportsSetting(binaries, folder, user, 'wal_compression=lz4')
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketDir,
    max_connections: '100',
    shared_buffers: `${Math.min(1024, Math.max(128, Math.floor(megabytes / 16)))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: lz4 ? 'lz4' : 'pglz',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    jit: 'off',
    // A table that has just been filled is planned as if it were empty until it has been looked at.
    autovacuum_naptime: '5s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Parameters may hold what a log must not.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    // See createCluster and backup.ts.
    archive_mode: 'on',
    archive_timeout: '60',
  }
}

type Spawned = {
  readonly binaries: Binaries
  readonly folder: string
  readonly user: RunUser | undefined
  readonly logFile: string
  readonly settings: Readonly<Record<string, string>>
}

function spawnServer({ binaries, folder, user, logFile, settings }: Spawned): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  try {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    // A session of its own: Ctrl-C reaches us alone, and we stop the database last.
    return spawn(join(binaries.folder, 'postgres'), ['-D', folder, ...args], {
      ...asUser(user),
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

type Waiting = { started: ChildProcess; folder: string; logFile: string; logStart: number; timeoutMs: number }

/** PostgreSQL says "ready" in its own pid file: no connection is needed to know. */
async function waitUntilReady({ started, folder, logFile, logStart, timeoutMs }: Waiting): Promise<void> {
  const until = performance.now() + timeoutMs
  let failed: Error | undefined
  started.once('error', (error) => {
    failed = error
  })
  for (;;) {
    const file = readPidFile(folder)
    if (file?.ready === true && file.pid === started.pid) return
    if (failed !== undefined || started.exitCode !== null || started.signalCode !== null) {
      throw new StartError(
        `PostgreSQL did not start on ${folder}: ${failed?.message ?? lastComplaint(logFile, logStart)} (see ${logFile}).`,
      )
    }
    if (performance.now() > until) {
      started.kill('SIGKILL')
      throw new StartError(`PostgreSQL was not ready within ${timeoutMs / 1000} s (see ${logFile}).`)
    }
    await delay(10)
  }
}

function lastComplaint(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').split('\n')
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.findLast((line) => line !== '')
  return complaint?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? 'it gave no reason'
}

/** One old log is kept beside the current one; returns where this run's lines will begin. */
function rotateLog(logFile: string): number {
  if (!existsSync(logFile)) return 0
  const { size } = statSync(logFile)
  if (size < LOG_BYTES_MAX) return size
  renameSync(logFile, `${logFile}.1`)
  return 0
}

function makeSocketFolder(dataDir: string, user: RunUser | undefined): string {
  const own = join(dataDir, 'run')
  const short = join(tmpdir(), `premia-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
  const folder = Buffer.byteLength(own) <= SOCKET_FOLDER_BYTES_MAX ? own : short
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

/** The port itself, or the free one that was found for 0. */
async function checkPort(port: number): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done, fail) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`
      fail(new StartError(`The database port ${port} ${reason}: stop that program or set DATABASE_PORT.`))
    })
    probe.listen(port, '127.0.0.1', done)
  })
  const found = (probe.address() as AddressInfo).port
  await new Promise((done) => probe.close(done))
  return found
}
