import { directoryReferences } from '../kit/server/directory.ts'
import type { References } from '../kit/server/references.ts'
import type { SectionApi, SectionModule } from '../kit/server/section-api.ts'
import type { Source } from '../kit/server/source.ts'
import { sectionNames } from '../sections/index.ts'

export interface Sections {
  readonly byName: ReadonlyMap<string, SectionModule>
  readonly references: References
}

/** Loads the sections of the registry by name: schema.ts of each, api.ts where there is one. */
export const loadSections = async (): Promise<Sections> => {
  const byName = new Map<string, SectionModule>()
  let references: References = directoryReferences
  for (const name of sectionNames) {
    const { source } = (await import(`../sections/${name}/schema.ts`)) as { source: Source }
    const { api } = (await import(`../sections/${name}/api.ts`)) as { api: SectionApi }
    byName.set(name, { source, api })
    references = { ...references, ...api.references }
  }
  return { byName, references }
}
