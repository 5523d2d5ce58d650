import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../store.ts'
import { measureFileStore } from '../testing/measure-file-store.ts'
import { fileStore } from './file.ts'
import { recordEncoder } from './log-format.ts'

/** A copy: records share the encoder’s memory. */
const encodeRecord = (changes: readonly Change[]): Buffer => Buffer.from(recordEncoder()(changes))

/** Sells until there is no room, as the queue writes, then settles all of it. */
const fill = `
  import { fileStore } from './file.ts'
  const folder = process.argv[2] ?? ''
  const sale = 'x'.repeat(3_000)
  let store = fileStore(folder)
  const keys: string[] = []
  let refused: unknown
  let again: unknown
  try {
    for (;;) {
      const key = 'sale/' + 'k'.repeat(32) + '/' + String(keys.length + 1).padStart(16, '0')
      await store.write([{ key, value: sale }, { key: 'head', value: key }])
      keys.push(key)
    }
  } catch (error) {
    refused = (error as NodeJS.ErrnoException).code
  }
  await store.write([{ key: 'head', value: 'x' }]).catch((error: Error) => (again = error.message))
  const written = keys.length
  const half = keys.splice(0, written / 2)
  for (const key of half) await store.write([{ key, value: null }])
  await store.close()
  store = fileStore(folder)
  for (const key of keys) await store.write([{ key, value: null }])
  console.log(JSON.stringify({ refused, again, written, left: [...(await store.load()).keys()] }))
  await store.close()
`

let folder: string
const log = (): string => join(folder, 'till.log')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'premia-file-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (key: string, value: string): Change => ({ key, value })
const reopened = async (): Promise<Record<string, string>> => {
  const store = fileStore(folder)
  const kept = Object.fromEntries(await store.load())
  await store.close()
  return kept
}

