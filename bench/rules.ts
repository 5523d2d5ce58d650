import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compile, compiledFile, nodeArguments } from './compiled.ts'

/** Written so that whoever looks for unused files sees that it is used. */
const processFile = fileURLToPath(new URL('./rules-process.ts', import.meta.url))

/** In a process of its own. */
export const run = async ({ smoke }: { readonly smoke: boolean }): Promise<object> => {
  await compile({ rules: processFile })
  const child = fork(compiledFile('rules'), smoke ? ['--smoke'] : [], { execArgv: ['--expose-gc', ...nodeArguments()] })
  return new Promise((done, fail) => {
    child.once('message', (result) => done(result as object))
    child.once('exit', (code) => fail(new Error(`the measuring process ended with ${code} and without a result`)))
  })
}
