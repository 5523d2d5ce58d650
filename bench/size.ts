import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** As an application would bundle it; node: modules and, for the SDK's own part, the rules are left out. */
async function measureBundle(
  name: string,
  contents: string,
  limits: { max: number; external: string[] },
): Promise<Measured> {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    treeShaking: true,
    write: false,
    external: ['node:*', ...limits.external],
  })
  return { name, bytes: compressed(result.outputFiles[0]!.contents), max: limits.max }
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

function measureConsole(): Measured[] {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
  const first = new Set<string>()
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) addWithImports(manifest, key, first)
  const sections = Object.entries(manifest)
    .filter(([key, chunk]) => chunk.isDynamicEntry === true && key.includes('sections/') && !heavy.includes(key))
    .map(([key]) => {
      const own = addWithImports(manifest, key, new Set())
      return {
        name: `console ${key.replace(/^(\.\.\/)+/, '')}`,
        bytes: sum(manifest, new Set([...own].filter((part) => !first.has(part)))),
        max: 15 * KIB,
      }
    })
  return [{ name: 'console, first load', bytes: sum(manifest, first), max: 100 * KIB }, ...sections]
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

const measured = [
  await measureBundle('rules, without validation', `export * from '@premia/rules'`, { max: 12_000, external: [] }),
  await measureBundle('pos-sdk, without rules', `export * from '@premia/pos-sdk'`, {
    max: 10_000,
    external: ['@premia/rules'],
  }),
  ...(existsSync(manifestFile) ? measureConsole() : []),
]
print(measured)
if (!existsSync(manifestFile)) console.log('console: not built yet, not measured')
if (measured.some(({ bytes, max }) => bytes > max)) process.exitCode = 1
