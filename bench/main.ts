import { writeResult } from './measure/result-file.ts'

/** `npm run bench -- <workload>` measures one workload and writes its result; `--smoke` runs all of them briefly. */

type Workload = (options: { readonly smoke: boolean }) => Promise<object>

const workloads: Readonly<Record<string, () => Promise<{ readonly run: Workload }>>> = {
  sales: () => import('./sales.ts'),
  rules: () => import('./rules.ts'),
  till: () => import('./till.ts'),
  large: () => import('./large.ts'),
}

const names = Object.keys(workloads)
const args = process.argv.slice(2)
const smoke = args.includes('--smoke')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const chosen = wanted.length === 0 && smoke ? names : wanted
const unknown = chosen.filter((name) => !names.includes(name))

if (chosen.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run bench -- ${names.join(' | ')} [--smoke]`)
  process.exitCode = 2
} else {
  for (const name of chosen) {
    const { run } = (await workloads[name]?.()) ?? {}
    if (run === undefined) continue
    const startedMs = performance.now()
    const result = await run({ smoke })
    const path = writeResult(name, smoke, result)
    console.log(`${name}: ${path} after ${Math.round((performance.now() - startedMs) / 1000)} s`)
  }
}
