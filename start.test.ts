import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clusterFolder } from './engine/db/cluster.ts'
import { findServerProcesses } from './engine/db/server-process.ts'
import { freePort } from './engine/testing/free-port.ts'

// The whole of it, as npm start runs it, without the demo.
const START_TIMEOUT_MS = 180_000
let root: string
let env: Record<string, string>
const launched: ChildProcess[] = []

type Started = {
  readonly process: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
  ready(): Promise<void>
}

function launch(extra: Record<string, string> = {}): Started {
  const started = spawn(process.execPath, ['--import', 'tsx', 'start.ts', '--no-demo'], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  launched.push(started)
  let output = ''
  const collect = (chunk: Buffer): void => {
    output += chunk.toString('utf8')
  }
  started.stdout.on('data', collect)
  started.stderr.on('data', collect)
  const ended = once(started, 'close').then(([code]) => code as number | null)
  const ready = async (): Promise<void> => {
    const early = ended.then((code) => `ended with ${code}: ${output}`)
    const shown = expect.poll(() => output, { timeout: START_TIMEOUT_MS, interval: 100 }).toMatch(/ready after/)
    const reason = await Promise.race([shown.then(() => undefined), early])
    if (reason !== undefined) throw new Error(reason)
  }
  return { process: started, ended, output: () => output, ready }
}
const nothingRuns = async (): Promise<void> => {
  await expect.poll(() => findServerProcesses(clusterFolder(env['PREMIA_DATA']!)), { timeout: 20_000 }).toEqual([])
  for (const name of ['ENGINE_PORT', 'CONSOLE_PORT']) {
    await expect.poll(() => isFree(Number(env[name])), { timeout: 20_000 }).toBe(true)
  }
}
const isFree = async (port: number): Promise<boolean> => {
  const probe = createServer()
  const free = new Promise<boolean>((done) => {
    probe.once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => done(true))
  })
  return free.finally(() => probe.close())
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'premia-start-'))
  chmodSync(root, 0o711)
  env = {
    PREMIA_DATA: join(root, 'data'),
    ENGINE_PORT: String(await freePort()),
    CONSOLE_PORT: String(await freePort()),
    DATABASE_PORT: String(await freePort()),
    DATABASE_URL: '',
    REDIS_URL: '',
  }
})
afterAll(async () => {
  for (const child of launched) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'close')
  }
  rmSync(root, { recursive: true, force: true })
})

test(
  'SIGTERM to a start that has just begun ends it and leaves nothing running',
  async () => {
    const started = launch()
    await expect
      .poll(() => findServerProcesses(clusterFolder(env['PREMIA_DATA']!)).length, { timeout: 60_000 })
      .toBeGreaterThan(0)
    started.process.kill('SIGTERM')
    expect(await started.ended).toBe(0)
    await nothingRuns()
  },
  START_TIMEOUT_MS,
)

test(
  'engine and console answer, a second start is refused, and SIGTERM ends everything',
  async () => {
    const first = launch()
    await first.ready()
    const answers = await Promise.all(
      [`${env['ENGINE_PORT']}/ready`, `${env['CONSOLE_PORT']}/`].map((address) => fetch(`http://127.0.0.1:${address}`)),
    )
    expect(answers.map((answer) => answer.status)).toEqual([200, 200])

    const second = launch()
    expect(await second.ended).toBe(1)
    expect(second.output()).toMatch(/^premia: Premia is already running on the data folder .* \(process \d+\)\.\n$/)

    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    await nothingRuns()
  },
  START_TIMEOUT_MS,
)

test(
  'after kill -9 of the supervisor the next start comes up',
  async () => {
    const killed = launch()
    await killed.ready()
    killed.process.kill('SIGKILL')
    const next = launch()
    await next.ready()
    next.process.kill('SIGINT')
    expect(await next.ended).toBe(0)
    await nothingRuns()
  },
  START_TIMEOUT_MS,
)

test(
  'a taken port and wrong settings are one sentence each',
  async () => {
    const taken = createServer().listen(Number(env['ENGINE_PORT']), '127.0.0.1')
    await once(taken, 'listening')
    const refused = launch()
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toBe(
      `premia: The port ${env['ENGINE_PORT']} is taken by another program: stop it or set ENGINE_PORT.\n`,
    )
    await new Promise((done) => taken.close(done))

    const lonely = launch({ REDIS_URL: 'redis://127.0.0.1:1' })
    expect(await lonely.ended).toBe(1)
    expect(lonely.output()).toBe('premia: Redis of REDIS_URL cannot be reached: connect ECONNREFUSED 127.0.0.1:1.\n')

    const wrong = launch({ ENGINE_PORT: 'x', REDIS_URL: 'http://h' })
    expect(await wrong.ended).toBe(1)
    expect(wrong.output()).toMatch(/^premia: The settings cannot be used: ENGINE_PORT .*; REDIS_URL .*\.\n$/)
  },
  START_TIMEOUT_MS,
)

test(
  'a data folder that cannot be one is one sentence, and ends the start instead of spinning',
  async () => {
    const file = join(root, 'a-file')
    writeFileSync(file, '')
    const refusals: [string, RegExp][] = [
      [file, /it is a file/],
      [join(file, 'below'), /ENOTDIR/],
      // Linux: a file system that answers ENOENT below a folder that exists.
      ...(existsSync('/proc/self') ? [['/proc/premia/data', /ENOENT/] as [string, RegExp]] : []),
    ]
    for (const [folder, reason] of refusals) {
      const refused = launch({ PREMIA_DATA: folder })
      // A start that spins hears no signal but this one.
      const spinning = setTimeout(() => refused.process.kill('SIGKILL'), 30_000)
      expect([folder, await refused.ended]).toEqual([folder, 1])
      clearTimeout(spinning)
      expect(refused.output()).toMatch(/^premia: The data folder .* cannot be used \(.*\): set PREMIA_DATA\.\n$/)
      expect(refused.output()).toMatch(reason)
    }
  },
  START_TIMEOUT_MS,
)

/** A small file system of its own for the start, where this user may mount one. */
const inMount = (options: string, then = 'true'): string[] => [
  '-m',
  'sh',
  '-c',
  `mount -t tmpfs -o ${options} none "$0" && mkdir "$0/data" && ${then} && PREMIA_DATA="$0/data" exec "$@"`,
]
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

test.skipIf(!canMount)(
  'a disk that is full, or only read, is one sentence each',
  () => {
    const mount = join(root, 'mount')
    mkdirSync(mount)
    const outcome = (...args: Parameters<typeof inMount>): string => {
      const command = [process.execPath, '--import', 'tsx', 'start.ts', '--no-demo']
      const options = { cwd: import.meta.dirname, env: { ...process.env, ...env }, encoding: 'utf8' } as const
      const { status, stderr } = spawnSync('unshare', [...inMount(...args), mount, ...command], options)
      return `${status} ${stderr}`
    }
    expect(outcome('size=1m', 'mount -o remount,ro "$0"')).toMatch(/^1 premia: The data folder .* \(EROFS: .*\n$/)
    expect(outcome('size=4k,nr_inodes=2')).toMatch(/^1 premia: A disk takes nothing \(ENOSPC: .*\n$/)
    expect(outcome('size=4k')).toMatch(/^1 premia: A disk takes nothing \(ENOSPC: .*\n$/)
    expect(outcome('size=1m')).toMatch(/^1 premia: PostgreSQL could not make its .*No space left on device\.\n$/)
    expect(outcome('size=40m')).toMatch(/^1 premia: .*No space left on device.*\n$/)
  },
  START_TIMEOUT_MS,
)
