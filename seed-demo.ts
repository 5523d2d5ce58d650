import { type ChildProcess, fork } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * The demo's seeder as a child: it says on its output, a JSON line at a time, how far it is. It may be ended at any moment
 * and is run again by the next start; what it makes carries the same ids each time, so nothing is made twice.
 */
export type DemoProgress = { readonly phase: string; readonly done: number; readonly total: number }

export type DemoOptions = {
  readonly file: string
  readonly leash: string
  readonly env: Readonly<Record<string, string>>
  /** Kept up to date for the console. */
  readonly progressFile: string
  readonly onProgress: (progress: DemoProgress) => void
}

export type Demo = { readonly finished: Promise<void>; stop(): Promise<void> }

const STOP_MS = 5_000
const WRITE_EVERY_MS = 500

export function seedDemo(options: DemoOptions): Demo {
  const child = fork(options.file, [], {
    execArgv: ['--enable-source-maps', '--import', options.leash],
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const complaint: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => {
    complaint.push(line)
    complaint.splice(0, complaint.length - 20)
  })
  followProgress(child, options)
  const finished = new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => {
      if (code === 0) done()
      else fail(new Error(`the demo ended with ${signal ?? `exit code ${code}`}: ${complaint.join('\n')}`))
    })
  })
  let told = false
  const stop = async (): Promise<void> => {
    told = true
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    child.kill('SIGTERM')
    await finished.catch(() => undefined)
    clearTimeout(timer)
  }
  return { finished: noted(finished, options.progressFile, () => told), stop }
}

function followProgress(child: ChildProcess, { progressFile, onProgress }: DemoOptions): void {
  let writtenAt = 0
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const progress = parseProgress(line)
    if (progress === undefined) return
    onProgress(progress)
    if (performance.now() - writtenAt < WRITE_EVERY_MS) return
    writtenAt = performance.now()
    writeProgress(progressFile, { ...progress, state: 'running' })
  })
}

/** Being told to end is no failure: the next start goes on. */
async function noted(finished: Promise<void>, progressFile: string, wasTold: () => boolean): Promise<void> {
  try {
    await finished
    writeProgress(progressFile, { state: 'complete' })
  } catch (error) {
    if (!wasTold()) writeProgress(progressFile, { state: 'failed' })
    throw error
  }
}

/** Lines that are not progress are the seeder's own words and of no interest here. */
function parseProgress(line: string): DemoProgress | undefined {
  try {
    const { phase, done, total } = JSON.parse(line) as Partial<DemoProgress>
    return typeof phase === 'string' && typeof done === 'number' && typeof total === 'number'
      ? { phase, done, total }
      : undefined
  } catch {
    return undefined
  }
}

/** Renamed into place, so that a reader never sees half a file. */
function writeProgress(file: string, progress: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(progress)}\n`)
  renameSync(`${file}.new`, file)
}
