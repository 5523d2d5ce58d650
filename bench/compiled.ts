import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { npmPackagesOutside } from '../build.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
/** Two levels deep, like the sources. */
const folder = join(root, 'build/bench')

/** Processes run compiled, as the product does: from the sources every closure would carry its name along. */
export const compile = async (entryPoints: Readonly<Record<string, string>>): Promise<void> => {
  await bundle({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [npmPackagesOutside],
  })
}

export const compiledFile = (name: string): string => join(folder, `${name}.js`)

/** To profile: BENCH_NODE='--cpu-prof --cpu-prof-dir=…'. */
export const nodeArguments = (): string[] => (process.env.BENCH_NODE ?? '').split(' ').filter((each) => each !== '')
