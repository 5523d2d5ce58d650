import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * npm run size: what a till and a browser have to load, minified and compressed, against its budget. The console is measured
 * as it was last built (npm start, or node --import tsx build.ts).
 */
type Measured = { readonly name: string; readonly bytes: number; readonly max: number }

const root = fileURLToPath(new URL('../', import.meta.url))
const client = join(root, 'build', 'client')
const manifestFile = join(client, '.vite', 'manifest.json')
const KIB = 1024

/**
 * As an application would bundle it: what is loaded at first, or with `whole` also what is loaded on demand. node: modules
 * and, for the SDK's own part, the rules are left out.
 */
async function measureBundle(
  name: string,
  contents: string,
  limits: { max: number; external: string[]; whole?: true },
): Promise<Measured> {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    treeShaking: true,
    splitting: true,
    outdir: 'measured',
    metafile: true,
    write: false,
    external: ['node:*', ...limits.external],
  })
  const { outputs } = result.metafile
  const first = new Set<string>()
  const add = (path: string): void => {
    if (first.has(path)) return
    first.add(path)
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') add(imported)
  }
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint === '<stdin>') add(path)
  const bytes = result.outputFiles
    .filter((file) => limits.whole === true || first.has(relative(root, file.path)))
    .reduce((sum, file) => sum + compressed(file.contents), 0)
  return { name, bytes, max: limits.max }
}

type Chunk = {
  readonly file: string
  readonly name?: string
  readonly isEntry?: boolean
  readonly isDynamicEntry?: boolean
  readonly imports?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

/** Scripts that a section may load beyond its budget, because they are named heavy and come on demand alone. */
const heavy: readonly string[] = []

/** The shell with its words in one language, and each section with its own words in one, as a browser loads them. */
function measureConsole(): Measured[] {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
  const keys = Object.keys(manifest)
  const first = new Set<string>()
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) addWithImports(manifest, key, first)
  addLargest(
    manifest,
    first,
    keys.filter((key) => /kit\/words\/\w+\.ts$/.test(key)),
  )
  const names = new Set(keys.map((key) => /sections\/([^/]+)\//.exec(key)?.[1]).filter((name) => name !== undefined))
  const sections = [...names].sort().map((name) => {
    const own = keys.filter((key) => key.includes(`sections/${name}/`) && !heavy.includes(key))
    const loaded = new Set<string>()
    for (const key of own) if (!key.includes('/texts.')) addWithImports(manifest, key, loaded)
    addLargest(
      manifest,
      loaded,
      own.filter((key) => key.includes('/texts.')),
    )
    for (const key of first) loaded.delete(key)
    return { name: `console, section ${name}`, bytes: sum(manifest, loaded), max: 15 * KIB }
  })
  return [{ name: 'console, first load', bytes: sum(manifest, first), max: 100 * KIB }, ...sections]
}

/** Of several languages a browser loads one: the largest counts. */
function addLargest(manifest: Manifest, found: Set<string>, languages: readonly string[]): void {
  const size = (key: string): number => sum(manifest, new Set([key]))
  const largest = languages.toSorted((a, b) => size(b) - size(a))[0]
  if (largest !== undefined) addWithImports(manifest, largest, found)
}

function addWithImports(manifest: Manifest, key: string, found: Set<string>): Set<string> {
  if (found.has(key)) return found
  found.add(key)
  for (const imported of manifest[key]?.imports ?? []) addWithImports(manifest, imported, found)
  return found
}

function sum(manifest: Manifest, keys: ReadonlySet<string>): number {
  return [...keys]
    .map((key) => manifest[key]?.file)
    .filter((file) => file?.endsWith('.js') === true)
    .reduce((bytes, file) => bytes + compressed(readFileSync(join(client, file!))), 0)
}

function compressed(content: Uint8Array): number {
  return gzipSync(content, { level: 9 }).length
}

function print(measured: readonly Measured[]): void {
  const width = Math.max(...measured.map(({ name }) => name.length))
  for (const { name, bytes, max } of measured) {
    const verdict = bytes > max ? `over by ${bytes - max}` : `${Math.round((bytes / max) * 100)} %`
    console.log(`${name.padEnd(width)}  ${String(bytes).padStart(7)} of ${String(max).padStart(7)} bytes  ${verdict}`)
  }
}

/** What the SDK imports of the rules; explanations, returns, simulations and sentences are for engine and console. */
const tillRules = `export { canonicalJson, compileRuleSet, dateOfDay, evaluate, hashOutcome, milli, minor, offlineCounters,
  periodKeys, ppm, sha256Hex } from '@premia/rules'`

const measured = [
  // The goal is 12,000 for what a till runs; the budget holds what is reached until it is.
  await measureBundle('rules, what a till runs', tillRules, { max: 16_850, external: [] }),
  await measureBundle('rules, all but validation', `export * from '@premia/rules'`, { max: 20_750, external: [] }),
  await measureBundle('pos-sdk core, without rules', `export * from '@premia/pos-sdk'`, {
    max: 10_000,
    external: ['@premia/rules'],
  }),
  await measureBundle('pos-sdk with checks and estimates, without rules', `export * from '@premia/pos-sdk'`, {
    max: 18_000,
    external: ['@premia/rules'],
    whole: true,
  }),
  ...(existsSync(manifestFile) ? measureConsole() : []),
]
print(measured)
if (!existsSync(manifestFile)) console.log('console: not built yet, not measured')
if (measured.some(({ bytes, max }) => bytes > max)) process.exitCode = 1
