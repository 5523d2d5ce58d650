import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from './engine/db/start-error.ts'

/**
 * One child process under our care.
 *
 * starting → ready → (ends by itself) waiting → starting → … → failed, or → stopping → ended.
 * A child that ends before it was ready for the first time fails the start at once. Later it is started again after a
 * growing pause, at most RESTARTS_MAX times in RESTART_WINDOW_MS; then `onFailed` is told why.
 */
export type ChildOptions = {
  readonly name: string
  readonly file: string
  readonly leash: string
  readonly env: Readonly<Record<string, string>>
  /** Asked until it answers 200, unless the child says { ready: true } over its channel first. */
  readonly readyUrl?: string
  readonly logFolder: string
  readonly onFailed: (reason: string) => void
}

export type Child = {
  /** Settles when it is ready for the first time. */
  readonly ready: Promise<void>
  stop(timeoutMs: number): Promise<void>
  /** SIGKILL now, for people who press Ctrl-C twice. */
  kill(): void
}

const RESTARTS_MAX = 5
const RESTART_WINDOW_MS = 60_000
const PAUSE_FIRST_MS = 250
const PAUSE_MAX_MS = 5_000
const READY_TIMEOUT_MS = 60_000
const READY_POLL_MS = 50
const LAST_WORDS_MS = 500
const COMPLAINT_LINES = 50

export function startChild(options: ChildOptions): Child {
  const { name } = options
  const log = new ChildLog(join(options.logFolder, `${name}.log`))
  const restarts: number[] = []
  let child: ChildProcess | undefined
  let exited: Promise<string> = Promise.resolve('')
  let stopping = false
  let wasReady = false

  const launch = async (): Promise<void> => {
    const started = spawnChild(options, log)
    child = started
    exited = new Promise((done) => {
      started.once('error', (error) => done(error.message))
      const end = (code: number | null, signal: string | null): void =>
        done(signal === null ? `exit code ${code}` : `signal ${signal}`)
      // "close" comes when all it said has been read; a process of its own may hold its output open, so not for ever.
      started.once('close', end)
      started.once('exit', (code, signal) => setTimeout(end, LAST_WORDS_MS, code, signal))
    })
    const readiness = new AbortController()
    void exited.then(() => readiness.abort())
    try {
      await untilReady(started, options, readiness.signal)
    } catch (error) {
      // Alive but never ready is no better than dead.
      started.kill('SIGKILL')
      throw error
    }
    wasReady = true
  }
  const watch = async (): Promise<void> => {
    while (!stopping) {
      const reason = await exited
      if (stopping) return
      const now = performance.now()
      restarts.push(now)
      const recent = restarts.filter((at) => now - at < RESTART_WINDOW_MS).length
      const why = `${name} ended with ${reason}: ${log.complaint()}`
      if (recent > RESTARTS_MAX) {
        options.onFailed(`${why} (${RESTARTS_MAX} restarts within a minute did not help; see ${log.file}).`)
        return
      }
      const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (recent - 1))
      console.error(`premia: ${why}; starting it again in ${pauseMs} ms`)
      await delay(pauseMs)
      if (!stopping) await launch().catch(() => undefined)
    }
  }
  const ready = launch().catch((error: unknown) => {
    if (wasReady || stopping) return
    throw new StartError(`${(error as Error).message}: ${log.complaint()} (see ${log.file}).`)
  })
  void ready.then(watch, () => undefined)
  return {
    ready,
    stop: async (timeoutMs) => {
      stopping = true
      child?.kill('SIGTERM')
      const late = await Promise.race([exited.then(() => false), delay(timeoutMs, true, { ref: false })])
      if (late) {
        console.error(`premia: ${name} did not end within ${timeoutMs / 1000} s and was killed`)
        child?.kill('SIGKILL')
        await exited
      }
      await log.close()
    },
    kill: () => void child?.kill('SIGKILL'),
  }
}

function spawnChild({ name, file, leash, env }: ChildOptions, log: ChildLog): ChildProcess {
  const child = fork(file, [], {
    execArgv: ['--enable-source-maps', '--import', leash],
    env: { ...inherited(), ...env },
    // A session of its own: Ctrl-C reaches the supervisor alone, which then says in which order things end.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  log.forget()
  child.stdout?.on('data', (chunk: Buffer) => log.write(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    log.write(chunk)
    log.remember(chunk)
    for (const line of chunk.toString('utf8').trimEnd().split('\n')) console.error(`${name}: ${line}`)
  })
  return child
}

/** A child sees the operator's environment except what is the supervisor's own business. */
function inherited(): NodeJS.ProcessEnv {
  const own = ['DATABASE_URL', 'NODE_OPTIONS']
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)))
}

async function untilReady(child: ChildProcess, options: ChildOptions, ended: AbortSignal): Promise<void> {
  let said = false
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'ready' in message && message.ready === true) said = true
  })
  const until = performance.now() + READY_TIMEOUT_MS
  while (!said && !(options.readyUrl !== undefined && (await answers(options.readyUrl)))) {
    if (ended.aborted) throw new Error(`${options.name} ended while starting`)
    if (performance.now() > until) throw new Error(`${options.name} was not ready within ${READY_TIMEOUT_MS / 1000} s`)
    await delay(READY_POLL_MS)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

const LOG_BYTES_MAX = 16 * 1024 * 1024

/** A child's output in a file; one older file is kept. */
class ChildLog {
  readonly file: string
  #stream: WriteStream
  #bytes: number
  #last: string[] = []

  constructor(file: string) {
    this.file = file
    this.#bytes = existsSync(file) ? statSync(file).size : 0
    this.#stream = this.#open()
  }

  /** What cannot be written is lost: a full disk is no reason to end what runs. */
  #open(): WriteStream {
    return createWriteStream(this.file, { flags: 'a', mode: 0o600 }).on('error', () => undefined)
  }

  write(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > LOG_BYTES_MAX) {
      this.#stream.end()
      try {
        renameSync(this.file, `${this.file}.1`)
      } catch {
        // Moved away by somebody else: the next file begins all the same.
      }
      this.#stream = this.#open()
      this.#bytes = chunk.length
    } else if (this.#stream.destroyed) this.#stream = this.#open()
    this.#stream.write(chunk)
  }

  remember(chunk: Buffer): void {
    const lines = chunk
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
    this.#last = [...this.#last, ...lines].slice(-COMPLAINT_LINES)
  }

  forget(): void {
    this.#last = []
  }

  /** What it said last that reads like a reason. */
  complaint(): string {
    const line =
      this.#last.findLast((text) => /^\w*Error: /.test(text)) ??
      this.#last.find((text) => /error|cannot|EADDRINUSE/i.test(text)) ??
      this.#last.at(-1)
    return line?.trim() ?? 'it gave no reason'
  }

  /** When the last words are in the file, or cannot be: whoever asked to stop may end the process right after. */
  close(): Promise<void> {
    const stream = this.#stream
    if (stream.closed) return Promise.resolve()
    return new Promise((done) => {
      stream.once('close', () => done())
      stream.end()
    })
  }
}
