/** pgbench's TPC-B-like load, prepared, on the very server that the engine uses: the measure for a durable database transaction. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Debian keeps it when it is not on the path. */
const places = [18, 17, 16, 15].map((major) => `/usr/lib/postgresql/${major}/bin/pgbench`)

export const findPgbench = (): string | undefined => {
  try {
    return execFileSync('sh', ['-c', 'command -v pgbench'], { encoding: 'utf8', timeout: 5_000 }).trim() || undefined
  } catch {
    return places.find((path) => existsSync(path))
  }
}

export interface PgbenchRun {
  readonly perSecond: number
  readonly averageMs: number
  readonly transactions: number
}

/** Reads pgbench's report. Throws when it is not one. */
export const parsePgbench = (text: string): PgbenchRun => {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1]
    if (found === undefined) throw new Error(`pgbench said something else: ${text.slice(0, 300)}`)
    return Number(found)
  }
  return {
    perSecond: number(/^tps = ([\d.]+)/m),
    averageMs: number(/^latency average = ([\d.]+) ms/m),
    transactions: number(/number of transactions actually processed: (\d+)/),
  }
}

interface Target {
  readonly pgbench: string
  /** Of a database of its own. */
  readonly url: string
}

const environment = (url: string): NodeJS.ProcessEnv => {
  const { hostname, port, username, password, pathname } = new URL(url)
  return {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  }
}

/** Fills pgbench's tables. Scale 50 is 5 million accounts and 750 MB. */
export const fillPgbench = ({ pgbench, url }: Target, scale: number): void => {
  execFileSync(pgbench, ['-i', '-q', '-s', String(scale), '--no-vacuum'], {
    env: environment(url),
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 600_000,
  })
}

interface PgbenchOptions {
  readonly clients: number
  readonly seconds: number
  /** Told the process, so that its processor time can be counted apart. */
  readonly onStart?: (child: ChildProcess) => void
}

export const runPgbench = async ({ pgbench, url }: Target, options: PgbenchOptions): Promise<PgbenchRun> => {
  const { clients, seconds, onStart } = options
  const args = ['-M', 'prepared', '-n', '-c', String(clients), '-j', '2', '-T', String(seconds)]
  const child = spawn(pgbench, args, {
    env: environment(url),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: (seconds + 60) * 1000,
  })
  onStart?.(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  })
  if (code !== 0) throw new Error(`pgbench ended with ${code}: ${complaint.slice(0, 500)}`)
  return parsePgbench(output)
}
