import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './engine/testing/free-port.ts'
import { type Child, startChild } from './supervise.ts'

let folder: string
let leash: string
const children: Child[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'premia-supervise-'))
  leash = join(folder, 'leash.mjs')
  await build({ entryPoints: ['leash.ts'], outfile: leash, format: 'esm', platform: 'node' })
})
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop(1_000)))
  rmSync(folder, { recursive: true })
})

type Extra = { readonly readyUrl?: string; readonly env?: Record<string, string> }

function start(name: string, code: string, extra: Extra = {}): Child & { readonly failed: Promise<string> } {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  let fail = (_reason: string): void => undefined
  const failed = new Promise<string>((done) => {
    fail = done
  })
  const child = startChild({ name, file, leash, env: {}, logFolder: folder, onFailed: fail, ...extra })
  children.push(child)
  return { ...child, failed }
}
const logOf = (name: string): string => readFileSync(join(folder, `${name}.log`), 'utf8')
const SAY_READY = 'process.send({ ready: true }); setInterval(() => undefined, 1000)'

test('a child is ready when it says so, and ends when told to', async () => {
  const child = start(
    'polite',
    `process.on('SIGTERM', () => { console.log('drained'); process.exit(0) }); ${SAY_READY}`,
  )
  await child.ready
  await child.stop(5_000)
  expect(logOf('polite')).toContain('drained')
})

test('a child that says nothing is ready when its address answers', async () => {
  const port = await freePort()
  const code = `import { createServer } from 'node:http'
    createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`
  const child = start('silent', code, { readyUrl: `http://127.0.0.1:${port}/ready` })
  await child.ready
  await child.stop(5_000)
})

test('a child that ends before it was ready fails the start at once, with its own reason', async () => {
  const child = start('broken', `console.error('Error: the port 1 cannot be used'); process.exit(1)`)
  await expect(child.ready).rejects.toThrow(
    /^broken ended while starting: Error: the port 1 cannot be used \(see .*broken\.log\)\.$/,
  )
})

test('the reason of a child is the error that it ended with, not the last line of its report', async () => {
  const code = `throw Object.assign(new RangeError('the tide is out'), { code: 'X', file: 'sea.c', line: 7, routine: 'Ebb' })`
  const child = start('wordy', code)
  await expect(child.ready).rejects.toThrow(/^wordy ended while starting: RangeError: the tide is out \(see /)
})

test.runIf(existsSync('/dev/full'))('a full disk costs the log, never the child or its supervisor', async () => {
  symlinkSync('/dev/full', join(folder, 'wasted.log'))
  const marker = join(folder, 'wasted.done')
  const code = `import { writeFileSync } from 'node:fs'
    console.log('lost'); ${SAY_READY}
    setTimeout(() => { console.log('lost too'); writeFileSync(${JSON.stringify(marker)}, '') }, 50)`
  const child = start('wasted', code)
  await child.ready
  await expect.poll(() => existsSync(marker)).toBe(true)
  await child.stop(5_000)
})

test('a child that ends later is started again', async () => {
  const marker = join(folder, 'once')
  const code = `import { existsSync, writeFileSync } from 'node:fs'
    const again = existsSync(${JSON.stringify(marker)}); writeFileSync(${JSON.stringify(marker)}, '')
    console.log(again ? 'second' : 'first'); ${SAY_READY}; if (!again) setTimeout(() => process.exit(3), 50)`
  const child = start('mortal', code)
  await child.ready
  await expect.poll(() => logOf('mortal'), { timeout: 10_000 }).toContain('second')
  await child.stop(5_000)
})

test('a child that ends again and again is given up after five restarts, with the reason', async () => {
  const child = start(
    'hopeless',
    `${SAY_READY}; setTimeout(() => { console.error('Error: no use'); process.exit(3) }, 20)`,
  )
  await child.ready
  expect(await child.failed).toMatch(/^hopeless ended with exit code 3: Error: no use \(5 restarts within a minute/)
  expect(logOf('hopeless').match(/no use/g)).toHaveLength(6)
})

test('a child that does not drain in time is killed', async () => {
  const child = start('stubborn', `process.on('SIGTERM', () => undefined); ${SAY_READY}`)
  await child.ready
  const begun = performance.now()
  await child.stop(300)
  expect(performance.now() - begun).toBeLessThan(5_000)
})

test('a child that has finished its work ends although the channel is open', async () => {
  const child = start('finished', `process.send({ ready: true }); setTimeout(() => console.log('done'), 20)`)
  await child.ready
  await expect.poll(() => logOf('finished')).toContain('done')
  await child.stop(5_000)
})

test("the database's own address and flags of node are kept from a child", async () => {
  process.env['DATABASE_URL'] = 'postgres://admin:secret@h/d'
  const child = start('modest', `console.log(process.env.DATABASE_URL ?? 'not told'); ${SAY_READY}`)
  delete process.env['DATABASE_URL']
  await child.ready
  await expect.poll(() => logOf('modest')).toContain('not told')
  await child.stop(5_000)
})
