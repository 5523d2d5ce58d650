import { join } from 'node:path'
import { build } from 'esbuild'

/** The package as a browser loads it: bundled, minified, with nothing of Node, as a global named `bundle`. */
export const browserBundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './index.ts'\nexport * from './validate.ts'`,
      resolveDir: join(import.meta.dirname, '..'),
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'bundle',
    target: 'es2022',
    platform: 'browser',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
