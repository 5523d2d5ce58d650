import { computed, signal } from '@preact/signals'
import type { Language } from '../model/wire.ts'
import type { Words } from '../words/en.ts'

const loaders = import.meta.glob<{ words: Words }>('../words/*.ts')

const current = signal<{ readonly language: Language; readonly words: Words } | undefined>(undefined)

/** The words of kit and shell in the chosen language. Reading it in a component follows every change. */
export const words = computed((): Words => {
  if (current.value === undefined) throw new Error('words are read before they are loaded')
  return current.value.words
})
export const language = computed((): Language => current.value?.language ?? 'pl')
export const locale = computed(() => ({ pl: 'pl-PL', en: 'en-GB', ro: 'ro-RO' })[language.value])

/** Loads the words, then switches the whole page at once. */
export const switchLanguage = async (next: Language): Promise<void> => {
  const load = loaders[`../words/${next}.ts`]
  if (load === undefined) throw new Error(`no words in ${next}`)
  const { words: loaded } = await load()
  current.value = { language: next, words: loaded }
  document.documentElement.lang = next
}
