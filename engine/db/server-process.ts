import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** What a running PostgreSQL writes into its folder. */
export type PidFile = { readonly pid: number; readonly port: number; readonly ready: boolean }

export function readPidFile(folder: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/** All processes of a PostgreSQL on this folder: the postmaster, or what a killed one has left behind. */
export function findServerProcesses(folder: string): number[] {
  if (process.platform !== 'linux') return findByPidFile(folder)
  let real: string
  try {
    real = realpathSync(folder)
  } catch {
    return []
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isServerProcess(pid, real))
}

/** A server works inside its folder; the name tells it from a shell that merely stands there. */
function isServerProcess(pid: number, folder: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== folder) return false
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch {
    return false
  }
}

function findByPidFile(folder: string): number[] {
  const pid = readPidFile(folder)?.pid
  if (pid === undefined) return []
  try {
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8', timeout: 5_000 })
    return command.includes(folder) ? [pid] : []
  } catch {
    return []
  }
}

const FAST_MS = 30_000
const IMMEDIATE_MS = 10_000

/** Stops whatever still serves this folder after its supervisor was killed: politely, then at once. */
export async function stopServerProcesses(folder: string): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', FAST_MS],
    ['SIGQUIT', IMMEDIATE_MS],
    ['SIGKILL', IMMEDIATE_MS],
  ] as const) {
    if (await stopBy(folder, signal, timeoutMs)) return
  }
  throw new StartError(
    `A PostgreSQL that nobody supervises keeps ${folder} busy and cannot be stopped: stop it by hand.`,
  )
}

async function stopBy(folder: string, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  const master = readPidFile(folder)?.pid
  const running = findServerProcesses(folder)
  // With a living postmaster only it is told; workers follow it.
  const told = master !== undefined && running.includes(master) && signal !== 'SIGKILL' ? [master] : running
  for (const pid of told) sendSignal(pid, signal)
  const until = performance.now() + timeoutMs
  while (findServerProcesses(folder).length > 0) {
    if (performance.now() > until) return false
    await delay(20)
  }
  return true
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') {
      throw new StartError(`A PostgreSQL of another user (process ${pid}) serves this data folder: stop it first.`)
    }
  }
}
