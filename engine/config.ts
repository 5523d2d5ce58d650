import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { roleUrl } from './db/roles.ts'
import { deriveKey, type Secret } from './db/secret.ts'
import { StartError } from './db/start-error.ts'

/**
 * Settings of the operator (the table in the README) are read by start.ts, which hands each child only what it needs by
 * environment: addresses with the password of its own role, and keys derived from the installation's secret. All that is
 * wrong is said at once.
 */
export type Settings = {
  readonly dataDir: string
  readonly host: string
  readonly enginePort: number
  readonly consolePort: number
  readonly databasePort: number
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(env: Environment): Settings {
  const reader = new Reader(env)
  const settings: Settings = {
    dataDir: resolve(reader.text('PREMIA_DATA', './data')),
    host: reader.host('PREMIA_HOST', '127.0.0.1'),
    enginePort: reader.port('ENGINE_PORT', 4100),
    consolePort: reader.port('CONSOLE_PORT', 4200),
    databasePort: reader.port('DATABASE_PORT', 4154),
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: reader.url('REDIS_URL', ['redis:', 'rediss:']),
  }
  const ports = [settings.enginePort, settings.consolePort, settings.databasePort]
  if (new Set(ports).size < ports.length) reader.complain('ENGINE_PORT, CONSOLE_PORT and DATABASE_PORT must differ')
  if (settings.databaseUrl !== undefined && new URL(settings.databaseUrl).pathname.length < 2) {
    reader.complain('DATABASE_URL must name a database: postgres://user:password@host:5432/premia')
  }
  reader.finish()
  return settings
}

/** Whether only this machine can reach an address we listen on: demo users exist nowhere else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** What the engine's processes (HTTP, jobs, demo, verify) are given by start.ts. */
export type EngineConfig = {
  readonly host: string
  readonly port: number
  /** Role premia_engine, under row security. */
  readonly databaseUrl: string
  /** Role premia_owner, for partitions and programs' catalogue work; given to jobs and demo only. */
  readonly ownerUrl: string | undefined
  /** Role premia_jobs, database of the job queue where there is no Redis. */
  readonly jobsUrl: string
  readonly redisUrl: string | undefined
  /** Root of card tokens and session keys; use it through HMAC with a purpose, never bare. */
  readonly engineKey: string
  /** Shared with the console: signs the acting header. */
  readonly consoleKey: string
  /** The demo and its users may exist: it is wanted, and the server listens on loopback only. */
  readonly demo: boolean
}

export function readEngineConfig(env: Environment): EngineConfig {
  const reader = new Reader(env)
  const config: EngineConfig = {
    host: reader.host('PREMIA_HOST', '127.0.0.1'),
    port: reader.port('ENGINE_PORT', 4100),
    databaseUrl: reader.required('PREMIA_DATABASE_ENGINE'),
    ownerUrl: reader.optional('PREMIA_DATABASE_OWNER'),
    jobsUrl: reader.required('PREMIA_DATABASE_JOBS'),
    redisUrl: reader.url('REDIS_URL', ['redis:', 'rediss:']),
    engineKey: reader.required('PREMIA_ENGINE_KEY'),
    consoleKey: reader.required('PREMIA_CONSOLE_KEY'),
    demo: reader.optional('PREMIA_DEMO') === '1',
  }
  reader.finish()
  return config
}

export type ChildName = 'engine' | 'jobs' | 'console' | 'demo'

/** The environment of one child: PREMIA_* as read by readEngineConfig, or by console/server/config.ts. */
export function childEnvironment(
  child: ChildName,
  settings: Settings,
  installation: { readonly url: string; readonly secret: Secret; readonly demo: boolean },
): Record<string, string> {
  const { url, secret } = installation
  const key = (purpose: string): string => deriveKey(secret, purpose)
  const common = {
    PREMIA_DATA: settings.dataDir,
    PREMIA_HOST: settings.host,
    ENGINE_PORT: String(settings.enginePort),
    PREMIA_CONSOLE_KEY: key('console-door'),
    PREMIA_DEMO: installation.demo && isLoopback(settings.host) ? '1' : '0',
    PREMIA_ENGINE_URL: `http://${reachable(settings.host)}:${settings.enginePort}`,
  }
  if (child === 'console') {
    return {
      ...common,
      CONSOLE_PORT: String(settings.consolePort),
      PREMIA_DATABASE_CONSOLE: roleUrl(url, 'premia_console', secret),
      PREMIA_SESSION_KEY: key('console-session'),
      PREMIA_DEMO_PROGRESS: demoProgressFile(settings),
    }
  }
  return {
    ...common,
    PREMIA_DATABASE_ENGINE: roleUrl(url, 'premia_engine', secret),
    PREMIA_DATABASE_JOBS: roleUrl(url, 'premia_jobs', secret),
    PREMIA_ENGINE_KEY: key('engine'),
    ...(settings.redisUrl === undefined ? {} : { REDIS_URL: settings.redisUrl }),
    ...(child === 'engine' ? {} : { PREMIA_DATABASE_OWNER: roleUrl(url, 'premia_owner', secret) }),
    ...(child === 'demo' ? { PREMIA_DATABASE_CONSOLE: roleUrl(url, 'premia_console', secret) } : {}),
  }
}

/** Where start.ts notes how far the demo is: { phase, done, total, state: 'running' | 'complete' | 'failed' }. */
export function demoProgressFile(settings: Settings): string {
  return join(settings.dataDir, 'demo.json')
}

/** An address that this machine can call when it listens on all of them. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return isIP(host) === 6 ? `[${host}]` : host
}

class Reader {
  readonly #env: Environment
  readonly #complaints: string[] = []

  constructor(env: Environment) {
    this.#env = env
  }

  complain(text: string): void {
    this.#complaints.push(text)
  }

  optional(name: string): string | undefined {
    const value = this.#env[name]?.trim()
    return value === '' ? undefined : value
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback
  }

  required(name: string): string {
    const value = this.optional(name)
    if (value === undefined) this.complain(`${name} is missing (npm start sets it)`)
    return value ?? ''
  }

  port(name: string, fallback: number): number {
    const value = this.text(name, String(fallback))
    const port = Number(value)
    if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
      this.complain(`${name} must be a port from 1 to 65535, not "${value}"`)
    }
    return port
  }

  host(name: string, fallback: string): string {
    const value = this.text(name, fallback)
    if (isIP(value) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value)) {
      this.complain(`${name} must be an address or a host name, not "${value}"`)
    }
    return value
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const value = this.optional(name)
    if (value === undefined) return undefined
    // The value may hold a password, so it is not repeated.
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url !== undefined && protocols.includes(url.protocol)) return value
    this.complain(`${name} must be an address that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`)
    return undefined
  }

  finish(): void {
    if (this.#complaints.length === 0) return
    throw new StartError(`The settings cannot be used: ${this.#complaints.join('; ')}.`)
  }
}
