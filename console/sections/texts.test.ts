import { describe, expect, test } from 'vitest'
import { type Language, languages } from '../kit/model/wire.ts'
import type { Section } from '../kit/model/section.ts'
import type { SectionTexts } from '../kit/model/texts.ts'
import { directoryReferences } from '../kit/server/directory.ts'
import { loadSections } from '../server/sections.ts'
import { sectionNames } from './index.ts'

const textsOf = async (name: string, language: Language): Promise<SectionTexts> =>
  ((await import(`./${name}/texts.${language}.ts`)) as { texts: SectionTexts }).texts
const wordsOf = async (language: Language): Promise<unknown> =>
  ((await import(`../kit/words/${language}.ts`)) as { words: unknown }).words

/** All texts with their paths; a function is called with values that no language leaves out. */
const leaves = (value: unknown, path = ''): readonly (readonly [path: string, text: string])[] => {
  if (typeof value === 'string' || typeof value === 'number') return [[path, String(value)]]
  if (typeof value === 'function') return leaves((value as (...values: unknown[]) => unknown)(5, 'day'), path)
  // A short head of a column is each language's own need.
  const parts = Object.entries(value as object).filter(([key]) => key !== 'short')
  return parts.flatMap(([key, part]) => leaves(part, `${path}.${key}`))
}

/** Words that are the same in two languages, or in all. */
const alike = new Set([
  'Program',
  'Demo',
  'Login',
  'E-mail',
  'Status',
  'Menu',
  'Voucher',
  'Transfer',
  'Export CSV',
  '5',
  'Card',
  'Text',
  'Factură',
  '',
])

describe.each(sectionNames)('texts of %s', (name) => {
  test.each(languages)('in %s say every field, choice, view and action of the definition', async (language) => {
    const section = ((await import(`./${name}/section.ts`)) as Record<string, Section>)[name]
    const texts = await textsOf(name, language)
    expect(Object.keys(texts.fields).sort()).toEqual(Object.keys(section?.fields ?? {}).sort())
    expect(Object.keys(texts.views).sort()).toEqual((section?.list.views ?? []).map((view) => view.name).sort())
    expect(Object.keys(texts.actions).sort()).toEqual(Object.keys(section?.actions ?? {}).sort())
    for (const [field, definition] of Object.entries(section?.fields ?? {})) {
      if (definition.type !== 'choice' && definition.type !== 'state') continue
      expect(Object.keys(texts.choices[field] ?? {}).sort(), field).toEqual([...definition.of].sort())
    }
    for (const [path, text] of leaves(texts)) expect(text, path).not.toBe('')
  })
})

test.each(['kit', ...sectionNames])(
  'PLT-10: %s leaves nothing untranslated: no two languages share a sentence',
  async (name) => {
    const read = (language: Language): Promise<unknown> =>
      name === 'kit' ? wordsOf(language) : textsOf(name, language)
    const [en, pl, ro] = [await read('en'), await read('pl'), await read('ro')].map((each) => new Map(leaves(each)))
    expect([...(pl?.keys() ?? [])].sort()).toEqual([...(en?.keys() ?? [])].sort())
    expect([...(ro?.keys() ?? [])].sort()).toEqual([...(en?.keys() ?? [])].sort())
    for (const [path, text] of en ?? []) {
      if (!text.includes(' ') || alike.has(text)) continue
      expect(pl?.get(path), path).not.toBe(text)
      expect(ro?.get(path), path).not.toBe(text)
    }
  },
)

test('PLT-10: Polish counts 1, 2–4 and 5+; Romanian says "de" from 20 on', async () => {
  const count = async (name: string, language: Language): Promise<(n: number) => string> =>
    (await textsOf(name, language)).count
  const pl = await count('sales', 'pl')
  expect([1, 2, 4, 5, 12, 14, 21, 22, 25, 102, 112].map(pl)).toEqual([
    '1 transakcja',
    '2 transakcje',
    '4 transakcje',
    '5 transakcji',
    '12 transakcji',
    '14 transakcji',
    '21 transakcji',
    '22 transakcje',
    '25 transakcji',
    '102 transakcje',
    '112 transakcji',
  ])
  const ro = await count('sales', 'ro')
  expect([0, 1, 2, 19, 20, 21, 100, 101, 119, 120].map(ro)).toEqual([
    '0 tranzacții',
    '1 tranzacție',
    '2 tranzacții',
    '19 tranzacții',
    '20 de tranzacții',
    '21 de tranzacții',
    '100 de tranzacții',
    '101 tranzacții',
    '119 tranzacții',
    '120 de tranzacții',
  ])
})

test('screens say the words of the glossary: no outlet, terminal or operator left as it is, comma below in Romanian', async () => {
  for (const name of ['kit', ...sectionNames]) {
    for (const language of ['pl', 'ro'] as const) {
      const texts = name === 'kit' ? await wordsOf(language) : await textsOf(name, language)
      for (const [path, text] of leaves(texts)) {
        expect(text, `${name} ${language} ${path}`).not.toMatch(/\b(outlet|terminal|operator|user|member|sale)\b/i)
        expect(text, `${name} ${language} ${path}`).not.toMatch(/[şţŞŢ]/)
      }
    }
  }
})

test('every reference, relation and searched list of the registry exists', async () => {
  const { byName, references } = await loadSections()
  expect([...byName.keys()]).toEqual([...sectionNames])
  for (const { source } of byName.values()) {
    const { section, commands } = source
    for (const [name, field] of Object.entries(section.fields)) {
      if (field.type === 'ref')
        expect(references[field.to] ?? directoryReferences[field.to], `${section.name}.${name}`).toBeDefined()
    }
    for (const relation of Object.values(section.relations ?? {})) expect(sectionNames).toContain(relation.to)
    expect(Object.keys(commands).sort()).toEqual(Object.keys(section.actions ?? {}).sort())
  }
})
