import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { reportStartError, StartError } from './engine/db/start-error.ts'

/**
 * Compiles what is out of date into build/: the servers by esbuild (npm packages stay outside, workspaces are bundled) and
 * the console's pages by Vite. What is out of date is known by a hash over the content of all inputs, so nothing is missed
 * after a checkout and nothing is compiled twice; the compilers are only loaded when there is work.
 */
const root = fileURLToPath(new URL('.', import.meta.url))
const buildFolder = join(root, 'build')
/** Two levels deep like most sources, so that `new URL('../../…', import.meta.url)` means the same in both. */
export const serversFolder = join(buildFolder, 'servers')

const entries = {
  engine: 'engine/main.ts',
  jobs: 'engine/jobs/main.ts',
  demo: 'engine/demo/main.ts',
  console: 'console/server/main.ts',
  leash: 'leash.ts',
} as const

const clientConfig = 'console/vite.config.ts'
/** All that can change how things are compiled. */
const buildInputs = ['build.ts', 'package-lock.json', 'tsconfig.json']
const clientFolders = ['console', 'rules', 'pos-sdk']

type Stamp = { readonly hash: string; readonly inputs: readonly string[] }
export type BuildResult = { readonly servers: boolean; readonly client: boolean }

/** Says what was compiled; `report` is told before work begins. */
export async function build(report: (text: string) => void = () => undefined): Promise<BuildResult> {
  for (const entry of [...Object.values(entries), clientConfig]) {
    if (!existsSync(join(root, entry)))
      throw new StartError(`The file ${entry} is missing: the checkout is incomplete.`)
  }
  mkdirSync(buildFolder, { recursive: true })
  const servers = !isCurrent('servers', readStamp('servers')?.inputs ?? [])
  const clientInputs = listClientInputs()
  const client = !isCurrent('client', clientInputs)
  if (servers) {
    report('compiling the servers')
    writeStamp('servers', await buildServers())
  }
  if (client) {
    report('compiling the pages')
    await buildClient()
    writeStamp('client', clientInputs)
  }
  return { servers, client }
}

/** Workspaces are bundled, packages of npm are found at run time. */
export const npmPackagesOutside: Plugin = {
  name: 'npm-packages-outside',
  setup(setup) {
    setup.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@premia/') ? undefined : { path, external: true },
    )
  },
}

async function buildServers(): Promise<string[]> {
  const { build: bundle } = await import('esbuild')
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry])),
    outdir: serversFolder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
    plugins: [npmPackagesOutside],
  })
  return Object.keys(result.metafile.inputs)
}

async function buildClient(): Promise<void> {
  const { build: bundle } = await import('vite')
  const outDir = join(buildFolder, 'client')
  const draft = join(buildFolder, 'client.new')
  // A page that is being served keeps its files until the new ones are complete.
  rmSync(draft, { recursive: true, force: true })
  await bundle({
    configFile: join(root, clientConfig),
    logLevel: 'warn',
    build: { outDir: draft, emptyOutDir: true },
  })
  rmSync(outDir, { recursive: true, force: true })
  renameSync(draft, outDir)
}

function listClientInputs(): string[] {
  const found: string[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && entry.name !== 'node_modules') visit(path)
      else if (entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name)) found.push(relative(root, path))
    }
  }
  for (const folder of clientFolders) visit(join(root, folder))
  return found.sort()
}

function isCurrent(name: 'servers' | 'client', inputs: readonly string[]): boolean {
  const stamp = readStamp(name)
  const made =
    name === 'client'
      ? [join(buildFolder, 'client')]
      : Object.keys(entries).map((entry) => `${serversFolder}/${entry}.js`)
  return stamp !== undefined && made.every((path) => existsSync(path)) && stamp.hash === hashInputs(inputs)
}

function hashInputs(inputs: readonly string[]): string {
  const hash = createHash('sha256')
  for (const input of [...buildInputs, ...inputs]) {
    const path = join(root, input)
    hash.update(input).update('\0')
    if (existsSync(path)) hash.update(readFileSync(path))
    hash.update('\0')
  }
  return hash.digest('hex')
}

function stampFile(name: string): string {
  return join(buildFolder, `${name}.stamp.json`)
}

function readStamp(name: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampFile(name), 'utf8')) as Stamp
  } catch {
    return undefined
  }
}

function writeStamp(name: string, inputs: readonly string[]): void {
  writeFileSync(stampFile(name), JSON.stringify({ hash: hashInputs(inputs), inputs } satisfies Stamp))
}

// Also a program of its own: node --import tsx build.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) await build(console.log).catch(reportStartError)
