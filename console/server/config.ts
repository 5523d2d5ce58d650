/** What start.ts hands the console by environment; the operator's own settings are read and checked there. */
export interface ConsoleConfig {
  readonly host: string
  readonly port: number
  /** Role premia_console, under row security. */
  readonly databaseUrl: string
  readonly engineUrl: string
  /** Shared with the engine: signs the acting header. */
  readonly consoleKey: string
  /** Signs the tokens against cross-site requests. */
  readonly sessionKey: string
  /** Demo users may exist: start.ts says so only where the server listens on loopback, and it is checked here again. */
  readonly demo: boolean
  /** Where start.ts notes how far the demo's seeding is; absent where nothing is seeded. */
  readonly demoProgressFile: string | undefined
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

export const readConfig = (env: Readonly<Record<string, string | undefined>>): ConsoleConfig => {
  const missing: string[] = []
  const required = (name: string): string => {
    const value = env[name]?.trim() ?? ''
    if (value === '') missing.push(name)
    return value
  }
  const host = env['PREMIA_HOST']?.trim() || '127.0.0.1'
  const port = Number(env['CONSOLE_PORT'] ?? 4200)
  const config: ConsoleConfig = {
    host,
    port,
    databaseUrl: required('PREMIA_DATABASE_CONSOLE'),
    engineUrl: required('PREMIA_ENGINE_URL'),
    consoleKey: required('PREMIA_CONSOLE_KEY'),
    sessionKey: required('PREMIA_SESSION_KEY'),
    demo: env['PREMIA_DEMO'] === '1' && isLoopback(host),
    demoProgressFile: env['PREMIA_DEMO_PROGRESS'],
  }
  if (missing.length > 0) throw new Error(`The console lacks ${missing.join(', ')} (npm start sets them).`)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('CONSOLE_PORT must be a port from 1 to 65535.')
  return config
}