describe('the file store', () => {
  test('keeps what was written, in whole groups, over a restart', async () => {
    const store = fileStore(folder)
    await store.write([put('a', '1'), put('b', 'żółć 🧴')])
    await store.write([{ key: 'a', value: null }, put('c', '')])
    await store.close()
    expect(await reopened()).toEqual({ b: 'żółć 🧴', c: '' })
  })

  test('is readable by its owner alone, for it holds the key', async () => {
    await fileStore(folder).close()
    expect(statSync(log()).mode & 0o777).toBe(0o600)
  })

  test('drops the tail of a write that was cut anywhere, and goes on after it', async () => {
    const written: Change[][] = [[put('a', '1')], [put('b', '2'), put('head', '2')], [put('c', '3'), put('head', '3')]]
    const records = written.map(encodeRecord)
    const whole = Buffer.concat(records)
    const lastStart = whole.length - (records[2] as Buffer).length
    for (let cut = lastStart; cut < whole.length; cut += 1) {
      // What a disk may leave behind: the beginning of the record, then zeros or old bytes.
      for (const rest of [Buffer.alloc(64), Buffer.alloc(64, 0xf5), Buffer.from('"tail"]]')]) {
        writeFileSync(log(), Buffer.concat([whole.subarray(0, cut), rest]))
        const store = fileStore(folder)
        expect(Object.fromEntries(await store.load())).toEqual({ a: '1', b: '2', head: '2' })
        await store.write([put('d', '4')])
        await store.close()
        expect(await reopened()).toEqual({ a: '1', b: '2', head: '2', d: '4' })
      }
    }
  })

  test('refuses to open when something in the middle is damaged, rather than forget sales', () => {
    const records = [[put('a', '1')], [put('b', '2')], [put('c', '3')]].map(encodeRecord)
    const first = (records[0] as Buffer).length
    for (let byte = 0; byte < first; byte += 1) {
      const damaged = Buffer.concat(records)
      damaged[byte] = (damaged[byte] as number) ^ 0x10
      writeFileSync(log(), damaged)
      expect(() => fileStore(folder)).toThrow(/damaged/)
      expect(existsSync(join(folder, 'till.lock'))).toBe(false)
      expect(readFileSync(log())).toEqual(damaged)
    }
  })

  test('is a map that forgets nothing, whatever is written and however often it is reopened', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const change = fc.record({ key, value: fc.option(fc.string({ unit: 'binary-ascii' }), { nil: null }) })
    const step = fc.oneof(
      { arbitrary: fc.array(change, { maxLength: 3 }), weight: 4 },
      { arbitrary: fc.constant('reopen' as const), weight: 1 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        rmSync(log(), { force: true })
        const expected = new Map<string, string>()
        let store = fileStore(folder)
        for (const each of steps) {
          if (each === 'reopen') {
            await store.close()
            store = fileStore(folder)
            expect(await store.load()).toEqual(expected)
          } else {
            await store.write(each)
            for (const { key: name, value } of each) {
              if (value === null) expected.delete(name)
              else expected.set(name, value)
            }
          }
        }
        await store.close()
        expect(new Map(Object.entries(await reopened()))).toEqual(expected)
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 25) },
    )
  })

  test('drops what was deleted when the log has grown, and keeps the rest', async () => {
    const store = fileStore(folder)
    await store.write([put('kept', 'k')])
    const big = 'x'.repeat(500_000)
    for (let round = 0; round < 30; round += 1) {
      await store.write([put(`sale/${round}`, big)])
      await store.write([{ key: `sale/${round}`, value: null }])
    }
    await store.close()
    expect(statSync(log()).size).toBeLessThan(7 * 1_048_576)
    expect(await reopened()).toEqual({ kept: 'k' })
  })

  test('an interrupted compaction changes nothing', async () => {
    const store = fileStore(folder)
    await store.write([put('a', '1')])
    await store.close()
    writeFileSync(`${log()}.new`, 'half a log')
    expect(await reopened()).toEqual({ a: '1' })
    expect(readdirSync(folder)).toEqual(['till.log'])
  })

  test('belongs to one living process at a time', async () => {
    const store = fileStore(folder)
    expect(() => fileStore(folder)).toThrow(/another process/)
    await store.close()
    // 2^22 is above every process id of Linux.
    writeFileSync(join(folder, 'till.lock'), '4194305 1')
    expect(await reopened()).toEqual({})
    // The id is in use again, by a process that started at another time.
    if (existsSync('/proc/1/stat')) {
      writeFileSync(join(folder, 'till.lock'), `${process.pid} 1`)
      expect(await reopened()).toEqual({})
    }
  })

  test('that is full takes nothing more, and lets all that waits be removed: a till back online empties its queue', async () => {
    const program = join(folder, 'fill.mjs')
    await build({
      stdin: { contents: fill, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
    })
    const own = join(folder, 'own')
    // No file of this process grows beyond 2 MiB: what a full disk is to the log.
    const limited = `ulimit -f 4096; exec "${process.execPath}" "${program}" "${own}"`
    const said = JSON.parse(execFileSync('/bin/sh', ['-c', limited], { encoding: 'utf8' })) as Record<string, unknown>
    expect(said).toMatchObject({ refused: 'EFBIG', again: 'the store has failed before', left: ['head'] })
    expect(said['written']).toBeGreaterThan(300)
    const store = fileStore(own)
    expect([...(await store.load()).keys()]).toEqual(['head'])
    await store.write([put('sale/next', 'x')])
    await store.close()
  })

  test('fails at once where no folder can be made, instead of spinning for ever', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    expect(() => fileStore(join(file, 'till'))).toThrow(/ENOTDIR/)
    // In a process of its own: one that spins hears nothing.
    const stdin = "import { fileStore } from './file.ts'\nfileStore('/proc/premia/till')"
    const built = await build({
      stdin: { contents: stdin, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    })
    const program = built.outputFiles[0]?.text ?? ''
    const { signal, stderr } = spawnSync(process.execPath, ['-e', program], {
      timeout: 20_000,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    })
    expect([signal, /ENOENT|EROFS|EPERM|EACCES/.test(stderr)]).toEqual([null, true])
  })

  test('refuses to write when it is closed', async () => {
    const store = fileStore(folder)
    await store.close()
    await expect(store.write([put('a', '1')])).rejects.toThrow(/closed/)
  })

  test('a durable write costs little more than the flush of the disk', async () => {
    const { ratio } = await measureFileStore(folder, 100, 2_000)
    // The goal is 1.2 on a quiet machine; this catches a second flush or a rewrite of the file.
    expect(ratio).toBeLessThan(3)
  })
})
