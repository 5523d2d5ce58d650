import type { Language } from '../kit/model/wire.ts'
import type { SectionTexts } from '../kit/model/texts.ts'

/** A section's words on the server: menu entries and the head line of an export. */
export const sectionTexts = async (name: string, language: Language): Promise<SectionTexts> => {
  const { texts } = (await import(`../sections/${name}/texts.${language}.ts`)) as { texts: SectionTexts }
  return texts
}

export const sectionTitle = async (name: string, language: Language): Promise<string> =>
  (await sectionTexts(name, language)).title
