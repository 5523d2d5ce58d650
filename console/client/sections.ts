import { useEffect, useState } from 'preact/hooks'
import type { Section } from '../kit/model/section.ts'
import type { SectionTexts } from '../kit/model/texts.ts'
import { language } from '../kit/ui/language.ts'
import type { LoadedSection, SectionPage } from '../kit/ui/section-page.ts'
import type { Language } from '../kit/model/wire.ts'

// One lazy chunk a section, with the texts of one language. The shell itself knows no section.
const definitions = import.meta.glob<Readonly<Record<string, Section>>>('../sections/*/section.ts')
const texts = import.meta.glob<{ texts: SectionTexts }>('../sections/*/texts.*.ts')
const pages = import.meta.glob<{ page: SectionPage }>('../sections/*/page.tsx')

const loaded = new Map<string, LoadedSection>()

const load = async (name: string, inLanguage: Language): Promise<LoadedSection | undefined> => {
  const define = definitions[`../sections/${name}/section.ts`]
  const speak = texts[`../sections/${name}/texts.${inLanguage}.ts`]
  if (define === undefined || speak === undefined) return undefined
  const [definition, words, own] = await Promise.all([define(), speak(), pages[`../sections/${name}/page.tsx`]?.()])
  const section = definition[name]
  if (section === undefined) return undefined
  const found = { section, texts: words.texts, page: own?.page ?? {} }
  loaded.set(`${name}.${inLanguage}`, found)
  return found
}

/** A section in the chosen language; undefined while it is loaded, null where there is none. */
export const useSection = (name: string): LoadedSection | null | undefined => {
  const key = `${name}.${language.value}`
  const [state, setState] = useState<{ readonly key: string; readonly found: LoadedSection | null } | undefined>()
  const ready = loaded.get(key)
  useEffect(() => {
    if (ready !== undefined) return
    let gone = false
    void load(name, language.value).then((found) => {
      if (!gone) setState({ key, found: found ?? null })
    })
    return () => {
      gone = true
    }
  }, [key])
  if (ready !== undefined) return ready
  if (state?.key === key) return state.found
  // While the words of another language are on their way the old ones stay.
  return state?.found?.section.name === name ? state.found : undefined
}
