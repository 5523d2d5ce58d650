import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { npmPackagesOutside } from '../build.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
/** Written so that whoever looks for unused files sees that it is used. */
const processFile = fileURLToPath(new URL('./rules-process.ts', import.meta.url))
const compiledFolder = fileURLToPath(new URL('../build/bench/', import.meta.url))

/** In a process of its own and compiled, as the product runs: from the sources every closure would carry its name along. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  await bundle({
    absWorkingDir: root,
    entryPoints: { rules: processFile },
    outdir: compiledFolder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [npmPackagesOutside],
  })
  // To profile: BENCH_NODE='--cpu-prof --cpu-prof-dir=…'.
  const more = (process.env.BENCH_NODE ?? '').split(' ').filter((each) => each !== '')
  const child = fork(`${compiledFolder}rules.js`, smoke ? ['--smoke'] : [], { execArgv: ['--expose-gc', ...more] })
  return new Promise((done, fail) => {
    child.once('message', (result) => done(result as object))
    child.once('exit', (code) => fail(new Error(`the measuring process ended with ${code} and without a result`)))
  })
}
