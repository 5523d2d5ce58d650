import type { Language } from '../kit/model/wire.ts'
import { language, switchLanguage, words } from '../kit/ui/language.ts'

const names: Readonly<Record<Language, string>> = { pl: 'Polski', en: 'English', ro: 'Română' }

/** Three words, each in its own language; the page turns at once. */
export const LanguageChoice = ({ onChange }: { readonly onChange?: (language: Language) => void }) => (
  <div class="segments" role="group" aria-label={words.value.shell.language}>
    {(Object.keys(names) as Language[]).map((each) => (
      <button
        key={each}
        type="button"
        lang={each}
        aria-pressed={language.value === each}
        onClick={() => {
          void switchLanguage(each)
          onChange?.(each)
        }}
      >
        {names[each]}
      </button>
    ))}
  </div>
)
